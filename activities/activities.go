// Package activities holds the side effects of the workflows: everything that touches
// the world outside a case. Each may run twice and acts once.
package activities

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"

	"guitu/rehab"
)

// Names under which the activities are registered. They are part of the history of
// running cases and never change.
const (
	RecordName = "Record"
	LoadName   = "Load"
)

// Ledger is where cases are kept. *store.Store is one.
type Ledger interface {
	// Record writes all of the request in one transaction, or nothing.
	Record(ctx context.Context, r rehab.Record) (rehab.RecordResult, error)
	// Load folds the case from its events; a case without events is the zero case with its id.
	Load(ctx context.Context, caseID string) (*rehab.Case, error)
	// History is all that the ledger has of a case.
	History(ctx context.Context, caseID string) (rehab.History, error)
}

// Activities are the side effects, registered by name in package worker.
type Activities struct {
	Ledger Ledger
	Rules  rehab.Rules
	Bulk   BulkStore
	Engine Engine
	Now    func() time.Time // the cases' time

	// Offices is asked again when a case of a bulk operation has its turn. StrictRegistry: a worker it
	// does not know gets no case.
	Offices        Offices
	StrictRegistry bool

	Coverages     Coverages
	Waker         Waker
	CoverageRules func() CoverageRules

	Delivery *Delivery

	Verifications Verifications
}

// Record writes what the core decided. It is idempotent by command id and guarded by
// the expected sequence: when the ledger is ahead it answers with the tail.
func (a *Activities) Record(ctx context.Context, r rehab.Record) (rehab.RecordResult, error) {
	if r.Retell != nil {
		res, err := a.retell(ctx, r)
		return res, Wrap(err)
	}
	res, err := a.Ledger.Record(ctx, r)
	return res, Wrap(err)
}

// retell decides a command on the history of its case and writes what comes of it. Where
// the ledger is ahead of the caller, or knows the command, it answers as Record does.
func (a *Activities) retell(ctx context.Context, r rehab.Record) (rehab.RecordResult, error) {
	look := r
	look.Retell = nil
	res, err := a.Ledger.Record(ctx, look)
	if err != nil || res.Outcome != rehab.NothingToWrite || len(res.Events) > 0 {
		return res, err
	}
	h, err := a.Ledger.History(ctx, r.CaseID)
	if err != nil {
		return res, err
	}
	if int64(len(h.Events)) != r.Expected {
		return a.Ledger.Record(ctx, look) // somebody wrote meanwhile: the tail brings the caller up to date
	}
	told, err := h.Retold(r, a.Rules)
	var refusal *rehab.Error
	if errors.As(err, &refusal) && refusal.Code != rehab.Internal {
		return rehab.RecordResult{Outcome: rehab.RefusedByHistory, Seq: r.Expected, Refusal: refusal}, nil
	}
	if err != nil {
		return res, err
	}
	return a.Ledger.Record(ctx, told)
}

// Load brings a run up to where the ledger stands.
func (a *Activities) Load(ctx context.Context, caseID string) (*rehab.Case, error) {
	c, err := a.Ledger.Load(ctx, caseID)
	return c, Wrap(err)
}

// Wrap turns an error into the form that crosses Temporal: an ApplicationError whose
// type is the code and whose detail is the rehab.Error. Faults of the engine and parts
// that are down are retryable, everything else is not.
func Wrap(err error) error {
	if err == nil {
		return nil
	}
	var e *rehab.Error
	if !errors.As(err, &e) {
		e = &rehab.Error{Code: rehab.Internal, Message: err.Error()}
	}
	return temporal.NewApplicationErrorWithOptions(e.Message, string(e.Code), temporal.ApplicationErrorOptions{
		NonRetryable: e.Code != rehab.Internal && e.Code != rehab.Unavailable,
		Cause:        err,
		Details:      []any{*e},
	})
}

// Unwrap is the rehab.Error that Wrap put into the chain, or nil.
func Unwrap(err error) *rehab.Error {
	var app *temporal.ApplicationError
	if !errors.As(err, &app) || !app.HasDetails() {
		return nil
	}
	var e rehab.Error
	if app.Details(&e) != nil || e.Code == "" {
		return nil
	}
	return &e
}
