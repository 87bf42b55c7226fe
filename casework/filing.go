package casework

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"guitu/board"
	"guitu/forms"
	"guitu/once"
	"guitu/rehab"
)

// FormCommand records that a form was filled in: FileForm gives it, with the answers beside it.
const FormCommand = "record-form"

// FormOrder is a form that was filled in.
type FormOrder struct {
	Form       string             `json:"form" minLength:"1" maxLength:"40" example:"visit_record"`
	Version    int                `json:"version" minimum:"1" maximum:"1000000"`
	Record     int64              `json:"record,omitempty" minimum:"0" doc:"Sequence of the record that it is about."`
	Obligation rehab.ObligationID `json:"obligation,omitzero" doc:"The duty that it is filled in for."`
	Replaces   int64              `json:"replaces,omitempty" minimum:"0" doc:"Sequence of the form whose answers are put right."`
	Reason     string             `json:"reason,omitempty" maxLength:"500" doc:"Why they are put right."`
	Answers    json.RawMessage    `json:"answers" doc:"By the fields of the form."`
}

// FormFiled is what the answers come to. Scores are a help: a person decides.
type FormFiled struct {
	board.Receipt
	Scores       []forms.Result  `json:"scores,omitempty" nullable:"false"`
	Crisis       bool            `json:"crisis,omitempty" doc:"An answer speaks of danger to life: the calls come first."`
	Instructions []rehab.Line    `json:"instructions,omitempty" nullable:"false" doc:"What to do at once."`
	Proposed     *forms.Proposed `json:"proposed_risk,omitempty" doc:"Proposed, and decided by a person with change-risk."`
	Sooner       bool            `json:"sooner_contact,omitempty" doc:"A contact sooner than planned is proposed."`
}

// FormFaults are all that is wrong with the answers of a form, each with its field.
type FormFaults []*rehab.Error

func (f FormFaults) Error() string { return f[0].Error() }

// Unwrap gives the first: what the answers are refused for where one error has to do.
func (f FormFaults) Unwrap() error { return f[0] }

// FileForm files a form about a case, or puts the answers of one right: for the worker and the
// station head of the case. Words are in the language. It gives the id of the command too.
func (s *Service) FileForm(ctx context.Context, a rehab.Actor, id, key string, in FormOrder, lang string) (FormFiled, string, error) {
	if err := Permit(a, FormCommand); err != nil {
		return FormFiled{}, "", err
	}
	row, err := s.CaseInScope(ctx, a, id)
	if err != nil {
		return FormFiled{}, "", err
	}
	if level, err := s.formAccess(ctx, a, row); err != nil || level != ReadsAll {
		return FormFiled{}, "", cmp.Or(err, error(errFormsOfWorker))
	}
	if key, err = once.Key(key); err != nil {
		return FormFiled{}, "", err
	}
	out, err := s.file(ctx, a, row, key, in, lang)
	return out, key, err
}

// FileBeside files the form that came with a command under the key, and is about what the
// command recorded. Sent again with it, the form acts once as well.
func (s *Service) FileBeside(ctx context.Context, a rehab.Actor, caseID, key string, r board.Receipt, in FormOrder, lang string) (FormFiled, error) {
	if err := Permit(a, FormCommand); err != nil {
		return FormFiled{}, err
	}
	row, err := s.Board.Case(ctx, caseID) // the command was the actor's to give, and so is what it says
	if err != nil {
		return FormFiled{}, err
	}
	if row.Phase == rehab.Sealed {
		return FormFiled{}, ErrSealed
	}
	if r.Seq > 0 {
		list, err := s.Ledger.Timeline(ctx, row.CaseID, max(0, r.Seq-Tail), Tail)
		if err != nil {
			return FormFiled{}, err
		}
		if i := slices.IndexFunc(list, func(e board.TimelineEntry) bool { return e.Command == r.CommandID }); i >= 0 {
			in.Record = list[i].Seq
		}
	}
	return s.file(ctx, a, row, once.ID(a.ID, key+"\x00form"), in, lang)
}

// file keeps the answers, has the engine record that there are some, and takes them back where
// the engine refused.
func (s *Service) file(ctx context.Context, a rehab.Actor, row rehab.Summary, key string, in FormOrder, lang string) (FormFiled, error) {
	def, err := s.definition(ctx, forms.Ref{Form: in.Form, Version: in.Version})
	if err != nil {
		return FormFiled{}, err
	}
	if def.Anonymous {
		return FormFiled{}, &rehab.Error{Code: rehab.Refused, Field: "form", Message: "this form is about no case"}
	}
	filled, faults := def.Fill(in.Answers)
	if len(faults) > 0 {
		return FormFiled{}, FormFaults(faults)
	}
	h := s.Hash()
	h.Write([]byte(row.CaseID))
	h.Write(filled.JSON())
	body := rehab.RecordForm{Form: in.Form, Version: in.Version, Answers: hex.EncodeToString(h.Sum(nil)), Record: in.Record, Obligation: in.Obligation, Replaces: in.Replaces}
	cmd, err := s.Compose(a, row.CaseID, key, body, Facts{Note: in.Reason})
	if err != nil {
		return FormFiled{}, err
	}
	earlier, err := s.Forms.Filings(ctx, row.CaseID)
	if err != nil {
		return FormFiled{}, err
	}
	receipt, known, err := s.ReceiptOf(ctx, row.CaseID, cmd)
	if err == nil && !known {
		receipt, err = s.fileNew(ctx, a, row, cmd, filing{in, filled, earlier, lang})
	}
	if err != nil {
		return FormFiled{}, err
	}
	out := s.saidBy(ctx, row, filing{in, filled, earlier, lang}, cmd.ID)
	out.Receipt = receipt
	return out, nil
}

