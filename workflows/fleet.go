package workflows

import (
	"time"

	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"guitu/activities"
	"guitu/office"
)

// Names of the signals of a fleet. They never change.
const (
	PauseFleet    = "pause"
	ContinueFleet = "continue"
	CancelFleet   = "cancel"
	UndoFleet     = "undo"
)

const (
	fleetPart   = 50 // cases of one activity
	fleetWindow = 4  // activities at the same time
)

// FleetInput starts a run of a fleet, or its next one. All else is in Postgres.
type FleetInput struct {
	FleetID string        `json:"fleet"`
	Total   int           `json:"total"`
	Window  time.Duration `json:"undo_window"`    // how long the whole fleet can be undone
	Until   time.Time     `json:"until,omitzero"` // the end of the undo window, where it is open already
	Next    int           `json:"next"`           // the first case whose turn has not come, from 1
	Undoing bool          `json:"undoing,omitempty"`
	Paused  bool          `json:"paused,omitempty"`
}

// Fleet carries one operation to any number of cases: parts of them in a sliding window,
// each case by a command of its own. It can be paused, cancelled, and undone as a whole
// until its window closes. The activities keep in Postgres what became of each case; a
// part that is run again passes over those that had their turn.
func (w *Workflows) Fleet(ctx workflow.Context, in FleetInput) error {
	r := newFleetRun(ctx, in)
	if err := workflow.SetQueryHandler(ctx, QueryState, func() (FleetInput, error) { return r.in, nil }); err != nil {
		return err
	}
	if !r.in.Undoing {
		if again, err := r.work(ctx); again || err != nil {
			return r.next(ctx, err)
		}
		if r.cancelled {
			return r.stand(ctx, office.FleetCancelled, time.Time{})
		}
		if undo, err := r.offer(ctx); err != nil || !undo {
			return err
		}
	}
	if again, err := r.work(ctx); again || err != nil {
		return r.next(ctx, err)
	}
	return r.stand(ctx, office.FleetUndone, time.Time{})
}

// fleetRun is one run of a fleet. Signals are received where the run waits, and nowhere else.
type fleetRun struct {
	in        FleetInput
	signals   []workflow.ReceiveChannel
	cancelled bool
	undo      bool
	flying    int // parts under way
}

func newFleetRun(ctx workflow.Context, in FleetInput) *fleetRun {
	r := &fleetRun{in: in}
	for _, name := range fleetSignals() {
		r.signals = append(r.signals, workflow.GetSignalChannel(ctx, name))
	}
	return r
}

func fleetSignals() []string { return []string{PauseFleet, ContinueFleet, CancelFleet, UndoFleet} }

// heed hears a signal that was sealed with the system's key, which is to say that the API
// sent it. Fleets that heard all before go on doing so.
func (r *fleetRun) heed(ctx workflow.Context, name string, raw converter.RawValue) {
	if !fromSystem(raw.Payload()) && workflow.GetVersion(ctx, "sealed-wishes", workflow.DefaultVersion, 1) == 1 {
		workflow.GetLogger(ctx).Warn("a signal that was not sealed was passed over", "signal", name)
		return
	}
	r.hear(name)
}

// hear takes what somebody said. Each is a wish about the whole: said twice, it is said once.
func (r *fleetRun) hear(name string) {
	switch name {
	case PauseFleet:
		r.in.Paused = true
	case ContinueFleet:
		r.in.Paused = false
	case CancelFleet:
		r.cancelled = r.cancelled || !r.in.Undoing
	case UndoFleet:
		r.undo = true
	}
}

// listen adds the signals to what a run waits for.
func (r *fleetRun) listen(ctx workflow.Context, sel workflow.Selector) {
	for i, ch := range r.signals {
		sel.AddReceive(ch, func(c workflow.ReceiveChannel, _ bool) {
			var raw converter.RawValue
			c.Receive(ctx, &raw)
			r.heed(ctx, fleetSignals()[i], raw)
		})
	}
}

// work gives every case its turn. True: the history has grown long, a new run goes on.
func (r *fleetRun) work(ctx workflow.Context) (again bool, err error) {
	sel := workflow.NewSelector(ctx)
	r.listen(ctx, sel)
	for {
		full := workflow.GetInfo(ctx).GetContinueAsNewSuggested()
		for !full && !r.cancelled && !r.in.Paused && r.flying < fleetWindow && r.in.Next <= r.in.Total {
			r.launch(ctx, sel, &err)
		}
		switch done := r.in.Next > r.in.Total || r.cancelled; {
		case r.flying > 0:
		case err != nil || done:
			return false, err
		case full:
			return true, nil
		}
		sel.Select(ctx)
	}
}

func (r *fleetRun) launch(ctx workflow.Context, sel workflow.Selector, failed *error) {
	part := activities.FleetPart{FleetID: r.in.FleetID, First: r.in.Next, Last: min(r.in.Next+fleetPart, r.in.Total+1), Undo: r.in.Undoing}
	r.in.Next = part.Last
	r.flying++
	sel.AddFuture(workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, untilAnswered()), activities.FleetPartName, part), func(f workflow.Future) {
		r.flying--
		if err := f.Get(ctx, nil); err != nil {
			*failed, r.cancelled = err, true
		}
	})
}

// offer holds the undo window open. True: somebody wants it all undone.
func (r *fleetRun) offer(ctx workflow.Context) (bool, error) {
	until := r.in.Until
	if until.IsZero() {
		until = workflow.Now(ctx).Add(r.in.Window)
	}
	if err := r.stand(ctx, office.FleetUndoable, until); err != nil {
		return false, err
	}
	over := false
	tctx, cancel := workflow.WithCancel(ctx)
	defer cancel()
	sel := workflow.NewSelector(ctx)
	r.listen(ctx, sel)
	sel.AddFuture(workflow.NewTimer(tctx, max(until.Sub(workflow.Now(ctx)), time.Millisecond)), func(f workflow.Future) { over = f.Get(ctx, nil) == nil })
	for !over && !r.undo {
		sel.Select(ctx)
	}
	if !r.undo {
		return false, r.stand(ctx, office.FleetDone, time.Time{})
	}
	r.in.Next, r.in.Undoing, r.in.Paused = 1, true, false
	return true, r.stand(ctx, office.FleetUndoing, time.Time{})
}

// next continues the fleet in a new run, with all that was said before.
func (r *fleetRun) next(ctx workflow.Context, err error) error {
	if err != nil {
		return err
	}
	for i, ch := range r.signals {
		var raw converter.RawValue
		for ch.ReceiveAsync(&raw) {
			r.heed(ctx, fleetSignals()[i], raw)
		}
	}
	if r.cancelled {
		return r.stand(ctx, office.FleetCancelled, time.Time{})
	}
	return workflow.NewContinueAsNewError(ctx, FleetName, r.in)
}

func (r *fleetRun) stand(ctx workflow.Context, state office.FleetState, until time.Time) error {
	ctx = workflow.WithActivityOptions(ctx, untilDone())
	return workflow.ExecuteActivity(ctx, activities.FleetStateName, activities.FleetStanding{FleetID: r.in.FleetID, State: state, Until: until}).Get(ctx, nil)
}

// untilAnswered is the profile of a part of a fleet: it is run again until every case of it
// has its outcome.
func untilAnswered() workflow.ActivityOptions {
	return workflow.ActivityOptions{
		StartToCloseTimeout: 10 * time.Minute,
		HeartbeatTimeout:    time.Minute,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: 30 * time.Second},
	}
}
