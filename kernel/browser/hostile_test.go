package browser

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// hostile are outputs that would lead the reader away, cover the page or hide a failure.
var hostile = []string{
	`<meta http-equiv="refresh" content="0;url=https://example.com">`,
	`<style>.error{display:none}</style>`,
	`<div style="position:fixed;inset:0;background:red">over</div>`,
	`<div style="margin-top:-900px;height:900px;background:red">up</div>`,
	`<form action="https://example.com"><input autofocus><button>go</button></form><base href="https://example.com/">`,
	`<script>document.body.remove()</script><img src=x onerror="document.body.remove()"><svg onload="document.body.remove()"></svg>`,
	`</div></section></main><details><summary>folded</summary>`,
	`<svg width="60" height="40"><style>.error{display:none}</style><script>document.body.remove()</script><rect width="60" height="40"/></svg>`,
	`<svg width="60" height="40"><g><title>epoch 1: 0.87</title><circle cx="20" cy="20" r="15"></circle></g></svg>`,
}

// TestHostilePage makes the page of a notebook with such outputs and reads it.
func TestHostilePage(t *testing.T) {
	browser := chromium(t)
	var cells []any
	add := func(output map[string]any) {
		cells = append(cells, map[string]any{"cell_type": "code", "metadata": map[string]any{"tags": []string{"skip-execution"}}, "execution_count": 1,
			"source": "x", "outputs": []any{output}})
	}
	add(map[string]any{"output_type": "error", "ename": "ERROR", "evalue": "exit status 2", "traceback": []string{"the failure"}})
	for _, html := range hostile {
		add(map[string]any{"output_type": "display_data", "metadata": map[string]any{}, "data": map[string]any{"text/html": html}})
	}
	const dot = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC"
	cells = append(cells, map[string]any{"cell_type": "markdown", "metadata": map[string]any{}, "source": "![](attachment:a.png) ![](attachment:a.png)",
		"attachments": map[string]any{"a.png": map[string]any{"image/png": dot}}})
	text, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 4, "metadata": map[string]any{}, "cells": cells})
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "hostile.ipynb")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.Command("go", "run", "./kernel", "run", file, "--quiet", "--out", folder)
	run.Dir = filepath.Join("..", "..")
	if out, err := run.CombinedOutput(); err != nil {
		t.Skipf("no page could be made on this machine: %v: %s", err, out)
	}

	allocated, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox,
		chromedp.WindowSize(900, 1500), chromedp.UserDataDir(t.TempDir()))...)
	defer stop()
	ctx, cancel := chromedp.NewContext(allocated)
	defer cancel()
	ctx, end := context.WithTimeout(ctx, time.Minute)
	defer end()
	if err := chromedp.Do(ctx, chromedp.Navigate("file://"+filepath.Join(folder, "hostile.html")), chromedp.Sleep(2*time.Second)); err != nil {
		t.Fatal(err)
	}
	p := &page{t: t, ctx: ctx}
	for what, holds := range map[string]string{
		"the reader stays":             `location.protocol === 'file:'`,
		"nobody's base":                `document.baseURI.startsWith('file:')`,
		"no forms":                     `document.forms.length === 0`,
		"one script, the page's own":   `document.scripts.length === 1 && document.scripts[0].text.includes('convbook.language')`,
		"the failure is seen":          `(() => { const e = document.querySelector('.error'), r = e.getBoundingClientRect(); return r.height > 20 && e.contains(document.elementFromPoint(r.x + 30, r.y + r.height/2)) })()`,
		"nothing is fixed":             `[...document.querySelectorAll('*')].every(e => getComputedStyle(e).position !== 'fixed')`,
		"all cells stand in the page":  `document.querySelectorAll('main > section').length === ` + strconv.Itoa(len(cells)),
		"a title under the pointer":    `document.querySelector('svg g title')?.textContent === 'epoch 1: 0.87'`,
		"an attachment is shown twice": `[...document.querySelectorAll('.markdown img')].filter(i => i.getBoundingClientRect().width === 10).length === 2`,
	} {
		if !evaluate[bool](p, holds) {
			t.Errorf("it does not hold: %s", what)
		}
	}
}
