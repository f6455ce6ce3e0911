package page

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"convbook/kernel/internal/notebook"
	"convbook/pkg/figure/values"
)

func TestWhatIsDropped(t *testing.T) {
	for _, c := range []struct{ name, text, want, not string }{
		{"another site at once", `<meta http-equiv="refresh" content="0;url=https://example.com">x`, "x", "meta"},
		{"script", `<p>a</p><script>alert(1)</script>`, "<p>a</p>", "alert"},
		{"handler", `<b onclick="alert(1)" onmouseover=alert(1)>a</b>`, "<b>a</b>", "alert"},
		{"style sheet", `<style>.error{display:none}</style>a`, "a", "display"},
		{"style sheet, linked", `<link rel=stylesheet href="data:text/css,.error{display:none}">a`, "a", "link"},
		{"over everything", `<div style="position:fixed;top:0;left:0;width:100%;height:100%">a</div>`, "<div>a</div>", "fixed"},
		{"over what is above", `<div style="margin-top:-500px">a</div>`, "<div>a</div>", "margin"},
		{"moved", `<div style="transform:translate(0,-500px)">a</div>`, "<div>a</div>", "transform"},
		{"address in a style", `<div style="background:url(https://example.com/x)">a</div>`, "<div>a</div>", "example"},
		{"escaped address", `<div style="background:u\72l(https://example.com/x)">a</div>`, "<div>a</div>", "example"},
		{"import in a style", `<div style="color:red;@import 'x'">a</div>`, "<div>a</div>", "import"},
		{"form", `<form action="https://example.com"><input name=a><button>go</button></form>`, "go", "<form"},
		{"base", `<base href="https://example.com"><a href="/x">a</a>`, "a", "example"},
		{"frame", `<iframe src="https://example.com">a</iframe><frame src=x><object data=x></object><embed src=x>`, "", "frame"},
		{"picture from elsewhere", `<img src="https://example.com/x.png" srcset="https://example.com/y 2x" alt=a>`, "<img", "example"},
		{"one of two widths from elsewhere", `<picture><source media="(max-width: 30rem)" srcset="https://example.com/x.png"><img src="data:image/png;base64,aaaa"></picture>`, `<img src="data:`, "example"},
		{"two sources in one", `<picture><source srcset="data:image/png;base64,aaaa 1x, https://example.com/x 2x"><img src="data:image/png;base64,aaaa"></picture>`, `<picture><img src="data:`, "example"},
		{"width that is none", `<picture><source media="all, (max-width: 30rem)" srcset="data:image/png;base64,bbbb"><img></picture>`, `<picture><source srcset=`, "media"},
		{"source of a sound", `<audio><source src="https://example.com/x"></audio>`, "", "example"},
		{"picture that is a page", `<img src="data:text/html,<script>alert(1)</script>">`, "", "script"},
		{"link that runs", `<a href="javascript:alert(1)">a</a><a href=" java&#10;script:alert(1)">b</a>`, "a", "script:"},
		{"link out of a frame", `<a href="https://example.com" target=_top ping="https://example.com/p">a</a>`, `href="https://example.com"`, "_top"},
		{"figure that answers", `<div class="convbook-figure convbook-explore" data-explore="im2col" data-values="q1bK+/8="><p>still</p></div><script>act()</script>`,
			`<div class="convbook-figure convbook-explore" data-explore="im2col" data-values="q1bK+/8="><p>still</p></div>`, "act"},
		{"figure of a kind that is not known", `<div class="convbook-figure convbook-explore" data-explore="toString" data-values="q1bK"></div>`, "<div", "toString"},
		{"figure whose content is none", `<div class="convbook-figure convbook-explore" data-explore="im2col" data-values="&quot; onclick=act() x="></div>`, `data-explore="im2col"`, "act"},
		{"class of the page", `<div class="aside convbook-explore">a</div>`, "<div>a</div>", "aside"},
		{"drawing that runs", `<svg><script>alert(1)</script><rect/></svg>`, `<img alt="" src="data:image/svg+xml;base64,`, "<svg"},
		{"drawing with a style sheet", `<svg><style>.error{display:none}</style><rect/></svg>`, `<img alt=""`, "display"},
		{"drawing with a page in it", `<svg><foreignObject><iframe src=x></iframe></foreignObject></svg>`, "<img", "<iframe"},
		{"drawing that loads", `<svg><image href="https://example.com/x"/><use href="https://example.com/y#z"/></svg>`, "<img", "example"},
		{"drawing that changes a link", `<svg><a href="javascript:alert(1)"><set attributeName=href to=x /><text>a</text></a></svg>`, "<img", "script:"},
		{"title with a page in it", `<svg><title><img src=x onerror=alert(1)></title></svg>`, "", "<img src=x"},
		{"hides what follows", `<details><summary>a</summary><table><tr><td>b`, "</td></tr></tbody></table></details>", ""},
		{"comment open", `<!-- hidden`, "", "<!--"},
		{"text area open", `<textarea>a`, "a", "<textarea"},
		{"plain text", `<plaintext>a`, "a", "<plaintext"},
		{"ends its box", `</div></section></main><h1>FAILED</h1>`, "<h1>FAILED</h1>", "</main>"},
		{"ends its box within a table", `<table></div></table></div>x`, "x", "</div>"},
		{"classes of the page", `<div class="output error" id="x">a</div>`, "<div>a</div>", "class"},
		{"classes of the page on a picture", `<img class="convbook-figure error" src="data:image/png;base64,aaaa">`, `<img src=`, "class"},
		{"math with a script", `<math><mtext><script>alert(1)</script></mtext></math>`, "", "alert"},
		{"template", `<template><script>alert(1)</script></template>a`, "a", "alert"},
		{"noscript", `<noscript><meta http-equiv=refresh content="0;url=//example.com"></noscript>a`, "a", "<meta"},
		{"sheet by XML", `<?xml-stylesheet href="https://example.com/x.css"?><svg><rect/></svg>`, "<svg><rect></rect></svg>", "example"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := harmless(c.text)
			if err != nil || !strings.Contains(string(got), c.want) || c.not != "" && strings.Contains(string(got), c.not) {
				t.Errorf("%q becomes %q, %v; want %q without %q", c.text, got, err, c.want, c.not)
			}
		})
	}
	if _, err := harmless(strings.Repeat("<div>", 100_000)); err == nil {
		t.Error("HTML without end was read")
	}
}

