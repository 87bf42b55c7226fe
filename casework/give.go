package casework

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"strings"
	"time"

	"guitu/board"
	"guitu/input"
	"guitu/once"
	"guitu/rehab"
)

// Given is what became of a command.
type Given struct {
	Key     string // the id of the command: the caller's own, or one that was made here
	Receipt board.Receipt
	// Case stands as it is after the command; as it was before where the command waits to be
	// taken, or took the case out of what the actor sees.
	Case      rehab.Summary
	Effects   *rehab.Effects   // nil where the command waits, of a visit, and where the case is not the actor's to see
	Warnings  []string         // what to look at; the command acted all the same
	Rehearsal *rehab.Rehearsal // what the command would change: nothing was recorded
}

// Run gives one command to its case. It costs a query for the scope, one more where
// there is a note, the engine's answer, and for all but visits one for the case as it then stands and one for what
// the command brought.
func (s *Service) Run(ctx context.Context, a rehab.Actor, id, key string, body rehab.CommandBody, facts Facts) (*Given, error) {
	if key != "" {
		if err := rehab.CheckKey(key); err != nil {
			return nil, err
		}
	}
	out, err := s.RunReserved(ctx, a, id, key, body, facts)
	s.noteState(ctx, a, id, key, body, out, err)
	return out, err
}

