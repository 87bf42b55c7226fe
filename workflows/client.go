package workflows

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"guitu/activities"
	"guitu/board"
	"guitu/rehab"
)

// Ledger is what the client asks where Temporal does not know. *store.Store is one.
type Ledger interface {
	Load(ctx context.Context, caseID string) (*rehab.Case, error)
	// CommandReceipt finds a command that was recorded, with the digest it had.
	CommandReceipt(ctx context.Context, caseID, commandID string) (r board.Receipt, digest string, found bool, err error)
}

// Client starts cases and gives them commands.
type Client struct {
	Temporal client.Client
	// Namespace of the queues that QueueLags looks at.
	Namespace string
	Ledger   Ledger
	Rules    rehab.Rules
	Clock    func() Clock // of the cases; nil is the world's
	Log      *slog.Logger
	// CommandTimeout is how long a command waits for its answer before it is left with the
	// engine as a signal. 0: 5 seconds.
	CommandTimeout time.Duration
	// HistoryLimit is given to the cases that are started.
	HistoryLimit int
}

// retries of a command that met a case on its way from one run to the next.
const retries = 5

// Do gives a command to a case and answers once it is in the ledger. Where no worker
// answers in time, the command is left with the engine, to act once, and the receipt is
// Pending. Errors are *rehab.Error.
func (c *Client) Do(ctx context.Context, caseID string, cmd rehab.Command) (board.Receipt, error) {
	if err := CheckCommand(cmd); err != nil {
		return board.Receipt{}, err
	}
	var err error
	closed := false // the case has no run: one has to be started to take the command
	for attempt := range retries {
		var answer Answer
		answer, err = c.send(ctx, caseID, cmd, closed)
		if err == nil {
			return board.Receipt{CaseID: caseID, CommandID: cmd.ID, Seq: answer.Seq, Duplicate: answer.Duplicate}, nil
		}
		again, final := c.judge(ctx, caseID, cmd, err)
		closed = closed || errors.Is(final, rehab.ErrHistory)
		switch {
		case final != nil && final.Code == rehab.Known:
			return board.Receipt{CaseID: caseID, CommandID: cmd.ID, Seq: final.Record, Known: true}, nil
		case errors.Is(final, rehab.ErrHistory):
		case final != nil && final.Code == rehab.Unavailable && !again:
			return c.leave(ctx, caseID, cmd, final)
		case !again:
			return c.known(ctx, caseID, cmd, final)
		}
		select {
		case <-ctx.Done():
			return board.Receipt{}, &rehab.Error{Code: rehab.Unavailable, Message: "the caller gave up"}
		case <-time.After(time.Duration(attempt+1) * 20 * time.Millisecond):
		}
	}
	return c.leave(ctx, caseID, cmd, asError(err))
}

// send gives the command as an update and waits for its answer. Opening a case starts
// its workflow in the same call, and so does what puts right the record of a closed one.
func (c *Client) send(ctx context.Context, caseID string, cmd rehab.Command, closed bool) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(c.CommandTimeout, 5*time.Second))
	defer cancel()
	options := client.UpdateWorkflowOptions{
		// A new update id each time: Temporal would answer a second try from memory, whatever
		// it asks. The ledger's command id is what makes a command act once. It stands four
		// times in the history, so it is short.
		UpdateID:   rand.Text()[:13],
		WorkflowID: caseID, UpdateName: cmd.Body.CommandType(), Args: []any{cmd}, WaitForStage: client.WorkflowUpdateStageCompleted,
	}
	var handle client.WorkflowUpdateHandle
	var err error
	if open, ok := cmd.Body.(rehab.OpenCase); ok {
		opened, refusal := c.dryRun(caseID, open, cmd)
		if refusal != nil {
			return Answer{}, activities.Wrap(refusal)
		}
		start := c.Temporal.NewWithStartWorkflowOperation(c.startOptions(caseID, attributes(publishedOf(opened.Summary()))), CaseName, c.input(caseID, true))
		handle, err = c.Temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{StartWorkflowOperation: start, UpdateOptions: options})
	} else if closed {
		start := c.Temporal.NewWithStartWorkflowOperation(c.startOptions(caseID, temporal.NewSearchAttributes()), CaseName, c.input(caseID, false))
		handle, err = c.Temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{StartWorkflowOperation: start, UpdateOptions: options})
	} else {
		handle, err = c.Temporal.UpdateWorkflow(ctx, options)
	}
	if err != nil {
		return Answer{}, err
	}
	var answer Answer
	return answer, handle.Get(ctx, &answer)
}

