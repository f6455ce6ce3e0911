// out[m][j] = sum over k of a(m, k) * b(k, j), for m < M, j < N and the k of this group's
// span. A group of THREADS work items computes a tile TM x TN, each item RM x RN of it, by
// steps of TK through local memory. Items beside each other hold rows beside each other.
#define ROWS (TM / RM)
#define COLS (TN / RN)
#define THREADS (ROWS * COLS)

#if POOLED
// The rows that an item holds come in fours, the windows of the pooling: row m is place m%4
// of window m/4.
#define ROW(r) (m0 + 4 * (((r) / ROWS / 4) * ROWS + (r) % ROWS) + (r) / ROWS % 4)
#else
#define ROW(r) (m0 + (r))
#endif

__kernel __attribute__((reqd_work_group_size(THREADS, 1, 1)))
void F(kernel)(PARAMETERS)
{
	__local float as[TK][TM + 1], bs[TK][TN + 1];
	const int lid = get_local_id(0), tm = lid % ROWS, tn = lid / ROWS;
	const int m0 = get_group_id(0) * TM, j0 = get_group_id(1) * TN;
	const int from = get_group_id(2) * SPAN, to = min(from + SPAN, K);
	float acc[RM][RN];
	for (int i = 0; i < RM; i++)
		for (int j = 0; j < RN; j++)
			acc[i][j] = 0;
	for (int k0 = from; k0 < to; k0 += TK) {
		for (int i = lid; i < TM * TK; i += THREADS) {
			const int r = A_ALONG_K ? i / TK : i % TM, kk = A_ALONG_K ? i % TK : i / TM;
			const int m = ROW(r), k = k0 + kk;
			as[kk][r] = m < M && k < to ? F(a)(ARGUMENTS, m, k) : 0;
		}
		for (int i = lid; i < TN * TK; i += THREADS) {
			const int c = B_ALONG_K ? i / TK : i % TN, kk = B_ALONG_K ? i % TK : i / TN;
			const int j = j0 + c, k = k0 + kk;
			bs[kk][c] = j < N && k < to ? F(b)(ARGUMENTS, k, j) : 0;
		}
		barrier(CLK_LOCAL_MEM_FENCE);
#if UNROLLED // which takes PoCL long to compile and is no faster there
#pragma unroll
#endif
		for (int kk = 0; kk < TK; kk++) {
			float b[RN];
#pragma unroll
			for (int j = 0; j < RN; j++)
				b[j] = bs[kk][j * COLS + tn];
#pragma unroll
			for (int i = 0; i < RM; i++) {
				const float a = as[kk][i * ROWS + tm];
#pragma unroll
				for (int j = 0; j < RN; j++)
					acc[i][j] = MULADD(a, b[j], acc[i][j]);
			}
		}
		barrier(CLK_LOCAL_MEM_FENCE);
	}
#pragma unroll
	for (int j = 0; j < RN; j++) {
		const int col = j0 + j * COLS + tn;
		if (col >= N)
			continue;
#if POOLED
#pragma unroll
		for (int i = 0; i < RM; i += 4) {
			const int m = ROW(i * ROWS + tm);
			if (m < M)
				F(store)(ARGUMENTS, m / 4, col, acc[i][j], acc[i + 1][j], acc[i + 2][j], acc[i + 3][j]);
		}
#else
#pragma unroll
		for (int i = 0; i < RM; i++) {
			const int m = ROW(i * ROWS + tm);
			if (m < M)
				F(store)(ARGUMENTS, m, col, acc[i][j]);
		}
#endif
	}
}
#undef ROWS
#undef COLS
#undef THREADS
#undef ROW
