package main

import (
	"errors"
	"flag"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		args string
		rows []string
		want func(o options) bool
	}{
		{"", rows, func(o options) bool { return o.peers && !o.quick && !o.json && !o.markdown && o.rounds == 5 }},
		{"-quick", quickRows, func(o options) bool { return o.quick && o.rounds == 2 }},
		{"--json --peers=false", rows, func(o options) bool { return o.json && !o.peers }},
		{"-md -rows deep,book", []string{"deep", "book"}, func(o options) bool { return o.markdown }},
		{"-rows gpu,book -device H200", []string{"book"}, func(o options) bool { return o.gpu && o.device == "H200" }},
		{"-rows gpu", nil, func(o options) bool { return o.gpu && o.device == "" }},
		{"-quick -rows sweeps -python /usr/bin/python3", []string{"sweeps"}, func(o options) bool { return o.quick && o.python == "/usr/bin/python3" }},
	} {
		o, err := parse(strings.Fields(c.args), io.Discard)
		if err != nil || !slices.Equal(o.rows, c.rows) || !c.want(o) {
			t.Errorf("%q gives %+v, %v", c.args, o, err)
		}
	}
}

func TestParseFails(t *testing.T) {
	for args, want := range map[string]string{
		"-rows nothing":   `there is no row "nothing"; choose from assignment, `,
		"-rows deep,":     `there is no row ""`,
		"-json -md":       "-json and -md exclude each other",
		"assignment":      `"assignment" is not understood; --help lists what can be given`,
		"-no-such-option": "--help lists what can be given",
	} {
		if _, err := parse(strings.Fields(args), io.Discard); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q gives %v, want %q", args, err, want)
		}
	}
	var help strings.Builder
	if _, err := parse([]string{"--help"}, &help); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("--help gives %v", err)
	}
	for _, row := range append([]string{onDevice}, rows...) {
		if !strings.Contains(help.String(), row) {
			t.Errorf("--help does not name the row %s", row)
		}
	}
}
