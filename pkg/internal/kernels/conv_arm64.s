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
