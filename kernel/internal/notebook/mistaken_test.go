package notebook

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"convbook/pkg/system/remedy"
)

const small = `{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
 {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# TEXT"},
 {"cell_type": "code", "id": "b", "metadata": {}, "execution_count": null, "outputs": [], "source": "x := 1"}
]}`

// TestWhatAFileIsInstead gives files that people have in a notebook's place.
func TestWhatAFileIsInstead(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write([]byte(small))
	w.Close()
	for _, c := range []struct{ name, text, want, remedy string }{
		{"nothing", "", "it is empty", "git"},
		{"blanks", " \n\t\r\n", "nothing but blanks", "git"},
		{"zero bytes", strings.Repeat("\x00", 5000), "zero bytes", "git"},
		{"trailing comma in an object", strings.Replace(small, `"# TEXT"}`, `"# TEXT",}`, 1), "line 2, column 73: a comma before the closing }", "delete that comma"},
		{"trailing comma in a list", strings.Replace(small, "x := 1\"}\n]", "x := 1\"},\n]", 1), "line 3, column 110: a comma before the closing ]", "delete that comma"},
		{"merge conflict", strings.Replace(small, " {\"cell_type\": \"code\"", "<<<<<<< HEAD\n {\"cell_type\": \"code\"", 1), "line 3 holds the marks of a merge conflict", "git checkout"},
		{"rest of a merge conflict", strings.Replace(small, "\n]", "\n=======\n>>>>>>> theirs\n]", 1), "line 4 holds the marks", "git checkout"},
		{"merge conflict, Windows", strings.ReplaceAll(strings.Replace(small, "\n]", "\n=======\n]", 1), "\n", "\r\n"), "line 4 holds the marks", "git checkout"},
		{"web page", "\n<!DOCTYPE html>\n<html><head>", "a web page", "download"},
		{"web page after a comment", "<!-- saved -->\n<HTML lang=en>", "a web page", "download"},
		{"XML", "<?xml version=\"1.0\"?><notebook/>", "XML or HTML", ""},
		{"LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "pointer of Git LFS", "git lfs pull"},
		{"git-annex pointer", "/annex/objects/SHA256E-s100--00.ipynb\n", "pointer of git-annex", "git annex get"},
		{"packed", packed.String(), "packed with gzip", "gunzip"},
		{"zip archive", "PK\x03\x04\x14\x00\x00\x00\x08\x00\xff\xfe", "zip archive", "unpack"},
		{"PDF", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf", ""},
		{"picture", "\x89PNG\x0D\x0A\x1A\x0A\x00\xff", "image/png", ""},
		{"cut short", small[:len(small)-30], "line 3, column", "git"},
		{"cut short in a letter", "{\"nbformat\": 4, \"cells\": [\"\xed\x95", "line 1, column 28 (byte 0xed) is not UTF-8", ""},
		{"single quotes", strings.ReplaceAll(small, `"`, "'"), "line 1, column 2: a single quote", "double"},
		{"comment", "{ // a notebook\n}", "no comments", ""},
		{"missing comma", strings.Replace(small, `"a", "meta`, `"a" "meta`, 1), "line 2, column 38: a comma is missing", ""},
		{"line end in a text", strings.Replace(small, "# TEXT", "# TE\nXT", 1), "within a text", ""},
		{"two notebooks", small + small, "line 4, column 3: something follows the end", "delete"},
		{"a bare word", strings.Replace(small, "null", "None", 1), `line 3, column`, ""},
		{"version 3", `{"nbformat": 3, "worksheets": []}`, "version 3", "open it in Jupyter"},
		{"package.json", `{"name": "x", "version": "1.0.0"}`, "no nbformat", ""},
		{"null", "null", "null where a notebook", ""},
		{"text of a program", "# %%\nimport numpy as np\n", "it is not JSON: line 1, column 1: a notebook starts with {, not with '#'", ""},
		{"cell that is null", `{"nbformat": 4, "cells": [null]}`, "cell 1 is null", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.text))
			if err == nil {
				t.Fatal("it was read")
			}
			problem, cure := remedy.Split(err)
			if !strings.Contains(problem, c.want) || !strings.Contains(cure, c.remedy) || strings.Contains(problem, "json") || strings.Contains(problem, "invalid character") {
				t.Errorf("problem %q, remedy %q; want %q and %q", problem, cure, c.want, c.remedy)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	in := func(e encoding.Encoding, words string) string {
		text, err := e.NewEncoder().String(strings.Replace(small, "TEXT", words, 1))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	utf16 := func(order unicode.Endianness, mark unicode.BOMPolicy) encoding.Encoding {
		return unicode.UTF16(order, mark)
	}
	for _, c := range []struct{ name, text, want string }{
		{"Korean Windows", in(korean.EUCKR, "합성곱 신경망을 배웁니다. 똠방각하"), "line 2, column 68 (byte 0xc7) is not UTF-8 but probably CP949"},
		{"Latin-1", in(charmap.ISO8859_1, "Übung: Größe, Schlüssel, café"), "probably Windows-1252, also called Latin-1"},
		{"Windows-1252", in(charmap.Windows1252, "“naïve” – Müller’s"), "probably Windows-1252"},
		{"Japanese Windows", in(japanese.ShiftJIS, "これは畳み込みニューラルネットワークです"), "probably Shift JIS"},
		{"EUC-JP", in(japanese.EUCJP, "これは畳み込みニューラルネットワークです"), "probably EUC-JP"},
		{"Chinese Windows", in(simplifiedchinese.GBK, "卷积神经网络的输入和输出"), "probably GBK"},
		{"UTF-8 with a mark", "\ufeff" + small, "UTF-8 with a byte order mark"},
		{"UTF-16, little", in(utf16(unicode.LittleEndian, unicode.UseBOM), "합"), "UTF-16"},
		{"UTF-16, big", in(utf16(unicode.BigEndian, unicode.UseBOM), "합"), "UTF-16"},
		{"UTF-16 without a mark", in(utf16(unicode.LittleEndian, unicode.IgnoreBOM), "TEXT"), "UTF-16"},
		{"UTF-32", "\xff\xfe\x00\x00{\x00\x00\x00", "UTF-32"},
		{"one damaged byte", strings.Replace(small, "TEXT", "합성곱 \xff 신경망", 1), "line 2, column 72 (byte 0xff) is not UTF-8 but damaged"},
		{"CESU surrogates", strings.Replace(small, "TEXT", "\xed\xa0\xbd", 1), "(byte 0xed) is not UTF-8"},
		{"half a letter", strings.Replace(small, "TEXT", `a\ud83d b`, 1), `line 2, column 69: \ud83d is half of a letter`},
		{"the other half", strings.Replace(small, "TEXT", `\\\ude00`, 1), `\ude00 is half of a letter`},
		{"halves in the wrong order", strings.Replace(small, "TEXT", `\ude00\ud83d`, 1), `\ude00 is half of a letter`},
		{"a pair", strings.Replace(small, "TEXT", `\ud83d\ude00`, 1), ""},
		{"no escape", strings.Replace(small, "TEXT", `\\ud83d`, 1), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.text))
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// TestWhatNbformatReads gives what is no notebook by the letter and is read by Jupyter.
func TestWhatNbformatReads(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"NaN", strings.Replace(small, `"metadata": {}, "cells"`, `"metadata": {"a": NaN, "b": [Infinity, -Infinity], "c": "NaN"}, "cells"`, 1), "\"a\": NaN,\n  \"b\": [\n   Infinity,\n   -Infinity\n  ],\n  \"c\": \"NaN\""},
		{"NaN in an output", strings.Replace(small, `"outputs": []`, `"outputs": [{"output_type": "display_data", "metadata": {}, "data": {"application/json": {"v": NaN}, "text/plain": [NaN]}}]`, 1), `"v": NaN`},
		{"null ids", strings.NewReplacer(`"a"`, "null", `"b"`, "null").Replace(small), `"id": "`},
		{"null source", strings.Replace(small, `"x := 1"`, "null", 1), `"source": []`},
		{"null outputs", strings.Replace(small, `"outputs": []`, `"outputs": null`, 1), `"outputs": []`},
		{"null metadata", strings.ReplaceAll(small, `"metadata": {}`, `"metadata": null`), `"metadata": {}`},
		{"null minor version", strings.Replace(small, `"nbformat_minor": 5`, `"nbformat_minor": null`, 1), `"nbformat_minor": 5`},
		{"version 4.0", strings.Replace(small, `"nbformat": 4`, `"nbformat": 4.0`, 1), `"nbformat": 4,`},
		{"count that is a text", strings.Replace(small, `"execution_count": null`, `"execution_count": "1"`, 1), `"execution_count": null`},
		{"Windows line ends in a cell", strings.Replace(small, `x := 1`, `%%\r\nx := 1\r\n`, 1), "\"%%\\r\\n\",\n    \"x := 1\\r\\n\""},
		{"Windows line ends in the file", strings.ReplaceAll(small, "\n", "\r\n"), "{\r\n \"cells\": [\r\n"},
		{"tabs and blanks around", " \t\n" + small + "\n\n", "x := 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			nb, err := Parse([]byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			text := written(t, nb)
			if !bytes.Contains(text, []byte(c.want)) {
				t.Errorf("written as\n%q\nwant %q", text, c.want)
			}
			if again := written(t, parse(t, string(text))); !bytes.Equal(again, text) {
				t.Errorf("written again as\n%s", again)
			}
		})
	}
	for _, text := range []string{`"source": NaN`, `"source": ["a", NaN]`} {
		if _, err := Parse([]byte(strings.Replace(small, `"source": "x := 1"`, text, 1))); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}
