package explain

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"convbook/kernel/internal/cell"
	"convbook/kernel/internal/names"
)

// undefinedName begins what Go says of a name that it does not know.
const undefinedName = "undefined: "

// undefined has words for a name that Go does not know, by what the cells before have
// made.
func (f *Failure) undefined(c *cell.Cell, at fault, name string) words {
	if path, member, ok := strings.Cut(name, "."); ok {
		return f.notInPackage(c, path, member)
	}
	source := f.source(c, at)
	if w, ok := python(source, fault{goes: "expected "}); ok { // "range(3)" behind "in" and the like
		return w
	}
	if at.number == 0 && at.column > 0 && at.column <= len(source) {
		rest := source[at.column-1:]
		if found := regexp.MustCompile(`^` + regexp.QuoteMeta(name) + `\.(\w+)`).FindStringSubmatch(rest); found != nil {
			if w, ok := f.packaged(c, name, found[1]); ok {
				return w
			}
		}
	}
	if m := like(`\b` + regexp.QuoteMeta(name) + `\.(random\.)?(\w+)`).FindStringSubmatch(source); m != nil {
		if w, ok := fromNumPy(name, m[1]+m[2]); ok {
			return w
		}
	}
	if w, ok := pythonNames[name]; ok {
		return w
	}
	for _, past := range f.Earlier {
		kept, own := cell.Read(past.Code).Names()
		if line, ok := own[name]; ok {
			return say("%s is not here: it was made below %%%% in cell [%d], line %d, and such values end with their cell. Make it again in this cell, or above %%%% as var %[1]s = ….",
				"%s은/는 이 셀에 없습니다. 셀 [%d]의 %d번째 줄, %%%% 아래에서 만든 값은 그 셀이 끝나면 사라집니다. 이 셀에서 다시 만들거나 %%%% 위에 var %[1]s = …로 쓰세요.").with(name, past.Number, line)
		}
		if _, ok := kept[name]; ok {
			return say("%s is declared in cell [%d], which did not run to its end: fix that cell and run it again.",
				"%s은/는 셀 [%d]에 있지만 그 셀이 제대로 실행되지 않았습니다. 그 셀을 고쳐 다시 실행하세요.").with(name, past.Number)
		}
	}
	if regexp.MustCompile(`^\s*(?:for\s+)?` + regexp.QuoteMeta(name) + `\s*=[^=]`).MatchString(source) {
		return say("%s is new: a new name is made by := the first time, %[1]s := ….",
			"%s은/는 처음 쓰는 이름입니다. 처음에는 :=로 만드세요: %[1]s := ….").with(name)
	}
	if near := f.near(c, name); near != "" {
		return say("%s is not known. Is %s meant?", "%s이라는/라는 이름은 없습니다. 혹시 %s인가요?").with(name, near)
	}
	return f.unknown(name)
}

// unknown has words for names of which nothing is known.
func (f *Failure) unknown(names ...string) words {
	last := len(names) - 1
	en, are, it, ko := names[last], "is", "it", strings.Join(names, ", ")
	if last > 0 {
		en, are, it = strings.Join(names[:last], ", ")+" and "+names[last], "are", "them"
	}
	if f.Number <= 3 || len(f.Earlier) == 0 {
		return words{fmt.Sprintf("%s %s not known. After a restart the kernel knows nothing: run the cells above that declare %s.", en, are, it),
			ko + "이라는/라는 이름은 없습니다. 커널을 다시 시작하면 모두 사라지니, 이 이름을 만드는 위쪽 셀들을 먼저 실행하세요."}
	}
	return words{fmt.Sprintf("%s %s not known: no cell that has run declares %s. Is it written right, or is there a cell above that has not run? Then run the cells above.", en, are, it),
		ko + "이라는/라는 이름은 없습니다. 실행한 셀 가운데 이 이름을 만든 것이 없습니다. 철자를 확인하거나, 실행하지 않은 위쪽 셀을 실행하세요."}
}

// ours are the packages of the course, by their names.
func (f *Failure) ours(name string) bool {
	info, err := os.Stat(filepath.Join(f.Root, "pkg", name))
	return f.Root != "" && err == nil && info.IsDir() && name != "internal"
}

