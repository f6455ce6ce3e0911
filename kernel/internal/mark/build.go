package mark

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"convbook/kernel/internal/sandbox"
)

// builder compiles and links programs of one file. The compiler and the linker run in a
// sandbox, where they see copies of themselves and of the packages that are imported.
type builder struct {
	box       *sandbox.Sandbox
	root      string // of the repository
	goCommand string
	env       []string
	folder    string   // with tools and packages in it
	importing []string // what a program may import, what is preferred of equal names first
	mayImport map[string]bool

	mu      sync.Mutex
	copied  map[string]string // packages by their file in the cache of the go command
	configs map[string]string // files of imports for the compiler, by the imports
}

func newBuilder(ctx context.Context, box *sandbox.Sandbox, root, goCommand string, env []string, folder string) (*builder, error) {
	b := &builder{box: box, root: root, goCommand: goCommand, env: append(slices.Clone(env), "GOWORK=off", "GOFLAGS=-mod=readonly", "GOPROXY=off"),
		folder: folder, mayImport: map[string]bool{}, copied: map[string]string{}, configs: map[string]string{}}
	for _, name := range []string{"tools", "packages"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o755); err != nil {
			return nil, err
		}
	}
	tools, err := b.output(ctx, "env", "GOTOOLDIR")
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"compile", "link"} {
		if err := copyFile(filepath.Join(strings.TrimSpace(tools), name+executable), b.tool(name), 0o755); err != nil {
			return nil, err
		}
	}
	return b, b.listPackages(ctx)
}

var executable = map[bool]string{true: ".exe"}[runtime.GOOS == "windows"]

func (b *builder) tool(name string) string { return filepath.Join(b.folder, "tools", name+executable) }

// listPackages finds what programs may import: the standard library, the course's
// packages and what those import.
func (b *builder) listPackages(ctx context.Context) error {
	ours, err := b.output(ctx, "list", "-deps", "./pkg/...")
	if err != nil {
		return err
	}
	std, err := b.output(ctx, "list", "std")
	if err != nil {
		return err
	}
	list := strings.Fields(ours + std)
	slices.Sort(list)
	for _, path := range slices.Compact(list) {
		if !slices.ContainsFunc(strings.Split(path, "/"), func(part string) bool { return part == "internal" || part == "vendor" || part == "main" }) &&
			!strings.HasPrefix(path, "convbook/pkg/system/") {
			b.mayImport[path] = true
			b.importing = append(b.importing, path)
		}
	}
	order := func(path string) int {
		switch {
		case strings.HasPrefix(path, "convbook/"):
			return 0
		case strings.HasPrefix(path, "crypto/"), strings.HasPrefix(path, "html/"), strings.Contains(path, "."):
			return 2
		}
		return 1
	}
	slices.SortStableFunc(b.importing, func(x, y string) int { return order(x) - order(y) })
	return nil
}

// output runs the go command in the repository.
func (b *builder) output(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, b.goCommand, args...)
	cmd.Dir, cmd.Env = b.root, b.env
	var failed bytes.Buffer
	cmd.Stderr = &failed
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w: %s", args[0], err, bytes.TrimSpace(failed.Bytes()))
	}
	return string(out), nil
}

// compileError is what the compiler or the linker says of a program.
type compileError struct{ text string }

func (e *compileError) Error() string { return e.text }

// limits for a compiler that somebody wants to keep busy.
var buildLimits = sandbox.Limits{Memory: 3 << 30, File: 200 << 20, CPU: 2 * time.Minute}

const buildTime = 2 * time.Minute

