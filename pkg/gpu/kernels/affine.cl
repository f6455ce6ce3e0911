// y = x.w + b. Rows are outputs, columns samples, k runs over the inputs. With PARTS the
// sums of the spans are added up later.
#define M OUT
#define N n
#define K SIZE
#define A_ALONG_K 0
#define B_ALONG_K 1

float F(a)(PARAMETERS, int m, int k) { return params[OFFSET + k * OUT + m]; }

float F(b)(PARAMETERS, int k, int j) { return IN(j, k); }

void F(store)(PARAMETERS, int m, int j, float v)
{
#if PARTS
	parts[(get_group_id(2) * n + j) * OUT + m] = v;
#else
	STORE(j * OUT + m, v + params[OFFSET + SIZE * OUT + m])
#endif
}
