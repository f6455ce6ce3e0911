package setup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"convbook/kernel/internal/progress"
	"convbook/kernel/internal/shared"
	"convbook/pkg/system/lock"
	"convbook/pkg/system/private"
	"convbook/pkg/system/remedy"
)

// completeFile lies in the folder of a version that was installed to its end.
const completeFile = "complete"

// Share installs the kernel for all users of a machine at a place, and returns the tools
// as they lie there. What is there already costs nothing. Whoever works with the version
// that was installed before goes on; those before that one are removed.
func (t *Tools) Share(ctx context.Context, place shared.Place, log io.Writer) (*Tools, error) {
	cacheProgram, err := t.buildBuildCache(ctx, log)
	if err != nil {
		return nil, err
	}
	if err := makePlace(place); err != nil {
		return nil, err
	}
	held, err := lock.Wait(ctx, filepath.Join(string(place), shared.Mark), func() { fmt.Fprintln(log, "  waits for another command that installs") })
	if err != nil {
		return nil, err
	}
	defer held.Close()
	s := sharing{Tools: t, log: log, programs: map[string]string{}}
	if err := s.plan(ctx, place, cacheProgram); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(string(s.to), completeFile)); err != nil {
		if err := s.install(ctx); err != nil {
			return nil, err
		}
	}
	if err := s.data(ctx); err != nil {
		return nil, err
	}
	removeOld(place, s.to)
	if at := closed(string(place)); at != "" {
		fmt.Fprintf(log, "Only you can use it: others cannot enter %s.\n", at)
	}
	return &Tools{Root: s.to.Course(), Bin: s.to.Programs(), Env: s.environment(),
		front: filepath.Join(s.to.Programs(), front[0]+executable)}, nil
}

// makePlace makes the folder of all versions. It may lie only where nobody but root and
// this user can put something else in its place.
func makePlace(place shared.Place) error {
	if err := private.MakeShared(string(place)); err != nil {
		if errors.Is(err, fs.ErrPermission) {
			return remedy.Errorf("run it as root (sudo env \"PATH=$PATH\" go run ./kernel install …), or choose another --prefix", "the kernel cannot be installed there: %w", err)
		}
		return remedy.Errorf("choose another --prefix", "the kernel cannot be installed there: %w", err)
	}
	if err := private.CheckShared(string(place), string(place)); err != nil {
		return remedy.Errorf("mend that, or choose another place with --prefix or --system", "no kernel that others are to trust can be installed there: %w", err)
	}
	return nil
}

// sharing is the installation of one version.
type sharing struct {
	*Tools
	log      io.Writer
	to       shared.Version
	goRoot   string
	copiesGo bool
	programs map[string]string // name below the folder of programs, where it is now
}

// plan finds what belongs to the version, and from that its folder.
func (s *sharing) plan(ctx context.Context, place shared.Place, cacheProgram string) error {
	for _, list := range []struct {
		bin   string
		names []string
	}{{s.Bin, gonb}, {filepath.Dir(s.front), front}, {cacheProgram, buildCache}} {
		for _, name := range list.names {
			s.programs[name+executable] = filepath.Join(list.bin, name+executable)
		}
	}
	if bin, built, err := Completion(s.Root); err == nil && built {
		for _, name := range completion {
			s.programs[filepath.FromSlash(name)+executable] = filepath.Join(bin, filepath.FromSlash(name)+executable)
		}
	}
	if err := s.run(ctx, s.Root, nil, func(line string) bool {
		s.goRoot = line
		return true
	}, "env", "GOROOT"); err != nil {
		return err
	}
	s.copiesGo = closed(string(place)) == "" && (closed(s.goRoot) != "" || private.CheckAbove(s.goRoot, os.Getuid()) != nil)
	sum := sha256.New()
	fmt.Fprintln(sum, runtime.Version(), s.goRoot, s.copiesGo, strings.Join(s.environment(), "\n"))
	for _, name := range slices.Sorted(maps.Keys(s.programs)) {
		fmt.Fprintln(sum, name)
		if err := addFile(sum, s.programs[name]); err != nil {
			return err
		}
	}
	err := filepath.WalkDir(s.Root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(s.Root, path)
		switch {
		case err != nil || inside == ".":
			return err
		case !ofCourse(filepath.ToSlash(inside), entry):
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		case entry.IsDir():
			return nil
		}
		fmt.Fprintln(sum, inside)
		return addFile(sum, path)
	})
	s.to = place.Version(hex.EncodeToString(sum.Sum(nil)[:8]))
	return err
}

