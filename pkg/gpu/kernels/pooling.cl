// The largest value of each window and its place in it. What is beyond the image is zero.
__kernel void F(kernel)(PARAMETERS)
{
	const int at = get_global_id(0);
	if (at >= n * C * OH * OW)
		return;
	const int in_batch = at / (C * OH * OW), c = at / (OH * OW) % C, oy = at / OW % OH, ox = at % OW;
	float best = 0;
	int where = 0;
	for (int w = 0; w < PH * PW; w++) {
		const int y0 = oy * S - P + w / PW, x0 = ox * S - P + w % PW;
		const float v = y0 < 0 || y0 >= H || x0 < 0 || x0 >= W ? 0 : IN(in_batch, (c * H + y0) * W + x0);
		if (w == 0 || wins(v, best)) {
			best = v;
			where = w;
		}
	}
	place[at] = where;
	STORE(at, best)
}
