package explain

import (
	"convbook/kernel/internal/cell"
	"convbook/kernel/internal/names"
)

var (
	noMember = like(`^(.+)\.(\w+) undefined \(type \*?(?:(\w+)\.)?(\w+)(?:\[.*\])? has no field or method (\w+)\)`)
	noField  = like(`^unknown field (\w+) in struct literal of type (?:(\w+)\.)?(\w+)`)
)

// notOfType has words for a field or a method that a type does not have: one that is written
// almost like it, or that a variable hides a package.
func (f *Failure) notOfType(c *cell.Cell, goes string) (words, bool) {
	if m := noMember.FindStringSubmatch(goes); m != nil {
		value, member, path, kind := m[1], m[2], m[3], m[4]
		if path == "" && (standard[value] || f.ours(value)) {
			return say("%s is a variable here and hides the package %[1]s: give the variable another name.",
				"여기서 %s은/는 변수여서 같은 이름의 패키지를 가립니다. 변수의 이름을 바꾸세요.").with(value), true
		}
		if near := closest(member, f.members(path, kind)); near != "" {
			return say("%s has no %s. Is %[1]s.%[3]s meant?", "%s에 %s은/는 없습니다. 혹시 %[1]s.%[3]s인가요?").with(value, member, near), true
		}
	}
	if m := noField.FindStringSubmatch(goes); m != nil {
		field, path, kind := m[1], m[2], m[3]
		whole := kind
		if path != "" {
			whole = path + "." + kind
		}
		if near := closest(field, f.members(path, kind)); near != "" {
			return say("%s has no %s. Is %[3]s meant?", "%s에 %s은/는 없습니다. 혹시 %[3]s인가요?").with(whole, field, near), true
		}
		return say("%s has no %s. Shift+Tab on %[1]s shows what it has.", "%s에 %s은/는 없습니다. %[1]s에서 Shift+Tab을 누르면 있는 것이 보입니다.").with(whole, field), true
	}
	return words{}, false
}

// members are the fields and methods of a type of a package.
func (f *Failure) members(path, kind string) []string {
	if path == "" {
		return nil
	}
	earlier := make([]string, len(f.Earlier))
	for i, past := range f.Earlier {
		earlier[i] = past.Code
	}
	return names.Members(names.FolderOf(path, f.Code, earlier, f.Root), kind)
}
