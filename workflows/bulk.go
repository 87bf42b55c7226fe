package workflows

import (
	"time"

	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"guitu/activities"
	"guitu/bulk"
)

// Names of the signals of an operation. They never change.
const (
	PauseBulk    = "pause"
	ContinueBulk = "continue"
	CancelBulk   = "cancel"
	UndoBulk     = "undo"
)

const (
	bulkPart   = 50 // cases of one activity
	bulkWindow = 4  // activities at the same time
)

// BulkInput starts a run of an operation, or its next one. All else is in Postgres.
type BulkInput struct {
	OperationID string        `json:"fleet"`
	Total       int           `json:"total"`
	Window      time.Duration `json:"undo_window"`    // how long the whole operation can be undone
	Until       time.Time     `json:"until,omitzero"` // the end of the undo window, where it is open already
	Next        int           `json:"next"`           // the first case whose turn has not come, from 1
	Undoing     bool          `json:"undoing,omitempty"`
	Paused      bool          `json:"paused,omitempty"`
}

// Bulk carries one operation to any number of cases: parts of them in a sliding window,
// each case by a command of its own. It can be paused, cancelled, and undone as a whole
// until its window closes. The activities keep in Postgres what became of each case; a
// part that is run again passes over those that had their turn.
func (w *Workflows) Bulk(ctx workflow.Context, in BulkInput) error {
	r := newBulkRun(ctx, in)
	if err := workflow.SetQueryHandler(ctx, QueryState, func() (BulkInput, error) { return r.in, nil }); err != nil {
		return err
	}
	if !r.in.Undoing {
		if again, err := r.work(ctx); again || err != nil {
			return r.next(ctx, err)
		}
		if r.cancelled {
			return r.saveState(ctx, bulk.Cancelled, time.Time{})
		}
		if undo, err := r.offer(ctx); err != nil || !undo {
			return err
		}
	}
	if again, err := r.work(ctx); again || err != nil {
		return r.next(ctx, err)
	}
	return r.saveState(ctx, bulk.Undone, time.Time{})
}

// bulkRun is one run of an operation. Signals are received where the run waits, and nowhere else.
type bulkRun struct {
	in        BulkInput
	signals   []workflow.ReceiveChannel
	cancelled bool
	undo      bool
	inFlight  int // parts under way
}

func newBulkRun(ctx workflow.Context, in BulkInput) *bulkRun {
	r := &bulkRun{in: in}
	for _, name := range bulkSignals() {
		r.signals = append(r.signals, workflow.GetSignalChannel(ctx, name))
	}
	return r
}

func bulkSignals() []string { return []string{PauseBulk, ContinueBulk, CancelBulk, UndoBulk} }

// receiveSignal applies a signal that was sealed with the system's key, which is to say that the API
// sent it. Operations that took all before go on doing so.
func (r *bulkRun) receiveSignal(ctx workflow.Context, name string, raw converter.RawValue) {
	if !fromSystem(raw.Payload()) && workflow.GetVersion(ctx, "sealed-wishes", workflow.DefaultVersion, 1) == 1 {
		workflow.GetLogger(ctx).Warn("a signal that was not sealed was passed over", "signal", name)
		return
	}
	r.applySignal(name)
}

// applySignal records an operator's signal. Signals are idempotent.
func (r *bulkRun) applySignal(name string) {
	switch name {
	case PauseBulk:
		r.in.Paused = true
	case ContinueBulk:
		r.in.Paused = false
	case CancelBulk:
		r.cancelled = r.cancelled || !r.in.Undoing
	case UndoBulk:
		r.undo = true
	}
}

// awaitSignals adds the signals to what a run waits for.
func (r *bulkRun) awaitSignals(ctx workflow.Context, sel workflow.Selector) {
	for i, ch := range r.signals {
		sel.AddReceive(ch, func(c workflow.ReceiveChannel, _ bool) {
			var raw converter.RawValue
			c.Receive(ctx, &raw)
			r.receiveSignal(ctx, bulkSignals()[i], raw)
		})
	}
}

// work gives every case its turn. True: the history has grown long, a new run goes on.
func (r *bulkRun) work(ctx workflow.Context) (again bool, err error) {
	sel := workflow.NewSelector(ctx)
	r.awaitSignals(ctx, sel)
	for {
		full := workflow.GetInfo(ctx).GetContinueAsNewSuggested()
		for !full && !r.cancelled && !r.in.Paused && r.inFlight < bulkWindow && r.in.Next <= r.in.Total {
			r.startPart(ctx, sel, &err)
		}
		switch done := r.in.Next > r.in.Total || r.cancelled; {
		case r.inFlight > 0:
		case err != nil || done:
			return false, err
		case full:
			return true, nil
		}
		sel.Select(ctx)
	}
}

func (r *bulkRun) startPart(ctx workflow.Context, sel workflow.Selector, failed *error) {
	part := activities.BulkPart{OperationID: r.in.OperationID, First: r.in.Next, Last: min(r.in.Next+bulkPart, r.in.Total+1), Undo: r.in.Undoing}
	r.in.Next = part.Last
	r.inFlight++
	sel.AddFuture(workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, untilAnswered()), activities.BulkPartName, part), func(f workflow.Future) {
		r.inFlight--
		if err := f.Get(ctx, nil); err != nil {
			*failed, r.cancelled = err, true
		}
	})
}

// offer holds the undo window open. True: somebody wants it all undone.
func (r *bulkRun) offer(ctx workflow.Context) (bool, error) {
	until := r.in.Until
	if until.IsZero() {
		until = workflow.Now(ctx).Add(r.in.Window)
	}
	if err := r.saveState(ctx, bulk.Undoable, until); err != nil {
		return false, err
	}
	over := false
	tctx, cancel := workflow.WithCancel(ctx)
	defer cancel()
	sel := workflow.NewSelector(ctx)
	r.awaitSignals(ctx, sel)
	sel.AddFuture(workflow.NewTimer(tctx, max(until.Sub(workflow.Now(ctx)), time.Millisecond)), func(f workflow.Future) { over = f.Get(ctx, nil) == nil })
	for !over && !r.undo {
		sel.Select(ctx)
	}
	if !r.undo {
		return false, r.saveState(ctx, bulk.Done, time.Time{})
	}
	r.in.Next, r.in.Undoing, r.in.Paused = 1, true, false
	return true, r.saveState(ctx, bulk.Undoing, time.Time{})
}

// next continues the operation in a new run, with all that was said before.
func (r *bulkRun) next(ctx workflow.Context, err error) error {
	if err != nil {
		return err
	}
	for i, ch := range r.signals {
		var raw converter.RawValue
		for ch.ReceiveAsync(&raw) {
			r.receiveSignal(ctx, bulkSignals()[i], raw)
		}
	}
	if r.cancelled {
		return r.saveState(ctx, bulk.Cancelled, time.Time{})
	}
	return workflow.NewContinueAsNewError(ctx, BulkName, r.in)
}

func (r *bulkRun) saveState(ctx workflow.Context, state bulk.State, until time.Time) error {
	ctx = workflow.WithActivityOptions(ctx, untilDone())
	return workflow.ExecuteActivity(ctx, activities.BulkStateName, activities.BulkProgress{OperationID: r.in.OperationID, State: state, Until: until}).Get(ctx, nil)
}

// untilAnswered is the profile of a part of an operation: it is run again until every case of it
// has its outcome.
func untilAnswered() workflow.ActivityOptions {
	return workflow.ActivityOptions{
		StartToCloseTimeout: 10 * time.Minute,
		HeartbeatTimeout:    time.Minute,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: 30 * time.Second},
	}
}
