//go:build !purego

#include "textflag.h"

// The sums at one position: V0 to V3, V4 to V7, V8 to V11, V12 to V15; a row of
// weights in V16 to V19; the element of x at one position in all lanes of V20 to V23.
#define ADDTAP(x, v, s0, s1, s2, s3) \
	ADD   R10, x, R11; \
	VLD1R (R11), [v.S4]; \
	VFMLA V16.S4, v.S4, s0.S4; \
	VFMLA V17.S4, v.S4, s1.S4; \
	VFMLA V18.S4, v.S4, s2.S4; \
	VFMLA V19.S4, v.S4, s3.S4

// func convTapsNEON(taps int, offsets *int32, x0, x1, x2, x3, w *float32, stepW int, bias *float32, y *[4][Group]float32)
// y[p][f] = bias[f] + sum over tap of x_p[offset[tap]] * w[tap][f]
TEXT ·convTapsNEON(SB), NOSPLIT, $0-80
	MOVD taps+0(FP), R0
	MOVD offsets+8(FP), R1
	MOVD x0+16(FP), R2
	MOVD x1+24(FP), R3
	MOVD x2+32(FP), R4
	MOVD x3+40(FP), R5
	MOVD w+48(FP), R6
	MOVD stepW+56(FP), R7
	MOVD bias+64(FP), R8
	MOVD y+72(FP), R9
	VLD1 (R8), [V0.S4, V1.S4, V2.S4, V3.S4]
	VLD1 (R8), [V4.S4, V5.S4, V6.S4, V7.S4]
	VLD1 (R8), [V8.S4, V9.S4, V10.S4, V11.S4]
	VLD1 (R8), [V12.S4, V13.S4, V14.S4, V15.S4]

loop:
	MOVW.P 4(R1), R10
	VLD1.P (R6)(R7), [V16.S4, V17.S4, V18.S4, V19.S4]
	ADDTAP(R2, V20, V0, V1, V2, V3)
	ADDTAP(R3, V21, V4, V5, V6, V7)
	ADDTAP(R4, V22, V8, V9, V10, V11)
	ADDTAP(R5, V23, V12, V13, V14, V15)
	SUB    $1, R0
	CBNZ   R0, loop
	VST1.P [V0.S4, V1.S4, V2.S4, V3.S4], 64(R9)
	VST1.P [V4.S4, V5.S4, V6.S4, V7.S4], 64(R9)
	VST1.P [V8.S4, V9.S4, V10.S4, V11.S4], 64(R9)
	VST1   [V12.S4, V13.S4, V14.S4, V15.S4], (R9)
	RET

// func quadsNEON(n int, x *float32, down int, q *float32)
// q[i] = x[i], x[i+1], x[i+down], x[i+down+1]
TEXT ·quadsNEON(SB), NOSPLIT, $0-32
	MOVD n+0(FP), R0
	MOVD x+8(FP), R1
	MOVD down+16(FP), R2
	MOVD q+24(FP), R3
	ADD  R1, R2

quads:
	MOVD.P 4(R1), R4
	MOVD.P 4(R2), R5
	STP.P  (R4, R5), 16(R3)
	SUB    $1, R0
	CBNZ   R0, quads
	RET

// The assembler has no names for these comparisons of four float32.
#define EQUAL4(m, n, d) WORD $(0x4E20E400 | m<<16 | n<<5 | d)          // d = n == m
#define GREATEREQUAL4(m, n, d) WORD $(0x6E20E400 | m<<16 | n<<5 | d)   // d = n >= m
#define NOTPOSITIVE4(n, d) WORD $(0x6EA0D800 | n<<5 | d)               // d = n <= 0
#define CLEAR(m, n, d) WORD $(0x4E601C00 | m<<16 | n<<5 | d)           // d = n and not m

// A later position y, in lanes of V4, is better than the best so far, V0, where that is
// a number and not >= y. Its place, in V5, then takes the place of the best's, V1.
#define BETTER \
	EQUAL4(0, 0, 6); \
	GREATEREQUAL4(4, 0, 7); \
	CLEAR(7, 6, 6); \
	VBIT V6.B16, V4.B16, V0.B16; \
	VBIT V6.B16, V5.B16, V1.B16

// The four positions of four filters, at R0: the maximum goes to V0, its place to V1.
#define POOL4(offset) \
	ADD  $offset, R0, R3; \
	VLD1 (R3), [V0.S4]; \
	VEOR V1.B16, V1.B16, V1.B16; \
	ADD  $64, R3; \
	VLD1 (R3), [V4.S4]; \
	VORR V16.B16, V16.B16, V5.B16; \
	BETTER; \
	ADD  $64, R3; \
	VLD1 (R3), [V4.S4]; \
	VORR V17.B16, V17.B16, V5.B16; \
	BETTER; \
	ADD  $64, R3; \
	VLD1 (R3), [V4.S4]; \
	VORR V18.B16, V18.B16, V5.B16; \
	BETTER; \
	NOTPOSITIVE4(0, 6); \
	CLEAR(6, 0, 0); \
	VBIT V6.B16, V19.B16, V1.B16; \
	VST1.P [V0.S4], 16(R1)

