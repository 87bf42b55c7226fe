// Package memledger is a ledger in memory for tests of the workflows: the same answers
// as the one in Postgres, which package ledgertest holds both to, and none of its promises.
package memledger

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"guitu/board"
	"guitu/rehab"
)

// Ledger keeps the events of cases.
type Ledger struct {
	mu       sync.Mutex
	events   map[string][]rehab.Event
	commands map[string]map[string]command
	// Before is called at the start of each Record and may return the error of a
	// database that is down; After at its end, when all is written: an error from it is
	// an answer that was lost. Both may be nil. They are called one at a time, so that they
	// may count, and must not ask the ledger.
	Before, After func(rehab.Record) error
}

type command struct {
	digest string
	seq    int64
	body   rehab.CommandBody
}

// New makes an empty ledger.
func New() *Ledger {
	return &Ledger{events: make(map[string][]rehab.Event), commands: make(map[string]map[string]command)}
}

// Record writes the request or answers with the tail, as rehab.RecordResult says.
func (l *Ledger) Record(_ context.Context, r rehab.Record) (rehab.RecordResult, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Before != nil {
		if err := l.Before(r); err != nil {
			return rehab.RecordResult{}, err
		}
	}
	for i, e := range r.Events {
		if e.Seq != r.Expected+int64(i)+1 {
			return rehab.RecordResult{}, &rehab.Error{Code: rehab.Internal, Message: fmt.Sprintf("event %d of the record has sequence %d", i, e.Seq)}
		}
	}
	res := l.record(r)
	if l.After != nil {
		if err := l.After(r); err != nil {
			return rehab.RecordResult{}, err
		}
	}
	return res, nil
}

func (l *Ledger) record(r rehab.Record) rehab.RecordResult {
	known := l.events[r.CaseID]
	head := int64(len(known))
	res := rehab.RecordResult{Seq: head, Events: slices.Clone(known[min(r.Expected, head):])}
	if c, ok := l.commands[r.CaseID][r.Command]; ok && r.Command != "" {
		res.Outcome, res.CommandSeq = rehab.Duplicate, c.seq
		if c.digest != r.Digest {
			res.Outcome = rehab.DigestMismatch
		}
		return res
	}
	switch {
	case len(r.Events) == 0:
		res.Outcome = rehab.NothingToWrite
		return res
	case head != r.Expected:
		res.Outcome = rehab.Stale
		return res
	}
	l.events[r.CaseID] = append(known, r.Events...)
	res = rehab.RecordResult{Outcome: rehab.Recorded, Seq: head + int64(len(r.Events)), Events: r.Events}
	if r.Command != "" {
		if l.commands[r.CaseID] == nil {
			l.commands[r.CaseID] = make(map[string]command)
		}
		kept := command{digest: r.Digest, seq: res.Seq}
		if r.Asked != nil {
			kept.body = r.Asked.Body
		}
		l.commands[r.CaseID][r.Command] = kept
		res.CommandSeq = res.Seq
	}
	return res
}

// SetBack forgets what was recorded after the sequence, as a restored backup does.
func (l *Ledger) SetBack(caseID string, seq int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events[caseID] = l.events[caseID][:seq]
	for id, c := range l.commands[caseID] {
		if c.seq > seq {
			delete(l.commands[caseID], id)
		}
	}
}

// Load folds a case.
func (l *Ledger) Load(_ context.Context, caseID string) (*rehab.Case, error) {
	c := &rehab.Case{ID: caseID}
	c.Fold(l.Events(caseID))
	return c, nil
}

// Events of a case, oldest first.
func (l *Ledger) Events(caseID string) []rehab.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.events[caseID])
}

// History is all that the ledger has of a case.
func (l *Ledger) History(_ context.Context, caseID string) (rehab.History, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := rehab.History{CaseID: caseID, Events: slices.Clone(l.events[caseID]), Commands: make(map[string]rehab.CommandBody)}
	for id, c := range l.commands[caseID] {
		if c.body != nil {
			h.Commands[id] = c.body
		}
	}
	return h, nil
}

// CommandReceipt finds a command that was recorded.
func (l *Ledger) CommandReceipt(_ context.Context, caseID, commandID string) (board.Receipt, string, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, ok := l.commands[caseID][commandID]
	return board.Receipt{CaseID: caseID, CommandID: commandID, Seq: c.seq}, c.digest, ok, nil
}
