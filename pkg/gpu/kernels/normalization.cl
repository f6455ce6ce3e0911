// y = gamma * (x - mean)/root + beta, with the batch's in training and the running ones
// otherwise.
__kernel void F(kernel)(PARAMETERS)
{
	const int at = get_global_id(0);
	if (at >= n * D * S)
		return;
	const int d = at / S % D;
	const float mean = train ? means[d] : running[RUNNING + d];
	const float root = train ? roots[d] : sqrt(running[RUNNING + D + d] + 10e-7f);
	const float v = (IN(at / (D * S), at % (D * S)) - mean) / root;
	STORE(at, v * params[OFFSET + d] + params[OFFSET + D + d])
}
