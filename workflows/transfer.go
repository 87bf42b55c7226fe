package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"guitu/activities"
	"guitu/rehab"
)

const (
	// recheckEvery is how often a transfer looks at the ledger though nobody told it to, in the
	// cases' time: a case that was lost and came back may have been silent meanwhile.
	recheckEvery = 7 * 24 * time.Hour
	// retryAfter is how soon it repeats what the case did not take, in the cases' time.
	retryAfter = 10 * time.Minute
)

// TransferInput starts the workflow of one transfer of a case. All else is in the ledger.
type TransferInput struct {
	CaseID   string `json:"case"`
	Transfer int64  `json:"transfer"`
	// Virtual says that the cases' clock is not the world's.
	Virtual bool `json:"virtual,omitempty"`
}

// TransferProgress is the reply to the query "transfer": where the transfer stands between
// its two stations, as the ledger said when it was last looked at.
type TransferProgress struct {
	Transfer    rehab.Transfer `json:"transfer,omitzero"` // until the receiving station has accepted
	Arrival     rehab.Arrival  `json:"arrival,omitzero"`  // from then on, until the client has reported in
	Responsible string         `json:"responsible"`       // the one street that answers for the case
	Over        bool           `json:"over,omitempty"`
	Timer       time.Time      `json:"timer,omitzero"` // when it looks again by itself, in the cases' time
}

// Transfer follows one transfer between two stations from the request to the report-in at
// the new street. It belongs to neither of them and holds no state of its own: what it
// knows is the fold of the case's ledger. What it adds is the answer that nobody gives:
// when the receiving station is silent beyond its last day, it sends the file back, by a
// command that acts once however often it is given. It fails only through a bug.
func (w *Workflows) Transfer(ctx workflow.Context, in TransferInput) error {
	// Only the ledger ends a transfer: cancellation requests are ignored.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	r := &transferRun{w: w, in: in, c: &rehab.Case{ID: in.CaseID}, told: workflow.GetSignalChannel(ctx, MovedName)}
	if err := workflow.SetQueryHandler(ctx, QueryTransfer, r.progress); err != nil {
		return err
	}
	for {
		r.advance(ctx)
		switch {
		case r.over():
			return nil
		case workflow.GetInfo(ctx).GetContinueAsNewSuggested():
			// A word of the case that was not read is no loss: the new run looks first.
			return workflow.NewContinueAsNewError(ctx, TransferName, in)
		}
		r.wait(ctx)
	}
}

// transferRun is one run of a transfer.
type transferRun struct {
	w     *Workflows
	in    TransferInput
	c     *rehab.Case // as the ledger stood at the last look
	told  workflow.ReceiveChannel
	next  time.Time // of the next look, in the cases' time
	clock Clock
}

func (r *transferRun) progress() (TransferProgress, error) {
	p := TransferProgress{Responsible: r.c.Place, Over: r.over(), Timer: r.next}
	if r.c.Transfer.ID == r.in.Transfer {
		p.Transfer = r.c.Transfer
	}
	if r.c.Arrival.Transfer == r.in.Transfer {
		p.Arrival = r.c.Arrival
	}
	return p, nil
}

// over reports whether there is nothing left for the two stations to see: the transfer was
// refused, withdrawn or returned, the client has reported in or was found missing, or the
// measure has ended.
func (r *transferRun) over() bool {
	return r.c.Phase != "" && !slices.Contains(r.c.Transfers(), r.in.Transfer)
}