// dryRun refuses an opening that the core would refuse, before a workflow is started, and
// shows the case as it will stand: its workflow starts with what it would publish, so that
// opening a case costs no upsert.
func (c *Client) dryRun(caseID string, open rehab.OpenCase, cmd rehab.Command) (*rehab.Case, error) {
	opened := &rehab.Case{ID: caseID}
	events, err := opened.Decide(cmd, rehab.NewEnv(c.Rules, opened, open, c.clock().At(time.Now())))
	opened.Fold(events)
	return opened, err
}

func (c *Client) clock() Clock {
	if c.Clock == nil {
		return Clock{}
	}
	return c.Clock()
}

func (c *Client) input(caseID string, fresh bool) CaseInput {
	return CaseInput{CaseID: caseID, Fresh: fresh, Virtual: c.Clock != nil, HistoryLimit: c.HistoryLimit}
}

func (c *Client) startOptions(caseID string, attrs temporal.SearchAttributes) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID: caseID, TaskQueue: TaskQueue,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE, // the ledger keeps a closed case closed
		TypedSearchAttributes:    attrs,
	}
}

func attributes(p published) temporal.SearchAttributes {
	return temporal.NewSearchAttributes(PhaseKey.ValueSet(p.phase), RiskKey.ValueSet(p.risk), PlaceKey.ValueSet(p.place),
		WorkerKey.ValueSet(p.worker), EscalationKey.ValueSet(p.escalation))
}

// judge reads the error of an update: whether the same command may simply be sent
// again, and if not, what it means to the caller.
func (c *Client) judge(ctx context.Context, caseID string, cmd rehab.Command, err error) (again bool, final *rehab.Error) {
	if e := activities.Unwrap(err); e != nil {
		return e.Code == rehab.Unavailable, e
	}
	var notFound *serviceerror.NotFound
	var failed *serviceerror.WorkflowExecutionAlreadyStarted
	var timeout *client.WorkflowUpdateServiceTimeoutOrCanceledError
	var app *temporal.ApplicationError
	switch {
	case errors.As(err, &notFound):
		return c.notRunning(ctx, caseID, cmd)
	case errors.As(err, &failed):
		return true, nil
	case errors.As(err, &app) && app.Type() == "AcceptedUpdateCompletedWorkflow":
		return true, nil
	case errors.As(err, &timeout), errors.Is(err, context.DeadlineExceeded), isUnavailable(err):
		return false, &rehab.Error{Code: rehab.Unavailable, Message: "the engine did not answer in time"}
	case errors.As(err, &app):
		return false, &rehab.Error{Code: rehab.Invalid, Field: "command", Message: app.Message()}
	}
	return false, &rehab.Error{Code: rehab.Unavailable, Message: fmt.Sprintf("the engine cannot be reached: %v", err)}
}

func isUnavailable(err error) bool {
	var unavailable *serviceerror.Unavailable
	var deadline *serviceerror.DeadlineExceeded
	var exhausted *serviceerror.ResourceExhausted
	return errors.As(err, &unavailable) || errors.As(err, &deadline) || errors.As(err, &exhausted)
}

// notRunning explains a case without a running workflow from the ledger: it never was,
// it is closed, or its workflow was lost and is started again here.
func (c *Client) notRunning(ctx context.Context, caseID string, cmd rehab.Command) (again bool, final *rehab.Error) {
	known, err := c.Ledger.Load(ctx, caseID)
	switch {
	case err != nil:
		return false, asError(err)
	case known.Phase == "":
		return false, &rehab.Error{Code: rehab.NotFound, Message: "there is no such case"}
	case known.IsLive():
		if _, err := c.Start(ctx, known); err != nil {
			return false, asError(err)
		}
		c.Log.WarnContext(ctx, "a case had lost its workflow and was started again from the ledger", "case", caseID)
		return true, nil
	}
	_, err = known.Decide(cmd, rehab.NewEnv(c.Rules, known, cmd.Body, c.clock().At(time.Now())))
	return false, asError(err)
}

// known turns the refusal of a command into success when the ledger shows that it had
// acted before: it is refused now because it acted then.
func (c *Client) known(ctx context.Context, caseID string, cmd rehab.Command, refusal *rehab.Error) (board.Receipt, error) {
	receipt, digest, found, err := c.Ledger.CommandReceipt(ctx, caseID, cmd.ID)
	switch {
	case err != nil || !found:
		return board.Receipt{}, refusal
	case digest != cmd.Digest:
		return board.Receipt{}, errClash
	}
	receipt.Duplicate = true
	return receipt, nil
}

