// The gradient of the input. Rows are inputs, columns samples, k runs over the outputs.
#define M SIZE
#define N n
#define K OUT
#define SPAN K
#define A_ALONG_K 1
#define B_ALONG_K 1

float F(a)(PARAMETERS, int m, int k) { return params[OFFSET + m * OUT + k]; }

float F(b)(PARAMETERS, int k, int j) { return dy[j * OUT + k]; }

void F(store)(PARAMETERS, int m, int j, float v)
{
	const int at = j * SIZE + m;
	BACK(at, v)
}
