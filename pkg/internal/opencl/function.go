package opencl

// function is one of OpenCL's functions. Its number is that of its place in the table that
// each object of a driver begins with (cl_icd_dispatch), by which a driver is called that
// is loaded directly.
type function int

const (
	getPlatformIDs          function = 0
	getDeviceIDs            function = 2
	getDeviceInfo           function = 3
	createContext           function = 4
	releaseContext          function = 7
	createCommandQueue      function = 9
	releaseCommandQueue     function = 11
	createBuffer            function = 14
	releaseMemObject        function = 18
	createProgramWithSource function = 26
	releaseProgram          function = 29
	buildProgram            function = 30
	getProgramBuildInfo     function = 33
	createKernel            function = 34
	releaseKernel           function = 37
	setKernelArg            function = 38
	waitForEvents           function = 41
	releaseEvent            function = 44
	flush                   function = 46
	finish                  function = 47
	enqueueReadBuffer       function = 48
	enqueueWriteBuffer      function = 49
	enqueueNDRangeKernel    function = 59

	functions = 60
)

// symbols are the names under which a loader of drivers exports them.
var symbols = map[function]string{
	getPlatformIDs: "clGetPlatformIDs", getDeviceIDs: "clGetDeviceIDs", getDeviceInfo: "clGetDeviceInfo",
	createContext: "clCreateContext", releaseContext: "clReleaseContext",
	createCommandQueue: "clCreateCommandQueue", releaseCommandQueue: "clReleaseCommandQueue",
	createBuffer: "clCreateBuffer", releaseMemObject: "clReleaseMemObject",
	createProgramWithSource: "clCreateProgramWithSource", releaseProgram: "clReleaseProgram", buildProgram: "clBuildProgram",
	getProgramBuildInfo: "clGetProgramBuildInfo", createKernel: "clCreateKernel", releaseKernel: "clReleaseKernel", setKernelArg: "clSetKernelArg",
	waitForEvents: "clWaitForEvents", releaseEvent: "clReleaseEvent", flush: "clFlush", finish: "clFinish",
	enqueueReadBuffer: "clEnqueueReadBuffer", enqueueWriteBuffer: "clEnqueueWriteBuffer", enqueueNDRangeKernel: "clEnqueueNDRangeKernel",
}
