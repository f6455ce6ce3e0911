package kernels

// plainEntries is how many gradients plain Go lists before it multiplies: those that are
// not cut off, each with the place of what it is multiplied by.
const plainEntries = 64

type plainList[T float32 | float64] struct {
	n  int
	at [plainEntries]int32
	g  [plainEntries]T
}

// add appends an entry that counts unless its place is NoGradient, the last of them: a branch
// would be guessed wrongly half of the time.
func (l *plainList[T]) add(at int, g T, place uint8) {
	i := l.n % plainEntries
	l.at[i], l.g[i] = int32(at), g
	l.n += 1 - int(place/NoGradient)
}

// full says that the list must be emptied.
func (l *plainList[T]) full() bool { return l.n == plainEntries }

func convGradDeepGo[T float32 | float64](rows, windows, filters int, input Map[T], grad Pooled[T], dw []T) {
	channels, width := input.Channels, input.Width
	place := [NoGradient + 1]int{0, 1, width, width + 1, 0}
	run := deepSize * channels
	var list plainList[T]
	for f := range filters {
		empty := func() {
			for y := range deepSize {
				axpys(dw[(f*deepSize+y)*run:(f*deepSize+y+1)*run], input.Data[y*width*channels:], list.at[:list.n], list.g[:list.n])
			}
			list.n = 0
		}
		for row := range rows {
			for i := range windows {
				at := (row*windows+i)*grad.Step + f
				p := grad.Arg[at]
				if list.add((2*row*width+2*i+place[p])*channels, grad.Value[at], p); list.full() {
					empty()
				}
			}
		}
		empty()
	}
}

func inputGradDeepGo[T float32 | float64](rows, windows, filters int, dx Map[T], grad Pooled[T], w []T) {
	const area = deepSize * deepSize
	channels, width := dx.Channels, dx.Width
	place := [4]int{0, 1, width, width + 1}
	var lists [NoGradient + 1]plainList[T] // by position
	var sum [area * Group]T
	for c := 0; c < channels; c += Group {
		w := w[c*filters*area:]
		for at := range rows * windows {
			to := 2*(at/windows)*width + 2*(at%windows)
			empty := func(p int) {
				list := &lists[p]
				if list.n == 0 {
					return
				}
				dx := dx.Data[(to+place[p])*channels+c:]
				for tap := range area {
					copy(sum[tap*Group:(tap+1)*Group], dx[(tap/deepSize*width+tap%deepSize)*channels:])
				}
				axpys(sum[:], w, list.at[:list.n], list.g[:list.n])
				for tap := range area {
					copy(dx[(tap/deepSize*width+tap%deepSize)*channels:], sum[tap*Group:(tap+1)*Group])
				}
				list.n = 0
			}
			arg := grad.Arg[at*grad.Step : at*grad.Step+filters]
			for f, g := range grad.Value[at*grad.Step : at*grad.Step+filters] {
				p := arg[f]
				if lists[p].add(f*area*Group, g, p); lists[p].full() {
					empty(int(p))
				}
			}
			for p := range place {
				empty(p)
			}
		}
	}
}
