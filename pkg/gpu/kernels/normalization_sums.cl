// Two sums over the batch for each of D means, over n samples of S values each:
//
//   forward    mean and root of the variance + 10e-7; the running values follow them
//   backward   dgamma = sum of dy * xn and dbeta = sum of dy
//
// A group of THREADS items takes LANES means, so many that what lies beside each other in
// memory is read together, and adds up the values of each in STEPS stretches.
#define STEPS (THREADS / LANES)

float F(sum)(float v, __local float *sums, int lane, int stretch)
{
	barrier(CLK_LOCAL_MEM_FENCE);
	sums[stretch * LANES + lane] = v;
	for (int half_ = STEPS / 2; half_ > 0; half_ /= 2) {
		barrier(CLK_LOCAL_MEM_FENCE);
		if (stretch < half_)
			sums[stretch * LANES + lane] += sums[(stretch + half_) * LANES + lane];
	}
	barrier(CLK_LOCAL_MEM_FENCE);
	return sums[lane];
}

__kernel __attribute__((reqd_work_group_size(THREADS, 1, 1)))
void F(kernel)(PARAMETERS)
{
	__local float sums[THREADS];
	const int lane = get_local_id(0) % LANES, stretch = get_local_id(0) / LANES;
	const int d = get_group_id(0) * LANES + lane, dd = min(d, D - 1), count = n * S;
#if BACKWARD
	float dgamma = 0, dbeta = 0;
	const float mean = means[dd], root = roots[dd];
	for (int i = stretch; i < count; i += STEPS) {
		const int in_batch = i / S, at = dd * S + i % S;
		const float g = dy[in_batch * (D * S) + at];
		dbeta += g;
		dgamma += (IN(in_batch, at) - mean) / root * g;
	}
	dgamma = F(sum)(dgamma, sums, lane, stretch);
	dbeta = F(sum)(dbeta, sums, lane, stretch);
	if (stretch == 0 && d < D) {
		gradients[GRADIENT + d] = dgamma;
		gradients[GRADIENT + D + d] = dbeta;
	}
#else
	float mean = 0, variance = 0;
	for (int i = stretch; i < count; i += STEPS)
		mean += IN(i / S, dd * S + i % S);
	mean = F(sum)(mean, sums, lane, stretch) / count;
	for (int i = stretch; i < count; i += STEPS) {
		const float v = IN(i / S, dd * S + i % S) - mean;
		variance = MULADD(v, v, variance);
	}
	variance = F(sum)(variance, sums, lane, stretch) / count;
	if (stretch == 0 && d < D) {
		means[d] = mean;
		roots[d] = sqrt(variance + 10e-7f);
		if (!flag[0]) {
			running[RUNNING + d] = KEPT * running[RUNNING + d] + FOLLOWS * mean;
			running[RUNNING + D + d] = KEPT * running[RUNNING + D + d] + FOLLOWS * variance;
		}
	}
#endif
}
#undef STEPS