// advance folds the ledger and sends back what was not answered in time.
func (r *transferRun) advance(ctx workflow.Context) {
	r.c = loadCase(ctx, r.in.CaseID)
	now := r.w.caseTime(ctx, r.in.CaseID, r.in.Virtual, &r.clock)
	r.next = now.Add(recheckEvery)
	cmd, at, waits := r.c.Silence()
	if !waits || r.c.Transfer.ID != r.in.Transfer {
		return
	}
	due := at.Add(Spread(r.c.ID, sweepOf(r.w.Rules.Policy(r.c.Policy))))
	if now.Before(due) {
		r.next = due
		return
	}
	r.next = now.Add(retryAfter)
	if err := workflow.SignalExternalWorkflow(ctx, r.in.CaseID, "", cmd.Body.CommandType(), cmd).Get(ctx, nil); err != nil {
		workflow.GetLogger(ctx).Warn("the case of a transfer did not take its return", "error", err)
	}
}

// wait blocks until the case says that the transfer moved, or until the next look.
func (r *transferRun) wait(ctx workflow.Context) {
	tctx, cancel := workflow.WithCancel(ctx)
	d := max(r.clock.Until(workflow.Now(ctx), r.next), time.Millisecond)
	timer := workflow.NewTimer(tctx, d)
	sel := workflow.NewSelector(ctx)
	sel.AddFuture(timer, func(workflow.Future) {})
	sel.AddReceive(r.told, func(c workflow.ReceiveChannel, _ bool) { c.Receive(ctx, nil) })
	sel.Select(ctx)
	cancel()
	for r.told.ReceiveAsync(nil) { // one look answers them all
	}
}

// syncTransfers starts a workflow for each transfer of the case that has none in this run, and
// tells those that run of every step. It depends on the folded case alone.
func (r *caseRun) syncTransfers(ctx workflow.Context) {
	step := transferStep{r.c.Transfer, r.c.Arrival}
	if step == r.step {
		return
	}
	was := r.transfers
	r.step, r.transfers = step, r.c.Transfers()
	r.notifyTransfers(ctx, was)
	for _, id := range r.transfers {
		if slices.Contains(was, id) {
			continue
		}
		// Where it runs already, from a run of the case before this one, starting it fails
		// and nothing is lost.
		child := workflow.ExecuteChildWorkflow(workflow.WithChildOptions(ctx, transferOptions(r.c.ID, id)),
			TransferName, TransferInput{CaseID: r.c.ID, Transfer: id, Virtual: r.in.Virtual})
		r.sent = append(r.sent, child.GetChildWorkflowExecution())
	}
}

// notifyTransfers wakes the workflows of the transfers.
func (r *caseRun) notifyTransfers(ctx workflow.Context, transfers []int64) {
	for _, id := range transfers {
		r.sent = append(r.sent, workflow.SignalExternalWorkflow(ctx, rehab.TransferKey(r.c.ID, id), "", MovedName, nil))
	}
}

// transferStep is what a transfer is told of when it changes.
type transferStep struct {
	transfer rehab.Transfer
	arrival  rehab.Arrival
}

// delivered waits until what was sent to transfers has arrived: the server forgets what a
// run sent in the same moment in which it ended. A transfer that is not there is the
// verifier's to find, and restore's to start.
func (r *caseRun) delivered(ctx workflow.Context) {
	for _, f := range r.sent {
		if err := f.Get(ctx, nil); err != nil && !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
			workflow.GetLogger(ctx).Warn("a transfer was not reached", "error", err)
		}
	}
	r.sent = nil
}

// loadCase folds a case from the ledger: inside this workflow task, or, should the database
// be down for longer than a task may wait, outside it until it succeeds.
func loadCase(ctx workflow.Context, caseID string) *rehab.Case {
	var c *rehab.Case
	local := workflow.WithLocalActivityOptions(ctx, inTask())
	if err := workflow.ExecuteLocalActivity(local, activities.LoadName, caseID).Get(ctx, &c); err != nil {
		durable := workflow.WithActivityOptions(ctx, untilDone())
		if err := workflow.ExecuteActivity(durable, activities.LoadName, caseID).Get(ctx, &c); err != nil {
			panic(err) // unlimited retries: only a bug ends here, and blocks the task until it is mended
		}
	}
	return c
}
