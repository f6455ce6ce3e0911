// y = x, after which come Relu, Sigmoid or Dropout.
__kernel void F(kernel)(PARAMETERS)
{
	const int at = get_global_id(0);
	if (at >= n * SIZE)
		return;
	const float v = IN(at / SIZE, at % SIZE);
	STORE(at, v)
}
