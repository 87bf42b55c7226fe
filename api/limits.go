package api

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"guitu/rehab"
)

// limit is how much of one thing an actor may take: so many at the same time, and so many
// in a span. 0 is no limit.
type limit struct {
	atOnce int
	times  int
	in     time.Duration
}

// The limits of an actor. Whoever has several tokens has them once.
var (
	streamLimit     = limit{atOnce: 20}
	exportLimit     = limit{atOnce: 2, times: 30, in: 10 * time.Minute}
	simulationLimit = limit{atOnce: 1, times: 30, in: time.Hour}
)

// limited are the operations that answer 429.
var limited = []string{"stream-events", "export-evaluation", "simulate", "find-case"}

// comeAgain is when to try again where nobody knows when the others are done.
const comeAgain = 10 * time.Second

// limits count what actors take.
type limits struct {
	now  func() time.Time
	mu   sync.Mutex
	took map[taking]*taken
}

type taking struct {
	what string
	who  rehab.Actor
}

type taken struct {
	open int
	at   []time.Time
}

func newLimits(now func() time.Time) *limits { return &limits{now: now, took: make(map[taking]*taken)} }

// take begins one; done ends it. The error is a 429 that says when to come again.
func (l *limits) take(a rehab.Actor, what string, m limit) (done func(), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, key := l.now(), taking{what, a}
	t := l.took[key]
	if t == nil {
		t = &taken{}
		l.took[key] = t
	}
	for len(t.at) > 0 && now.Sub(t.at[0]) >= m.in {
		t.at = t.at[1:]
	}
	switch {
	case t.open >= m.atOnce:
		return nil, tooMany(comeAgain)
	case m.times > 0 && len(t.at) >= m.times:
		return nil, tooMany(m.in - now.Sub(t.at[0]))
	}
	t.open++
	if m.times > 0 {
		t.at = append(t.at, now)
	}
	return sync.OnceFunc(func() { l.end(key) }), nil
}

// spent is the 429 of an actor who has taken as many as there are, without taking one.
func (l *limits) spent(a rehab.Actor, what string, m limit) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, n := l.now(), 0
	t := l.took[taking{what, a}]
	if t == nil {
		return nil
	}
	for _, at := range t.at {
		if now.Sub(at) < m.in {
			n++
		}
	}
	if n < m.times {
		return nil
	}
	return tooMany(m.in - now.Sub(t.at[len(t.at)-n]))
}

func (l *limits) end(key taking) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.took[key]
	if t.open--; t.open == 0 && len(t.at) == 0 {
		delete(l.took, key)
	}
}

func tooMany(after time.Duration) *Problem {
	return later(after, problem(http.StatusTooManyRequests, "this account has taken as many of these as it may: come again later"))
}

// later says in the problem when to come again.
func later(after time.Duration, p *Problem) *Problem {
	p.header = http.Header{"Retry-After": {strconv.Itoa(max(1, int(after.Round(time.Second)/time.Second)))}}
	return p
}
