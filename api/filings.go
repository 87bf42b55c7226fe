package api

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/casework"
	"guitu/forms"
	"guitu/once"
	"guitu/rehab"
)

func (s *server) filingRoutes() {
	op := func(id, method, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"forms"}, Summary: summary, Description: description}
	}
	operation(s, op("file-form", http.MethodPost, "/v1/cases/{id}/forms", "File a form about a case, or put its answers right",
		"For the worker and the station head of the case. The answers lie under the case's own key; the ledger has the form, its version and a digest. "+
			"With replaces and reason a new version of the answers takes the place of one; the old one stays."), s.fileForm)
	operation(s, op("list-case-forms", http.MethodGet, "/v1/cases/{id}/forms", "List the forms of a case, their scores over time, and those that are missing", ""), s.caseForms)
	operation(s, op("get-case-form", http.MethodGet, "/v1/cases/{id}/forms/{seq}", "Show what was answered",
		"In full for the worker and the station head. District and city see scores and coded answers; with a Read-Reason, which is logged, all but what is private. "+
			"Answers that were put right are for the station head."), s.caseForm)
	page := op("print-case-form", http.MethodGet, "/v1/cases/{id}/forms/{seq}/page", "Print a form that was filled in", "")
	page.Responses = map[string]*huma.Response{"200": {Description: "The page.", Content: map[string]*huma.MediaType{
		"text/html": {Schema: &huma.Schema{Type: huma.TypeString}},
	}}}
	operation(s, page, s.printForm)
	operation(s, op("open-form", http.MethodGet, "/v1/cases/{id}/blank-forms/{form}", "Open a form for a case: with what the engine knows already", ""), s.openForm)
}

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

type filingInput struct {
	ID string `path:"id" doc:"Case id."`
	KeyInput
	Body FormOrder
}

type filingOutput struct {
	Status         int
	IdempotencyKey string `header:"Idempotency-Key"`
	Body           FormFiled
}

