// Counts the samples whose highest score is at their label.
__kernel void F(kernel)(PARAMETERS)
{
	const int s = get_global_id(0);
	if (s >= n)
		return;
	float best = x[s * CLASSES];
	int guess = 0;
	for (int c = 1; c < CLASSES; c++)
		if (wins(x[s * CLASSES + c], best)) {
			best = x[s * CLASSES + c];
			guess = c;
		}
	if (guess == labels[first + s])
		atomic_inc(right);
}
