package cell

import "strings"

// Trip is a line that GoNB would not take as it is meant.
type Trip struct {
	Line int
	Kind TripKind
}

// TripKind says why.
type TripKind int

const (
	SecondMain TripKind = iota + 1 // a second "%%": GoNB ends at it
	NoCommand                      // "%" or "!" with nothing behind it: GoNB ends at it
	InText                         // a line in a string or a comment that begins with "%" or "!": GoNB runs it
)

// Trips returns the lines of a cell that GoNB would not take as they are meant.
func (c *Cell) Trips() (found []Trip) {
	if c.Magic != "" {
		return nil
	}
	mains := 0
	var inside byte // '`' in a raw string, '*' in a comment
	for i, whole := range c.Lines {
		line := strings.TrimPrefix(whole, marker)
		switch {
		case !isSpecial(line):
			inside = open(whole, inside)
			continue
		case inside != 0:
			found = append(found, Trip{i + 1, InText})
			inside = open(whole, inside)
			continue
		case strings.TrimSpace(line[1:]) == "":
			found = append(found, Trip{i + 1, NoCommand})
		case isMain(line):
			if mains++; mains > 1 {
				found = append(found, Trip{i + 1, SecondMain})
			}
		}
	}
	return found
}

// open returns in what a line of Go ends that begins inside something, or in nothing.
func open(line string, inside byte) byte {
	var quote byte
	for i := 0; i < len(line); i++ {
		ch := line[i]
		switch {
		case inside == '`':
			if ch == '`' {
				inside = 0
			}
		case inside == '*':
			if strings.HasPrefix(line[i:], "*/") {
				inside = 0
				i++
			}
		case quote != 0:
			if ch == '\\' {
				i++
			} else if ch == quote {
				quote = 0
			}
		case ch == '`':
			inside = '`'
		case ch == '"' || ch == '\'':
			quote = ch
		case strings.HasPrefix(line[i:], "/*"):
			inside = '*'
			i++
		case strings.HasPrefix(line[i:], "//"):
			return 0
		}
	}
	return inside
}
