package workflows

import (
	"errors"
	"time"

	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"guitu/activities"
	"guitu/rehab"
)

var errClash = &rehab.Error{Code: rehab.Conflict, Field: "command_id", Message: "this command id was used for another command"}

// Answer is the reply to an update. Seq is the last sequence of the command's events.
type Answer struct {
	Seq       int64 `json:"seq"`
	Duplicate bool  `json:"duplicate,omitempty"`
}

// State is the reply to the query "state".
type State struct {
	Case  *rehab.Case `json:"case"`
	Timer time.Time   `json:"timer,omitzero"` // when the pending timer fires, in the cases' time; zero: none
	Now   time.Time   `json:"now"`            // the cases' time of the last workflow task
}

// register sets up queries and updates, before the first blocking call.
func (r *caseRun) register(ctx workflow.Context) error {
	if err := workflow.SetQueryHandler(ctx, QueryState, func() (State, error) {
		s := State{Case: r.c, Now: r.clock.At(workflow.Now(ctx))}
		if r.timer != nil {
			s.Timer = r.armedFor
		}
		return s, nil
	}); err != nil {
		return err
	}
	if err := workflow.SetQueryHandler(ctx, QueryWhy, func() (rehab.Explanation, error) {
		env, err := r.env(nil, r.clock.At(workflow.Now(ctx)))
		if err != nil {
			return rehab.Explanation{}, err
		}
		return r.c.Explain(env), nil
	}); err != nil {
		return err
	}
	// One value of each for all names: every use of r.update would make another.
	var update, validate any = r.update, r.validate
	for _, name := range messages {
		err := workflow.SetUpdateHandlerWithOptions(ctx, name, update, workflow.UpdateHandlerOptions{Validator: validate})
		if err != nil {
			return err
		}
	}
	return nil
}

// validate refuses without a trace in the history what the core would refuse now. It
// reads only; update decides again under the lock.
func (r *caseRun) validate(ctx workflow.Context, raw converter.RawValue) error {
	if r.leaving {
		return activities.Wrap(errLeaving)
	}
	cmd, err := readUpdate(raw)
	if err != nil {
		return activities.Wrap(err)
	}
	if err := permit(cmd.Actor, cmd.Body); err != nil {
		return activities.Wrap(err)
	}
	if !r.loaded || r.c.Phase == "" {
		return nil
	}
	clock := r.clock
	if r.in.Virtual {
		clock = r.w.Clock(r.in.CaseID) // a validator leaves no trace and is not replayed
	}
	if _, err := r.decide(cmd, clock.At(workflow.Now(ctx))); err != nil && !errors.Is(err, rehab.ErrHistory) {
		return activities.Wrap(err)
	}
	return nil
}

// update takes a command and answers once it is in the ledger. validate has read it; where
// it cannot be read here, it was taken by an earlier release, and its outcome is in the history.
func (r *caseRun) update(ctx workflow.Context, raw converter.RawValue) (Answer, error) {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	cmd, _ := readUpdate(raw)
	if err := workflow.Await(ctx, func() bool { return r.loaded }); err != nil {
		return Answer{}, err
	}
	res, refusal := r.execute(ctx, cmd, false)
	if refusal != nil {
		r.refused = true
		return Answer{}, activities.Wrap(refusal)
	}
	return Answer{Seq: res.CommandSeq, Duplicate: res.Outcome == rehab.Duplicate}, nil
}

// wakeMain wakes the main coroutine so that it looks at the timer and the end of the run.
func (r *caseRun) wakeMain() { r.stateChanged.SendAsync(true) }

// execute decides and records one command. Whatever is decided, exactly one activity
// runs for each look at the case, so that replay does not depend on the rules. keep
// says that nobody waits for the answer: a refusal is recorded as one.
func (r *caseRun) execute(ctx workflow.Context, cmd rehab.Command, keep bool) (rehab.RecordResult, *rehab.Error) {
	_ = r.lock.Lock(ctx)
	defer r.lock.Unlock()
	for {
		now := r.now(ctx)
		rec, err := r.decided(cmd, now, keep)
		res := r.record(ctx, rec)
		switch {
		case res.Outcome == rehab.Recorded || res.Outcome == rehab.Duplicate:
			return res, nil
		case res.Outcome == rehab.RefusedByHistory:
			return res, res.Refusal
		case res.Outcome == rehab.DigestMismatch:
			return res, errClash
		case res.Outcome == rehab.NothingToWrite && len(res.Events) == 0 && err != nil:
			return res, asError(err)
		case res.Outcome == rehab.NothingToWrite && len(res.Events) == 0 && res.Seq == r.c.Seq:
			return res, errThen // a replay: what was refused then would be taken now
		}
	}
}

