// Each input gathers from the windows that it has won, in their order.
__kernel void F(kernel)(PARAMETERS)
{
	const int at = get_global_id(0);
	if (at >= n * C * H * W)
		return;
	const int image_channel = at / (H * W), y0 = at / W % H, x0 = at % W;
	float v = 0;
	for (int oy = max(0, (y0 + P - PH + S) / S); oy < OH && oy * S - P <= y0; oy++)
		for (int ox = max(0, (x0 + P - PW + S) / S); ox < OW && ox * S - P <= x0; ox++) {
			const int wy = y0 + P - oy * S, wx = x0 + P - ox * S;
			const int out = (image_channel * OH + oy) * OW + ox;
			if (wy < PH && wx < PW && place[out] == wy * PW + wx)
				v += dy[out];
		}
	BACK(at, v)
}
