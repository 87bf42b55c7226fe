package wiring

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"guitu/api"
	"guitu/board"
	"guitu/rehab"
)

// beat is how often a process says that its simulations go on, and hears which were stopped.
const beat = time.Second

// plays is the queue of the simulations of this process. One goroutine plays them in their order,
// and is there while there are any.
type plays struct {
	mu      sync.Mutex
	waiting []play
	busy    bool
	closed  bool
	stop    context.CancelFunc // of the goroutine
	done    sync.WaitGroup
}

// play is one that waits, with the request's scope and without its end.
type play struct {
	id    string
	order api.SimulationOrder
	ctx   context.Context //nolint:containedctx // of the request that ordered it
}

// PlaySimulation puts an order at the end of the queue.
func (s *Service) PlaySimulation(ctx context.Context, id string, order api.SimulationOrder) {
	q := &s.plays
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return // what nobody plays falls silent, and is stopped
	}
	q.waiting = append(q.waiting, play{id, order, context.WithoutCancel(ctx)})
	if q.busy {
		return
	}
	var within context.Context
	within, q.stop = context.WithCancel(context.WithoutCancel(ctx))
	q.busy = true
	q.done.Go(func() { s.playAll(within) })
}

// close stops the one that is played, and waits for it.
func (q *plays) close() {
	q.mu.Lock()
	q.closed, q.waiting = true, nil
	if q.stop != nil {
		q.stop()
	}
	q.mu.Unlock()
	q.done.Wait()
}

// next takes the first of the queue, and ends the goroutine where there is none.
func (q *plays) next() (p play, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		q.busy = false
		q.stop()
		return play{}, false
	}
	p, q.waiting = q.waiting[0], q.waiting[1:]
	return p, true
}

// ids are those that wait.
func (q *plays) ids() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	var out []string
	for _, p := range q.waiting {
		out = append(out, p.id)
	}
	return out
}

// drop takes those out that do not go on.
func (q *plays) drop(ids []string, goOn []string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = slices.DeleteFunc(q.waiting, func(p play) bool { return slices.Contains(ids, p.id) && !slices.Contains(goOn, p.id) })
}

func (s *Service) playAll(within context.Context) {
	for {
		p, ok := s.plays.next()
		if !ok {
			return
		}
		ctx, cancel := context.WithCancel(p.ctx)
		end := context.AfterFunc(within, cancel)
		s.playOne(ctx, cancel, p)
		end()
		cancel()
	}
}

// playOne plays it, says how far it is, and keeps what came of it.
func (s *Service) playOne(ctx context.Context, cancel context.CancelFunc, p play) {
	var played, total atomic.Int64
	var beating sync.WaitGroup
	stopped := make(chan struct{})
	if !s.beatOnce(ctx, p, 0, 0) {
		return // stopped while it waited
	}
	beating.Go(func() {
		t := time.NewTicker(beat)
		defer t.Stop()
		for {
			select {
			case <-stopped:
				return
			case <-t.C:
			}
			if !s.beatOnce(ctx, p, int(played.Load()), int(total.Load())) {
				cancel()
			}
		}
	})
	began := time.Now()
	result, err := s.Simulate(ctx, p.order, func(n int) { total.Store(int64(n)) }, func() { played.Add(1) })
	result.Took = time.Since(began).Seconds()
	close(stopped)
	beating.Wait()
	row := board.SimulationRow{ID: p.id, State: board.SimulationDone, Done: int(played.Load()), Total: int(total.Load())}
	if err == nil {
		row.Result, err = json.Marshal(result)
	}
	switch {
	case err == nil:
	case errors.Is(err, context.Canceled):
		row.State = board.SimulationStopped
	default:
		row.State, row.Fault = board.SimulationFailed, s.faultOf(ctx, p.id, err)
	}
	keep, done := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second) // also as the process ends
	defer done()
	if err := s.Store.EndSimulation(keep, row); err != nil {
		s.Log.ErrorContext(ctx, "what came of a simulation was not kept", "simulation", p.id, "error", err)
	}
}

// beatOnce says that this one and those that wait go on; false: it was stopped. Where the database
// does not answer, it goes on.
func (s *Service) beatOnce(ctx context.Context, p play, played, total int) bool {
	ids := append(s.plays.ids(), p.id)
	goOn, err := s.Store.BeatSimulations(ctx, ids, p.id, played, total)
	if err != nil {
		return ctx.Err() == nil
	}
	s.plays.drop(ids, goOn)
	return slices.Contains(goOn, p.id)
}

// faultOf is what the caller can do something about; anything else is a fault of ours.
func (s *Service) faultOf(ctx context.Context, id string, err error) *rehab.Error {
	var e *rehab.Error
	if errors.As(err, &e) {
		return e
	}
	s.Log.ErrorContext(ctx, "a simulation failed", "simulation", id, "error", err)
	return &rehab.Error{Code: rehab.Internal}
}
