package kernels

// plainPatches is how many inputs plain Go packs at a time: of some windows, what the
// taps find at each of the four positions.
const plainPatches = scatterPlaces

func convGradGo[T float32 | float64](first, last int, l Lookup[T], t Tables[T], fh int, grad Pooled[T], d Filters[T]) {
	var patches [plainPatches + plainTaps + octet + 1]T
	var list plainList[T]
	var offsets [plainTaps]int
	windows, taps := t.Outer*t.Inner, fh*l.fw
	for tap := 0; tap < taps; tap += plainTaps {
		some := min(plainTaps, taps-tap)
		for i := range some {
			offsets[i] = (tap+i)/l.fw*l.Row + (tap+i)%l.fw
		}
		each := min(plainEntries, plainPatches/(4*some))
		for from := 0; from < windows; from += each {
			count := min(each, windows-from)
			to := patches[:]
			for i := from; i < from+count; i++ {
				q := t.Q[i/t.Inner*t.OuterStep+i%t.Inner*t.InnerStep:]
				for _, at := range [4]int{0, 1, l.Row, l.Row + 1} {
					q := q[at:]
					for i, offset := range offsets[:some] {
						to[i] = q[offset]
					}
					to = to[some:]
				}
			}
			for f := first; f < last; f++ {
				list.windows(count, some, grad.Arg[from*d.Count+f:], grad.Value[from*d.Count+f:], d.Count)
				scatterTaps(d.W[tap*d.Count+f:], d.Count, some, patches[:], &list)
				if tap == 0 {
					sum := d.Bias[f]
					for _, g := range list.g[:list.n] {
						sum += g
					}
					d.Bias[f] = sum
				}
			}
		}
	}
}

// windows lists the gradients of some windows, which are step apart, each with the place of
// its patch of so many taps.
func (l *plainList[T]) windows(count, taps int, arg []uint8, g []T, step int) {
	n, patch, last := uint(0), int32(0), int32(4*count*taps)
	for at := 0; patch < last; at += step {
		p := arg[at]
		l.at[n%plainEntries], l.g[n%plainEntries] = patch+int32(p)*int32(taps), g[at]
		n += 1 - uint(p/NoGradient)
		patch += 4 * int32(taps)
	}
	l.n = int(n)
}

// scatterTaps adds the products of a list to some taps of a filter, which are count apart.
func scatterTaps[T float32 | float64](dw []T, count, taps int, x []T, list *plainList[T]) {
	at, g := list.at[:list.n], list.g[:list.n]
	for tap, some := 0, 0; tap < taps; tap += some {
		var sum [octet + 1]T
		if some = octet + 1; taps-tap != some {
			some = min(octet, taps-tap)
		}
		for i := range some {
			sum[i] = dw[(tap+i)*count]
		}
		if some > octet {
			scatter9(&sum, (*scattered[T])(x[tap:]), at, g)
		} else {
			scatter8((*[octet]T)(sum[:]), (*scattered[T])(x[tap:]), at, g)
		}
		for i := range some {
			dw[(tap+i)*count] = sum[i]
		}
	}
}

func biasGradGo[T float32 | float64](windows int, grad Pooled[T], db []T) {
	for at := 0; at < windows*grad.Step; at += grad.Step {
		arg := grad.Arg[at : at+len(db)]
		for f, g := range grad.Value[at : at+len(db)] {
			if arg[f] != NoGradient {
				db[f] += g
			}
		}
	}
}
