package dataset

import (
	"fmt"
	"hash/crc32"
	"os"
	"time"

	"convbook/pkg/system/atomicfile"
)

// A download that reaches no mirror takes seconds, up to half a minute, and each cell that
// opens data would start it again. So it is noted, beside the folder of the downloads, and
// not tried again for a while, unless the network has changed since.

// patience is how long no further download is tried.
const patience = 3 * time.Minute

// TryAgain starts a download also when one reached no mirror a moment ago.
func TryAgain() Option { return func(o *options) { o.again = true } }

func (o *options) unreachableNote() string {
	if o.downloads == "" {
		return ""
	}
	return o.downloads + ".unreachable"
}

// lastFailure is when a download reached nothing, in the network as it is now; the zero
// time where that is too long ago, is not known, or is not to be minded.
func (o *options) lastFailure() (at time.Time) {
	note := o.unreachableNote()
	if o.again || note == "" {
		return at
	}
	content, err := os.ReadFile(note)
	if err != nil {
		return at
	}
	var seconds int64
	var network uint32
	if n, err := fmt.Sscanf(string(content[:min(len(content), 100)]), "%d %x\n", &seconds, &network); n != 2 || err != nil || network != o.network() {
		return at
	}
	if failed := time.Unix(seconds, 0); time.Since(failed) >= -time.Second && time.Since(failed) < patience {
		return failed
	}
	return at
}

// noteFailure remembers that no mirror was reached. Where that cannot be written, the next
// cell tries again.
func (o *options) noteFailure() {
	if note := o.unreachableNote(); note != "" {
		_ = atomicfile.Write(note, fmt.Appendf(nil, "%d %x\n", time.Now().Unix(), o.network()))
	}
}

func (o *options) forgetFailure() {
	if note := o.unreachableNote(); note != "" {
		os.Remove(note)
	}
}

// waiting tells when the next download is tried.
func waiting(name string, failed time.Time) string {
	return fmt.Sprintf("No mirror could be reached at %s. The next try is after %s, or when the network changes, or at once with dataset.Open(%q, dataset.TryAgain()).\n",
		failed.Format("15:04:05"), failed.Add(patience).Format("15:04:05"), name)
}

// networkNow is a mark of the network that the machine is in: another one when a cable is
// plugged in, a wireless network is joined, or a proxy is set. Where a system does not tell,
// only the time counts.
func networkNow() uint32 {
	mark := crc32.New(castagnoli)
	for _, file := range []string{"/proc/net/route", "/proc/net/if_inet6", "/etc/resolv.conf"} {
		content, _ := os.ReadFile(file)
		mark.Write(content)
	}
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "NO_PROXY", "no_proxy"} {
		fmt.Fprintf(mark, "%s=%q", name, os.Getenv(name))
	}
	return mark.Sum32()
}
