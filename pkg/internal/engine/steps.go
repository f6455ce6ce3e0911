package engine

// Step is a stretch of layers, From up to To, that an engine runs in one way.
type Step struct {
	From, To int
	Way      Way
	Why      string // they do not run in a faster way; empty where there is none
}

// Way is how layers run.
type Way int

const (
	Fused Way = iota // together, by the kernels
	Split            // by their own Forward and Backward, on parts of the batch at the same time
	Whole            // by their own Forward and Backward, on the whole batch
)