// TestWhatStays gives what shows something.
func TestWhatStays(t *testing.T) {
	for _, text := range []string{
		`<div style="margin:0.3em 0"><img alt="Fashion-MNIST" width="678" height="210" style="max-width:100%;height:auto" src="data:image/svg+xml;base64,PHN2Zz4="/></div>`,
		`<img class="convbook-figure" alt="a" src="data:image/png;base64,aaaa"/>`,
		`<picture><source media="(max-width: 40rem)" srcset="data:image/svg+xml;base64,PHN2Zz4=" width="358" height="210"/><img alt="a" width="678" height="210" src="data:image/svg+xml;base64,PHN2Zz4="/></picture>`,
		`<table style="border-collapse:collapse;font-variant-numeric:tabular-nums"><thead><tr><th style="text-align:left;padding:0.25em 0.7em">a</th></tr></thead><tbody><tr><td style="text-align:right">1</td></tr></tbody></table>`,
		`<pre style="margin:0;overflow-x:auto">[[1. 2.]]</pre>`,
		`<div style="white-space:pre-wrap">a &lt; b</div>`,
		`<div style="color:#a40e26;font-family:&#39;Noto Sans&#39;,sans-serif">a</div>`,
		`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewbox="0 0 9 9"><g fill="none" stroke="#000" transform="translate(1,2) rotate(-30)"><title>epoch 1: 0.87</title><circle cx="4" cy="4" r="4"></circle></g></svg>`,
		`<svg width="9" height="9"><defs><clippath id="c"><rect width="9" height="9"></rect></clippath></defs><path clip-path="url(#c)" fill="rgb(1,2,3)" d="M0-1L2 3"></path></svg>`,
		`<details open=""><summary>more</summary><p>a</p></details>`,
		`<b>step 3</b>`,
	} {
		if got, err := harmless(text); err != nil || strings.ReplaceAll(string(got), "/>", ">") != strings.ReplaceAll(text, "/>", ">") {
			t.Errorf("%v\n got %s\nwant %s", err, got, text)
		}
	}
}

