package workflows

import (
	"errors"
	"hash/fnv"
	"time"

	"go.temporal.io/sdk/workflow"

	"guitu/rehab"
)

// Workflows holds what the workflows of one process share.
type Workflows struct {
	// Rules are read on the way to a decision alone; what was decided is in the ledger, so
	// they may change between releases.
	Rules rehab.Rules
	// Clock of a case; nil is the world's. It is read through a side effect.
	Clock func(caseID string) Clock
}

// CaseInput starts a run of a case. All else is in the ledger.
type CaseInput struct {
	CaseID string `json:"case"`
	// Fresh says that the case was never opened: there is nothing to load.
	Fresh bool `json:"fresh,omitempty"`
	// Virtual says that the cases' clock is not the world's.
	Virtual bool `json:"virtual,omitempty"`
	// HistoryLimit continues the case as new after so many events even before the server
	// suggests it, so that a case evicted from memory is quickly read again. 0: only
	// when the server suggests it.
	HistoryLimit int `json:"history_limit,omitempty"`
}

// Case is one client's measure from service of the order to its end. It waits for the
// next wake or a command, asks the core, records, folds what the ledger answers, and
// re-arms one timer. It fails only through a bug; wrong input never ends it.
func (w *Workflows) Case(ctx workflow.Context, in CaseInput) error {
	// Only the ledger ends a case: cancellation requests are ignored.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	r := newCaseRun(ctx, w, in)
	if err := r.register(ctx); err != nil {
		return err
	}
	if !in.Fresh {
		r.c = loadCase(ctx, in.CaseID)
	}
	r.now(ctx)
	r.loaded = true
	r.publish(ctx)
	r.syncTransfers(ctx)
	if err := workflow.Await(ctx, func() bool { return r.c.Phase != "" || r.refused }); err != nil {
		return err
	}
	return r.run(ctx)
}

// caseRun is one run of a case.
type caseRun struct {
	w  *Workflows
	in CaseInput
	c  *rehab.Case

	loaded       bool           // c stands where the ledger stood when the run began
	refused      bool           // the command that was to open the case was refused
	leaving      bool           // the run ends: no new work
	lock         workflow.Mutex // one decision at a time
	stateChanged workflow.Channel
	queue        *signalQueue
	timer        workflow.Future
	cancel       workflow.CancelFunc
	armedFor     time.Time // when the timer fires, in the cases' time
	notBefore    time.Time // no look before this, in the cases' time: the last one could not act
	published    published
	clock        Clock

	step      transferStep      // what the transfers were told last
	transfers []int64           // the transfers under way
	sent      []workflow.Future // what was sent to them and may not have arrived
}

func newCaseRun(ctx workflow.Context, w *Workflows, in CaseInput) *caseRun {
	return &caseRun{
		w: w, in: in, c: &rehab.Case{ID: in.CaseID},
		lock: workflow.NewMutex(ctx), stateChanged: workflow.NewBufferedChannel(ctx, 1), queue: signalQueueOf(ctx),
		published: publishedIn(workflow.GetTypedSearchAttributes(ctx)),
	}
}

// run is the life of the run: wait, act, re-arm, until the case ends or the history
// has grown long enough to begin a new one.
func (r *caseRun) run(ctx workflow.Context) error {
	for {
		r.arm(ctx)
		if r.done(ctx) {
			left, err := r.leave(ctx)
			if left {
				return err
			}
			continue
		}
		r.wait(ctx)
	}
}

// wait blocks until the timer fires, a signal came, or an update moved the case so that
// the run has to look again. It takes what came first, and of what is there already, the
// first in this order. Histories hold that order: it never changes.
func (r *caseRun) wait(ctx workflow.Context) {
	sel := workflow.NewSelector(ctx)
	sel.AddReceive(r.stateChanged, func(c workflow.ReceiveChannel, _ bool) { c.Receive(ctx, nil) })
	if r.timer != nil {
		sel.AddFuture(r.timer, func(workflow.Future) { r.timer = nil; r.advance(ctx) })
	}
	signal := ""
	if next := r.queue.next(ctx); next != "" {
		sel.AddDefault(func() { signal = next })
	} else {
		sel.AddReceive(r.queue.arrived, func(c workflow.ReceiveChannel, _ bool) { c.Receive(ctx, &signal) })
	}
	sel.Select(ctx)
	if signal != "" {
		r.handleSignal(ctx, signal)
	}
}

// handleSignal handles one signal in the main coroutine.
func (r *caseRun) handleSignal(ctx workflow.Context, name string) {
	if name != RecheckName {
		r.receive(ctx, name)
		return
	}
	workflow.GetSignalChannel(ctx, RecheckName).ReceiveAsync(nil)
	r.now(ctx)
	r.disarm() // the timer was set by another clock
	r.notifyTransfers(ctx, r.transfers)
	r.advance(ctx)
}

// advance takes what time brought. The condition depends on the folded case alone, so that
// a later version of the rules replays the same way.
func (r *caseRun) advance(ctx workflow.Context) {
	_ = r.lock.Lock(ctx)
	defer r.lock.Unlock()
	for {
		now := r.now(ctx)
		if wake := r.c.Wake(); wake.IsZero() || wake.After(now) {
			return
		}
		var events []rehab.Event
		if env, err := r.env(nil, now); err == nil {
			events = r.c.Advance(env)
		}
		if res := r.record(ctx, rehab.NewRecord(r.c, rehab.Command{}, events)); len(res.Events) == 0 {
			// This release does not have the case's policy: another one may.
			r.notBefore = now.Add(time.Hour)
			return
		}
	}
}

