package sweep

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"convbook/pkg/internal/runfolder"
	"convbook/pkg/system/companion"
)

// travelling is the folder, in that of the sweep, of trials that go on here.
const travelling = "going"

// travelEvery is the shortest time between two checkpoints that are sent.
var travelEvery = 10 * time.Second

// travel brings the checkpoints of a trial to the board while it is trained, so that
// another machine can go on with it.
type travel struct {
	claim  *boardClaim
	folder string
	sent   string
	last   time.Time
	busy   atomic.Bool
	over   atomic.Bool
}

// going is the folder of a trial that goes on here. It depends on all that decides about the bits.
func (b *boardStore) going(t *trial) string {
	sum := sha256.Sum256([]byte(t.key + "\n" + b.code + "\n" + variant()))
	return filepath.Join(b.folder, travelling, hex.EncodeToString(sum[:8]))
}

// travels returns how the trial's checkpoints travel, after it has put the one that has arrived
// where the trainer looks.
func (c *boardClaim) travels(t *trial) *travel {
	v := &travel{claim: c, folder: c.board.going(t), last: time.Now()}
	if c.arrived != "" {
		runfolder.Adopt(v.folder, c.arrived) // one that is of no use is left out
		os.Remove(c.arrived)
	}
	return v
}

// send sends the newest checkpoint, if it is time and there is a new one, while training
// goes on.
func (v *travel) send() {
	if time.Since(v.last) < travelEvery || !v.busy.CompareAndSwap(false, true) {
		return
	}
	v.last = time.Now()
	go func() {
		defer v.busy.Store(false)
		found, _ := filepath.Glob(filepath.Join(v.folder, "*", runfolder.CheckpointPrefix+"*"+runfolder.CheckpointEnding))
		if len(found) == 0 || v.over.Load() {
			return
		}
		if newest := slices.Max(found); newest != v.sent {
			v.sent = newest
			v.claim.board.link.ask(context.Background(), companion.Message{Do: companion.Keep, Trial: v.claim.trial.index, Claim: v.claim.number, Path: newest})
		}
	}()
}

// end removes the folder of a trial that has ended; one that was stopped goes on from it.
func (v *travel) end() {
	v.over.Store(true)
	if v.claim.trial.result.done() {
		os.RemoveAll(v.folder)
	}
}
