// Package names knows, without a compiler, what could stand at a place in a cell: what a
// package offers, what the cells declare, and Go's own words. It is there at once, also
// while gopls still reads or a cell runs.
package names

import (
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"convbook/kernel/internal/cell"
)

// Found is what could stand at a place.
type Found struct {
	Prefix string   // of the name that is there already
	Names  []string // sorted, each once

	offered []string // by the package before the dot, if it is one that is known
}

var (
	member = regexp.MustCompile(`(?:^|[^\w.)\]])([A-Za-z_]\w*)\.(\w*)$`)
	word   = regexp.MustCompile(`(?:^|[^\w.])([A-Za-z_]\w*)$`)
)

// At returns what could stand at the end of the text before, in a cell behind earlier
// ones, the last first. root is the repository's folder.
func At(before, code string, earlier []string, root string) Found {
	_, line, _ := cutLast(before, "\n")
	if special := strings.TrimPrefix(line, "//gonb:"); strings.HasPrefix(special, "!") || strings.HasPrefix(special, "%") {
		return Found{}
	}
	if m := member.FindStringSubmatch(line); m != nil {
		offered := Exported(FolderOf(m[1], code, earlier, root))
		return Found{Prefix: m[2], Names: begin(offered, m[2]), offered: offered}
	}
	if m := word.FindStringSubmatch(line); m != nil {
		return Found{Prefix: m[1], Names: begin(known(code, earlier), m[1])}
	}
	return Found{}
}

func cutLast(text, separator string) (before, after string, found bool) {
	at := strings.LastIndex(text, separator)
	if at < 0 {
		return "", text, false
	}
	return text[:at], text[at+len(separator):], true
}

func begin(all []string, prefix string) (some []string) {
	for _, name := range all {
		if len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) {
			some = append(some, name)
		}
	}
	return some
}

var leading = regexp.MustCompile(`^\w+`)

// Tidy drops from another's answer what comes twice, and what the package does not
// offer: names of its tests.
func (f Found) Tidy(answer []string) (tidied []string) {
	seen := map[string]bool{}
	for _, match := range answer {
		name := leading.FindString(match)
		if seen[match] || f.offered != nil && !slices.Contains(f.offered, name) {
			continue
		}
		seen[match] = true
		tidied = append(tidied, match)
	}
	return tidied
}

// words are Go's own, as far as a cell uses them.
var words = strings.Fields(`append bool break byte cap case chan close complex128 const continue copy default defer delete else error fallthrough
false float32 float64 for func go goto if import int int32 int64 interface iota len make map max min new nil package panic print println range
recover return rune select string struct switch true type uint8 var`)

// known returns what a cell can name without a dot.
func known(code string, earlier []string) []string {
	all := slices.Clone(words)
	kept, own := cell.Read(code).Names()
	for name := range own {
		all = append(all, name)
	}
	for name := range kept {
		all = append(all, name)
	}
	for _, past := range earlier {
		kept, _ := cell.Read(past).Names()
		for name := range kept {
			all = append(all, name)
		}
	}
	for _, source := range append([]string{code}, earlier...) {
		for name := range imports(source) {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

var importLine = regexp.MustCompile(`(?m)^\s*(?:import\s+)?(?:(\w+)\s+)?"([\w./-]+)"\s*$`)

// imports returns the paths that a cell imports, by the names they have in it.
func imports(code string) map[string]string {
	found := map[string]string{}
	for _, m := range importLine.FindAllStringSubmatch(code, -1) {
		name := m[1]
		if name == "" || name == "import" {
			name = path.Base(m[2])
		}
		found[name] = m[2]
	}
	return found
}

// FolderOf returns where the sources of a package are that a cell calls by a name; ""
// where that is not known.
func FolderOf(name, code string, earlier []string, root string) string {
	importPath := name // goimports adds Go's own
	for _, source := range append([]string{code}, earlier...) {
		if p, ok := imports(source)[name]; ok {
			importPath = p
			break
		}
	}
	if longer := deeper[importPath]; longer != "" {
		importPath = longer
	}
	if !strings.Contains(importPath, "/") && isFolder(filepath.Join(root, "pkg", importPath)) && !isFolder(filepath.Join(goRoot(), importPath)) {
		importPath = "convbook/pkg/" + importPath
	}
	if ours, ok := strings.CutPrefix(importPath, "convbook/"); ok {
		return filepath.Join(root, filepath.FromSlash(ours))
	}
	if folder := filepath.Join(goRoot(), filepath.FromSlash(importPath)); goRoot() != "" && isFolder(folder) {
		return folder
	}
	return ""
}

// deeper are packages of Go's that goimports adds by a name that is not their path.
var deeper = map[string]string{"rand": "math/rand", "cmplx": "math/cmplx", "big": "math/big", "json": "encoding/json", "csv": "encoding/csv",
	"filepath": "path/filepath", "utf8": "unicode/utf8", "png": "image/png", "color": "image/color"}

func isFolder(p string) bool {
	info, err := os.Stat(p)
	return err == nil && info.IsDir()
}

// goRoot returns where the sources of Go's own packages are.
var goRoot = sync.OnceValue(func() string { return sourcesOf(os.Getenv("PATH")) })

// sourcesOf returns the sources beside the first go command of a PATH that has some: the
// front's own, which stands before it for GoNB, has none.
func sourcesOf(path string) string {
	for _, dir := range filepath.SplitList(path) {
		program, err := exec.LookPath(filepath.Join(dir, "go"))
		if err != nil {
			continue
		}
		if program, err = filepath.EvalSymlinks(program); err != nil {
			continue
		}
		if src := filepath.Join(filepath.Dir(filepath.Dir(program)), "src"); isFolder(filepath.Join(src, "fmt")) {
			return src
		}
	}
	return ""
}

var read struct {
	sync.Mutex
	folders map[string]offer
}

type offer struct {
	stamp string
	names []string
}

// Exported returns the names that the package in a folder offers, without those of its
// tests, sorted. It reads the sources when they have changed.
func Exported(folder string) (names []string) {
	if folder == "" {
		return nil
	}
	files, _ := filepath.Glob(filepath.Join(folder, "*.go"))
	stamp := ""
	for _, file := range files {
		if info, err := os.Stat(file); err == nil {
			stamp += file + info.ModTime().String()
		}
	}
	read.Lock()
	defer read.Unlock()
	if known, ok := read.folders[folder]; ok && known.stamp == stamp {
		return known.names
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil || parsed.Name.Name == "main" {
			continue
		}
		for _, d := range parsed.Decls {
			for _, name := range cell.Declared(d) {
				if token.IsExported(name) {
					names = append(names, name)
				}
			}
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if read.folders == nil {
		read.folders = map[string]offer{}
	}
	read.folders[folder] = offer{stamp, names}
	return names
}
