// Package distributed trains one network in several processes of this machine, as
// section 8.3.3 of the book describes it for many machines: data parallel.
// Every process holds the whole network. Each batch is cut into eight shards,
// every process computes the gradient of its shards, the gradients travel to
// the first process, are added there and travel back, and every process makes
// the same update.
//
//	process 0   shards 0 1 2 3 ─┐                ┌─ update
//	                            ├─ sum ─ divide ─┤
//	process 1   shards 4 5 6 7 ─┘                └─ update
//
// Shards are added in pairs, pairs of pairs, and so on, whoever computed them.
// So one, two, four and eight processes end with the same bits.
//
// The program starts itself again for the other processes: they run the same
// main until they come to the same call of Train, and never return from it.
// What they print and show on the way is dropped. The gradients go through
// pipes, which no other user can open. Throttle makes them as slow as a
// network.
package distributed
