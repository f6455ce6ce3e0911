package page

import (
	"strings"
	"testing"
)

func TestContents(t *testing.T) {
	page := pageOf(t, markdownCell("# Title\n\n## Pooling · 풀링\n\ntext\n\n## Pooling · 풀링"), markdownCell("## [A link](04_a.ipynb) and `code`\n\n### below\n\n## ?"))
	for _, want := range []string{`<li><a href="#pooling">`, `<h2 id="pooling">`, `<li><a href="#pooling-2">`, `<h2 id="pooling-2">`,
		`<li><a href="#a-link-and">A link and <code>code</code></a></li>`, `<h2 id="section">?`, `<h2 lang="en" id="a-link-and"><a href="04%20a.html">A link</a>`, `<h3 lang="en" id="below"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page[strings.Index(page, "<body>"):])
		}
	}
	if strings.Contains(page, `href="#title"`) || strings.Contains(page, `href="#below"`) {
		t.Error("the contents hold more than the sections")
	}
}

func TestLinksBetweenNotebooks(t *testing.T) {
	page := body(pageOf(t, markdownCell("[map](04_a.ipynb#x) [there](./04_a.ipynb) [gone](05_b.ipynb) [out](https://go.dev/04_a.ipynb)\n\n"+
		"Next: 04_a. 다음은 04_a입니다. `04_a` 05_b 104_a 04_ab")))
	for _, want := range []string{`<a href="04%20a.html#x">map</a>`, `<a href="04%20a.html">there</a>`, `<a>gone</a>`, `<a href="https://go.dev/04_a.ipynb">out</a>`,
		`Next: <a href="04%20a.html">04_a</a>. 다음은 <a href="04%20a.html">04_a</a>입니다. <code>04_a</code> 05_b 104_a 04_ab`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page)
		}
	}
}
