// y = the sum of the parts + b, in a fixed order: a group takes 32 values, and eight items
// for each add up every eighth part.
__kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void F(kernel)(PARAMETERS)
{
	__local float sums[8][32];
	const int row = get_local_id(0) / 32, lane = get_local_id(0) % 32;
	const int at = get_group_id(0) * 32 + lane;
	float v = 0;
	if (at < n * OUT) {
#pragma unroll 4
		for (int part = row; part < SPLITS; part += 8)
			v += parts[part * n * OUT + at];
	}
	sums[row][lane] = v;
	barrier(CLK_LOCAL_MEM_FENCE);
	if (row > 0 || at >= n * OUT)
		return;
	for (int other = 1; other < 8; other++)
		v += sums[other][lane];
	STORE(at, v + params[OFFSET + SIZE * OUT + at % OUT])
}