// filing is a form that is being filed: what was sent, what it comes to, what was filed about
// the case before, and the language of its words.
type filing struct {
	order   FormOrder
	filled  *forms.Filled
	earlier []forms.Filing
	lang    string
}

// fileNew acts for a form that is not in the ledger.
func (s *Service) fileNew(ctx context.Context, a rehab.Actor, row rehab.Summary, cmd rehab.Command, in filing) (board.Receipt, error) {
	about, err := s.filingAbout(ctx, row, in.order, in.earlier)
	if err != nil {
		return board.Receipt{}, err
	}
	head, err := s.formHead(ctx, a, row, in.lang)
	if err != nil {
		return board.Receipt{}, err
	}
	f := forms.Filing{
		CaseID: row.CaseID, CommandID: cmd.ID, Ref: in.filled.Of().Ref, About: about, At: s.Now(),
		Content: &forms.Content{Head: head, Answers: in.filled.JSON(), Reason: strings.TrimSpace(in.order.Reason)},
	}
	if err := s.Forms.SaveFiling(ctx, f, row.Place, in.filled.Values()); err != nil {
		return board.Receipt{}, err
	}
	receipt, err := s.Engine.Do(ctx, row.CaseID, cmd)
	if err == nil {
		return receipt, nil
	}
	receipt, err = s.AsDuplicate(ctx, row.CaseID, cmd, err)
	if err != nil && IsRefusal(err) {
		if dropErr := s.Forms.DropFiling(context.WithoutCancel(ctx), row.CaseID, cmd.ID); dropErr != nil {
			s.Log.ErrorContext(ctx, "the answers of a refused form were not dropped", "case", row.CaseID, "code", string(rehab.CodeOf(dropErr)))
		}
	}
	return receipt, err
}

// filingAbout checks what the form refers to, and gives the day that it is about.
func (s *Service) filingAbout(ctx context.Context, row rehab.Summary, in FormOrder, earlier []forms.Filing) (rehab.Date, error) {
	about := rehab.DateOf(s.Now())
	if in.Replaces > 0 {
		i := slices.IndexFunc(earlier, func(f forms.Filing) bool { return f.Seq == in.Replaces })
		switch {
		case i < 0 || earlier[i].Form != in.Form:
			return 0, &rehab.Error{Code: rehab.NotFound, Field: "replaces", Message: "the case has no such form"}
		case earlier[i].Withdrawn:
			return 0, &rehab.Error{Code: rehab.Conflict, Field: "replaces", Message: "the answers were withdrawn: there is nothing to put right"}
		case earlier[i].ReplacedBy > 0:
			return 0, (&rehab.Error{Code: rehab.Conflict, Field: "replaces"}).Say("the answers were put right already, by record %d", earlier[i].ReplacedBy)
		case strings.TrimSpace(in.Reason) == "":
			return 0, rehab.InvalidField("reason", "is missing")
		}
		about = earlier[i].About
	}
	if in.Obligation.N > 0 {
		list, err := s.Board.Obligations(ctx, row.CaseID)
		if err != nil {
			return 0, err
		}
		if !slices.ContainsFunc(list, func(o board.ObligationRow) bool { return o.ID == in.Obligation }) {
			return 0, &rehab.Error{Code: rehab.NotFound, Field: "obligation", Message: "the case has no such obligation"}
		}
	}
	if in.Record > 0 {
		list, err := s.Ledger.Timeline(ctx, row.CaseID, in.Record-1, 1)
		switch {
		case err != nil:
			return 0, err
		case len(list) == 0 || list[0].Seq != in.Record:
			return 0, &rehab.Error{Code: rehab.NotFound, Field: "record", Message: "the case has no such record"}
		}
		about = rehab.DateOf(list[0].OccurredAt)
	}
	return about, nil
}

// saidBy is what the answers come to beside what was answered before.
func (s *Service) saidBy(ctx context.Context, row rehab.Summary, in filing, command string) FormFiled {
	out := FormFiled{Scores: in.filled.Scores(in.lang)}
	for _, kind := range in.filled.Dangers() {
		out.Crisis = true
		out.Instructions = append(out.Instructions, rehab.RaiseCrisis{Kind: kind}.Instructions()...)
	}
	var past []forms.Past
	for _, f := range in.earlier {
		if f.Form != in.filled.Of().Form || f.CommandID == command || !f.Holds() {
			continue
		}
		if was := s.reopened(ctx, f); was.Filled != nil { // otherwise the proposal does without it
			past = append(past, forms.Past{On: f.About, Filled: was.Filled})
		}
	}
	out.Proposed = in.filled.Propose(row.Risk, rehab.DateOf(s.Now()), past)
	var last *forms.Filled
	if len(past) > 0 {
		last = past[len(past)-1].Filled
	}
	out.Sooner = in.filled.Sooner(last)
	return out
}
