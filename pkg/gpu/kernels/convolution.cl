// y = x * w + b. Rows are places of the output, columns filters, k runs over the taps of a
// filter: (C, FH, FW).
#if POOLED
#define M (n * PH * PW * 4)
#else
#define M (n * OH * OW)
#endif
#define N FN
#define K TAPS
#define SPAN TAPS
#define A_ALONG_K 0
#define B_ALONG_K 1

float F(a)(PARAMETERS, int m, int k)
{
#if POOLED
	const int window = m / 4, in_batch = window / (PH * PW);
	const int oy = window / PW % PH * 2 + m % 4 / 2, ox = window % PW * 2 + m % 2;
#else
	const int in_batch = m / (OH * OW), oy = m / OW % OH, ox = m % OW;
#endif
	const int y = oy * S - P + k / FW % FH, x0 = ox * S - P + k % FW, c = k / (FH * FW);
	if (P > 0 && (y < 0 || y >= H || x0 < 0 || x0 >= W))
		return 0;
	return IN(in_batch, (c * H + y) * W + x0);
}

float F(b)(PARAMETERS, int k, int j) { return params[OFFSET + j * TAPS + k]; }

#if POOLED
// store takes the first largest of the four places of a window.
void F(store)(PARAMETERS, int window, int f, float v0, float v1, float v2, float v3)
{
	int best = 0;
	float v = v0;
	if (wins(v1, v)) { v = v1; best = 1; }
	if (wins(v2, v)) { v = v2; best = 2; }
	if (wins(v3, v)) { v = v3; best = 3; }
	const int at = (window / (PH * PW) * FN + f) * (PH * PW) + window % (PH * PW);
	place[at] = best;
	STORE(at, v + params[OFFSET + FN * TAPS + f])
}
#else
void F(store)(PARAMETERS, int m, int f, float v)
{
	const int at = (m / (OH * OW) * FN + f) * (OH * OW) + m % (OH * OW);
	STORE(at, v + params[OFFSET + FN * TAPS + f])
}
#endif
