package distributed

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"time"
)

// link carries numbers between the first process and another one.
type link struct {
	rank     int
	in       io.Reader
	out      io.Writer
	throttle float64 // bytes a second, 0 without a limit
	bytes    int64   // in both directions
	buffer   []byte
}

// chunk is how many bytes are sent before the throttle looks at the clock.
const chunk = 64 << 10

// send writes all of data, as slowly as the throttle demands.
func (l *link) send(data []byte) error {
	began, sent := time.Now(), 0
	for sent < len(data) {
		n, err := l.out.Write(data[sent:min(sent+chunk, len(data))])
		sent += n
		l.bytes += int64(n)
		if err != nil {
			return l.lost(err)
		}
		if l.throttle > 0 {
			time.Sleep(time.Duration(float64(sent)/l.throttle*1e9) - time.Since(began))
		}
	}
	return nil
}

func (l *link) receive(data []byte) error {
	n, err := io.ReadFull(l.in, data)
	l.bytes += int64(n)
	if err != nil {
		return l.lost(err)
	}
	return nil
}

func (l *link) lost(err error) error {
	return fmt.Errorf("distributed.Train: process %d was lost: %w", l.rank, err)
}

// space returns a buffer of n bytes, which lasts until the next call.
func (l *link) space(n int) []byte {
	if cap(l.buffer) < n {
		l.buffer = make([]byte, n)
	}
	return l.buffer[:n]
}

func (l *link) sendFloats(values []float32) error {
	data := l.space(4 * len(values))
	for i, v := range values {
		binary.LittleEndian.PutUint32(data[4*i:], math.Float32bits(v))
	}
	return l.send(data)
}

func (l *link) receiveFloats(values []float32) error {
	data := l.space(4 * len(values))
	if err := l.receive(data); err != nil {
		return err
	}
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return nil
}

func (l *link) sendIndices(batch []int) error {
	data := l.space(4 * len(batch))
	for i, v := range batch {
		binary.LittleEndian.PutUint32(data[4*i:], uint32(v))
	}
	return l.send(data)
}

// receiveIndices reads a batch of a set with so many images.
func (l *link) receiveIndices(batch []int, images int) error {
	data := l.space(4 * len(batch))
	if err := l.receive(data); err != nil {
		return err
	}
	for i := range batch {
		batch[i] = int(binary.LittleEndian.Uint32(data[4*i:]))
		if batch[i] >= images {
			return fmt.Errorf("distributed.Train: process %d has %d images and was asked for image %d: both must open the same data", l.rank, images, batch[i])
		}
	}
	return nil
}

// sendWeights sends what a training begins with: its settings, for comparison,
// and the weights.
func (l *link) sendWeights(w *worker) error {
	if err := l.sendIndices(w.settings); err != nil {
		return err
	}
	for _, name := range w.names {
		if err := l.sendFloats(w.net.Params()[name].Data()); err != nil {
			return err
		}
	}
	return nil
}

func (l *link) receiveWeights(w *worker) error {
	settings := make([]int, len(w.settings))
	if err := l.receiveIndices(settings, math.MaxInt); err != nil {
		return err
	}
	if !slices.Equal(settings, w.settings) {
		return fmt.Errorf("distributed.Train: process %d has the settings and sizes %v, process 0 has %v: both must come to the same call of Train", l.rank, w.settings, settings)
	}
	for _, name := range w.names {
		if err := l.receiveFloats(w.net.Params()[name].Data()); err != nil {
			return err
		}
	}
	return nil
}

const readyByte = 'r'

func (l *link) sayReady() error { return l.send([]byte{readyByte}) }

// ready waits until the other process has its weights.
func (l *link) ready() error {
	answer := make([]byte, 1)
	if err := l.receive(answer); err != nil {
		return err
	}
	if answer[0] != readyByte {
		return fmt.Errorf("distributed.Train: process %d sent %q where it should have said that it is ready", l.rank, answer)
	}
	return nil
}
