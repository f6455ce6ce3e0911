package opencl

import (
	"os"
	"runtime"
	"sync"
	"unsafe"
)

// library holds the addresses of the functions.
type library struct {
	platforms uintptr // how the platforms are asked for
	at        [functions]uintptr
}

// loaded is the library of this program; it stays loaded.
var loaded = sync.OnceValues(func() (*library, error) {
	return load(names())
})

// names returns the libraries to try, in their order.
func names() []string {
	if name := os.Getenv("CONVBOOK_OPENCL"); name != "" {
		return []string{name}
	}
	switch runtime.GOOS {
	case "windows":
		return []string{"OpenCL.dll"}
	case "darwin":
		return []string{"/System/Library/Frameworks/OpenCL.framework/OpenCL"}
	}
	return []string{"libOpenCL.so.1", "libOpenCL.so", "libnvidia-opencl.so.1"}
}

// load returns the first library with a platform or, where none has one, the first that is
// there: a loader that finds no driver may stand before a driver that can be loaded itself.
func load(names []string) (*library, error) {
	var empty *library
	for _, name := range names {
		handle, err := open(name)
		if err != nil {
			continue
		}
		l := new(library)
		if l.platforms = symbol(handle, symbols[getPlatformIDs]); l.platforms == 0 {
			// A driver without a loader before it: its functions stand in a table that its
			// platform points to.
			name := append([]byte("clIcdGetPlatformIDsKHR"), 0)
			if find := symbol(handle, "clGetExtensionFunctionAddress"); find != 0 {
				l.platforms = object(find, uintptr(unsafe.Pointer(&name[0])))
			}
			if l.platforms != 0 && l.readTable() {
				return l, nil
			}
			continue
		}
		missing := false
		for f, name := range symbols {
			l.at[f] = symbol(handle, name)
			missing = missing || l.at[f] == 0
		}
		if missing {
			continue
		}
		var count uint32
		if call(l.platforms, 0, 0, uintptr(unsafe.Pointer(&count))); count > 0 {
			return l, nil
		}
		if empty == nil {
			empty = l
		}
	}
	if empty != nil {
		return empty, nil
	}
	return nil, &Missing{names}
}

// readTable takes the functions from the table of the first platform.
func (l *library) readTable() bool {
	var platform uintptr
	if status := call(l.platforms, 1, uintptr(unsafe.Pointer(&platform)), 0); status != 0 || platform == 0 {
		return false
	}
	table := *(*uintptr)(pointer(platform))
	for f := range symbols {
		l.at[f] = *(*uintptr)(pointer(table + uintptr(f)*unsafe.Sizeof(table)))
		if l.at[f] == 0 {
			return false
		}
	}
	return true
}

// pointer is the address of something that is not Go's.
func pointer(at uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&at)) }
