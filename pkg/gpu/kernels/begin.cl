// What all kernels use. The instances of a network follow, each with the sizes of its
// layer as macros: a compiler turns divisions by them into multiplications.
//
//   F(part)      the name of a part of this instance
//   PARAMETERS   what the kernel takes, ARGUMENTS the same to hand it on

#ifdef FP_FAST_FMAF
#define MULADD(a, b, c) fma(a, b, c)
#else
#define MULADD(a, b, c) mad(a, b, c)
#endif

// grey is p/255, rounded as IEEE 754 wants, on devices that round division otherwise, too:
// the remainder of a first quotient is exact.
float grey(uchar p)
{
	const float q = (float)p * (1.0f / 255.0f);
	return fma(fma(-q, 255.0f, (float)p), 1.0f / 255.0f, q);
}

// Where the images of a batch are.
#define BY_INDEX 0 // among the images of a set, image n at index[n]
#define IN_ORDER 1 // among the images of a set, image n at first + n
#define UPLOADED 2 // in an array of their own

int image(int mode, int first, __global const int *index, int n) { return mode == BY_INDEX ? index[n] : first + n; }

// pixel is value i of image n, of images of the given size.
float pixel(int mode, int first, __global const int *index, __global const uchar *pixels, __global const float *dense, int n, int i, int size)
{
	if (mode == UPLOADED)
		return dense[n * size + i];
	return grey(pixels[image(mode, first, index, n) * size + i]);
}

// wins says whether v wins over the best so far: the first largest, where a NaN is
// larger than all, as in NumPy.
bool wins(float v, float best) { return v > best || (isnan(v) && !isnan(best)); }

// RUN(v) reads v numbers beside each other from local memory, where they are aligned.
#define RUN(v) RUN_(v)
#define RUN_(v) read##v
void read1(float *to, __local const float *from) { to[0] = from[0]; }
void read2(float *to, __local const float *from)
{
	const float2 v = *(__local const float2 *)from;
	to[0] = v.x, to[1] = v.y;
}
void read4(float *to, __local const float *from)
{
	const float4 v = *(__local const float4 *)from;
	to[0] = v.x, to[1] = v.y, to[2] = v.z, to[3] = v.w;
}
