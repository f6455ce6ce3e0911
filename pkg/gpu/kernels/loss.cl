// The mean cross entropy of the scores x after softmax, into losses[slot], and its gradient
// (p - t)/n. A loss that is not finite sets the flag, which ends all updates.
__kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void F(kernel)(PARAMETERS)
{
	__local float sums[256];
	const int lid = get_local_id(0);
	float sum = 0;
	for (int s = lid; s < n; s += 256) {
		const int label = labels[image(mode == UPLOADED ? BY_INDEX : mode, first, index, s)];
		float best = x[s * CLASSES], total = 0;
		for (int c = 1; c < CLASSES; c++)
			if (x[s * CLASSES + c] > best || isnan(x[s * CLASSES + c]))
				best = x[s * CLASSES + c];
		for (int c = 0; c < CLASSES; c++)
			total += exp(x[s * CLASSES + c] - best);
		for (int c = 0; c < CLASSES; c++) {
			const int at = s * CLASSES + c;
			float p = exp(x[at] - best) / total;
			if (c == label) {
				sum -= log(p + 1e-7f);
				p -= 1;
			}
			BACK(at, p / n)
		}
	}
	sums[lid] = sum;
	for (int half_ = 128; half_ > 0; half_ /= 2) {
		barrier(CLK_LOCAL_MEM_FENCE);
		if (lid < half_)
			sums[lid] += sums[lid + half_];
	}
	if (lid == 0) {
		const float loss = sums[0] / n;
		losses[slot] = flag[0] ? NAN : loss;
		if (!isfinite(loss))
			flag[0] = 1;
	}
}
