// Package opencl is the one room that knows OpenCL: devices, memory, programs and the
// queue of a device. The library is loaded when a device is first asked for, without cgo,
// so a program that links this room runs where there is no OpenCL, too; it is told then
// what is missing.
//
// A queue is in order: what is enqueued later begins when all before has ended. Launch,
// WriteLater and ReadLater only enqueue; the errors of a kernel that is running arrive with
// a later call. Write and Read wait. A Context serves one goroutine at a time. All memory and programs belong to a
// Context and are freed by its Close.
//
// The library is libOpenCL.so.1, the framework OpenCL or OpenCL.dll, or else NVIDIA's
// driver itself; CONVBOOK_OPENCL names another one.
package opencl
