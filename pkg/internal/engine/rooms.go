package engine

import "sync"

// rooms are buffers of one size for what nobody reads after the piece of work that wrote
// it: as many as processors ever worked at the same time. The one that was used last is
// used next: it is in a cache. What a piece leaves in it the next one finds.
type rooms[Number any] struct {
	size int
	mu   sync.Mutex
	free [][]Number
}

func newRooms[Number any](size int) *rooms[Number] { return &rooms[Number]{size: size} }

func (r *rooms[Number]) take() []Number {
	r.mu.Lock()
	defer r.mu.Unlock()
	last := len(r.free) - 1
	if last < 0 {
		return make([]Number, r.size)
	}
	room := r.free[last]
	r.free = r.free[:last]
	return room
}

// give takes back what take returned, or nil.
func (r *rooms[Number]) give(room []Number) {
	if room == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.free = append(r.free, room)
}
