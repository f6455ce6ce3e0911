package scaling

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"convbook/pkg/internal/workers"
)

// pool lets pieces be done by the pool of workers in a time of its own: a piece that has
// begun waits until its end is the next one, and until then all processors that can have
// begun one. However long the system takes for that, the order is the pool's.
type pool struct {
	stage Stage
	mu    sync.Mutex
	now   float64
	begun []int // pieces of each group
	ended []int
	doing []doing
	more  chan struct{} // a piece has begun
}

type doing struct {
	group int
	until float64
	end   chan struct{}
}

func newPool(s Stage) *pool {
	return &pool{stage: s, begun: make([]int, len(s.Groups)), ended: make([]int, len(s.Groups)), more: make(chan struct{}, 1000)}
}

// do does a piece.
func (p *pool) do(group, piece int) {
	end := make(chan struct{})
	p.mu.Lock()
	p.begun[group]++
	p.doing = append(p.doing, doing{group, p.now + p.stage.Groups[group].Pieces[piece], end})
	p.mu.Unlock()
	p.more <- struct{}{}
	<-end
}

// wanted returns how many pieces so many cores should be doing now.
func (p *pool) wanted(cores int) int {
	can := len(p.doing)
	for i, g := range p.stage.Groups {
		if p.over(g.After) {
			can += len(g.Pieces) - p.begun[i]
		}
	}
	return min(cores, can)
}

// over says whether groups have ended, and all that they wait for.
func (p *pool) over(groups []int) bool {
	for _, g := range groups {
		if p.ended[g] < len(p.stage.Groups[g].Pieces) || !p.over(p.stage.Groups[g].After) {
			return false
		}
	}
	return true
}

// run lets run do all pieces on so many cores, and returns when they have ended in the
// pool's own time.
func (p *pool) run(t *testing.T, cores int, run func()) float64 {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
	var all sync.WaitGroup
	all.Go(run)
	for {
		p.mu.Lock()
		doing, wanted := len(p.doing), p.wanted(cores)
		if doing == wanted && doing > 0 {
			next := 0
			for i, d := range p.doing {
				if d.until < p.doing[next].until {
					next = i
				}
			}
			d := p.doing[next]
			p.doing = append(p.doing[:next], p.doing[next+1:]...)
			p.now = d.until
			p.ended[d.group]++
			close(d.end)
		}
		p.mu.Unlock()
		switch {
		case wanted == 0:
			all.Wait()
			return p.now
		case doing > wanted:
			t.Fatalf("%d cores do %d pieces where %d may be done", cores, doing, wanted)
		case doing < wanted:
			select {
			case <-p.more:
			case <-time.After(time.Minute):
				t.Fatalf("%d cores do %d pieces, and for a minute not the %d that they could do", cores, doing, wanted)
			}
		}
	}
}

// The pool's order is the simulated one, for groups that are drawn, on more cores than there
// are.
func TestTheSimulationIsWhatThePoolDoes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		s := Stage{}
		p := newPool(s)
		flow := workers.NewFlow(func(group, task int) { p.do(group, task) })
		for g := range 1 + r.IntN(12) {
			group := Group{Late: r.IntN(3) == 0}
			// Of groups that begin by the ends of two others, or late ones together with
			// others, the pool leaves it open which it takes first.
			if g > 0 && r.IntN(4) > 0 && !group.Late {
				group.After = []int{r.IntN(g)}
			}
			for range 1 + r.IntN(7) {
				group.Pieces = append(group.Pieces, 1+r.Float64()) // no two end together
			}
			s.Groups = append(s.Groups, group)
			flow.Add("", len(group.Pieces), group.After...)
			if group.Late {
				flow.Late(g)
			}
		}
		for _, cores := range []int{1, 2, 3, 4, 5, 8, 16} {
			p = newPool(s)
			want := Trace{Stages: []Stage{s}}.Seconds(cores)
			if got := p.run(t, cores, flow.Run); math.Abs(got-want) > 1e-9 {
				t.Errorf("%d cores take %v, simulated %v: %+v", cores, got, want, s.Groups)
			}
		}
	}
}

// The same for tasks of a job, which wait for nothing.
func TestTheSimulationIsWhatAJobDoes(t *testing.T) {
	s := Stage{Groups: []Group{{Pieces: []float64{3, 1, 4, 1.5, 9, 2.6, 5, 3.5, 8, 9.7, 9.3}}}}
	for _, cores := range []int{1, 2, 3, 7, 16} {
		p := newPool(s)
		job := workers.NewJob("job", func(task int) { p.do(0, task) })
		want := Trace{Stages: []Stage{s}}.Seconds(cores)
		if got := p.run(t, cores, func() { job.Run(len(s.Groups[0].Pieces)) }); math.Abs(got-want) > 1e-9 {
			t.Errorf("%d cores take %v, simulated %v", cores, got, want)
		}
	}
}
