package api

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"net/http"
	"strings"
	"time"

	"guitu/board"
	"guitu/once"
	"guitu/rehab"
)

// runCommand gives one command to its case. It costs a query for the scope, one more where
// there is a note, the engine's answer, and for all but visits one for the case as it then stands and one for what
// the command brought.
func (s *server) runCommand(ctx context.Context, a rehab.Actor, id, key string, body rehab.CommandBody, facts Facts) (*commandOutput, error) {
	if key != "" {
		if err := rehab.CheckKey(key); err != nil {
			return nil, err
		}
	}
	out, err := s.authorized(ctx, a, id, key, body, facts)
	s.noteState(ctx, a, id, key, body, out, err)
	if err != nil {
		return nil, urgently(body, err)
	}
	out.Body.Instructions = instructions(body)
	return out, nil
}

// authorized gives a command that the actor may give, under a caller's key that was checked, or
// under an id that is the system's own.
func (s *server) authorized(ctx context.Context, a rehab.Actor, id, key string, body rehab.CommandBody, facts Facts) (*commandOutput, error) {
	if err := permit(a, body.CommandType()); err != nil {
		return nil, err
	}
	row, err := s.reach(ctx, a, id, body)
	if errors.Is(err, errSealed) {
		return s.ofSealedCase(ctx, a, id, key, body, facts)
	}
	if err != nil {
		if row, err = s.reachThen(ctx, a, id, body, facts.OccurredAt, err); err != nil {
			return nil, err
		}
	}
	says, err := s.saying(ctx, a, id, body)
	if err != nil {
		return nil, err
	}
	cmd, err := s.compose(a, id, key, body, facts)
	if err != nil {
		return nil, err
	}
	var receipt board.Receipt
	warnings, err := s.assignable(ctx, row, says)
	if err == nil {
		receipt, err = s.submit(ctx, id, cmd, facts.Note, key != "")
	} else { // it may have acted when the registry still said yes
		receipt, err = s.asDuplicate(ctx, id, cmd, err)
	}
	if err != nil {
		return nil, err
	}
	after := s.caseAfter(ctx, a, id, body, receipt)
	if after == nil { // as it stood before
		out := result(receipt, briefOf(row), warnings...)
		out.IdempotencyKey = cmd.ID
		return out, nil
	}
	out := result(receipt, briefOf(*after), warnings...)
	out.IdempotencyKey, out.Body.Effects = cmd.ID, s.effects(ctx, a, receipt, after)
	return out, nil
}

// ofSealedCase answers for a command to a case that is sealed by now: the one that sealed it,
// sent again, is known; every other hears of the seal alone.
func (s *server) ofSealedCase(ctx context.Context, a rehab.Actor, id, key string, body rehab.CommandBody, facts Facts) (*commandOutput, error) {
	cmd, err := s.compose(a, id, key, body, facts)
	if err != nil {
		return nil, err
	}
	receipt, err := s.asDuplicate(ctx, id, cmd, errSealed)
	if err != nil {
		return nil, err
	}
	out := result(receipt, CaseBrief{Phase: rehab.Sealed})
	out.IdempotencyKey = cmd.ID
	return out, nil
}

// caseAfter is the case as it stands after the command; nil where the command waits, or took the
// case out of what the actor sees. Visits are many, change nothing of it, and cost no query more.
func (s *server) caseAfter(ctx context.Context, a rehab.Actor, id string, body rehab.CommandBody, r board.Receipt) *rehab.Summary {
	if _, visit := body.(rehab.RecordContact); visit || r.Pending {
		return nil
	}
	row, err := s.caseInScope(ctx, a, id)
	if err != nil {
		return nil // the command acted, whatever cannot be read now
	}
	return &row
}

// tail is how many events of a case are looked through for those of a command.
const tail = 100