func (s *server) fileForm(ctx context.Context, a rehab.Actor, in *filingInput) (*filingOutput, error) {
	if err := casework.Permit(a, formCommand); err != nil {
		return nil, err
	}
	row, err := s.work.CaseInScope(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	if level, err := s.formReader(ctx, a, row); err != nil || level != readsAll {
		return nil, cmp.Or(err, error(errFormsOfWorker))
	}
	key, err := in.key()
	if err != nil {
		return nil, err
	}
	return s.file(ctx, a, row, key, in.Body)
}

var errFormsOfWorker = &rehab.Error{Code: rehab.Forbidden, Message: "forms are for the worker and the station head of the case"}

// file keeps the answers, has the engine record that there are some, and takes them back where
// the engine refused.
func (s *server) file(ctx context.Context, a rehab.Actor, row rehab.Summary, key string, in FormOrder) (*filingOutput, error) {
	def, err := s.form(ctx, forms.Ref{Form: in.Form, Version: in.Version})
	if err != nil {
		return nil, err
	}
	if def.Anonymous {
		return nil, &rehab.Error{Code: rehab.Refused, Field: "form", Message: "this form is about no case"}
	}
	filled, faults := def.Fill(in.Answers)
	if len(faults) > 0 {
		return nil, faultsProblem(faults)
	}
	h := s.work.Hash()
	h.Write([]byte(row.CaseID))
	h.Write(filled.JSON())
	body := rehab.RecordForm{Form: in.Form, Version: in.Version, Answers: hex.EncodeToString(h.Sum(nil)), Record: in.Record, Obligation: in.Obligation, Replaces: in.Replaces}
	cmd, err := s.work.Compose(a, row.CaseID, key, body, casework.Facts{Note: in.Reason})
	if err != nil {
		return nil, err
	}
	earlier, err := s.Forms.Filings(ctx, row.CaseID)
	if err != nil {
		return nil, err
	}
	receipt, known, err := s.work.ReceiptOf(ctx, row.CaseID, cmd)
	if err == nil && !known {
		receipt, err = s.fileNew(ctx, a, row, cmd, in, filled, earlier)
	}
	if err != nil {
		return nil, err
	}
	out := &filingOutput{Status: http.StatusOK, IdempotencyKey: cmd.ID, Body: s.saidBy(ctx, row, filled, earlier, cmd.ID)}
	out.Body.Receipt = receipt
	if receipt.Pending {
		out.Status = http.StatusAccepted
	}
	return out, nil
}

// fileNew acts for a form that is not in the ledger.
func (s *server) fileNew(ctx context.Context, a rehab.Actor, row rehab.Summary, cmd rehab.Command, in FormOrder, filled *forms.Filled, earlier []forms.Filing) (board.Receipt, error) {
	about, err := s.filingAbout(ctx, row, in, earlier)
	if err != nil {
		return board.Receipt{}, err
	}
	head, err := s.formHead(ctx, a, row)
	if err != nil {
		return board.Receipt{}, err
	}
	f := forms.Filing{
		CaseID: row.CaseID, CommandID: cmd.ID, Ref: filled.Of().Ref, About: about, At: s.Now(),
		Content: &forms.Content{Head: head, Answers: filled.JSON(), Reason: strings.TrimSpace(in.Reason)},
	}
	if err := s.Forms.SaveFiling(ctx, f, row.Place, filled.Values()); err != nil {
		return board.Receipt{}, err
	}
	receipt, err := s.Engine.Do(ctx, row.CaseID, cmd)
	if err == nil {
		return receipt, nil
	}
	receipt, err = s.work.AsDuplicate(ctx, row.CaseID, cmd, err)
	if err != nil && casework.IsRefusal(err) {
		if dropErr := s.Forms.DropFiling(context.WithoutCancel(ctx), row.CaseID, cmd.ID); dropErr != nil {
			s.Log.ErrorContext(ctx, "the answers of a refused form were not dropped", "case", row.CaseID, "code", string(rehab.CodeOf(dropErr)))
		}
	}
	return receipt, err
}

// filingAbout checks what the form refers to, and gives the day that it is about.
func (s *server) filingAbout(ctx context.Context, row rehab.Summary, in FormOrder, earlier []forms.Filing) (rehab.Date, error) {
	about := rehab.DateOf(s.Now())
	if in.Replaces > 0 {
		i := slices.IndexFunc(earlier, func(f forms.Filing) bool { return f.Seq == in.Replaces })
		switch {
		case i < 0 || earlier[i].Form != in.Form:
			return 0, &rehab.Error{Code: rehab.NotFound, Field: "replaces", Message: "the case has no such form"}
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
func (s *server) saidBy(ctx context.Context, row rehab.Summary, filled *forms.Filled, earlier []forms.Filing, command string) FormFiled {
	out := FormFiled{Scores: filled.Scores(langOf(ctx))}
	for _, kind := range filled.Dangers() {
		out.Crisis = true
		out.Instructions = append(out.Instructions, rehab.RaiseCrisis{Kind: kind}.Instructions()...)
	}
	var past []forms.Past
	for _, f := range earlier {
		if f.Form != filled.Of().Form || f.CommandID == command || f.ReplacedBy > 0 || f.Content == nil {
			continue
		}
		def, err := s.form(ctx, f.Ref)
		if err != nil {
			continue // the proposal does without it
		}
		if was, faults := def.Fill(f.Content.Answers); len(faults) == 0 {
			past = append(past, forms.Past{On: f.About, Filled: was})
		}
	}
	out.Proposed = filled.Propose(row.Risk, rehab.DateOf(s.Now()), past)
	var last *forms.Filled
	if len(past) > 0 {
		last = past[len(past)-1].Filled
	}
	out.Sooner = filled.Sooner(last)
	return out
}

// formHead is what the engine knows when a form is filled in.
func (s *server) formHead(ctx context.Context, a rehab.Actor, row rehab.Summary) (map[string]string, error) {
	lang := langOf(ctx)
	now := rehab.DateOf(s.Now())
	look := &lookUp{server: s, ctx: ctx, on: now, names: map[string]string{}, places: map[string]string{}}
	c, err := s.Ledger.Load(ctx, row.CaseID)
	if err != nil {
		return nil, err
	}
	head := map[string]string{
		"measure": word(lang, row.Measure), "phase": word(lang, row.Phase), "risk": word(lang, row.Risk), "place": look.place(row.Place),
		"worker": cmp.Or(look.name(row.Worker), row.Worker), "served_on": dayText(row.ServedOn), "reported_on": dayText(row.ReportedOn), "term_end": dayText(row.TermEnd),
		"tests_missed": number(c.Counters.TestBreaches), "leavings": number(c.Counters.Leavings),
		"filled_on": now.String(), "filled_by": cmp.Or(look.name(a.ID), a.ID),
	}
	for _, series := range c.Series {
		if series.Kind == rehab.TestDuty {
			head["last_test"] = dayText(series.Last)
		}
	}
	id, err := s.Identities.Identity(ctx, row.CaseID)
	switch {
	case err == nil:
		head["name"] = id.Name
	case rehab.CodeOf(err) != rehab.NotFound:
		return nil, err
	}
	return head, look.err
}

func dayText(d rehab.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// word is what a code of the core is called.
func word[T ~string](lang string, code T) string {
	e, _ := rehab.EnumOf[T]()
	for _, w := range e.Words {
		if w.Code == string(code) {
			return forms.Words{ZH: w.ZH, EN: w.EN}.In(lang)
		}
	}
	return string(code)
}

// fileBeside files the form that came with a command. The command acted, whatever becomes of
// the form; sent again with it, the form acts once as well.
func (s *server) fileBeside(ctx context.Context, a rehab.Actor, i int, item BatchItem, r board.Receipt) *BatchFiled {
	out, err := s.filedBeside(ctx, a, item, r)
	if err == nil {
		return &BatchFiled{Status: out.Status, Filed: &out.Body}
	}
	p := problemOf(err)
	p.Field = strings.TrimSuffix("items["+number(i)+"].form."+p.Field, ".")
	for j := range p.Errors {
		p.Errors[j].Field = "items[" + number(i) + "].form." + p.Errors[j].Field
	}
	return &BatchFiled{Status: p.Status, Problem: p}
}

func (s *server) filedBeside(ctx context.Context, a rehab.Actor, item BatchItem, r board.Receipt) (*filingOutput, error) {
	if err := casework.Permit(a, formCommand); err != nil {
		return nil, err
	}
	row, err := s.Board.Case(ctx, item.CaseID) // the command was the actor's to give, and so is what it says
	if err != nil {
		return nil, err
	}
	if row.Phase == rehab.Sealed {
		return nil, casework.ErrSealed
	}
	order := FormOrder{Form: item.Form.Form, Version: item.Form.Version, Obligation: item.Form.Obligation, Answers: item.Form.Answers}
	if r.Seq > 0 {
		list, err := s.Ledger.Timeline(ctx, item.CaseID, max(0, r.Seq-casework.Tail), casework.Tail)
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(list, func(e board.TimelineEntry) bool { return e.Command == r.CommandID }); i >= 0 {
			order.Record = list[i].Seq
		}
	}
	return s.file(ctx, a, row, once.ID(a.ID, item.ID+"\x00form"), order)
}