func addFile(sum io.Writer, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(sum, file)
	return err
}

// ofCourse says what cells need of the repository, and students: the module and the
// notebooks, without tests.
func ofCourse(inside string, entry fs.DirEntry) bool {
	first, _, _ := strings.Cut(inside, "/")
	switch {
	case entry.IsDir():
		return (first == "pkg" || first == "notebooks") && entry.Name() != "testdata" && !strings.HasPrefix(entry.Name(), ".")
	case !entry.Type().IsRegular() || strings.HasSuffix(inside, "_test.go"):
		return false
	case first == "pkg":
		return true
	case first == "notebooks":
		return path.Ext(inside) == ".ipynb" && path.Dir(inside) == "notebooks"
	}
	return slices.Contains([]string{"go.mod", "go.sum", "LICENSE", "LICENSES"}, inside)
}

// install makes the folder of the version, in its place, for what is compiled remembers
// where it was.
func (s *sharing) install(ctx context.Context) error {
	if err := os.RemoveAll(string(s.to)); err != nil {
		return err
	}
	if err := private.MakeShared(string(s.to)); err != nil {
		return err
	}
	for _, step := range []struct {
		what string
		do   func(context.Context, *progress.Step) error
	}{
		{"Sources", s.sources}, {"Go", s.copyGo}, {"Modules", s.modules}, {"Compiling", s.cache},
		{"Permissions", func(context.Context, *progress.Step) error { return openToAll(string(s.to)) }},
	} {
		if err := progress.Run(s.log, step.what, func(p *progress.Step) error { return step.do(ctx, p) }); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(string(s.to), completeFile), nil, 0o644)
}

func (s *sharing) sources(context.Context, *progress.Step) error {
	for name, from := range s.programs {
		if err := copyFile(from, filepath.Join(s.to.Programs(), name)); err != nil {
			return err
		}
	}
	return copyTree(s.Root, s.to.Course(), ofCourse)
}

// copyGo copies Go where it lies in a folder of the installer's own, and notes else where
// it is.
func (s *sharing) copyGo(_ context.Context, step *progress.Step) error {
	if !s.copiesGo {
		step.Found("all can use " + s.goRoot)
		return s.to.NoteGo(s.goRoot)
	}
	return copyTree(s.goRoot, s.to.Go(), func(inside string, entry fs.DirEntry) bool {
		first, _, deeper := strings.Cut(inside, "/")
		if entry.IsDir() || deeper {
			return slices.Contains([]string{"bin", "lib", "pkg", "src"}, first) && entry.Name() != "testdata"
		}
		return entry.Type().IsRegular()
	})
}

// local is the proxy for modules that a module cache is.
func local(moduleCache string) string {
	at := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(moduleCache, "cache", "download"))}
	return at.String()
}

func (s *sharing) modules(ctx context.Context, step *progress.Step) error {
	err := s.run(ctx, s.to.Course(), []string{"GOMODCACHE=" + s.to.Modules(), "GOFLAGS=-modcacherw",
		"GOPROXY=" + local(valueOf(s.goEnv, "GOMODCACHE")) + "," + valueOf(s.goEnv, "GOPROXY")}, nothing, "mod", "download")
	return s.mend(err, "the modules that the notebooks import could not be downloaded")
}

