package simulation

import "guitu/rehab"

// Chances are not drawn one after the other but looked up by what they are about: the
// seed, the run, the place, the case, the obligation, the question. So a question gets the
// same answer in every scenario that asks it, and a comparison shows the change alone.

// question that chance answers.
type question uint64

const (
	arrives question = iota + 1
	served
	risk
	keeps
	when
	lateBy
	looks
	answers
	evades
	positive
	confirmed
	resumes
	reached
	sex
)

// mix is the finalizer of splitmix64: every bit of the input moves every bit of the output.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// draw gives a number from 0 up to, but not including, 1.
func draw(seed uint64, q question, about uint64) float64 {
	return float64(mix(mix(seed^uint64(q)<<56)+about)>>11) / (1 << 53)
}

// upTo gives a whole number from 0 up to, but not including, n.
func upTo(n int, seed uint64, q question, about uint64) int {
	return int(draw(seed, q, about) * float64(n))
}

// key of an obligation.
func key(id rehab.ObligationID) uint64 { return hash(string(id.Kind)) + uint64(id.N) }

// hash is FNV-1a.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}
