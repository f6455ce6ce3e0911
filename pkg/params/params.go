package params

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"convbook/pkg/ndarray"
	"convbook/pkg/system/atomicfile"
)

const (
	maxFile   = 4 << 30 // bytes of a file of parameters
	maxArrays = 10_000

	// Arrays may be larger than their file: freely up to freeGrowth bytes, and
	// beyond that by maxGrowth times the file.
	freeGrowth = 64 << 20
	maxGrowth  = 20
)

// Save writes arrays into a file, in the format that its ending tells: .npz or
// .safetensors. The file appears complete or not at all: an old one stays when writing
// fails.
func Save[T ndarray.Float](path string, arrays map[string]*ndarray.Array[T], opts ...Option) error {
	return bodies[T]().save(path, arrays, opts)
}

func save[T ndarray.Float](path string, arrays map[string]*ndarray.Array[T], opts []Option) error {
	file, err := encode(filepath.Ext(path), arrays, opts)
	if err != nil {
		return fmt.Errorf("params: %s is not written: %w", path, err)
	}
	if err := atomicfile.Write(path, file); err != nil {
		return fmt.Errorf("params: %s is not written (%w); choose a folder that can be written", path, reason(err))
	}
	return nil
}

// Encode returns the bytes of the file that Save writes under a name with the given ending,
// .npz or .safetensors: for programs that have no file system, such as one in a browser.
func Encode[T ndarray.Float](ending string, arrays map[string]*ndarray.Array[T], opts ...Option) ([]byte, error) {
	file, err := bodies[T]().encode(ending, arrays, opts)
	if err != nil {
		return nil, fmt.Errorf("params: %w", err)
	}
	return file, nil
}

func encode[T ndarray.Float](ending string, arrays map[string]*ndarray.Array[T], opts []Option) ([]byte, error) {
	w, err := wordsOf(opts)
	if err != nil {
		return nil, err
	}
	switch strings.ToLower(ending) {
	case ".npz":
		return encodeNpz(arrays, w)
	case ".safetensors":
		return encodeSafetensors(arrays, w)
	case ".pkl", ".pickle":
		return nil, errors.New("pickles are read here, not written; save as .npz, which numpy.load reads")
	}
	return nil, errors.New("the format is told by the ending, which must be .npz or .safetensors")
}

// Load reads the arrays of a file: an .npz of NumPy's, a pickled dict (or OrderedDict, or
// defaultdict) of NumPy arrays and numbers such as the class's params.pkl, or a
// .safetensors. Its content tells which, not its name. Numbers of another size than T are
// converted: widening is exact, narrowing rounds to the nearest; whole numbers, such as
// torch's num_batches_tracked, become floats. A file that Save has written and that was
// changed since is an error, as is a changed array of an .npz; pickles and other people's
// .safetensors have no checksums. The error says which array is wrong, and how.
func Load[T ndarray.Float](path string) (map[string]*ndarray.Array[T], error) {
	return bodies[T]().load(path)
}

func load[T ndarray.Float](path string) (map[string]*ndarray.Array[T], error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("params: %s cannot be read (%w); save the parameters there first", path, reason(err))
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, fmt.Errorf("params: %s is not a file of parameters: it has %d bytes", path, info.Size())
	}
	file, err := read(path)
	if err != nil {
		return nil, fmt.Errorf("params: %s cannot be read (%w)", path, reason(err))
	}
	arrays, err := decode[T](file)
	if err != nil {
		return nil, fmt.Errorf("params: %s: %w", path, err)
	}
	return arrays, nil
}

// Decode reads the arrays of a file that is in memory, as Load does.
func Decode[T ndarray.Float](file []byte) (map[string]*ndarray.Array[T], error) {
	arrays, err := bodies[T]().decode(file)
	if err != nil {
		return nil, fmt.Errorf("params: %w", err)
	}
	return arrays, nil
}

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile))
}

// decode reads a file of any of the formats.
func decode[T ndarray.Float](file []byte) (map[string]*ndarray.Array[T], error) {
	budget := int64(max(freeGrowth, maxGrowth*len(file)))
	var format string
	var arrays map[string]*ndarray.Array[T]
	var err error
	if what := foreign(file); what != "" {
		return nil, errors.New(what)
	}
	switch {
	case len(file) >= 4 && string(file[:2]) == "PK" && !looksLikeTensors(file):
		format = ".npz file"
		arrays, err = decodeNpz[T](file, budget)
	case looksLikeTensors(file): // before pickles, whose first byte its length may have
		format = ".safetensors file"
		arrays, err = decodeSafetensors[T](file)
	case len(file) >= 2 && file[0] == 0x80:
		format = "pickle of arrays"
		arrays, err = decodePickle[T](file, budget)
	case len(file) > 8 && file[8] == '{':
		format = ".safetensors file"
		arrays, err = decodeSafetensors[T](file)
	default:
		return nil, errors.New("it is neither an .npz, nor a pickle of protocol 2 to 5, nor a .safetensors file; save it again")
	}
	if err != nil {
		return nil, fmt.Errorf("it is no %s that can be read: %w", format, err)
	}
	return arrays, nil
}

// reason drops the path from an error of package os.
func reason(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