// leave gives the command as a signal, which needs no worker to be accepted. The
// ledger's command id keeps it single, should the update arrive as well.
func (c *Client) leave(ctx context.Context, caseID string, cmd rehab.Command, why *rehab.Error) (board.Receipt, error) {
	if _, opening := cmd.Body.(rehab.OpenCase); opening {
		return board.Receipt{}, why
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := c.Temporal.SignalWorkflow(ctx, caseID, "", cmd.Body.CommandType(), cmd); err != nil {
		return board.Receipt{}, why
	}
	return board.Receipt{CaseID: caseID, CommandID: cmd.ID, Pending: true}, nil
}

// Start runs the workflow of a case that is open in the ledger. False when it runs already.
func (c *Client) Start(ctx context.Context, known *rehab.Case) (bool, error) {
	options := c.startOptions(known.ID, attributes(publishedOf(known.Summary())))
	options.WorkflowIDConflictPolicy = enums.WORKFLOW_ID_CONFLICT_POLICY_FAIL
	options.WorkflowExecutionErrorWhenAlreadyStarted = true
	_, err := c.Temporal.ExecuteWorkflow(ctx, options, CaseName, c.input(known.ID, false))
	var running *serviceerror.WorkflowExecutionAlreadyStarted
	switch {
	case errors.As(err, &running):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("start case %s: %w", known.ID, err)
	}
	return true, nil
}

// State asks the running workflow for its state. NotFound when it does not run.
func (c *Client) State(ctx context.Context, caseID string) (State, error) {
	var s State
	err := c.query(ctx, caseID, QueryState, &s)
	return s, err
}

// Why asks the running workflow for its explanation. NotFound when it does not run.
func (c *Client) Why(ctx context.Context, caseID string) (rehab.Explanation, error) {
	var x rehab.Explanation
	err := c.query(ctx, caseID, QueryWhy, &x)
	return x, err
}

func (c *Client) query(ctx context.Context, caseID, name string, into any) error {
	value, err := c.Temporal.QueryWorkflow(ctx, caseID, "", name)
	var notFound *serviceerror.NotFound
	if errors.As(err, &notFound) {
		return &rehab.Error{Code: rehab.NotFound, Message: "the case has no running workflow"}
	}
	if err != nil {
		return &rehab.Error{Code: rehab.Unavailable, Message: fmt.Sprintf("the engine did not answer: %v", err)}
	}
	return value.Get(into)
}

// Running reports whether the case has a workflow that has not ended.
func (c *Client) Running(ctx context.Context, caseID string) (bool, error) {
	d, err := c.Temporal.DescribeWorkflowExecution(ctx, caseID, "")
	var notFound *serviceerror.NotFound
	if errors.As(err, &notFound) {
		return false, nil
	}
	if err != nil {
		return false, &rehab.Error{Code: rehab.Unavailable, Message: fmt.Sprintf("the engine did not answer: %v", err)}
	}
	return d.GetWorkflowExecutionInfo().GetStatus() == enums.WORKFLOW_EXECUTION_STATUS_RUNNING, nil
}

// Runs lists the workflows that have not ended, by their ids, with the ids of their runs, as
// visibility has them: a little late.
func (c *Client) Runs(ctx context.Context) (map[string]string, error) {
	out := make(map[string]string)
	ask := &workflowservice.ListWorkflowExecutionsRequest{Query: "ExecutionStatus = 'Running'", PageSize: 1000}
	for {
		list, err := c.Temporal.ListWorkflow(ctx, ask)
		if err != nil {
			return nil, &rehab.Error{Code: rehab.Unavailable, Message: fmt.Sprintf("the engine did not list what runs: %v", err)}
		}
		for _, x := range list.GetExecutions() {
			out[x.GetExecution().GetWorkflowId()] = x.GetExecution().GetRunId()
		}
		if ask.NextPageToken = list.GetNextPageToken(); len(ask.NextPageToken) == 0 {
			return out, nil
		}
	}
}

// Recheck makes a case look at the clock, after the clock was set anew.
func (c *Client) Recheck(ctx context.Context, caseID string) error {
	return c.Temporal.SignalWorkflow(ctx, caseID, "", RecheckName, nil)
}

// Healthy reports whether Temporal answers.
func (c *Client) Healthy(ctx context.Context) error {
	_, err := c.Temporal.CheckHealth(ctx, &client.CheckHealthRequest{})
	return err
}