// build makes a program in a folder of its own and returns its path. A *compileError says
// what is wrong with the text.
func (b *builder) build(ctx context.Context, text []byte, folder string) (string, error) {
	imports, err := b.importsOf(text)
	if err != nil {
		return "", err
	}
	config, err := b.config(ctx, imports)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(folder, "main.go"), text, 0o644); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, buildTime, &compileError{"it was not compiled within " + buildTime.String()})
	defer cancel()
	for _, command := range [][]string{
		{b.tool("compile"), "-p", "main", "-complete", "-pack", "-nolocalimports", "-c", "2", "-trimpath", folder, "-importcfg", config, "-o", "main.a", "main.go"},
		{b.tool("link"), "-importcfg", config, "-buildmode", "exe", "-s", "-w", "-buildid=", "-o", "program" + executable, "main.a"},
	} {
		var said bytes.Buffer
		state, err := b.box.Run(ctx, sandbox.Program{Command: command, Env: []string{"TMPDIR=" + folder, "HOME=" + folder, "PATH="},
			Read: []string{filepath.Join(b.folder, "tools"), filepath.Join(b.folder, "packages")}, Write: folder, Limits: buildLimits,
			Stdout: &limited{to: &said, most: 100_000}, Stderr: &limited{to: &said, most: 100_000}})
		switch {
		case ctx.Err() != nil:
			return "", context.Cause(ctx)
		case sandbox.NotEntered(state):
			return "", errors.Join(err, errors.New(said.String()))
		case err != nil:
			return "", &compileError{explained(said.String(), text)}
		}
	}
	return filepath.Join(folder, "program"+executable), nil
}

// importsOf lists the imports of a program. None may be one that it has no business
// with.
func (b *builder) importsOf(text []byte) (list []string, err error) {
	file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.ImportsOnly)
	if err != nil {
		return nil, &compileError{err.Error()}
	}
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		switch {
		case err == nil && path == "unsafe":
			continue
		case err != nil || !b.mayImport[path] && path != "convbook/pkg/internal/remote":
			return nil, &compileError{fmt.Sprintf("the package %s cannot be imported here", spec.Path.Value)}
		}
		list = append(list, path)
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// config returns the file that tells the compiler and the linker where packages lie.
// They are built where that has not been done, and copied to where others can read them.
func (b *builder) config(ctx context.Context, imports []string) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := strings.Join(imports, "\n")
	if path, made := b.configs[key]; made {
		return path, nil
	}
	out, err := b.output(ctx, slices.Concat([]string{"list", "-export", "-deps", "-f", "{{if .Export}}{{.ImportPath}}={{.Export}}{{end}}", "--", "runtime"}, imports)...)
	if err != nil {
		return "", err
	}
	var config strings.Builder
	for line := range strings.Lines(out) {
		path, file, found := strings.Cut(strings.TrimSpace(line), "=")
		if !found {
			continue
		}
		if b.copied[file] == "" {
			name := filepath.Join(b.folder, "packages", fmt.Sprintf("%d.a", len(b.copied)))
			if err := copyFile(file, name, 0o644); err != nil {
				return "", err
			}
			b.copied[file] = name
		}
		fmt.Fprintf(&config, "packagefile %s=%s\n", path, b.copied[file])
	}
	sum := sha256.Sum256([]byte(config.String()))
	path := filepath.Join(b.folder, "packages", hex.EncodeToString(sum[:8]))
	if err := os.WriteFile(path, []byte(config.String()), 0o644); err != nil {
		return "", err
	}
	b.configs[key] = path
	return path, nil
}

var position = regexp.MustCompile(`^\S*?:(\d+):(?:\d+:)? (.*)$`)

// explained puts the line of the program beside what the compiler says of it, whose
// numbers are not those of the student's cells.
func explained(said string, program []byte) string {
	lines := strings.Split(string(program), "\n")
	var b strings.Builder
	for i, line := range strings.Split(strings.TrimSpace(said), "\n") {
		if i == 10 {
			break
		}
		if m := position.FindStringSubmatch(line); m != nil {
			line = m[2]
			if n, err := strconv.Atoi(m[1]); err == nil && n >= 1 && n <= len(lines) {
				if source := strings.TrimSpace(lines[n-1]); source != "" {
					line += "\n\t" + source[:min(len(source), 200)]
				}
			}
		}
		b.WriteString(line + "\n")
	}
	return strings.ToValidUTF8(strings.TrimSpace(b.String()), "")
}

func copyFile(from, to string, mode os.FileMode) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Chmod(mode), out.Close())
}
