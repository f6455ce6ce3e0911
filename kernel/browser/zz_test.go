package browser

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

func TestZZShots(t *testing.T) {
	r, _ := playing(t)
	nets := os.Getenv("ZZNETS")
	r.on(1280, "light")
	r.read("index.html")
	r.shots("index", 1280, "light")
	r.play()
	r.choose("en")
	r.shots("a_before", 1280, "light")
	r.presses("one step")
	r.wait("step", patience, inSession+`.now.step === 1`)
	r.shots("b_stepped", 1280, "dark")
	for _, name := range []string{"deep.npz", "deep.safetensors", "book.npz", "norm.npz", "sigmoid.npz", "branches.npz", "affine.npz", "leaky.npz"} {
		content, err := os.ReadFile(filepath.Join(nets, name))
		if err != nil {
			t.Fatal(err)
		}
		r.do("no notice", chromedp.Evaluate[chromedp.Void](inPlayground+`.querySelectorAll('.notice').forEach((e) => { e.hidden = true; e.classList.remove('wrong') })`))
		began := time.Now()
		r.drop([]string{name}, content)
		r.wait(name, patience, `[...`+inPlayground+`.querySelectorAll('.notice:not([hidden])')].some((e) => e.innerText.includes('`+name+`') || e.matches('.wrong'))`)
		took := time.Since(began)
		r.wait("measured", patience, inSession+`.now.measured`)
		t.Log(name, took, evaluate[string](&r.page, `[...`+inPlayground+`.querySelectorAll('.notice:not([hidden])')].map((e) => e.innerText).join(' | ')`))
		r.presses("one step")
		r.wait("step", patience, inSession+`.now.step > 0`)
		t.Log(r.now("msPerStep"), r.now("measured.test"), evaluate[string](&r.page, inSession+`.now.built.network`))
		time.Sleep(time.Second)
		r.shots("c_"+name, 1280, "light")
	}
}
