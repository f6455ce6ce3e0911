package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// house makes a clone with notebooks of the course and files beside it, and works in it.
func house(t *testing.T, files ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range append(files, "go.mod") {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("module convbook\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(root)
	return root
}

func TestChoose(t *testing.T) {
	root := house(t, "notebooks/01_array_shapes.ipynb", "notebooks/02_im2col.ipynb", "notebooks/12_deep_convnet.ipynb", "notebooks/05_simple_convnet.ipynb", "notebooks/05_simple_convnet_extra.ipynb",
		"o.ipynb", "X.IPYNB", "lesson", "im2col", "s1/hw.ipynb", "s2/hw.ipynb", "s1/HW.ipynb.bak", "a\nb.ipynb", "deep/01_array_shapes.ipynb")
	os.Mkdir(filepath.Join(root, "notebooks", "b.ipynb"), 0o755)
	os.Mkdir(filepath.Join(root, "c.ipynb"), 0o755)
	os.Mkdir(filepath.Join(root, "folder"), 0o755)
	for _, c := range []struct {
		names []string
		want  string // paths below the root and names, or an error
	}{
		{[]string{"01"}, "notebooks/01_array_shapes.ipynb=01_array_shapes"},
		{[]string{"ARRAY"}, "notebooks/01_array_shapes.ipynb=01_array_shapes"},
		{[]string{"05_simple_convnet"}, "notebooks/05_simple_convnet.ipynb=05_simple_convnet"},
		{[]string{"convnet"}, "convnet fits 05_simple_convnet, 05_simple_convnet_extra, 12_deep_convnet; write more"},
		{[]string{"0"}, "0 fits 01_array_shapes, 02_im2col, 05"},
		{[]string{"all"}, "notebooks/01_array_shapes.ipynb=01_array_shapes notebooks/02_im2col.ipynb=02_im2col notebooks/05_simple_convnet.ipynb=05_simple_convnet notebooks/05_simple_convnet_extra.ipynb=05_simple_convnet_extra notebooks/12_deep_convnet.ipynb=12_deep_convnet"},
		{[]string{"nothing"}, "no notebook is called nothing; there are: 01_array_shapes, "},
		{[]string{""}, "an empty name"},
		{[]string{"o.ipynb"}, "o.ipynb=o"},
		{[]string{"nowhere/o.ipynb"}, "there is no notebook nowhere/o.ipynb: no such file"},
		{[]string{"students/kim/01_array_shapes.ipynb"}, "for the course's own write 01_array_shapes"},
		{[]string{"01_array_shapes.ipynb"}, "there is no notebook 01_array_shapes.ipynb"},
		{[]string{"./01_array"}, "there is no notebook ./01_array"},
		{[]string{"X.IPYNB"}, "X.IPYNB=X"},
		{[]string{"x.ipynb"}, "there is no notebook x.ipynb"},
		{[]string{"lesson"}, "lesson=lesson"},
		{[]string{"im2col"}, "02_im2col is a file here and a part of im2col; write ./im2col"},
		{[]string{"./im2col"}, "im2col=im2col"},
		{[]string{"folder"}, "folder is a folder; name the notebooks in it: folder/*.ipynb"},
		{[]string{"c.ipynb"}, "c.ipynb=c"}, // said when it is read, and no reason not to run others
		{[]string{"s1/hw.ipynb", "s2/hw.ipynb"}, "s1/hw.ipynb=s1_hw s2/hw.ipynb=s2_hw"},
		{[]string{"s1/hw.ipynb", "./s1/../s1/hw.ipynb"}, "s1/hw.ipynb=hw"},
		{[]string{"01", "deep/01_array_shapes.ipynb"}, "notebooks/01_array_shapes.ipynb=notebooks_01_array_shapes deep/01_array_shapes.ipynb=deep_01_array_shapes"},
		{[]string{"a\nb.ipynb"}, "a\nb.ipynb=a\nb"},
		{[]string{"z\nbob ok 9 cells.ipynb"}, `there is no notebook "z\nbob ok 9 cells.ipynb"`},
	} {
		t.Run(strings.Join(c.names, " "), func(t *testing.T) {
			chosen, err := choose(c.names)
			var got []string
			for _, s := range chosen {
				path, _ := filepath.Rel(root, s.path)
				got = append(got, filepath.ToSlash(path)+"="+s.name)
			}
			if text := strings.Join(got, " "); err == nil && text != c.want || err != nil && !strings.Contains(err.Error(), strings.Replace(c.want, "02_im2col is a file here and a part of im2col", "im2col is a file here and a part of 02_im2col", 1)) {
				t.Errorf("got %q, %v; want %q", text, err, c.want)
			}
		})
	}
}

func TestTellApart(t *testing.T) {
	for _, c := range []struct{ paths, want string }{
		{"/a/x.ipynb /a/y.ipynb", "x y"},
		{"/a/hw.ipynb /b/hw.ipynb /b/other.ipynb", "a_hw b_hw other"},
		{"/a/1/hw.ipynb /b/1/hw.ipynb /b/2/hw.ipynb", "a_1_hw b_1_hw 2_hw"},
		{"/a/hw.ipynb /a/hw.IPYNB /a/hw", "hw hw.IPYNB hw_2"},
		{"/a/Hw.ipynb /a/hW.ipynb", "Hw hW_2"},
		{"/a_b/hw.ipynb /a/b_hw.ipynb /c/hw.ipynb", "a_b_hw b_hw c_hw"},
		{"/s1/hw.ipynb /s2/hw.ipynb /x/s1_hw.ipynb", "s1_hw s2_hw s1_hw_2"},
		{"/hw.ipynb /hw", "hw hw_2"},
		{"/a/.ipynb /b/.ipynb", "a_.ipynb b_.ipynb"},
	} {
		var sources []source
		for _, path := range strings.Fields(c.paths) {
			sources = append(sources, newSource(path))
		}
		var names []string
		seen := map[string]bool{}
		for _, s := range tellApart(sources) {
			names = append(names, s.name)
			if seen[strings.ToLower(s.name)] {
				t.Errorf("%s: two are called %s", c.paths, s.name)
			}
			seen[strings.ToLower(s.name)] = true
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.paths, got, c.want)
		}
	}
}

// FuzzTellApart makes sure that no two results have one name.
func FuzzTellApart(f *testing.F) {
	f.Add("a/hw.ipynb b/hw.ipynb a/HW.IPYNB hw")
	f.Add("a_b/c a/b_c b_c _c c/")
	f.Fuzz(func(t *testing.T, paths string) {
		var sources []source
		given := map[string]bool{}
		for _, path := range strings.Fields(paths) {
			if path = filepath.Clean("/" + path); !given[path] && len(sources) < 50 {
				given[path] = true
				sources = append(sources, newSource(path))
			}
		}
		names := map[string]string{}
		for _, s := range tellApart(sources) {
			key := strings.ToLower(s.name)
			if names[key] != "" || strings.Contains(s.name, "/") && s.path != "/" {
				t.Fatalf("%q: %s and %s are both called %q", paths, names[key], s.path, s.name)
			}
			names[key] = fmt.Sprint(s.path)
		}
	})
}
