// Package pitfall finds the lines of a cell that GoNB takes for something else than Go
// does: it runs them as commands, leaves them out, or ends at them. GoNB looks at lines
// alone, one that begins with ! or % is a command wherever it stands.
// (gonb v0.11.4: specialcmd.Parse, goexec.createGoFileFromLines)
package pitfall

import (
	"fmt"
	"regexp"
	"strings"
)

// Kind says what GoNB makes of a line.
type Kind int

const (
	SecondMain Kind = iota // ends at it
	Empty                  // a command without words: ends at it
	Command                // runs it, though it is Go
	LeftOut                // leaves it out of a raw string
	NoFunction             // %exec without a name: ends at it
	NoProgram              // %%script without a name: ends at it
	Embed                  // drops what //go:embed says
	CPreamble              // drops the C code above import "C"
	Behind                 // takes Go behind "%%" for the program's arguments
	Placed                 // ends at what it prints
)

// Pitfall is one such line.
type Pitfall struct {
	Kind            Kind
	Line            int // of the cell, from 1
	Problem, Remedy string
}

func (p Pitfall) String() string { return fmt.Sprintf("line %d: %s; %s", p.Line, p.Problem, p.Remedy) }

// Find returns the pitfalls in the source of a code cell, in the order of their lines.
func Find(source string) (found []Pitfall) {
	lines := Lines(source)
	if len(lines) == 0 {
		return nil
	}
	if name, rest := special(lines[0]); name != "" {
		if name == "%%script" && rest == "" {
			found = append(found, Pitfall{NoProgram, 1, "%%script names no program, and GoNB ends at that", "write the program behind it"})
		}
		return found
	}
	add := func(kind Kind, i int, remedy, format string, args ...any) {
		found = append(found, Pitfall{kind, i + 1, fmt.Sprintf(format, args...), remedy})
	}
	mains := 0
	var s state
	continued := false // by a \ at the end of a command
	for i, line := range lines {
		text := strings.TrimPrefix(line, comment)
		command := isCommand(text)
		if IsMain(text) || strings.HasPrefix(text, "%exec") {
			if mains++; mains == 2 {
				add(SecondMain, i, "split the cell", "a second %s: GoNB ends at it", strings.Fields(text)[0])
			}
			if rest := strings.TrimPrefix(text, "%%"); rest != text && code.MatchString(rest) {
				add(Behind, i, "write it into the next line", "what is behind %%%% in the same line is not run")
			}
		}
		nameless := strings.HasPrefix(text, "%exec") && !strings.Contains(text, " ")
		switch {
		case continued && !nameless: // GoNB looks for %exec in lines that belong to a command, too
			continued = strings.HasSuffix(text, `\`)
			continue
		case s.open != 0 && command:
			add(Command, i, "put a blank before it", "%s has a line that begins with %q: GoNB runs it as a command", s.where(), text[:1])
		case s.open == '`' && strings.HasPrefix(line, "package"):
			add(LeftOut, i, "put a blank before it", `a raw string has a line that begins with "package": GoNB leaves it out`)
		case command && s.goesOn():
			add(Command, i, "put a blank before it", "the expression of the line before goes on with %q: GoNB runs it as a command", text[:1])
		case command && strings.TrimLeft(text[1:], " \t") == "":
			add(Empty, i, "delete it", "a lone %q with blanks: GoNB ends at it", text[:1])
		case nameless:
			add(NoFunction, i, "write the function's name behind it and a space", "%q names no function: GoNB ends at it", text)
		case s.open == 0 && strings.HasPrefix(strings.TrimLeft(line, " \t"), "//go:embed"):
			add(Embed, i, "read the file with os.ReadFile", "//go:embed has no effect in a cell: GoNB drops it, and the variable stays empty")
		case s.open == 0 && placed(line):
			add(Placed, i, "ask for one of them alone, log.SetFlags(log.Lshortfile)", "the time and the line of what is logged: GoNB ends at both together")
		case s.open == 0 && importsC(line):
			add(CPreamble, i, "put it into a package of its own and import that", `import "C" does not work in a cell: GoNB drops the C code above it`)
		}
		if command {
			continued = strings.HasSuffix(text, `\`)
			if s.open == 0 {
				continue
			}
		}
		s.read(line)
	}
	return found
}

// comment may stand before a command, for editors that know only Go.
const comment = "//gonb:"

// Lines returns the lines of a cell as GoNB takes them, without \r at their ends.
func Lines(source string) []string {
	lines := strings.Split(source, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, "\r")
	}
	return lines
}

// code is what looks like Go and not like the arguments of a program.
var code = regexp.MustCompile(`^\s*[\w.]+(?:\(.*\)?\s*$|(?:\[.*\])?\s*(?::=|\+\+|=\s))|^\s*(?:for|if|var|return|func)\b.*`)

func isCommand(text string) bool { return len(text) > 1 && (text[0] == '!' || text[0] == '%') }

// IsMain says whether a line begins the main function.
func IsMain(line string) bool {
	line = strings.TrimPrefix(line, comment)
	return line == "%%" || strings.HasPrefix(line, "%% ") || strings.HasPrefix(line, "%%\t") || strings.HasPrefix(line, "%main")
}

// special returns the command by which a first line makes the whole cell something
// else than Go, and what follows it.
func special(first string) (name, rest string) {
	fields := strings.Fields(strings.TrimPrefix(first, comment))
	if len(fields) == 0 {
		return "", ""
	}
	switch fields[0] {
	case "%%bash", "%%sh", "%%script", "%%writefile", "%%gx":
		return fields[0], strings.Join(fields[1:], " ")
	}
	return "", ""
}

// Commands returns the commands of the shell in a cell, whose failure GoNB prints and
// does not report: lines that begin with !, or the first line of a script.
func Commands(source string) (commands []string) {
	lines := Lines(source)
	switch name, rest := special(lines[0]); name {
	case "%%bash", "%%sh", "%%script":
		return []string{strings.TrimSpace(name + " " + rest)}
	case "":
	default:
		return nil
	}
	for _, line := range lines {
		if text := strings.TrimPrefix(line, comment); isCommand(text) && text[0] == '!' {
			commands = append(commands, text)
		}
	}
	return commands
}

func importsC(line string) bool {
	line = strings.TrimSpace(line)
	return line == `"C"` || strings.HasPrefix(line, "import") && strings.TrimLeft(strings.TrimPrefix(line, "import"), " \t(") == `"C"`
}

// state is what is open between two lines of Go.
type state struct {
	open byte // ` of a raw string, * of a comment, 0
	last byte // of the code before, comments and blanks left out
}

func (s *state) where() string {
	if s.open == '`' {
		return "a raw string"
	}
	return "a comment"
}

// goesOn says whether the code before wants more: a binary operator, a comma or an open
// parenthesis ends it.
func (s *state) goesOn() bool {
	return s.open == 0 && s.last != 0 && strings.IndexByte("&|(,=!<>+-*/^%[", s.last) >= 0
}

// read reads a line of Go.
func (s *state) read(line string) {
	var quote byte
	for i := 0; i < len(line); i++ {
		ch := line[i]
		switch {
		case s.open == '`':
			if ch == '`' {
				s.open, s.last = 0, ch
			}
		case s.open == '*':
			if strings.HasPrefix(line[i:], "*/") {
				s.open = 0
				i++
			}
		case quote != 0:
			if ch == '\\' {
				i++
			} else if ch == quote {
				quote = 0
			}
			s.last = '"'
		case strings.HasPrefix(line[i:], "//"):
			return
		case strings.HasPrefix(line[i:], "/*"):
			s.open = '*'
			i++
		case ch == '`':
			s.open = ch
		case ch == '"' || ch == '\'':
			quote, s.last = ch, ch
		case strings.HasPrefix(line[i:], "++"), strings.HasPrefix(line[i:], "--"):
			s.last = ')' // a statement ends
			i++
		case ch != ' ' && ch != '\t':
			s.last = ch
		}
	}
}
