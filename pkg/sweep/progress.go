package sweep

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"convbook/pkg/internal/bilingual"
	"convbook/pkg/system/companion"
)

// Progress is how a sweep stands.
type Progress struct {
	Trials  int // all of them
	Done    int // those that have a result or failed
	Failed  int
	Share   float64       // of the training that is done, 0 to 1
	Elapsed time.Duration // since this Run began
	Left    time.Duration // estimated from the trials so far; negative when not known yet
	Best    *Result       // the highest final accuracy so far, nil at first

	Opened  int    // of those done: trained before
	Damaged int    // kept results that could not be read
	Changed string // in what the training differs from a result that was kept
	Waiting bool   // for another program that is at the same sweep

	Shared  *companion.Shared // the machines of a sweep that many share, nil for one alone
	Trouble string            // what keeps the machines from each other, in both languages
	Notes   []string          // what has happened among them and is to be known, in both languages
}

// String is one line: "12 of 24 trials, 40s left; best 0.8312", or "24 of 24 trials,
// opened, trained before; best 0.8312".
func (p Progress) String() string {
	line := fmt.Sprintf("%d of %d trials", p.Done, p.Trials)
	if p.Failed > 0 {
		line += fmt.Sprintf(" (%d failed)", p.Failed)
	}
	switch {
	case p.Waiting:
		line += ", waiting for another program that is at this sweep"
	case p.Shared != nil:
		line += fmt.Sprintf(", shared by %d machines", p.machines())
		if p.Shared.GivenBack > 0 {
			line += fmt.Sprintf(" (%d taken over from machines that left)", p.Shared.GivenBack)
		}
	case p.Done > 0 && p.Opened == p.Trials:
		line += ", opened, trained before"
	case p.Opened > 0:
		line += fmt.Sprintf(" (%d opened, trained before)", p.Opened)
	}
	switch {
	case p.Opened == p.Trials || p.Waiting:
	case p.Done == p.Trials:
		line += fmt.Sprintf(" in %v", p.Elapsed.Round(time.Second))
	case p.Left >= 0:
		line += fmt.Sprintf(", %v left", p.Left.Round(time.Second))
	}
	if p.Best != nil {
		line += fmt.Sprintf("; best %.4f", p.Best.FinalTestAcc)
	}
	if p.Changed != "" {
		line += "; trained anew, since the training has changed (" + p.Changed + ")"
	}
	if p.Damaged > 0 {
		line += fmt.Sprintf("; %d kept results were damaged, their trials run again", p.Damaged)
	}
	for _, text := range p.told() {
		line += "; " + bilingual.Of(text).English
	}
	return line
}

// Korean is the same line in Korean.
func (p Progress) Korean() string {
	line := fmt.Sprintf("시도 %d개 중 %d개", p.Trials, p.Done)
	if p.Failed > 0 {
		line += fmt.Sprintf(" (%d개 실패)", p.Failed)
	}
	switch {
	case p.Waiting:
		line += ", 같은 탐색을 하는 다른 프로그램을 기다리는 중"
	case p.Shared != nil:
		line += fmt.Sprintf(", 컴퓨터 %d대가 함께 실행", p.machines())
		if p.Shared.GivenBack > 0 {
			line += fmt.Sprintf(" (떠난 컴퓨터에서 %d개 이어받음)", p.Shared.GivenBack)
		}
	case p.Done > 0 && p.Opened == p.Trials:
		line += ", 이미 학습한 결과"
	case p.Opened > 0:
		line += fmt.Sprintf(" (%d개는 이미 학습한 결과)", p.Opened)
	}
	switch {
	case p.Opened == p.Trials || p.Waiting:
	case p.Done == p.Trials:
		line += ", " + inKorean(p.Elapsed) + " 걸림"
	case p.Left >= 0:
		line += ", " + inKorean(p.Left) + " 남음"
	}
	if p.Best != nil {
		line += fmt.Sprintf("; 최고 %.4f", p.Best.FinalTestAcc)
	}
	if p.Changed != "" {
		line += "; 학습 방법이 바뀌어 새로 학습함 (" + p.Changed + ")"
	}
	if p.Damaged > 0 {
		line += fmt.Sprintf("; 저장된 결과 %d개가 손상되어 다시 학습함", p.Damaged)
	}
	for _, text := range p.told() {
		line += "; " + bilingual.Of(text).Korean
	}
	return line
}