// func poolNEON(y *[4][Group]float32, out *float32, arg *uint8)
TEXT ·poolNEON(SB), NOSPLIT, $0-24
	MOVD y+0(FP), R0
	MOVD out+8(FP), R1
	MOVD arg+16(FP), R2
	MOVD $1, R4
	VDUP R4, V16.S4
	MOVD $2, R4
	VDUP R4, V17.S4
	MOVD $3, R4
	VDUP R4, V18.S4
	MOVD $4, R4
	VDUP R4, V19.S4
	POOL4(0)
	VORR V1.B16, V1.B16, V20.B16
	POOL4(16)
	VORR V1.B16, V1.B16, V21.B16
	POOL4(32)
	VORR V1.B16, V1.B16, V22.B16
	POOL4(48)
	VUZP1 V21.H8, V20.H8, V20.H8
	VUZP1 V1.H8, V22.H8, V22.H8
	VUZP1 V22.B16, V20.B16, V20.B16
	VST1  [V20.B16], (R2)
	RET

// func unpoolNEON(vectors int, grad *float32, arg *uint8, out *float32, right, down int)
// out[p][f] = grad[f] where arg[f] is p and 0 elsewhere, for vectors of 4 filters f.
TEXT ·unpoolNEON(SB), NOSPLIT, $0-48
	MOVD vectors+0(FP), R0
	MOVD grad+8(FP), R1
	MOVD arg+16(FP), R2
	MOVD out+24(FP), R3
	MOVD right+32(FP), R4
	MOVD down+40(FP), R5
	ADD  R3, R4
	ADD  R3, R5, R6
	ADD  R4, R5, R7
	VEOR V16.B16, V16.B16, V16.B16
	MOVD $1, R8
	VDUP R8, V17.S4
	MOVD $2, R8
	VDUP R8, V18.S4
	MOVD $3, R8
	VDUP R8, V19.S4

unpool:
	FMOVS  (R2), F0
	ADD    $4, R2
	VUSHLL $0, V0.B8, V0.H8
	VUSHLL $0, V0.H4, V0.S4
	VLD1.P 16(R1), [V1.S4]
	VCMEQ  V16.S4, V0.S4, V2.S4
	VAND   V1.B16, V2.B16, V2.B16
	VST1.P [V2.S4], 16(R3)
	VCMEQ  V17.S4, V0.S4, V2.S4
	VAND   V1.B16, V2.B16, V2.B16
	VST1.P [V2.S4], 16(R4)
	VCMEQ  V18.S4, V0.S4, V2.S4
	VAND   V1.B16, V2.B16, V2.B16
	VST1.P [V2.S4], 16(R6)
	VCMEQ  V19.S4, V0.S4, V2.S4
	VAND   V1.B16, V2.B16, V2.B16
	VST1.P [V2.S4], 16(R7)
	SUB    $1, R0
	CBNZ   R0, unpool
	RET

// func maskGradNEON(vectors int, y, grad, out *float32)
// out = grad where y is not 0, else 0, for vectors of 4.
TEXT ·maskGradNEON(SB), NOSPLIT, $0-32
	MOVD vectors+0(FP), R0
	MOVD y+8(FP), R1
	MOVD grad+16(FP), R2
	MOVD out+24(FP), R3
	VEOR V16.B16, V16.B16, V16.B16

mask:
	VLD1.P 16(R1), [V0.S4]
	VLD1.P 16(R2), [V1.S4]
	EQUAL4(16, 0, 0)
	CLEAR(0, 1, 1)
	VST1.P [V1.S4], 16(R3)
	SUB    $1, R0
	CBNZ   R0, mask
	RET

// func transposeNEON(a *float32, rowA int, b *float32, rowB int)
// B[j][i] = A[i][j] for 4 rows and columns; rows are rowA and rowB bytes apart.
TEXT ·transposeNEON(SB), NOSPLIT, $0-32
	MOVD   a+0(FP), R0
	MOVD   rowA+8(FP), R1
	MOVD   b+16(FP), R2
	MOVD   rowB+24(FP), R3
	VLD1.P (R0)(R1), [V0.S4]
	VLD1.P (R0)(R1), [V1.S4]
	VLD1.P (R0)(R1), [V2.S4]
	VLD1   (R0), [V3.S4]
	VTRN1  V1.S4, V0.S4, V4.S4
	VTRN2  V1.S4, V0.S4, V5.S4
	VTRN1  V3.S4, V2.S4, V6.S4
	VTRN2  V3.S4, V2.S4, V7.S4
	VTRN1  V6.D2, V4.D2, V0.D2
	VTRN1  V7.D2, V5.D2, V1.D2
	VTRN2  V6.D2, V4.D2, V2.D2
	VTRN2  V7.D2, V5.D2, V3.D2
	VST1.P [V0.S4], (R2)(R3)
	VST1.P [V1.S4], (R2)(R3)
	VST1.P [V2.S4], (R2)(R3)
	VST1   [V3.S4], (R2)
	RET
