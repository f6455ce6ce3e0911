// Package keep hands values from one cell of a notebook to the next. Each cell is a
// program of its own, so what a variable holds is lost when the cell ends; what is kept
// is computed once, written into a file, and read by the cells that come later:
//
//	var x = keep.Value("x", func() *ndarray.Array[float64] {
//		return ndarray.Rand[float64](nprandom.New(0), 10, 1, 28, 28)
//	})
//
// Declarations stay in a notebook's later cells, and so x is there in all of them:
// x.Shape(), x.Index(0), x.Index(0, 0).
package keep

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"convbook/pkg/internal/kept"
	"convbook/pkg/internal/runfile"
	"convbook/pkg/internal/source"
	"convbook/pkg/system/atomicfile"
	"convbook/pkg/system/lock"
)

// Value returns what compute returned when it ran last, or runs it and keeps what it
// returns, with one line that says so. It runs again when its text has changed, or that
// of anything it leads to: functions, variables, our packages; comments do not count.
// What no text shows, such as a number that is read from a file, is given as inputs.
//
// T is an array, a map or slice of arrays, a *trainer.History, or anything else that
// JSON can hold whole; Value panics with the reason when it cannot. Networks are kept by
// Network. Where nothing can be written, the value is computed each time.
func Value[T any](name string, compute func() T, inputs ...any) T {
	value := one(name, source.Digest(compute), reflect.TypeFor[T](), func() any { return compute() }, inputs)
	return value.(T)
}

// Network returns what build returns, with the weights that train gave it when it ran
// last; train runs, and its weights are kept, as compute of Value.
func Network[N any](name string, build func() N, train func(net N), inputs ...any) N {
	net := build()
	network(name, source.Digest(build)+source.Digest(train), net, func() { train(net) }, inputs)
	return net
}

// log is where is said what is computed.
var log io.Writer = os.Stdout

// one is Value for any type.
func one(name, code string, kind reflect.Type, compute func() any, inputs []any) any {
	var value any
	use(name, digestOf(code, kind.String(), inputs), func(file *runfile.Checkpoint) (err error) {
		value, err = decode(kind, file)
		return err
	}, func(w *runfile.Writer) error {
		value = compute()
		return encode(w, kind, value)
	})
	return value
}

// use reads what is kept under a name, or has it computed and keeps it.
func use(name, digest string, read func(*runfile.Checkpoint) error, compute func(w *runfile.Writer) error) {
	path, err := fileOf(name)
	if err == nil {
		var held *os.File
		held, err = lock.Wait(context.Background(), path+".lock", func() {
			fmt.Fprintf(log, "%s: waiting for another cell that computes it · 다른 셀의 계산을 기다립니다\n", name)
		})
		if held != nil {
			defer held.Close()
		}
	}
	said := "computed, and kept for later cells · 계산한 값을 다음 셀을 위해 저장했습니다"
	if err == nil {
		switch state := open(path, digest, read); {
		case state == nil:
			return
		case errors.Is(state, errOther):
			said = "computed anew, since its function or what it leads to has changed · 함수가 바뀌어 다시 계산했습니다"
		case !errors.Is(state, os.ErrNotExist):
			said = fmt.Sprintf("computed anew, since what was kept cannot be read: %v · 저장된 값을 읽을 수 없어 다시 계산했습니다", state)
		}
	}
	var w runfile.Writer
	w.Start(runfile.Header{Settings: digest})
	if err := compute(&w); err != nil {
		panic(fmt.Sprintf("keep: %s: %v", name, err))
	}
	if err == nil {
		var content []byte
		if content, err = w.Seal(); err == nil {
			err = atomicfile.Write(path, content)
		}
	}
	if err != nil {
		said = fmt.Sprintf("computed, but it cannot be kept: %v · 계산했으나 저장할 수 없습니다", err)
	}
	fmt.Fprintf(log, "%s: %s\n", name, said)
}

var errOther = errors.New("it is of other code")

const maxFile = 4 << 30 // bytes

func open(path, digest string, read func(*runfile.Checkpoint) error) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return errors.New("it is not a file of ours")
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	file, err := runfile.Read(content)
	if err != nil {
		return err
	}
	if file.Settings != digest {
		return errOther
	}
	return read(file)
}

// fileOf returns the file of a name in the notebook's own folder.
func fileOf(name string) (string, error) {
	if name == "" || strings.ContainsAny(name, `/\:`) || strings.HasPrefix(name, ".") {
		panic(fmt.Sprintf("keep: %q is not a name to keep something under; use letters, digits and dashes", name))
	}
	folder, err := kept.Folder("values-" + notebook())
	return filepath.Join(folder, name+".kept"), err
}

// notebook names the notebook whose cell runs: Jupyter tells its path, others only the
// folder that it lies in.
func notebook() string {
	path := os.Getenv("JPY_SESSION_NAME")
	if path == "" {
		path, _ = os.Getwd()
	}
	sum := sha256.Sum256([]byte(path))
	return hex.EncodeToString(sum[:8])
}
