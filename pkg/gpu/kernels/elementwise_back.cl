// dx = dy.
__kernel void F(kernel)(PARAMETERS)
{
	const int at = get_global_id(0);
	if (at >= n * SIZE)
		return;
	BACK(at, dy[at])
}