// decided is what to record of the command: what the core decides, its refusal where nobody
// waits for the answer, or, where the state of the case does not do, the question to the history.
func (r *caseRun) decided(cmd rehab.Command, now time.Time, keep bool) (rehab.Record, error) {
	events, err := r.decide(cmd, now)
	if errors.Is(err, rehab.ErrHistory) {
		return rehab.NewRetelling(r.c, cmd, now, keep), nil
	}
	if err != nil && keep && r.c.Phase != "" {
		env, _ := r.env(nil, now)
		events = r.c.Refusal(cmd, asError(err), env)
	}
	return rehab.NewRecord(r.c, cmd, events), err
}

func (r *caseRun) decide(cmd rehab.Command, now time.Time) ([]rehab.Event, error) {
	if err := permit(cmd.Actor, cmd.Body); err != nil {
		return nil, err
	}
	env, err := r.env(cmd.Body, now)
	if err != nil && r.c.Phase != "" {
		return nil, err
	}
	return r.c.Decide(cmd, env)
}

// record runs the activity inside this workflow task, or, should the database be down
// for longer than a task may wait, outside it until it succeeds. Then it folds what the
// ledger answered: events come from there alone.
func (r *caseRun) record(ctx workflow.Context, rec rehab.Record) rehab.RecordResult {
	var res rehab.RecordResult
	local := workflow.WithLocalActivityOptions(ctx, inTask())
	if err := workflow.ExecuteLocalActivity(local, activities.RecordName, rec).Get(ctx, &res); err != nil {
		durable := workflow.WithActivityOptions(ctx, untilDone())
		if err := workflow.ExecuteActivity(durable, activities.RecordName, rec).Get(ctx, &res); err != nil {
			panic(err) // unlimited retries: only a bug ends here, and blocks the task until it is mended
		}
	}
	r.c.Fold(res.Events)
	if res.Outcome == rehab.Stale && len(res.Events) == 0 {
		// The ledger was set back, by a restored backup, to before what this run knew. The
		// ledger is the truth.
		r.c = loadCase(ctx, r.in.CaseID)
	}
	r.publish(ctx)
	r.syncTransfers(ctx)
	if wake := r.wake(); r.timer == nil || wake.Before(r.armedFor) || r.done(ctx) {
		r.wakeMain()
	}
	return res
}

// inTask is the profile of a quick local activity: few attempts, under the time of a task.
func inTask() workflow.LocalActivityOptions {
	return workflow.LocalActivityOptions{
		ScheduleToCloseTimeout: 4 * time.Second,
		StartToCloseTimeout:    3 * time.Second,
		RetryPolicy:            &temporal.RetryPolicy{InitialInterval: 50 * time.Millisecond, MaximumAttempts: 3},
	}
}

// untilDone is the profile of an activity that has to happen, however long it takes.
func untilDone() workflow.ActivityOptions {
	return workflow.ActivityOptions{
		StartToCloseTimeout: 10 * time.Second,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: 200 * time.Millisecond, MaximumInterval: 10 * time.Second},
	}
}

// receive takes one signal in the main coroutine. What cannot be read, and what the
// core refuses, is kept as refused with its reason.
func (r *caseRun) receive(ctx workflow.Context, name string) {
	var raw converter.RawValue
	if !workflow.GetSignalChannel(ctx, name).ReceiveAsync(&raw) {
		return
	}
	cmd, err := readSignal(name, raw.Payload())
	if err != nil {
		r.refuse(ctx, asError(err))
		return
	}
	if _, refusal := r.execute(ctx, cmd, true); refusal != nil {
		workflow.GetLogger(ctx).Warn("a signal was refused", "command", cmd.ID, "code", refusal.Code)
	}
}

// refuse records a signal that cannot be read, and nothing of what it held.
func (r *caseRun) refuse(ctx workflow.Context, why *rehab.Error) {
	if r.c.Phase == "" {
		return
	}
	_ = r.lock.Lock(ctx)
	defer r.lock.Unlock()
	for {
		now := r.now(ctx)
		env, _ := r.env(nil, now)
		unread := rehab.Command{ID: rehab.Reserved("unread", r.c.Seq+1), Actor: rehab.Actor{ID: "signal", Role: rehab.IntegrationRole}, OccurredAt: now}
		res := r.record(ctx, rehab.NewRecord(r.c, unread, r.c.Refusal(unread, why, env)))
		if res.Outcome != rehab.Stale {
			return
		}
	}
}