// machines counts those that share the sweep: those that are here, and at the end also those that have left
// results. Several programs on one machine are one.
func (p Progress) machines() int {
	names := map[string]bool{}
	for _, m := range p.Shared.Machines {
		if !m.Gone || p.Done == p.Trials {
			name, _, _ := strings.Cut(m.Name, "~")
			names[name] = true
		}
	}
	return len(names)
}

// told are the texts in both languages.
func (p Progress) told() []string {
	if p.Trouble == "" {
		return p.Notes
	}
	return append(slices.Clone(p.Notes), p.Trouble)
}

func inKorean(d time.Duration) string {
	text := strings.NewReplacer("h", "시간 ", "m", "분 ", "s", "초").Replace(d.Round(time.Second).String())
	return strings.TrimSpace(text)
}

// progress gathers how far the trials are.
type progress struct {
	tell func(Progress)

	mu       sync.Mutex
	began    time.Time
	told     time.Time
	shares   []float64
	over     []*ending // of each trial, nil where it has not ended
	before   float64   // share that earlier runs had done
	standing Progress
}

// ending is how a trial has ended.
type ending struct {
	result Result
	opened bool
}

const pause = 250 * time.Millisecond

func newProgress(tell func(Progress), trials int) *progress {
	p := &progress{tell: tell, began: time.Now(), shares: make([]float64, trials), over: make([]*ending, trials)}
	p.standing.Trials = trials
	return p
}

// begin counts what was trained before.
func (p *progress) begin(trials []*trial, damaged int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.began, p.standing.Damaged = time.Now(), damaged
	for _, t := range trials {
		if t.result.done() || t.opened {
			p.shares[t.index] = 1
			p.before++
			p.count(t)
		}
	}
}

// reopened takes back that a trial has ended, where it has.
func (p *progress) reopened(t *trial) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shares[t.index], p.over[t.index] = 0, nil
}

// share notes how the machines of the sweep stand, or what keeps them from it.
func (p *progress) share(shared *companion.Shared, trouble string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if shared != nil {
		p.standing.Shared = shared
	}
	if p.standing.Trouble = trouble; slices.Contains(p.over, nil) {
		p.report(false)
	}
}

// mostNotes is how many are shown.
const mostNotes = 5

// note notes something that stays.
func (p *progress) note(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if slices.Contains(p.standing.Notes, text) || len(p.standing.Notes) == mostNotes {
		return
	}
	p.standing.Notes = append(slices.Clip(p.standing.Notes), text) // what was told before keeps its own
	p.report(false)
}

// left is the time that is left, in seconds; 0 where that is not known.
func (p *progress) left() float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(0, p.standing.Left.Seconds())
}

func (p *progress) at(t *trial, share float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shares[t.index] = share
	p.report(false)
}

func (p *progress) ended(t *trial) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shares[t.index] = 1
	p.count(t)
	p.report(false)
}

// changed notes in what a trial differs from one that was kept: the first says it.
func (p *progress) changed(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.standing.Changed == "" {
		p.standing.Changed = what
	}
}

func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.report(true)
}

func (p *progress) count(t *trial) { p.over[t.index] = &ending{t.result, t.opened} }

// counted are the trials that have ended.
func (p *progress) counted() (done, opened, failed int, best *Result) {
	for _, e := range p.over {
		switch {
		case e == nil:
			continue
		case e.result.Failed != "":
			failed++
		case best == nil || e.result.FinalTestAcc > best.FinalTestAcc:
			best = &e.result
		}
		done++
		if e.opened {
			opened++
		}
	}
	return done, opened, failed, best
}

func (p *progress) report(last bool) {
	now := time.Now()
	if p.tell == nil || !last && now.Sub(p.told) < pause {
		return
	}
	p.told = now
	done := 0.
	for _, share := range p.shares {
		done += share
	}
	s := &p.standing
	s.Done, s.Opened, s.Failed, s.Best = p.counted()
	s.Elapsed, s.Left, s.Share = now.Sub(p.began), -1, 1
	if len(p.shares) > 0 {
		s.Share = done / float64(len(p.shares))
	}
	if fresh := done - p.before; fresh > 0 {
		s.Left = time.Duration(float64(s.Elapsed) * (float64(len(p.shares)) - done) / fresh)
	}
	p.tell(*s)
}