// packaged has words for a name that stands where a package's should.
func (f *Failure) packaged(c *cell.Cell, name, member string) (words, bool) {
	lower := member != "" && 'a' <= member[0] && member[0] <= 'z'
	imported := regexp.MustCompile(`(?m)["/]` + regexp.QuoteMeta(name) + `"`).MatchString(f.Code)
	for _, past := range f.Earlier {
		imported = imported || regexp.MustCompile(`(?m)["/]`+regexp.QuoteMeta(name)+`"`).MatchString(past.Code)
	}
	switch {
	case lower && (imported || f.ours(name)) || standard[name]:
		return f.notInPackage(c, name, member), true
	case f.ours(name):
		return say("%s is a package of the course: write import \"convbook/pkg/%[1]s\" above %%%%.",
			"%s은/는 이 수업의 패키지입니다. %%%% 위에 import \"convbook/pkg/%[1]s\"를 쓰세요.").with(name), true
	}
	return words{}, false
}

// standard are packages of Go's that a cell may use without importing them.
var standard = map[string]bool{"fmt": true, "math": true, "strings": true, "time": true, "os": true, "sort": true, "slices": true, "strconv": true, "errors": true, "rand": true, "log": true}

// notInPackage has words for a name that a package does not have.
func (f *Failure) notInPackage(c *cell.Cell, path, member string) words {
	offered := f.exported(path)
	for _, name := range offered {
		if strings.EqualFold(name, member) {
			return say("%s.%s is written %[1]s.%[3]s: what a package offers begins with a capital letter.",
				"%s.%s이/가 아니라 %[1]s.%[3]s입니다. 패키지가 내놓는 이름은 대문자로 시작합니다.").with(path, member, name)
		}
	}
	if w, ok := fromNumPy(path, member); ok {
		return w
	}
	if near := closest(member, offered); near != "" {
		return say("The package %s has no %s. Is %[1]s.%[3]s meant?", "%s 패키지에 %s은/는 없습니다. 혹시 %[1]s.%[3]s인가요?").with(path, member, near)
	}
	if len(offered) == 0 && member != "" && 'a' <= member[0] && member[0] <= 'z' {
		capital := strings.ToUpper(member[:1]) + member[1:]
		return say("%s.%s is written %[1]s.%[3]s: what a package offers begins with a capital letter.",
			"%s.%s이/가 아니라 %[1]s.%[3]s입니다. 패키지가 내놓는 이름은 대문자로 시작합니다.").with(path, member, capital)
	}
	return say("The package %s has no %s. Press Tab after %[1]s. to see what it has.",
		"%s 패키지에 %s은/는 없습니다. %[1]s. 뒤에서 Tab을 누르면 있는 것이 보입니다.").with(path, member)
}

// exported returns what a package offers that the cell calls by a name.
func (f *Failure) exported(name string) []string {
	earlier := make([]string, len(f.Earlier))
	for i, past := range f.Earlier {
		earlier[i] = past.Code
	}
	return names.Exported(names.FolderOf(name, f.Code, earlier, f.Root))
}

// near returns a known name that is written almost like one that is not.
func (f *Failure) near(c *cell.Cell, name string) string {
	kept, own := c.Names()
	var known []string
	for other := range own {
		known = append(known, other)
	}
	for other := range kept {
		known = append(known, other)
	}
	for _, past := range f.Earlier {
		kept, _ := cell.Read(past.Code).Names()
		for other := range kept {
			known = append(known, other)
		}
	}
	known = append(known, "true", "false", "nil", "len", "append", "make", "string", "float64", "float32", "int", "println", "fmt", "range", "return")
	slices.Sort(known)
	return closest(name, known)
}

// closest returns the name that differs least from one, if that is little for its length.
func closest(name string, known []string) string {
	best, least := "", 1+len(name)/4
	if len(name) < 3 {
		return ""
	}
	for _, other := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(other)); other != name && d <= least && (best == "" || d < least) {
			best, least = other, d
		}
	}
	return best
}

// distance counts the letters to put in, take out, change or swap with the next one.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
