package notebook

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"convbook/pkg/system/remedy"
)

// checkEncoding refuses what is not UTF-8 without a byte order mark, as Jupyter does:
// decoded as something else it would be written back damaged.
func checkEncoding(text []byte) error {
	for _, mark := range []struct{ name, bytes string }{
		{"UTF-8 with a byte order mark", "\xef\xbb\xbf"}, {"UTF-32", "\xff\xfe\x00\x00"}, {"UTF-32", "\x00\x00\xfe\xff"}, {"UTF-16", "\xff\xfe"}, {"UTF-16", "\xfe\xff"},
	} {
		if bytes.HasPrefix(text, []byte(mark.bytes)) {
			return remedy.Errorf("save it as UTF-8 without a byte order mark", "it is in %s", mark.name)
		}
	}
	if len(text) > 3 && (text[0] == 0) != (text[1] == 0) && (text[2] == 0) != (text[3] == 0) {
		return remedy.Errorf("save it as UTF-8", "it is in UTF-16 or UTF-32")
	}
	if utf8.Valid(text) {
		return nil
	}
	if err := binary(text); err != nil {
		return err
	}
	at, damaged, letters := -1, 0, 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && size <= 1:
			damaged++
			if at < 0 {
				at = i
			}
		case size > 1:
			letters++
		}
		i += size
	}
	likely := "damaged"
	if name := likelyEncoding(text); name != "" && damaged > letters {
		likely = "probably " + name
	}
	line, column := place(text, at)
	return remedy.Errorf("save it as UTF-8", "line %d, column %d (byte 0x%02x) is not UTF-8 but %s", line, column, text[at], likely)
}

var (
	kana = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x3040, Hi: 0x30ff, Stride: 1}}}
	han  = []*unicode.RangeTable{unicode.Han}
)

// encodings are what notebooks are saved in by mistake, with the letters of their
// language, some of which every text has. Of two that fit as well the first counts.
var encodings = []struct {
	name    string
	of      encoding.Encoding
	letters []*unicode.RangeTable
	some    *unicode.RangeTable
}{
	{"CP949, also called EUC-KR (Korean Windows)", korean.EUCKR, []*unicode.RangeTable{unicode.Hangul}, unicode.Hangul},
	{"Shift JIS (Japanese Windows)", japanese.ShiftJIS, []*unicode.RangeTable{kana, unicode.Han}, kana},
	{"EUC-JP", japanese.EUCJP, []*unicode.RangeTable{kana, unicode.Han}, kana},
	{"GBK (Chinese Windows)", simplifiedchinese.GBK, han, unicode.Han},
	{"Big5 (Chinese Windows)", traditionalchinese.Big5, han, unicode.Han},
	{"Windows-1252, also called Latin-1", charmap.Windows1252, []*unicode.RangeTable{unicode.Latin}, unicode.Latin},
	{"Windows-1251 (Cyrillic)", charmap.Windows1251, []*unicode.RangeTable{unicode.Cyrillic}, unicode.Cyrillic},
}

// likelyEncoding names the encoding in which most of what is not ASCII are letters of
// its language, "" where none fits.
func likelyEncoding(text []byte) string {
	text = text[:min(len(text), 1<<20)]
	best, name := 0.5, ""
	for _, e := range encodings {
		decoded, err := e.of.NewDecoder().Bytes(text)
		if err != nil {
			continue
		}
		fitting, all, some := 0, 0, false
		for _, r := range string(decoded) {
			switch {
			case r < 0x80, r != utf8.RuneError && (unicode.IsPunct(r) || unicode.IsSpace(r)):
			case unicode.In(r, e.letters...):
				fitting++
				all++
				some = some || unicode.Is(e.some, r)
			case r == utf8.RuneError:
				all += 10
			default:
				all++
			}
		}
		if share := float64(fitting) / float64(max(all, 1)); some && share > best {
			best, name = share, e.name
		}
	}
	return name
}

// checkSurrogates refuses half of a letter written as \ud83d alone: there is no text
// with it, and written back it would be another.
func checkSurrogates(text []byte) error {
	for i := 0; i+5 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		r, ok := escape(text[i:])
		if !ok {
			i++ // the escaped character
			continue
		}
		if r < 0xD800 || r > 0xDFFF {
			i += 5
			continue
		}
		if low, ok := escape(text[i+6:]); r < 0xDC00 && ok && low >= 0xDC00 && low <= 0xDFFF {
			i += 11
			continue
		}
		line, column := place(text, i)
		return remedy.Errorf("delete it, or write the whole letter", "line %d, column %d: %s is half of a letter", line, column, text[i:i+6])
	}
	return nil
}

// escape reads an escape \uXXXX.
func escape(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}

// place returns the line and the column, in letters, of a byte, both from 1.
func place(text []byte, at int) (line, column int) {
	at = min(at, len(text))
	before := text[:at]
	line = bytes.Count(before, []byte("\n")) + 1
	return line, utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
}

// at says where a byte is.
func at(text []byte, offset int) string {
	line, column := place(text, offset)
	return fmt.Sprintf("line %d, column %d", line, column)
}
