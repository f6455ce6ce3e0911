// The gradient of the input. Rows are places of the input, columns channels, k runs over
// filters and the places in them.
#define M (n * H * W)
#define N C
#define K (FN * FH * FW)
#define SPAN K
#define A_ALONG_K 0
#define B_ALONG_K 0

float F(a)(PARAMETERS, int m, int k)
{
	const int in_batch = m / (H * W), f = k / (FH * FW);
	int oy = m / W % H + P - k / FW % FH, ox = m % W + P - k % FW;
	if (oy < 0 || ox < 0 || oy % S != 0 || ox % S != 0)
		return 0;
	oy /= S;
	ox /= S;
#if OF_POOLED
	if (oy >= 2 * PH || ox >= 2 * PW)
		return 0;
	const int at = ((in_batch * FN + f) * PH + oy / 2) * PW + ox / 2;
	return place[at] == oy % 2 * 2 + ox % 2 ? dy[at] : 0;
#else
	if (oy >= OH || ox >= OW)
		return 0;
	return dy[((in_batch * FN + f) * OH + oy) * OW + ox];
#endif
}

float F(b)(PARAMETERS, int k, int j) { return params[OFFSET + (k / (FH * FW) * C + j) * (FH * FW) + k % (FH * FW)]; }

void F(store)(PARAMETERS, int m, int j, float v)
{
	const int at = (m / (H * W) * C + j) * (H * W) + m % (H * W);
	BACK(at, v)
}