// effects are those of the events that the command brought, for who may read the case.
func (s *server) effects(ctx context.Context, a rehab.Actor, r board.Receipt, after *rehab.Summary) *rehab.Effects {
	if r.Known || permitReading(a) != nil {
		return nil
	}
	list, err := s.Ledger.Timeline(ctx, r.CaseID, max(0, r.Seq-tail), tail)
	if err != nil {
		return nil
	}
	var events []rehab.Event
	for _, e := range list { // what time brings by them stands behind, in the same record
		if e.Seq <= r.Seq && (e.Command == r.CommandID || len(events) > 0) {
			events = append(events, e.Event)
		}
	}
	out := rehab.EffectsOf(events)
	if after.NextKind != "" {
		next := rehab.OwedFor("", after.NextKind, after.NextDue)
		out.Next = &next
	}
	return &out
}

// checkReceiver finds out whether the street that a transfer goes to is there: when it is
// asked for, and again when it is accepted.
func (s *server) checkReceiver(ctx context.Context, id string, body rehab.CommandBody) error {
	to, field := "", "to"
	switch b := body.(type) {
	case rehab.RequestTransfer:
		to = b.To
	case rehab.AcceptTransfer:
		t, err := s.Board.Transfer(ctx, id, b.Transfer)
		if err != nil && rehab.CodeOf(err) != rehab.NotFound {
			return err
		}
		if t.Before() {
			to, field = t.To, "transfer"
		}
	}
	if to == "" {
		return nil
	}
	street, err := s.isStreet(ctx, to)
	if err == nil && !street {
		err = rehab.InvalidField(field, "%s is not the code of a street or town", to)
	}
	return err
}

// compose builds the command and has the core check it by itself.
func (s *server) compose(a rehab.Actor, id, key string, body rehab.CommandBody, facts Facts) (rehab.Command, error) {
	at, err := s.occurredAt(facts.OccurredAt)
	if err != nil {
		return rehab.Command{}, err
	}
	if facts.Note != "" && strings.TrimSpace(facts.Note) == "" {
		return rehab.Command{}, rehab.InvalidField("note", "is empty")
	}
	if b, ok := body.(rehab.AssignWorker); ok && !isWorker(b.Worker) {
		return rehab.Command{}, rehab.InvalidField("worker", notAWorker)
	}
	digest, err := s.digest(body.CommandType(), id, a.ID, body, facts)
	if err != nil {
		return rehab.Command{}, err
	}
	if key == "" {
		if key, err = once.Key(""); err != nil {
			return rehab.Command{}, err
		}
	}
	cmd := rehab.Command{ID: key, Actor: a, OccurredAt: at, Digest: digest, Body: body}
	if err := cmd.Check(); err != nil {
		return rehab.Command{}, err
	}
	return cmd, nil
}

// occurredAt reads an instant, or a day in Shanghai as its first instant. Nothing is now.
func (s *server) occurredAt(text string) (time.Time, error) {
	if text == "" {
		return s.Now(), nil
	}
	return readInstant("occurred_at", text)
}

