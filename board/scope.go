package board

import (
	"context"
	"slices"
	"sync"

	"guitu/rehab"
)

// Scope is whose cases a request may touch, as the database holds it to (row-level security):
// what it does not name is not there, whatever a query forgot to ask. Who asks for nobody has none.
type Scope struct {
	Kind  ScopeKind
	Place string     // of an area: the prefix of its codes, empty for everywhere; of a worker: the own street
	Actor string     // whose own cases and snoozes these are
	Today rehab.Date // on which somebody may stand in for somebody
	Cases []string   // beyond that: cases that the rules opened to the request, one by one
}

// ScopeKind says how a scope is meant.
type ScopeKind string

// The kinds of scopes.
const (
	NoScope     ScopeKind = ""
	AreaScope   ScopeKind = "area"
	WorkerScope ScopeKind = "worker"
)

type scopeKey struct{}

// held is the scope of a request, which may grow while it is answered.
type held struct {
	mu    sync.Mutex
	scope Scope
}

// WithScope begins a scope.
func WithScope(ctx context.Context, s Scope) context.Context {
	return context.WithValue(ctx, scopeKey{}, &held{scope: s})
}

// Naming is the scope of the request with one case more, for a look that decides whether the
// request may have it.
func Naming(ctx context.Context, caseID string) context.Context {
	s, _ := ScopeOf(ctx)
	s.Cases = append(s.Cases, caseID)
	return WithScope(ctx, s)
}

// Reach opens one case more to the request, for the rest of it.
func Reach(ctx context.Context, caseID string) {
	h, ok := ctx.Value(scopeKey{}).(*held)
	if !ok {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !slices.Contains(h.scope.Cases, caseID) {
		h.scope.Cases = append(slices.Clip(h.scope.Cases), caseID)
	}
}

// ScopeOf is the scope as it stands; ok is false where none was begun.
func ScopeOf(ctx context.Context) (s Scope, ok bool) {
	h, ok := ctx.Value(scopeKey{}).(*held)
	if !ok {
		return Scope{}, false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	s = h.scope
	s.Cases = slices.Clone(s.Cases)
	return s, true
}
