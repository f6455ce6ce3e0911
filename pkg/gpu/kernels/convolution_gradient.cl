// The gradient of filters and biases, a part of it for each span of k. Rows are filters,
// columns taps and, last, the bias, k runs over the places of the output in all images.
#if OF_POOLED
#define KH (2 * PH)
#define KW (2 * PW)
#else
#define KH OH
#define KW OW
#endif
#define M FN
#define N (TAPS + 1)
#define K (n * KH * KW)
#define A_ALONG_K 1
#define B_ALONG_K 1

float F(a)(PARAMETERS, int m, int k)
{
	const int in_batch = k / (KH * KW), oy = k / KW % KH, ox = k % KW;
#if OF_POOLED
	const int at = ((in_batch * FN + m) * PH + oy / 2) * PW + ox / 2;
	return place[at] == oy % 2 * 2 + ox % 2 ? dy[at] : 0;
#else
	return dy[((in_batch * FN + m) * OH + oy) * OW + ox];
#endif
}

float F(b)(PARAMETERS, int k, int j)
{
	if (j == TAPS)
		return 1;
	const int in_batch = k / (KH * KW), oy = k / KW % KH, ox = k % KW;
	const int y = oy * S - P + j / FW % FH, x0 = ox * S - P + j % FW, c = j / (FH * FW);
	if (P > 0 && (y < 0 || y >= H || x0 < 0 || x0 >= W))
		return 0;
	return IN(in_batch, (c * H + y) * W + x0);
}

void F(store)(PARAMETERS, int m, int j, float v)
{
	const int part = GRADIENT + get_group_id(2) * (FN * TAPS + FN);
	gradients[part + (j == TAPS ? FN * TAPS + m : m * TAPS + j)] = v;
}
