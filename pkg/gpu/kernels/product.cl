// out[m][j] = sum over k of a(m, k) * b(k, j), for m < M, j < N and the k of this group's
// span. A group of THREADS work items computes a tile TM x TN, each item RM x RN of it, by
// steps of TK through local memory. Every sum runs over k in order, whatever the tile: the
// bits of a result do not depend on it.
#define ROWS (TM / RM)
#define COLS (TN / RN)
#define THREADS (ROWS * COLS)

// What an item holds are runs of RV rows and CV columns, each of which it reads from local
// memory at once. With POOLED a run of rows is a window: row m is place m%4 of window m/4.
#define ROW(i) ((i) / RV * (RV * ROWS) + tm * RV + (i) % RV)
#define COL(j) ((j) / CV * (CV * COLS) + tn * CV + (j) % CV)

__kernel __attribute__((reqd_work_group_size(THREADS, 1, 1)))
void F(kernel)(PARAMETERS)
{
	__local float as[TK][TM + 4] __attribute__((aligned(16))), bs[TK][TN + 4] __attribute__((aligned(16)));
	const int lid = get_local_id(0), tm = lid % ROWS, tn = lid / ROWS;
	const int m0 = get_group_id(0) * TM, j0 = get_group_id(1) * TN;
	const int from = get_group_id(2) * SPAN, to = min(from + SPAN, K);
	float acc[RM][RN];
	for (int i = 0; i < RM; i++)
		for (int j = 0; j < RN; j++)
			acc[i][j] = 0;
	for (int k0 = from; k0 < to; k0 += TK) {
#if UNROLLED // which takes PoCL long to compile and is no faster there
#pragma unroll
#endif
		for (int begun = 0; begun < TM * TK; begun += THREADS) {
			const int i = begun + lid;
			if (TM * TK % THREADS != 0 && i >= TM * TK)
				break;
			const int r = A_ALONG_K ? i / TK : i % TM, kk = A_ALONG_K ? i % TK : i / TM;
			const int m = m0 + r, k = k0 + kk;
			as[kk][r] = m < M && k < to ? F(a)(ARGUMENTS, m, k) : 0;
		}
#if UNROLLED
#pragma unroll
#endif
		for (int begun = 0; begun < TN * TK; begun += THREADS) {
			const int i = begun + lid;
			if (TN * TK % THREADS != 0 && i >= TN * TK)
				break;
			const int c = B_ALONG_K ? i / TK : i % TN, kk = B_ALONG_K ? i % TK : i / TN;
			const int j = j0 + c, k = k0 + kk;
			bs[kk][c] = j < N && k < to ? F(b)(ARGUMENTS, k, j) : 0;
		}
		barrier(CLK_LOCAL_MEM_FENCE);
#if UNROLLED
#pragma unroll
#endif
		for (int kk = 0; kk < TK; kk++) {
			float a[RM], b[RN];
#pragma unroll
			for (int i = 0; i < RM; i += RV)
				RUN(RV)(a + i, &as[kk][ROW(i)]);
#pragma unroll
			for (int j = 0; j < RN; j += CV)
				RUN(CV)(b + j, &bs[kk][COL(j)]);
#pragma unroll
			for (int i = 0; i < RM; i++) {
#pragma unroll
				for (int j = 0; j < RN; j++)
					acc[i][j] = MULADD(a[i], b[j], acc[i][j]);
			}
		}
		barrier(CLK_LOCAL_MEM_FENCE);
	}
#pragma unroll
	for (int j = 0; j < RN; j++) {
		const int col = j0 + COL(j);
		if (col >= N)
			continue;
#if POOLED
#pragma unroll
		for (int i = 0; i < RM; i += 4) {
			const int m = m0 + ROW(i);
			if (m < M)
				F(store)(ARGUMENTS, m / 4, col, acc[i][j], acc[i + 1][j], acc[i + 2][j], acc[i + 3][j]);
		}
#else
#pragma unroll
		for (int i = 0; i < RM; i++) {
			const int m = m0 + ROW(i);
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
#undef COL
