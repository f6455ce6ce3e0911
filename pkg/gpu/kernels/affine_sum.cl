// y = the sum of the parts, in their order, + b.
__kernel void F(kernel)(PARAMETERS)
{
	const int at = get_global_id(0);
	if (at >= n * OUT)
		return;
	float v = 0;
#pragma unroll 8
	for (int part = 0; part < SPLITS; part++)
		v += parts[part * n * OUT + at];
	STORE(at, v + params[OFFSET + SIZE * OUT + at % OUT])
}