func readInstant(field, text string) (time.Time, error) {
	if day, err := rehab.ParseDate(text); err == nil {
		return day.Start(), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || at.Year() < 1900 || at.Year() > 9998 {
		return time.Time{}, rehab.InvalidField(field, "is an instant such as 2026-10-08T09:30:00+08:00, or a day such as 2026-10-08")
	}
	return at.UTC(), nil
}

// submit keeps the note, has the engine act, and takes the note back where the engine
// refused, or knew the fact already. A key the caller made may have been used: then the note in place is that
// of the first time and must stay, so the ledger is asked before.
func (s *server) submit(ctx context.Context, id string, cmd rehab.Command, note string, own bool) (board.Receipt, error) {
	if note != "" {
		if own {
			if receipt, found, err := s.receiptOf(ctx, id, cmd); found || err != nil {
				return receipt, err
			}
		}
		if err := s.Identities.SaveTexts(ctx, id, cmd.ID, map[string]string{"note": note}); err != nil {
			if rehab.CodeOf(err) == rehab.Conflict {
				return board.Receipt{}, once.ErrUsed
			}
			return board.Receipt{}, err
		}
	}
	receipt, err := s.Engine.Do(ctx, id, cmd)
	if err == nil {
		if receipt.Known && note != "" { // nothing was written that the note could belong to
			s.dropTexts(ctx, id, cmd.ID)
		}
		return receipt, nil
	}
	receipt, err = s.asDuplicate(ctx, id, cmd, err)
	if err != nil && note != "" && isRefusal(err) && !errors.Is(err, once.ErrUsed) {
		s.dropTexts(ctx, id, cmd.ID)
	}
	return receipt, err
}

// asDuplicate looks at a refusal again: a command that is in the ledger acted, whatever the
// rules say to it now.
func (s *server) asDuplicate(ctx context.Context, id string, cmd rehab.Command, refusal error) (board.Receipt, error) {
	if !isRefusal(refusal) {
		return board.Receipt{}, refusal
	}
	receipt, found, err := s.receiptOf(ctx, id, cmd)
	if found || err != nil {
		return receipt, err
	}
	return board.Receipt{}, refusal
}

// receiptOf answers for a command that acted before: with its receipt, or with a conflict
// when the same id came with another request then.
func (s *server) receiptOf(ctx context.Context, id string, cmd rehab.Command) (board.Receipt, bool, error) {
	receipt, digest, found, err := s.Ledger.CommandReceipt(ctx, id, cmd.ID)
	if err != nil || !found {
		return board.Receipt{}, false, err
	}
	if err := (once.Request{Key: cmd.ID, Digest: cmd.Digest}).Repeats(digest); err != nil {
		return board.Receipt{}, true, err
	}
	receipt.Duplicate = true
	return receipt, true, nil
}

func (s *server) dropTexts(ctx context.Context, id, commandID string) {
	if err := s.Identities.DropTexts(context.WithoutCancel(ctx), id, commandID); err != nil {
		s.Log.ErrorContext(ctx, "texts of a refused command were not dropped", "case", id, "code", string(rehab.CodeOf(err)))
	}
}

// isRefusal reports whether the engine said no, as against not having answered.
func isRefusal(err error) bool {
	switch rehab.CodeOf(err) {
	case rehab.Invalid, rehab.NotFound, rehab.Conflict, rehab.Forbidden, rehab.Refused, rehab.Known:
		return true
	}
	return false
}

// digest is over what the caller sent: type, case, actor and the request as it was
// decoded. What the server adds, the time above all, is left out, so that the same
// request again is the same.
func (s *server) digest(kind, caseID, actorID string, body any, facts Facts) (string, error) {
	h := s.hash()
	err := json.NewEncoder(h).Encode(struct {
		Type  string `json:"type"`
		Case  string `json:"case"`
		Actor string `json:"actor"`
		Body  any    `json:"body"`
		Facts Facts  `json:"facts"`
	}{kind, caseID, actorID, body, facts})
	return hex.EncodeToString(h.Sum(nil)), err
}

// orderDigest leaves the actor out: an order is the same whoever brings it.
func (s *server) orderDigest(caseID string, o *Order) (string, error) {
	canonical := *o
	canonical.Sex = sexOf(o.Sex) // inOneForm did the others
	return s.digest("open-case", caseID, "", canonical, Facts{})
}

func (s *server) hash() hash.Hash {
	if len(s.DigestKey) > 0 {
		return hmac.New(sha256.New, s.DigestKey)
	}
	return sha256.New()
}

func result(r board.Receipt, brief CaseBrief, warnings ...string) *commandOutput {
	out := &commandOutput{Status: http.StatusOK, Body: CommandResult{Receipt: r, Case: brief, Warnings: warnings}}
	if r.Pending {
		out.Status = http.StatusAccepted
	}
	return out
}
