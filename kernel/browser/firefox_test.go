package browser

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// firefox is a Firefox that is driven by WebDriver BiDi: commands in JSON over a WebSocket, each with an answer.
type firefox struct {
	t    *testing.T
	ctx  context.Context
	conn *websocket.Conn
	id   int
	tab  string
}

func openFirefox(t *testing.T) *firefox {
	t.Helper()
	path, err := exec.LookPath("firefox-esr")
	if err != nil {
		path, err = exec.LookPath("firefox")
	}
	if err != nil {
		t.Skip("skipped: needs Firefox on PATH")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	profile := t.TempDir()
	browser := exec.CommandContext(ctx, path, "--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", profile)
	browser.Env = append(browser.Environ(), "HOME="+profile)
	said, err := browser.StderrPipe()
	if err == nil {
		err = browser.Start()
	}
	if err != nil {
		t.Skipf("skipped: Firefox does not start: %v", err)
	}
	t.Cleanup(func() {
		_ = browser.Process.Kill()
		_ = browser.Wait()
	})
	lines, address := bufio.NewScanner(said), ""
	for address == "" && lines.Scan() {
		_, address, _ = strings.Cut(lines.Text(), "WebDriver BiDi listening on ")
	}
	if address == "" {
		t.Skip("skipped: Firefox does not listen")
	}
	go func() { // what else it says
		for lines.Scan() {
		}
	}()
	f := &firefox{t: t, ctx: ctx}
	if f.conn, _, err = websocket.Dial(ctx, address+"/session", nil); err != nil {
		t.Fatal(err)
	}
	f.conn.SetReadLimit(64 << 20)
	t.Cleanup(func() { _ = f.conn.CloseNow() })
	f.command("session.new", map[string]any{"capabilities": map[string]any{}}, nil)
	var tree struct{ Contexts []struct{ Context string } }
	f.command("browsingContext.getTree", map[string]any{}, &tree)
	f.tab = tree.Contexts[0].Context
	return f
}

// command sends a command and reads its result.
func (f *firefox) command(method string, params map[string]any, result any) {
	f.t.Helper()
	f.id++
	err := wsjson.Write(f.ctx, f.conn, map[string]any{"id": f.id, "method": method, "params": params})
	for err == nil {
		var answer struct {
			ID             int
			Error, Message string
			Result         json.RawMessage
		}
		if err = wsjson.Read(f.ctx, f.conn, &answer); err != nil || answer.ID != f.id {
			continue // an event
		}
		if answer.Error != "" {
			f.t.Fatalf("%s: %s: %s", method, answer.Error, answer.Message)
		}
		if result != nil {
			err = json.Unmarshal(answer.Result, result)
		}
		break
	}
	if err != nil {
		f.t.Fatalf("%s: %v", method, err)
	}
}

// evaluate runs JavaScript in the page, waits for its promise, and decodes what it gives.
func (f *firefox) evaluate(script string, to any) {
	f.t.Helper()
	var answer struct {
		Result           struct{ Value string }
		ExceptionDetails struct{ Text string }
	}
	f.command("script.evaluate", map[string]any{"expression": "(async () => JSON.stringify(await (" + script + ")))()", "awaitPromise": true,
		"target": map[string]any{"context": f.tab}}, &answer)
	if answer.ExceptionDetails.Text != "" {
		f.t.Fatalf("%s: %s", script, answer.ExceptionDetails.Text)
	}
	if err := json.Unmarshal([]byte(answer.Result.Value), to); err != nil {
		f.t.Fatalf("%s: %v", script, err)
	}
}

// hold waits for something in the page.
func (f *firefox) hold(what, script string) {
	f.t.Helper()
	holds := false
	for end := time.Now().Add(time.Minute); !holds; time.Sleep(50 * time.Millisecond) {
		if f.evaluate("!!("+script+")", &holds); !holds && time.Now().After(end) {
			f.t.Fatalf("it never came: %s", what)
		}
	}
}

// at moves the mouse to the middle of an element.
func (f *firefox) at(element string) {
	f.t.Helper()
	var place []float64
	f.evaluate(`(() => { const e = `+element+`; e.scrollIntoView({block: "center"}); const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2] })()`, &place)
	f.command("input.performActions", map[string]any{"context": f.tab, "actions": []any{map[string]any{"type": "pointer", "id": "mouse",
		"actions": []any{map[string]any{"type": "pointerMove", "x": math.Round(place[0]), "y": math.Round(place[1])}}}}}, nil)
}

// TestFirefox reads the figures that answer the pointer, and the plain ones, in Firefox: each explorer is alive with its numbers, and
// each plain figure tells its values, by mouse and keyboard.
func TestFirefox(t *testing.T) {
	f := openFirefox(t)
	var want [][][][]string
	plain := figuresOf(t, "plain", &want)
	var networks []struct{ Outputs [][]float64 }
	figures := append(plain[:len(plain):len(plain)], figuresOf(t, "network", &networks)...)
	first := len(figures) - len(plain)
	var some any
	for _, kind := range []string{"im2col", "convolution", "training"} {
		figures = append(figures, figuresOf(t, kind, &some)...)
	}
	folder := pageOf(t, figures)
	f.command("browsingContext.setViewport", map[string]any{"context": f.tab, "viewport": map[string]any{"width": 1280, "height": 900}}, nil)
	f.command("browsingContext.navigate", map[string]any{"context": f.tab, "wait": "complete", "url": (&url.URL{Scheme: "file", Path: filepath.Join(folder, "explored.html")}).String()}, nil)
	f.hold("the explorers are alive", fmt.Sprintf(`[...document.querySelectorAll(".convbook-explore")].filter((e) => e.explore && e.shadowRoot?.querySelector(".live")?.isConnected).length === %d`, len(figures)-len(plain)))
	f.hold("the plain figures answer", fmt.Sprintf(`[...document.querySelectorAll("img.convbook-figure[tabindex]")].filter((e) => !e.closest(".convbook-explore") && e.complete).length === %d`, len(plain)))
	for i := range plain {
		var got told
		f.evaluate(fmt.Sprintf("(%s)(%d, %s)", walk, i, sidesOf(t, want[i])), &got)
		got.hold(t, fmt.Sprintf("figure %d", i), want[i])
	}
	const value = `document.querySelector(".convbook-value")`
	f.at(`document.querySelector("img.convbook-figure")`)
	f.hold("the mouse reads a curve", value+`.style.opacity === "1" && `+value+`.textContent.includes(": epochs")`)
	for i := range first {
		var outputs [][]float64
		f.evaluate(fmt.Sprintf(`(() => { const host = %s; host.shadowRoot.querySelectorAll(".choice label")[%d].click(); return host.explore.values().outputs })()`, host(i), 4), &outputs)
		for k := range networks[i].Outputs {
			near(t, fmt.Sprintf("network %d, layer %d", i, k), outputs[k], networks[i].Outputs[k])
		}
	}
	f.at(live(first) + `.querySelector(".sheet[tabindex]")`)
	f.hold("the mouse reads windows", live(first)+`.querySelector(".reading").innerText.includes("indow")`)
}
