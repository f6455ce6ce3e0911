//go:build !purego

#include "textflag.h"

// The assembler has no names for these operations on four float32.
#define ADD4(m, n, d) WORD $(0x4E20D400 | m<<16 | n<<5 | d)  // d = n + m
#define SUB4(m, n, d) WORD $(0x4EA0D400 | m<<16 | n<<5 | d)  // d = n - m
#define MUL4(m, n, d) WORD $(0x6E20DC00 | m<<16 | n<<5 | d)  // d = n * m
#define DIV4(m, n, d) WORD $(0x6E20FC00 | m<<16 | n<<5 | d)  // d = n / m
#define SQRT4(n, d) WORD $(0x6EA1F800 | n<<5 | d)            // d = sqrt(n)

// func adamNEON(vectors int, p, grad, m, v *float32, rate, b1, b2, epsilon float32)
// m += b1*(grad - m); v += b2*(grad*grad - v); p -= rate*m/(sqrt(v) + epsilon)
// V0 to V3: rate, b1, b2, epsilon; V4 to V7: grad, m, v, p; V8, V9: what changes.
TEXT ·adamNEON(SB), NOSPLIT, $0-56
	MOVD  vectors+0(FP), R0
	MOVD  p+8(FP), R1
	MOVD  grad+16(FP), R2
	MOVD  m+24(FP), R3
	MOVD  v+32(FP), R4
	FMOVS rate+40(FP), F0
	FMOVS b1+44(FP), F1
	FMOVS b2+48(FP), F2
	FMOVS epsilon+52(FP), F3
	VDUP  V0.S[0], V0.S4
	VDUP  V1.S[0], V1.S4
	VDUP  V2.S[0], V2.S4
	VDUP  V3.S[0], V3.S4

loop:
	VLD1.P 16(R2), [V4.S4]
	VLD1   (R3), [V5.S4]
	VLD1   (R4), [V6.S4]
	VLD1   (R1), [V7.S4]
	SUB4(5, 4, 8)
	MUL4(8, 1, 8)
	ADD4(8, 5, 5)
	MUL4(4, 4, 8)
	SUB4(6, 8, 8)
	MUL4(8, 2, 8)
	ADD4(8, 6, 6)
	VST1.P [V5.S4], 16(R3)
	VST1.P [V6.S4], 16(R4)
	SQRT4(6, 8)
	ADD4(3, 8, 8)
	MUL4(5, 0, 9)
	DIV4(8, 9, 9)
	SUB4(9, 7, 7)
	VST1.P [V7.S4], 16(R1)
	SUB    $1, R0
	CBNZ   R0, loop
	RET
