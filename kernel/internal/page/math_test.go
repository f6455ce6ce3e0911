package page

import (
	"strings"
	"testing"
)

func TestFormulas(t *testing.T) {
	x := "<mi>x</mi></math>"
	for _, c := range []struct{ name, source, want, not string }{
		{"in a line", "the width $x$ of it", "the width <math>" + x + " of it", "$"},
		{"after Korean", "너비는 $x$입니다", "너비는 <math>" + x + "입니다", "$"},
		{"stars and lines below", "$x_1 * y_1 * z_1$", "<msub><mi>z</mi><mn>1</mn></msub></mrow></math>", "<em>"},
		{"alone in a line", "text\n$$x$$\ntext", `<math display="block">` + x, "$"},
		{"over several lines", "$$\nx\n= y\n- z\n$$", `<mi>z</mi></mrow></math>`, "<li>"},
		{"in a list", "- a\n\n  $$\n  x\n  $$\n- b", `<math display="block">` + x, "$"},
		{"large within a line", "so $$x$$ holds", `so <math display="block">` + x + " holds", "$"},
		{"in a table", "| a |\n|---|\n| $x$ |", "<td><math>" + x + "</td>", "$"},
		{"in a code span", "`$x$` and `cost $`", "<code>$x$</code>", "<math"},
		{"in a code block", "```\n$$x$$\n```", "$$x$$", "<math"},
		{"money", "it costs $5 or $6 a day", "$5 or $6", "<math"},
		{"spaces inside", "$ x $", "$ x $", "<math"},
		{"escaped", `\$x\$`, "$x$", "<math"},
		{"over a code span", "$5 `a$b`", "<code>a$b</code>", "<math"},
		{"not understood", `$\what{x}$`, `<code>\what{x}</code>`, "<math"},
		{"hostile", `$\text{<script>}$`, "<mtext>&lt;script&gt;</mtext>", "<script>"},
		{"never closed", "$$\nx", `<math display="block">` + x, "$"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := plain(pageOf(t, markdownCell(c.source)))
			if !strings.Contains(got, c.want) {
				t.Errorf("%q is missing in\n%s", c.want, got)
			}
			if c.not != "" && strings.Contains(got, c.not) {
				t.Errorf("%q stands in\n%s", c.not, got)
			}
		})
	}
}

func TestTagsInMarkdown(t *testing.T) {
	for _, c := range []struct{ name, source, want, not string }{
		{"a solution folds away", "<details><summary>Solution · 풀이</summary>\n\n```go\nx := 1\n```\n\n</details>",
			"<details><summary>Solution · 풀이</summary>\n<pre><code class=\"language-go\">", "&lt;details"},
		{"open", "<details open=\"\">\n<summary>a</summary>\n\nb\n</details>", "<details open=\"\">\n<summary>a</summary>", ""},
		{"signs", "H<sub>2</sub>O<br/>", "H<sub>2</sub>O<br/>", ""},
		{"script", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;", "<script"},
		{"script in a line", "a <script>alert(1)</script>", "&lt;script&gt;", "<script"},
		{"attributes", `<details onclick="alert(1)" open><b style="x">a</b>`, "<details open=\"\"><b>a</b>", "alert"},
		{"attribute in a line", `a <b onmouseover=alert(1)>b</b>`, "<b>b</b>", "alert"},
		{"picture from elsewhere", `<img src="https://example.com/x.png">`, "&lt;img", "<img"},
		{"picture in a line", `a <img src=x onerror=alert(1)>`, "&lt;img", "<img"},
		{"link that runs", "[a](javascript:alert(1))", `<a href="">a</a>`, "javascript"},
		{"comment", "<!-- <script> -->\n\ntext", "<p>text</p>", "script"},
		{"tag in a tag", "<b<script>", "&lt;b", "<script"},
		{"cut", "<details", "&lt;details", "<details"},
		{"signs by name", "<details>a &amp; b &lt; c</details>", "a &amp; b &lt; c", "&amp;amp;"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := plain(pageOf(t, markdownCell(c.source)))
			if !strings.Contains(got, c.want) {
				t.Errorf("%q is missing in\n%s", c.want, got)
			}
			if c.not != "" && strings.Contains(got, c.not) {
				t.Errorf("%q stands in\n%s", c.not, got)
			}
		})
	}
}

// FuzzMarkdown makes sure that no text of a notebook brings anything into its page
// that runs or is loaded.
func FuzzMarkdown(f *testing.F) {
	for _, source := range []string{"<details open onclick=x>\n\n$$\nx_1\n$$\n</details>", "<!--<b-->$a<script>$", "a <IMG src=x>\n<iframe/>", "- $$\n> <style>\n```"} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		out, err := renderMarkdown(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"<script", "<style", "<iframe", "<object", "<embed", "<svg", "<link", "<base", "<meta", "<form"} {
			if strings.Contains(strings.ToLower(string(out)), name) {
				t.Fatalf("%q gives %s", source, out)
			}
		}
	})
}

func TestFormulaParts(t *testing.T) {
	for source, want := range map[string]string{
		`a = b`:                       `a = b`,
		`a, \quad b, \qquad c`:        `a, | b, | c`,
		`\frac{a \quad b}{c} \quad d`: `\frac{a \quad b}{c} | d`,
		`\left( a \quad b \right)`:    `\left( a \quad b \right)`,
		`\begin{cases} a \quad b`:     `\begin{cases} a \quad b`,
		`\{ a \quad b \}`:             `\{ a | b \}`,
		`\quad a \quad`:               `\quad a `,
		`\quadratic a`:                `\quadratic a`,
		``:                            ``,
		`} \quad b`:                   `} \quad b`,
	} {
		if got := strings.Join(formulaParts(source), "|"); got != want {
			t.Errorf("%q is cut into %q, want %q", source, got, want)
		}
	}
	if page := body(pageOf(t, markdownCell("$$a \\quad b$$"))); strings.Count(page, `<span class="formula"><math display="block">`) != 2 {
		t.Errorf("two parts of a formula in\n%s", page)
	}
}