// listed prints the packages that cells can import.
const listed = `{{if and .GoFiles (ne .Name "main")}}{{.ImportPath}}{{end}}`

// cache compiles what cells can import: the packages of the course and all of Go's own,
// as far as the installer has not compiled them before.
func (s *sharing) cache(ctx context.Context, step *progress.Step) error {
	settings := []string{"GOMODCACHE=" + s.to.Modules(), "GOPROXY=off"}
	if own := valueOf(s.goEnv, "GOCACHE"); filepath.IsAbs(own) {
		settings = append(settings, "GOCACHEPROG="+shared.CacheProgram(s.to, "-keep", string(s.to.Cache()), own))
	} else {
		settings = append(settings, "GOCACHE="+s.to.Cache())
	}
	var packages []string
	if err := s.run(ctx, s.to.Course(), settings, func(line string) bool {
		packages = append(packages, line)
		return true
	}, "list", "-f", listed, "std", "./pkg/..."); err != nil {
		return err
	}
	var c compilation
	c.all.Store(int64(len(packages)))
	step.Watch(c.state)
	err := s.run(ctx, s.to.Course(), settings, c.done, slices.Concat([]string{"build", "-v"}, packages)...)
	return s.mend(err, "the packages of the course could not be compiled")
}

// dataSets are those that the notebooks open.
var dataSets = []string{"mnist", "fashion"}

// data unpacks the data sets that this user has, or can download, for all users.
func (s *sharing) data(ctx context.Context) error {
	return progress.Run(s.log, "Data", func(step *progress.Step) error {
		var missing []string
		for _, name := range dataSets {
			if _, err := os.Stat(filepath.Join(s.to.Data(), name)); err != nil {
				missing = append(missing, name)
			}
		}
		if len(missing) == 0 {
			return nil
		}
		var said []string
		args := slices.Concat([]string{"run", "./pkg/dataset/unpack", "-into", s.to.Data()}, missing)
		if err := s.run(ctx, s.Root, []string{shared.Variable + "="}, func(line string) bool {
			if name, _, _ := strings.Cut(line, ":"); slices.Contains(missing, name) {
				said = append(said, line)
			}
			return false
		}, args...); err != nil {
			return fmt.Errorf("the data sets could not be unpacked: %w", err)
		}
		step.Found(strings.Join(said, "; "))
		if _, err := os.Stat(s.to.Data()); err != nil {
			return nil // there are none
		}
		return openToAll(s.to.Data())
	})
}

// environment is what the kernelspec sets. What differs from user to user the front adds.
// (shared.Set)
func (s *sharing) environment() []string {
	env := []string{shared.Variable + "=" + string(s.to), "GOROOT=", "GOENV=off", "GOFLAGS=" + quickLink, "CGO_ENABLED=0", "GOTOOLCHAIN=local",
		"GOMODCACHE=" + s.to.Modules(), "GOPROXY=off",
		"CONVBOOK_GOPROXY=" + local(s.to.Modules()) + "," + valueOf(s.goEnv, "GOPROXY")}
	for _, name := range []string{"GOSUMDB", "GONOSUMDB", "GONOPROXY", "GOPRIVATE", "GOINSECURE"} {
		env = append(env, name+"="+valueOf(s.goEnv, name))
	}
	return env
}

// removeOld removes all versions but this one and the one that was installed last before.
func removeOld(place shared.Place, current shared.Version) {
	entries, _ := os.ReadDir(string(place))
	var before string
	var when time.Time
	for _, e := range entries {
		info, err := os.Stat(filepath.Join(string(place), e.Name(), completeFile))
		if at := string(place.Version(e.Name())); err == nil && at != string(current) && info.ModTime().After(when) {
			before, when = at, info.ModTime()
		}
	}
	for _, e := range entries {
		if at := string(place.Version(e.Name())); e.IsDir() && at != string(current) && at != before {
			os.RemoveAll(at)
		}
	}
}
