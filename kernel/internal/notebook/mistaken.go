package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"convbook/pkg/system/remedy"
)

const restore = "get it back with git, or save it again in Jupyter"

// binary says what a file is that is not text, nil where nothing is known.
func binary(text []byte) error {
	kind, _, _ := strings.Cut(http.DetectContentType(text), ";")
	switch {
	case kind == "application/zip":
		return remedy.Errorf("unpack it", "it is a zip archive")
	case kind == "application/x-gzip":
		return remedy.Errorf("unpack it with gunzip", "it is packed with gzip")
	case kind == "application/pdf", strings.HasPrefix(kind, "image/"), strings.HasPrefix(kind, "video/"), strings.HasPrefix(kind, "audio/"):
		return remedy.Errorf("take the .ipynb file itself", "it is of the kind %s", kind)
	case bytes.HasPrefix(text, []byte("SQLite format 3")):
		return remedy.Errorf("take the .ipynb file itself", "it is an SQLite database")
	case len(bytes.Trim(text, "\x00")) == 0:
		return remedy.Errorf(restore, "it holds nothing but zero bytes, as after a crash")
	case bytes.Count(text[:min(len(text), 4096)], []byte{0}) > 0:
		return remedy.Errorf("take the .ipynb file itself", "it is a binary file")
	}
	return nil
}

var (
	webPage  = regexp.MustCompile(`(?is)^\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b`)
	conflict = regexp.MustCompile(`(?m)^(<<<<<<< |>>>>>>> |\|\|\|\|\|\|\| |=======\r?$)`)
	lfs      = []byte("version https://git-lfs.github.com/spec/")
)

// otherFile says what a text is that is something else than JSON; nil where it may be.
func otherFile(text []byte) error {
	start := bytes.TrimSpace(text[:min(len(text), 1<<16)])
	switch {
	case len(text) == 0:
		return remedy.Errorf(restore, "it is empty")
	case len(bytes.TrimSpace(text)) == 0:
		return remedy.Errorf(restore, "it holds nothing but blanks")
	case bytes.HasPrefix(start, []byte("{")), bytes.HasPrefix(start, []byte("[")):
		return nil
	case bytes.HasPrefix(start, lfs):
		return remedy.Errorf("fetch the notebook itself with: git lfs pull", "it is a pointer of Git LFS, not the notebook")
	case bytes.HasPrefix(start, []byte("/annex/objects/")), bytes.HasPrefix(start, []byte("../.git/annex/")), bytes.HasPrefix(start, []byte(".git/annex/")):
		return remedy.Errorf("fetch the notebook itself with: git annex get", "it is a pointer of git-annex, not the notebook")
	case webPage.Match(start):
		return remedy.Errorf("download the file itself (on GitHub: Download raw file)", "it is a web page, not the notebook")
	case bytes.HasPrefix(start, []byte("<")):
		return remedy.Errorf("take the .ipynb file itself", "it is XML or HTML, not a notebook")
	}
	if err := binary(text); err != nil {
		return err
	}
	return nil
}

// syntaxError says where a text is not JSON, and why where that is known. plain is the
// text with strings for NaN and its like.
func syntaxError(text, plain []byte) error {
	if found := conflict.FindIndex(text); found != nil {
		line, _ := place(text, found[0])
		return remedy.Errorf("choose one side (git checkout --ours or --theirs), or merge with nbdime", "line %d holds the marks of a merge conflict", line)
	}
	var value json.RawMessage
	var syntax *json.SyntaxError
	if err := json.Unmarshal(plain, &value); !errors.As(err, &syntax) {
		return remedy.Errorf(restore, "it is not JSON")
	}
	offset := int(syntax.Offset)
	where := at(plain, offset-1)
	if end := len(bytes.TrimSpace(plain)); offset >= end && strings.Contains(syntax.Error(), "unexpected end") {
		return remedy.Errorf(restore, "it ends in the middle, in %s: it was cut short", at(plain, end))
	}
	found := plain[offset-1]
	before := bytes.TrimRight(plain[:offset-1], " \t\r\n")
	switch {
	case len(before) == 0:
		return remedy.Errorf("take the .ipynb file itself", "it is not JSON: %s: a notebook starts with {, not with %s", where, letter(plain[offset-1:]))
	case bytes.HasSuffix(before, []byte(",")) && (found == ']' || found == '}'):
		return remedy.Errorf("delete that comma", "it is not JSON: %s: a comma before the closing %c", at(plain, len(before)-1), found)
	case json.Valid(before):
		return remedy.Errorf("delete what follows the last }", "it is not JSON: %s: something follows the end of the notebook", where)
	case found == '\n' || found == '\r' || found == '\t':
		return remedy.Errorf(`write it as \n or \t, or close the text with "`, "it is not JSON: %s: the line ends, or has a tab, within a text", where)
	case found == '\'':
		return remedy.Errorf(`write texts in "double" quotes`, "it is not JSON: %s: a single quote", where)
	case found == '/' || found == '#':
		return remedy.Errorf("delete the comment", "it is not JSON: %s: JSON has no comments", where)
	case found == '"' && len(before) > 0 && !bytes.ContainsAny(before[len(before)-1:], "[{,:"):
		return remedy.Errorf("put a comma before it", "it is not JSON: %s: a comma is missing", where)
	}
	return remedy.Errorf(restore, "it is not JSON: %s: %s is not expected there", where, letter(plain[offset-1:]))
}

// letter is the first letter of a text in quotes.
func letter(text []byte) string {
	for _, r := range string(text[:min(len(text), 4)]) {
		return fmt.Sprintf("%q", r)
	}
	return "the end"
}
