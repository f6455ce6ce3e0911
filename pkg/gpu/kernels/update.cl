// Adds up the parts of each gradient in a fixed order and updates the parameters by one
// rule. A group takes 256 parameters, or 32 where the gradient has parts: eight items then
// add up every eighth part.
void F(rule)(PARAMETERS, int i, float g)
{
#if RULE == SGD
	params[i] -= a * g;
#elif RULE == MOMENTUM
	const float v = a * moment2[i] - b * g;
	moment2[i] = v;
	params[i] += v;
#elif RULE == NESTEROV
	const float v = moment2[i];
	params[i] = params[i] + a * a * v - (1 + a) * b * g;
	moment2[i] = a * v - b * g;
#elif RULE == ADAGRAD
	const float h = moment2[i] + g * g;
	moment2[i] = h;
	params[i] -= a * g / (sqrt(h) + 1e-7f);
#elif RULE == RMSPROP
	const float h = a * moment2[i] + (1 - a) * g * g;
	moment2[i] = h;
	params[i] -= b * g / (sqrt(h) + 1e-7f);
#else // Adam
	const float m = moment1[i] + b * (g - moment1[i]), v = moment2[i] + c * (g * g - moment2[i]);
	moment1[i] = m;
	moment2[i] = v;
	params[i] -= a * m / (sqrt(v) + 1e-7f);
#endif
}

__kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void F(kernel)(PARAMETERS)
{
	__local float sums[8][32];
	const int group = get_group_id(0), lid = get_local_id(0), row = lid / 32, lane = lid % 32;
	int from, size, parts, gradient, block;
	SEGMENTS // sets them for the segment of this group; block is its number in there
	const bool whole = parts == 1;
	const int i = whole ? block * 256 + lid : block * 32 + lane;
	float g = 0;
	if (i < size) {
#pragma unroll 8
		for (int part = whole ? 0 : row; part < parts; part += 8)
			g += gradients[gradient + part * size + i];
	}
	sums[row][lane] = g;
	barrier(CLK_LOCAL_MEM_FENCE);
	if (i >= size || flag[0] || !whole && row > 0)
		return;
	if (!whole)
		for (int other = 1; other < 8; other++)
			g += sums[other][lane];
	F(rule)(ARGUMENTS, from + i, g);
}
