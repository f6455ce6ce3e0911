// dx = gamma/root * (dy - (dbeta + xn * dgamma)/count)
__kernel void F(kernel)(PARAMETERS)
{
	const int at = get_global_id(0);
	if (at >= n * D * S)
		return;
	const int d = at / S % D;
	const float xn = (IN(at / (D * S), at % (D * S)) - means[d]) / roots[d];
	const float mean = (gradients[GRADIENT + D + d] + xn * gradients[GRADIENT + d]) / (n * S);
	const float g = params[OFFSET + d] / roots[d] * (dy[at] - mean);
	BACK(at, g)
}