// arm sets the one timer. A wake that moves later leaves it alone: it fires, looks and
// is set again, which costs less than cancelling it with every visit.
func (r *caseRun) arm(ctx workflow.Context) {
	wake := r.wake()
	if r.timer != nil && (wake.IsZero() || !wake.Before(r.armedFor)) {
		return
	}
	r.disarm()
	if wake.IsZero() {
		return
	}
	var tctx workflow.Context
	tctx, r.cancel = workflow.WithCancel(ctx)
	d := max(r.clock.Until(workflow.Now(ctx), wake), time.Millisecond)
	r.timer, r.armedFor = workflow.NewTimer(tctx, d), wake
}

func (r *caseRun) disarm() {
	if r.timer != nil {
		r.cancel()
		r.timer = nil
	}
}

// wake is when the run looks: the core's instant, and for a midnight a little later,
// spread over the sweep by the case's id so that not all cases look at once.
func (r *caseRun) wake() time.Time {
	at := r.c.Wake()
	if !at.IsZero() && at.Before(r.notBefore) {
		return r.notBefore
	}
	if at.IsZero() || !rehab.DateOf(at).Start().Equal(at) {
		return at
	}
	return at.Add(Spread(r.c.ID, r.sweep()))
}

func (r *caseRun) sweep() time.Duration { return sweepOf(r.w.Rules.Policy(r.c.Policy)) }

func sweepOf(p *rehab.Policy) time.Duration {
	if p == nil {
		return 0
	}
	return time.Duration(p.Sweep.N) * time.Hour
}

// Spread is the case's share of the sweep after midnight: the same at every wake.
func Spread(caseID string, sweep time.Duration) time.Duration {
	if sweep <= 0 {
		return 0
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(caseID))
	return time.Duration(h.Sum64()%uint64(sweep/time.Millisecond)) * time.Millisecond
}

// now is the cases' time.
func (r *caseRun) now(ctx workflow.Context) time.Time {
	return r.w.caseTime(ctx, r.in.CaseID, r.in.Virtual, &r.clock)
}

// caseTime reads the clock of the case. Where that is not the world's, it is read again through a side
// effect, which leaves an event only when it was set anew.
func (w *Workflows) caseTime(ctx workflow.Context, caseID string, virtual bool, clock *Clock) time.Time {
	if virtual {
		read := workflow.MutableSideEffect(ctx, "clock",
			func(workflow.Context) any { return w.Clock(caseID) },
			func(a, b any) bool { return a.(Clock) == b.(Clock) })
		_ = read.Get(clock)
	}
	return clock.At(workflow.Now(ctx))
}

var errNoPolicy = &rehab.Error{Code: rehab.Internal, Message: "this release does not have the policy of the case"}

func (r *caseRun) env(body rehab.CommandBody, now time.Time) (rehab.Env, error) {
	env := rehab.NewEnv(r.w.Rules, r.c, body, now)
	if env.Policy == nil {
		return env, errNoPolicy
	}
	return env, nil
}

// publish brings the search attributes up to date, on change alone.
func (r *caseRun) publish(ctx workflow.Context) {
	if r.c.Phase == "" {
		return
	}
	now := publishedOf(r.c.Summary())
	if updates := now.updates(r.published); len(updates) > 0 {
		if err := workflow.UpsertTypedSearchAttributes(ctx, updates...); err != nil {
			workflow.GetLogger(ctx).Error("search attributes were not published", "error", err)
		}
		r.published = now
	}
}

// done reports whether this run has nothing left to wait for.
func (r *caseRun) done(ctx workflow.Context) bool { return !r.c.IsLive() || r.full(ctx) }

func (r *caseRun) full(ctx workflow.Context) bool {
	info := workflow.GetInfo(ctx)
	limit := r.in.HistoryLimit
	return info.GetContinueAsNewSuggested() || limit > 0 && info.GetCurrentHistoryLength() > limit
}

// leave ends the run without losing work: it takes no new commands, lets those that
// are under way finish, reads every signal that came, and looks again. False when the
// run has to go on after all.
func (r *caseRun) leave(ctx workflow.Context) (bool, error) {
	r.leaving = true
	_ = workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
	for more := true; more; {
		more = false
		r.delivered(ctx)
		for _, name := range messages {
			for r.queue.hasPending(ctx, name) {
				more = true
				r.receive(ctx, name)
			}
		}
	}
	switch {
	case !r.c.IsLive():
		return true, nil
	case r.full(ctx):
		next := r.in
		next.Fresh = false
		return true, workflow.NewContinueAsNewError(ctx, CaseName, next)
	}
	r.leaving = false
	return false, nil
}

var errLeaving = &rehab.Error{Code: rehab.Unavailable, Message: "the case moves to a new run, send the command again"}

// asError is the *rehab.Error in the chain, or an internal one.
func asError(err error) *rehab.Error {
	var e *rehab.Error
	if errors.As(err, &e) {
		return e
	}
	return &rehab.Error{Code: rehab.Internal, Message: err.Error()}
}
