// The gradient of weights and biases. Rows are outputs, columns inputs and, last, the bias,
// k runs over the samples.
#define M OUT
#define N (SIZE + 1)
#define K n
#define A_ALONG_K 0
#define B_ALONG_K 0

float F(a)(PARAMETERS, int m, int k) { return dy[k * OUT + m]; }

float F(b)(PARAMETERS, int k, int j) { return j == SIZE ? 1 : IN(k, j); }

void F(store)(PARAMETERS, int m, int j, float v) { gradients[GRADIENT + get_group_id(2) * ((SIZE + 1) * OUT) + j * OUT + m] = v; }
