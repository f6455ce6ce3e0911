package distributed

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"convbook/pkg/dataset"
)

// lead is the first process: it sends its weights and then, for every step, the
// indices of the batch; it gathers the sums and sends their sum to all.
func lead(ctx context.Context, net Network, set *dataset.Set, c Config, others *processes) (*Result, error) {
	w, err := newWorker(net, set, c, 0)
	if err != nil {
		return nil, err
	}
	if err := others.each(func(l *link) error { return l.sendWeights(w) }); err != nil {
		return nil, err
	}
	if err := others.each(func(l *link) error { return l.ready() }); err != nil {
		return nil, err
	}
	result := &Result{Children: len(others.links)}
	began, before := time.Now(), others.bytes()
	for range c.Steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		batch := c.Rng.Choice(set.Len(), c.BatchSize)
		if err := others.each(func(l *link) error { return l.sendIndices(batch) }); err != nil {
			return nil, err
		}
		sums := make([][]float32, c.Processes)
		sums[0] = w.sum(batch)
		waiting := time.Now()
		if err := others.receive(sums, w.numbers()); err != nil {
			return nil, err
		}
		total := pairs(sums)
		if err := others.each(func(l *link) error { return l.sendFloats(total) }); err != nil {
			return nil, err
		}
		result.Waited += time.Since(waiting)
		result.Loss = append(result.Loss, w.update(total))
	}
	result.Took = time.Since(began)
	result.Bytes = others.bytes() - before
	result.Digest = net.Digest()
	return result, others.each(func(l *link) error { return l.compareDigest(result.Digest) })
}

// pairs adds the sums of the processes: each half, then the two halves.
func pairs(sums [][]float32) []float32 {
	if len(sums) == 1 {
		return sums[0]
	}
	return add(pairs(sums[:len(sums)/2]), pairs(sums[len(sums)/2:]))
}

// follow is every other process.
func follow(net Network, set *dataset.Set, c Config, rank int, l *link) error {
	w, err := newWorker(net, set, c, rank)
	if err != nil {
		return err
	}
	if err := l.receiveWeights(w); err != nil {
		return err
	}
	if err := l.sayReady(); err != nil {
		return err
	}
	batch, total := make([]int, c.BatchSize), make([]float32, w.numbers())
	for range c.Steps {
		if err := l.receiveIndices(batch, set.Len()); err != nil {
			return err
		}
		if err := l.sendFloats(w.sum(batch)); err != nil {
			return err
		}
		if err := l.receiveFloats(total); err != nil {
			return err
		}
		w.update(total)
	}
	digest, err := hex.DecodeString(net.Digest())
	if err != nil {
		return err
	}
	return l.send(digest)
}

// compareDigest reads the digest of another process's weights.
func (l *link) compareDigest(own string) error {
	got := make([]byte, len(own)/2)
	if err := l.receive(got); err != nil {
		return err
	}
	if other := hex.EncodeToString(got); other != own {
		return fmt.Errorf("distributed.Train: process %d ended with the weights %s and process 0 with %s: both must run the same program on the same kind of processor",
			l.rank, other, own)
	}
	return nil
}