// theme is how a figure follows the theme of JupyterLab and VS Code. Our pages follow the
// reader's system and leave it out.
var theme = strings.NewReplacer(` class="convbook-figure"`, "",
	`<style>body[data-jp-theme-light=true] .convbook-figure,body.vscode-light .convbook-figure{color-scheme:light}`+
		`body[data-jp-theme-light=false] .convbook-figure,body.vscode-dark .convbook-figure{color-scheme:dark}</style>`, "")

// told is the script by which plain figures tell their values, and answers that of a figure that answers the
// pointer. A page brings both itself.
var told = "<script>" + values.Script() + "</script>"

var answers = regexp.MustCompile(`(?s)(<div class="convbook-figure convbook-explore".*</div>)<script>.*?</script>`)

// TestTheCoursesOutputsStay compares all outputs of the course with what of them is
// shown, tag by tag.
func TestTheCoursesOutputsStay(t *testing.T) {
	paths, _ := filepath.Glob("../../../notebooks/*.ipynb")
	compared := 0
	for _, path := range paths {
		nb, err := notebook.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range nb.Cells {
			for _, o := range c.Outputs {
				data, _ := o["data"].(map[string]any)
				text, _ := data["text/html"].(string)
				text = answers.ReplaceAllString(strings.ReplaceAll(theme.Replace(text), told, ""), "$1")
				got, err := harmless(text)
				if err != nil || tokens(string(got)) != tokens(text) {
					t.Fatalf("%s, cell [%d]: %v\n got %.1000s\nwant %.1000s", filepath.Base(path), c.ExecutionCount, err, tokens(string(got)), tokens(text))
				}
				if text != "" {
					compared++
				}
			}
		}
	}
	if compared < 20 {
		t.Errorf("only %d outputs were compared", compared)
	}
}

func tokens(text string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(text))
	for z.Next() != html.ErrorToken {
		b.WriteString(z.Token().String() + "\n")
	}
	return strings.ReplaceAll(b.String(), "/>", ">")
}

var reaching = regexp.MustCompile(`(?i)<(script|style|iframe|object|embed|link|base|meta|form|input|textarea|template|foreignobject|image|animate|set)\b|<[^>]*\son[a-z]+=|javascript:\s*\w+\(|<[^>]*style="[^"]*(position|url\(|-\d)`)

// FuzzHarmless makes sure that nothing that acts or loads comes through, and that what
// comes through is closed.
func FuzzHarmless(f *testing.F) {
	f.Add(`<div style="position:fixed;color:red"><svg><script>x</script></svg>`)
	f.Add(`<table><td><p></div><svg><title><style>a</title><image href=x>`)
	f.Add(`<a href=" javascript:x()">&lt;script>`)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := harmless(text)
		if err != nil {
			return
		}
		z := html.NewTokenizer(strings.NewReader(string(got)))
		depth := 0
		for {
			switch z.Next() {
			case html.ErrorToken:
				if depth != 0 {
					t.Fatalf("%q becomes %q, %d of which stay open", text, got, depth)
				}
				return
			case html.StartTagToken:
				if raw := string(z.Raw()); reaching.MatchString(raw) {
					t.Fatalf("%q becomes %q", text, got)
				}
				if name, _ := z.TagName(); string(name) == "div" {
					depth++
				}
			case html.EndTagToken:
				if name, _ := z.TagName(); string(name) == "div" {
					if depth--; depth < 0 {
						t.Fatalf("%q becomes %q, which closes too much", text, got)
					}
				}
			}
		}
	})
}
