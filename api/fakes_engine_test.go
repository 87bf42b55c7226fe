package api_test

import (
	"context"
	"slices"
	"strings"
	"time"

	"guitu/board"
	"guitu/rehab"
)

// LateCases are the open cases of the world whose wake is over.
func (w *world) LateCases(_ context.Context, place string, before time.Time, named int) (board.Late, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := board.Late{List: []board.LateCase{}}
	for id, c := range w.cases {
		if s := c.Summary(); strings.HasPrefix(c.Place, place) && !s.WakeAt.IsZero() && s.WakeAt.Before(before) {
			out.List = append(out.List, board.LateCase{CaseID: id, Place: c.Place, WakeAt: s.WakeAt})
		}
	}
	slices.SortFunc(out.List, func(a, b board.LateCase) int { return a.WakeAt.Compare(b.WakeAt) })
	if out.Cases = len(out.List); out.Cases > 0 {
		out.Since = out.List[0].WakeAt
	}
	out.List = out.List[:min(named, len(out.List))]
	return out, w.failing("LateCases")
}

func (w *world) TransfersUnderWay(_ context.Context, place string) (n int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.cases {
		if (c.Transfer.State == rehab.TransferIsRequested || c.Transfer.State == rehab.TransferIsForwarded) && (strings.HasPrefix(c.Place, place) || strings.HasPrefix(c.Transfer.To, place)) {
			n++
		}
	}
	return n, w.failing("TransfersUnderWay")
}

func (w *world) LastVerification(_ context.Context, _ string) (v board.Verification, ok bool, err error) {
	if w.verified == nil {
		return v, false, w.failing("LastVerification")
	}
	return *w.verified, true, w.failing("LastVerification")
}

func (w *world) QueueLags(context.Context) ([]board.QueueLag, error) {
	return []board.QueueLag{{Tasks: "workflow", Waiting: 2, OldestSeconds: 0.4, Pollers: 3}, {Tasks: "activity", Pollers: 3}}, w.failing("QueueLags")
}

func (w *world) Verification(context.Context) (j board.VerificationJob, ok bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.verifying == nil {
		return j, false, w.failing("Verification")
	}
	return *w.verifying, true, w.failing("Verification")
}

func (w *world) BeginVerification(_ context.Context, j board.VerificationJob) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.failing("BeginVerification"); err != nil {
		return err
	}
	if w.verifying != nil && w.verifying.State == board.VerificationRuns {
		return &rehab.Error{Code: rehab.Conflict, Message: "a verification is under way: wait for its result"}
	}
	w.verifying = &j
	return nil
}

func (w *world) EndVerification(context.Context, string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.verifying.State = board.VerificationEnded
	return nil
}

func (w *world) StartVerification(context.Context, board.VerificationJob) error {
	return w.failing("StartVerification")
}