// RunReserved gives a command that the actor may give, under a caller's key that was checked, or
// under an id that is the system's own.
func (s *Service) RunReserved(ctx context.Context, a rehab.Actor, id, key string, body rehab.CommandBody, facts Facts) (*Given, error) {
	if err := Permit(a, body.CommandType()); err != nil {
		return nil, err
	}
	row, err := s.reach(ctx, a, id, body)
	if errors.Is(err, ErrSealed) {
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
	cmd, err := s.Compose(a, id, key, body, facts)
	if err != nil {
		return nil, err
	}
	var receipt board.Receipt
	warnings, err := s.assignable(ctx, row, says)
	if err == nil {
		receipt, err = s.submit(ctx, id, cmd, facts.Note, key != "")
	} else { // it may have acted when the registry still said yes
		receipt, err = s.AsDuplicate(ctx, id, cmd, err)
	}
	if err != nil {
		return nil, err
	}
	after := s.caseAfter(ctx, a, id, body, receipt)
	if after == nil { // as it stood before
		return &Given{Key: cmd.ID, Receipt: receipt, Case: row, Warnings: warnings}, nil
	}
	return &Given{Key: cmd.ID, Receipt: receipt, Case: *after, Effects: s.effects(ctx, a, receipt, after), Warnings: warnings}, nil
}

// ofSealedCase answers for a command to a case that is sealed by now: the one that sealed it,
// sent again, is known; every other hears of the seal alone.
func (s *Service) ofSealedCase(ctx context.Context, a rehab.Actor, id, key string, body rehab.CommandBody, facts Facts) (*Given, error) {
	cmd, err := s.Compose(a, id, key, body, facts)
	if err != nil {
		return nil, err
	}
	receipt, err := s.AsDuplicate(ctx, id, cmd, ErrSealed)
	if err != nil {
		return nil, err
	}
	return &Given{Key: cmd.ID, Receipt: receipt, Case: rehab.Summary{Phase: rehab.Sealed}}, nil
}

// caseAfter is the case as it stands after the command; nil where the command waits, or took the
// case out of what the actor sees. Visits are many, change nothing of it, and cost no query more.
func (s *Service) caseAfter(ctx context.Context, a rehab.Actor, id string, body rehab.CommandBody, r board.Receipt) *rehab.Summary {
	if _, visit := body.(rehab.RecordContact); visit || r.Pending {
		return nil
	}
	row, err := s.CaseInScope(ctx, a, id)
	if err != nil {
		return nil // the command acted, whatever cannot be read now
	}
	return &row
}

// Tail is how many events of a case are looked through for those of a command.
const Tail = 100

// effects are those of the events that the command brought, for who may read the case.
func (s *Service) effects(ctx context.Context, a rehab.Actor, r board.Receipt, after *rehab.Summary) *rehab.Effects {
	if r.Known || PermitReading(a) != nil {
		return nil
	}
	list, err := s.Ledger.Timeline(ctx, r.CaseID, max(0, r.Seq-Tail), Tail)
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
func (s *Service) checkReceiver(ctx context.Context, id string, body rehab.CommandBody) error {
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
	street, err := s.IsStreet(ctx, to)
	if err == nil && !street {
		err = rehab.InvalidField(field, "%s is not the code of a street or town", to)
	}
	return err
}

// Compose builds the command and has the core check it by itself.
func (s *Service) Compose(a rehab.Actor, id, key string, body rehab.CommandBody, facts Facts) (rehab.Command, error) {
	at, err := s.OccurredAt(facts.OccurredAt)
	if err != nil {
		return rehab.Command{}, err
	}
	if facts.Note != "" && strings.TrimSpace(facts.Note) == "" {
		return rehab.Command{}, rehab.InvalidField("note", "is empty")
	}
	if b, ok := body.(rehab.AssignWorker); ok && !input.IsWorker(b.Worker) {
		return rehab.Command{}, rehab.InvalidField("worker", input.NotAWorker)
	}
	digest, err := s.Digest(body.CommandType(), id, a.ID, body, facts)
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

// OccurredAt reads an instant, or a day in Shanghai as its first instant. Nothing is now.
func (s *Service) OccurredAt(text string) (time.Time, error) {
	if text == "" {
		return s.Now(), nil
	}
	return ReadInstant("occurred_at", text)
}

// ReadInstant reads an instant of RFC 3339, or a day in Shanghai as its first instant.
func ReadInstant(field, text string) (time.Time, error) {
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
func (s *Service) submit(ctx context.Context, id string, cmd rehab.Command, note string, own bool) (board.Receipt, error) {
	if note != "" {
		if own {
			if receipt, found, err := s.ReceiptOf(ctx, id, cmd); found || err != nil {
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
	receipt, err = s.AsDuplicate(ctx, id, cmd, err)
	if err != nil && note != "" && IsRefusal(err) && !errors.Is(err, once.ErrUsed) {
		s.dropTexts(ctx, id, cmd.ID)
	}
	return receipt, err
}

// AsDuplicate looks at a refusal again: a command that is in the ledger acted, whatever the
// rules say to it now.
func (s *Service) AsDuplicate(ctx context.Context, id string, cmd rehab.Command, refusal error) (board.Receipt, error) {
	if !IsRefusal(refusal) {
		return board.Receipt{}, refusal
	}
	receipt, found, err := s.ReceiptOf(ctx, id, cmd)
	if found || err != nil {
		return receipt, err
	}
	return board.Receipt{}, refusal
}

// ReceiptOf answers for a command that acted before: with its receipt, or with a conflict
// when the same id came with another request then.
func (s *Service) ReceiptOf(ctx context.Context, id string, cmd rehab.Command) (board.Receipt, bool, error) {
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

func (s *Service) dropTexts(ctx context.Context, id, commandID string) {
	if err := s.Identities.DropTexts(context.WithoutCancel(ctx), id, commandID); err != nil {
		s.Log.ErrorContext(ctx, "texts of a refused command were not dropped", "case", id, "code", string(rehab.CodeOf(err)))
	}
}

// IsRefusal reports whether the engine said no, as against not having answered.
func IsRefusal(err error) bool {
	switch rehab.CodeOf(err) {
	case rehab.Invalid, rehab.NotFound, rehab.Conflict, rehab.Forbidden, rehab.Refused, rehab.Known:
		return true
	}
	return false
}

// Digest is over what the caller sent: type, case, actor and the request as it was
// decoded. What the server adds, the time above all, is left out, so that the same
// request again is the same.
func (s *Service) Digest(kind, caseID, actorID string, body any, facts Facts) (string, error) {
	h := s.Hash()
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
func (s *Service) orderDigest(caseID string, o *Order) (string, error) {
	canonical := *o
	canonical.Sex = sexOf(o.Sex) // inOneForm did the others
	return s.Digest("open-case", caseID, "", canonical, Facts{})
}

// Hash is what digests are made with.
func (s *Service) Hash() hash.Hash {
	if len(s.DigestKey) > 0 {
		return hmac.New(sha256.New, s.DigestKey)
	}
	return sha256.New()
}

// Facts are what every command may say beside its own fields.
type Facts struct {
	OccurredAt string `json:"occurred_at,omitempty" maxLength:"40" doc:"When it happened: an instant (RFC 3339) or a day in Shanghai; now by default." example:"2026-10-08"`
	Note       string `json:"note,omitempty" maxLength:"2000" doc:"Free text, kept under the case's own key."`
}

// noteState keeps what became of a command that the ledger says nothing of. It is there to be
// asked for; the command stands as it was answered, whether this can be kept or not.
func (s *Service) noteState(ctx context.Context, a rehab.Actor, caseID, key string, body rehab.CommandBody, out *Given, err error) {
	c := board.CommandState{CaseID: caseID, Type: body.CommandType(), At: s.Now()}
	var refusal *rehab.Error
	switch {
	case err == nil && out.Receipt.Pending:
		c.State, key = board.CommandAccepted, out.Key
	case err == nil && out.Receipt.Known:
		c.State, c.Seq, key = board.CommandKnown, out.Receipt.Seq, out.Key
	case err != nil && IsRefusal(err) && errors.As(err, &refusal):
		c.State, c.Refusal = board.CommandRefused, refusal
	default:
		return
	}
	if key == "" {
		return // nobody knows by what to ask
	}
	if err := s.CommandStates.KeepCommandState(context.WithoutCancel(ctx), a.ID, key, c); err != nil {
		s.Log.ErrorContext(ctx, "the state of a command was not kept", "case", caseID, "code", string(rehab.CodeOf(err)))
	}
}
