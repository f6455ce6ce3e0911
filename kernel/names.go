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
	sources = numbered(slices.Clone(sources), func(s source) string { return filepath.Dir(s.path) + "\x00" + s.name })
	own := make([]string, len(sources)) // names without folders
	deepest := 0
	for i, s := range sources {
		own[i] = s.name
		deepest = max(deepest, len(folders(s.path)))
	}
	for depth := 1; depth <= deepest; depth++ {
		for _, i := range equal(sources) {
			of := folders(sources[i].path)
			sources[i].name = strings.Join(append(of[max(0, len(of)-depth):], own[i]), "_")
		}
	}
	return numbered(sources, func(s source) string { return s.name })
}

// equal returns the places of those whose name another has, too.
func equal(sources []source) (places []int) {
	count := map[string]int{}
	for _, s := range sources {
		count[strings.ToLower(s.name)]++
	}
	for i, s := range sources {
		if count[strings.ToLower(s.name)] > 1 {
			places = append(places, i)
		}
	}
	return places
}

// folders are the names of the folders that a file is in.
func folders(path string) []string {
	return strings.FieldsFunc(filepath.ToSlash(filepath.Dir(path)), func(r rune) bool { return r == '/' || r == ':' })
}

// numbered gives those that are equal by a key their ending, as in hw.IPYNB, or a number.
func numbered(sources []source, key func(source) string) []source {
	seen := map[string]bool{}
	for i, s := range sources {
		name := s.name
		if base := filepath.Base(s.path); seen[strings.ToLower(key(s))] && name == withoutEnding(base) && base != name+ending {
			s.name = base
		}
		for n := 2; seen[strings.ToLower(key(s))]; n++ {
			s.name = fmt.Sprintf("%s_%d", name, n)
		}
		seen[strings.ToLower(key(s))] = true
		sources[i] = s
	}
	return sources
}
