// Package companion has the words between a program with a sweep that many machines
// share and its companion, the program of kernel/board that talks to the board. The
// companion holds the connection, so that no cell links what that needs. It reads
// requests from its standard input, a line of JSON each, and writes answers and news to
// its standard output; it ends when its input does.
package companion

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
)

// The environment variables of a sweep that is shared.
const (
	BoardVariable   = "CONVBOOK_SWEEP"         // where the board is, as `kernel share` prints it
	ProgramVariable = "CONVBOOK_SWEEP_PROGRAM" // path of the companion, which run and lab set
	CompareVariable = "CONVBOOK_COMPARE"       // of how many trials one is trained on two machines; 20
	MachineVariable = "CONVBOOK_MACHINE"       // name of this machine, instead of its host name
)

// IsBoard reports whether CONVBOOK_SWEEP names a board: the line that `kernel share`
// prints, or the address of a server of NATS.
func IsBoard(line string) bool {
	for _, scheme := range []string{"board://", "nats://", "tls://"} {
		if strings.HasPrefix(strings.TrimSpace(line), scheme) {
			return true
		}
	}
	return false
}

// What a program asks for. Each request is answered once, under its number.
const (
	Join    = "join"       // a sweep; the answer comes when all that the board knows is told
	Next    = "next"       // a trial to train; the answer has none where there is none now
	Release = "release"    // a claim: its trial was not finished
	Result  = "result"     // of a trial; answered when it is on the board's disk
	Check   = "check"      // the digest of a trial that was trained for comparison
	Score   = "score"      // the accuracy of a trial at a ranking
	Keep    = "checkpoint" // the file at Path, for whoever goes on with the trial
	Alive   = "alive"      // the program still trains; not answered
	Restart = "restart"    // gives all results up, where no other machine is at the sweep
	Settled = "settled"    // how many comparisons the sweep's end has to wait for
)

// News that the companion tells by itself.
const (
	Ended    = "ended"    // a trial has a result that counts
	Ranked   = "score"    // a trial has come to a ranking
	Taken    = "taken"    // the result of a trial counts no longer: Machine was wrong
	Anew     = "anew"     // points were ranked by results that are taken out next: the sweep is to be joined again; also an answer
	Standing = "standing" // how the machines stand
	Trouble  = "trouble"  // what keeps the board from being reached, empty when that is over
	Failed   = "failed"   // the sweep cannot go on
)

// Message is a request, an answer or news.
type Message struct {
	ID int    `json:"id,omitempty"` // of requests and their answers
	Do string `json:"do,omitempty"`

	Sweep *Sweep `json:"sweep,omitempty"` // Join

	Trial  int     `json:"trial"` // number in Sweep.Keys; -1 for none
	Claim  int     `json:"claim,omitempty"`
	Again  bool    `json:"again,omitempty"`  // Next: the trial is to be trained for comparison
	Path   string  `json:"path,omitempty"`   // of a checkpoint
	Step   int     `json:"step,omitempty"`   // of a checkpoint
	Epochs int     `json:"epochs,omitempty"` // Score
	Score  float64 `json:"score,omitempty"`
	Left   float64 `json:"left,omitempty"` // Alive: seconds until the sweep's end, as far as is known

	Result  json.RawMessage `json:"result,omitempty"`
	Digest  string          `json:"digest,omitempty"`
	Failed  string          `json:"failed,omitempty"` // why a trial has no result
	Machine string          `json:"machine,omitempty"`
	Variant string          `json:"variant,omitempty"` // of the processor that the trial was trained on

	Shared *Shared `json:"shared,omitempty"` // Standing
	Checks int     `json:"checks,omitempty"` // Settled
	Text   string  `json:"text,omitempty"`   // of an error or of trouble, for people
}

// Sweep is what a program joins.
type Sweep struct {
	Name    string    `json:"name"`    // for people
	Keys    []string  `json:"keys"`    // of the trials
	Program []Setting `json:"program"` // what must be the same on all machines
	Variant string    `json:"variant"`
	Folder  string    `json:"folder"` // for checkpoints that come
	Halving bool      `json:"halving,omitempty"`
}

// Setting is one of the things that make programs different.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Shared is how the machines of a sweep stand.
type Shared struct {
	Machines  []Machine `json:"machines"`   // also those that are gone and whose results count
	GivenBack int       `json:"given_back"` // trials that machines have left and others taken over
}

// Machine is one of them.
type Machine struct {
	Name    string  `json:"name"`
	Variant string  `json:"variant"`
	Running int     `json:"running"`
	Done    int     `json:"done"`
	Trials  int     `json:"trials"`         // of the sweep
	Left    float64 `json:"left,omitempty"` // seconds until the end of the sweep, as this machine sees it

	GivenBack int  `json:"given_back,omitempty"` // trials that machines have left and others taken over, as far as this one knows
	Gone      bool `json:"gone,omitempty"`
}

// MaxLine is how long a message can be, in bytes.
const MaxLine = 64 << 20

// Link sends and receives messages.
type Link struct {
	mu  sync.Mutex
	to  io.Writer
	out []byte
	in  *bufio.Scanner
}

// NewLink makes a link of what it reads from and what it writes to.
func NewLink(from io.Reader, to io.Writer) *Link {
	l := &Link{to: to, in: bufio.NewScanner(from)}
	l.in.Buffer(nil, MaxLine)
	return l
}

// Send sends a message. It may be called from several goroutines.
func (l *Link) Send(m Message) error {
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("a message of the sweep: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.out = append(append(l.out[:0], text...), '\n')
	_, err = l.to.Write(l.out)
	return err
}

// Receive returns the next message; the error is io.EOF when the other side has ended.
func (l *Link) Receive() (m Message, err error) {
	if !l.in.Scan() {
		if err := l.in.Err(); err != nil && !errors.Is(err, io.ErrClosedPipe) {
			return m, err
		}
		return m, io.EOF
	}
	if err := json.Unmarshal(l.in.Bytes(), &m); err != nil {
		return m, fmt.Errorf("a message of the sweep: %w", err)
	}
	return m, nil
}
