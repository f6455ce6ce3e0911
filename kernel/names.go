package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// tellApart gives notebooks of equal names as much of their paths as tells them apart,
// for their results lie in one folder: s1/hw.ipynb and s2/hw.ipynb become s1_hw and
// s2_hw. Names that differ in capital letters alone are equal for many file systems.
func tellApart(sources []source) []source {
	sources = slices.Clone(sources)
	for depth := 0; ; depth++ {
		groups := map[string][]int{}
		for i, s := range sources {
			key := strings.ToLower(s.name)
			groups[key] = append(groups[key], i)
		}
		again := false
		for _, group := range groups {
			if len(group) < 2 {
				continue
			}
			for _, i := range group {
				name := longer(sources[i].path, depth)
				again = again || name != sources[i].name
				sources[i].name = name
			}
		}
		if !again {
			return numbered(sources)
		}
	}
}

// longer returns the name of a file with so many of the folders that it is in, and, as
// names may differ in the ending alone, first with its ending if that is not .ipynb.
func longer(path string, depth int) string {
	name := withoutEnding(path)
	if base := filepath.Base(path); base != name+ending {
		name = base
	}
	folders := strings.FieldsFunc(filepath.ToSlash(filepath.Dir(path)), func(r rune) bool { return r == '/' || r == ':' })
	return strings.Join(append(folders[max(0, len(folders)-depth):], name), "_")
}

// numbered gives what is still equal, as a_b/c and a/b_c, its number.
func numbered(sources []source) []source {
	seen := map[string]bool{}
	for i, s := range sources {
		name := s.name
		for n := 2; seen[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%s_%d", s.name, n)
		}
		seen[strings.ToLower(name)] = true
		sources[i].name = name
	}
	return sources
}
