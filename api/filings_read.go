package api

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"guitu/board"
	"guitu/casework"
	"guitu/forms"
	"guitu/rehab"
)

// What an actor may read of the forms of a case.
type formAccess int

const (
	readsNone  formAccess = iota // that there are forms
	readsCoded                   // scores and coded answers
	readsAll
)

// formReader is what the actor may read: the worker and the station head all, offices above
// them scores and coded answers, whoever keeps the system running nothing.
func (s *server) formReader(ctx context.Context, a rehab.Actor, row rehab.Summary) (formAccess, error) {
	as, err := s.work.AsWorkerOf(ctx, a, row.Worker)
	switch {
	case err != nil:
		return readsNone, err
	case casework.Unmasked(as, row):
		return readsAll, nil
	case a.Role == rehab.DistrictOffice || a.Role == rehab.CityOffice:
		return readsCoded, nil
	}
	return readsNone, nil
}

// FormRow is a form of a case in a list.
type FormRow struct {
	forms.Filing
	Title  string         `json:"title,omitempty"`
	Scores []forms.Result `json:"scores,omitempty" nullable:"false"`
}

// CaseForms are the forms of a case.
type CaseForms struct {
	Forms   []FormRow     `json:"forms" nullable:"false" doc:"The oldest first."`
	Trends  []FormTrend   `json:"trends" nullable:"false"`
	Missing []MissingForm `json:"missing" nullable:"false" doc:"Duties that were done without their form. Whether they are done does not depend on it."`
}

// FormTrend is one score over time.
type FormTrend struct {
	Form   string       `json:"form"`
	Score  string       `json:"score"`
	Label  string       `json:"label"`
	Range  []int        `json:"range" nullable:"false"`
	Points []TrendPoint `json:"points" nullable:"false"`
}

// TrendPoint is a score on a day.
type TrendPoint struct {
	On    rehab.Date `json:"on"`
	Seq   int64      `json:"seq"`
	Value int        `json:"value"`
	Band  string     `json:"band,omitempty"`
}

// MissingForm is a duty that was done without its form. Of each form that names several codes,
// one is enough.
type MissingForm struct {
	Obligation rehab.ObligationID `json:"obligation"`
	Forms      []string           `json:"forms" nullable:"false"`
	MetOn      rehab.Date         `json:"met_on"`
	Until      rehab.Date         `json:"until" doc:"Until when it may be filled in without being late."`
	Late       bool               `json:"late"`
}

type caseFormsInput struct {
	ID string `path:"id" doc:"Case id."`
}

type caseFormsOutput struct{ Body CaseForms }

func (s *server) caseForms(ctx context.Context, a rehab.Actor, in *caseFormsInput) (*caseFormsOutput, error) {
	row, level, err := s.formsInScope(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	list, err := s.Forms.Filings(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	obligations, err := s.Board.Obligations(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &caseFormsOutput{CaseForms{Forms: []FormRow{}, Trends: []FormTrend{}, Missing: []MissingForm{}}}
	for _, f := range list {
		r := FormRow{Filing: f}
		def, filled := s.reopened(ctx, f)
		if def != nil {
			r.Title = def.Title.In(langOf(ctx))
		}
		if filled != nil && level >= readsCoded {
			r.Scores = filled.Scores(langOf(ctx))
		}
		out.Body.Forms = append(out.Body.Forms, r)
	}
	out.Body.Trends = trends(out.Body.Forms)
	policy := s.policyOf(row)
	for _, o := range obligations {
		if m, ok := s.missing(policy, o, list); ok {
			out.Body.Missing = append(out.Body.Missing, m)
		}
	}
	return out, nil
}

func (s *server) formsInScope(ctx context.Context, a rehab.Actor, id string) (row rehab.Summary, level formAccess, err error) {
	if err := casework.PermitReading(a); err != nil {
		return row, readsNone, err
	}
	if row, err = s.work.CaseInScope(ctx, a, id); err != nil {
		return row, readsNone, err
	}
	level, err = s.formReader(ctx, a, row)
	return row, level, err
}

// reopened is a filing as it was filled in; nil where its definition or its content is gone.
func (s *server) reopened(ctx context.Context, f forms.Filing) (*forms.Definition, *forms.Filled) {
	def, err := s.form(ctx, f.Ref)
	if err != nil || f.Content == nil {
		return def, nil
	}
	filled, faults := def.Fill(f.Content.Answers)
	if len(faults) > 0 {
		return def, nil
	}
	return def, filled
}

// trends gathers the scores of answers that hold, by form and score.
func trends(rows []FormRow) []FormTrend {
	out := []FormTrend{}
	for _, r := range rows {
		for _, score := range r.Scores {
			if score.Value == nil || r.ReplacedBy > 0 {
				continue
			}
			i := slices.IndexFunc(out, func(t FormTrend) bool { return t.Form == r.Form && t.Score == score.Name })
			if i < 0 {
				i = len(out)
				out = append(out, FormTrend{Form: r.Form, Score: score.Name, Label: score.Label, Range: score.Range})
			}
			out[i].Points = append(out[i].Points, TrendPoint{r.About, r.Seq, *score.Value, score.Band})
		}
	}
	for _, t := range out {
		slices.SortStableFunc(t.Points, func(x, y TrendPoint) int { return int(x.On - y.On) })
	}
	return out
}

func (s *server) policyOf(row rehab.Summary) *rehab.Policy {
	if p := s.Policies.Policy(row.Policy); p != nil {
		return p
	}
	return &rehab.Policy{}
}

// lookBack is for how many days a missing form is still asked for: of older duties nobody
// remembers what there was to say.
const lookBack = 60

// missing are the forms that go with the duty and were not filled in, once it is done.
func (s *server) missing(p *rehab.Policy, o board.ObligationRow, list []forms.Filing) (MissingForm, bool) {
	today := rehab.DateOf(s.Now())
	if o.Status != rehab.Done || o.MetOn.AddDays(lookBack) < today {
		return MissingForm{}, false
	}
	m := MissingForm{Obligation: o.ID, MetOn: o.MetOn, Until: o.MetOn.AddDays(p.FormDays())}
	m.Late = m.Until < today
	for _, any := range p.Forms(o.ID.Kind) {
		filed := slices.ContainsFunc(list, func(f forms.Filing) bool {
			return slices.Contains(any, f.Form) && (f.Obligation == o.ID || f.Obligation.N == 0 && f.About == o.MetOn)
		})
		if !filed {
			m.Forms = append(m.Forms, strings.Join(any, "|"))
		}
	}
	return m, len(m.Forms) > 0
}

// showForms says of each duty of the case which forms go with it, and which are missing.
func (s *server) showForms(ctx context.Context, v *CaseView) error {
	list, err := s.Forms.Filings(ctx, v.Summary.CaseID)
	if err != nil {
		return err
	}
	policy := s.policyOf(v.Summary)
	for i := range v.Obligations {
		o := &v.Obligations[i]
		for _, any := range policy.Forms(o.ID.Kind) {
			o.Forms = append(o.Forms, strings.Join(any, "|"))
		}
		if m, ok := s.missing(policy, *o, list); ok {
			o.FormsMissing = m.Forms
		}
	}
	return nil
}

// CaseForm is what was answered in a form, as far as the reader may see it.
type CaseForm struct {
	FormRow
	Head    []forms.Item    `json:"head,omitempty" nullable:"false" doc:"What the engine knew when it was filled in."`
	Answers json.RawMessage `json:"answers,omitempty"`
	Coded   bool            `json:"coded,omitempty" doc:"Only the coded answers are shown."`
	Reason  string          `json:"reason,omitempty" doc:"Why answers were put right."`
}

type caseFormInput struct {
	ID         string `path:"id" doc:"Case id."`
	Seq        int64  `path:"seq" minimum:"1" doc:"Sequence of the form in the timeline."`
	ReadReason string `header:"Read-Reason" maxLength:"800" doc:"Why somebody above the station reads the answers. It is logged."`
}

type caseFormOutput struct{ Body CaseForm }

func (s *server) caseForm(ctx context.Context, a rehab.Actor, in *caseFormInput) (*caseFormOutput, error) {
	_, level, err := s.formsInScope(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	f, err := s.filing(ctx, a, in.ID, in.Seq)
	if err != nil {
		return nil, err
	}
	def, filled := s.reopened(ctx, f)
	if def == nil || filled == nil {
		return nil, &rehab.Error{Code: rehab.NotFound, Message: "the answers are not there any more"}
	}
	if level == readsNone {
		return nil, errFormsOfWorker
	}
	out := &caseFormOutput{CaseForm{FormRow: FormRow{Filing: f, Title: def.Title.In(langOf(ctx)), Scores: filled.Scores(langOf(ctx))}}}
	answers := filled.Coded()
	reason := ""
	if asked, ok := ctx.Value(askingKey).(asking); ok {
		reason = asked.reason
	}
	switch {
	case level == readsAll:
		out.Body.Head, out.Body.Reason = forms.Head(f.Content.Head, langOf(ctx)), f.Content.Reason
		answers = filled.Without(nil)
	case reason != "":
		answers = filled.Without(def.Private)
	default:
		out.Body.Coded = true
	}
	out.Body.Answers, err = json.Marshal(answers)
	return out, err
}

// filing is the form of the sequence. Answers that were put right are for the station head.
func (s *server) filing(ctx context.Context, a rehab.Actor, caseID string, seq int64) (forms.Filing, error) {
	list, err := s.Forms.Filings(ctx, caseID)
	if err != nil {
		return forms.Filing{}, err
	}
	i := slices.IndexFunc(list, func(f forms.Filing) bool { return f.Seq == seq })
	switch {
	case i < 0:
		return forms.Filing{}, &rehab.Error{Code: rehab.NotFound, Field: "seq", Message: "the case has no such form"}
	case list[i].ReplacedBy > 0 && a.Role != rehab.StationHead:
		return forms.Filing{}, &rehab.Error{Code: rehab.Forbidden, Message: "answers that were put right are for the station head"}
	}
	return list[i], nil
}

func (s *server) printForm(ctx context.Context, a rehab.Actor, in *caseFormInput) (*documentOutput, error) {
	_, level, err := s.formsInScope(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	if level != readsAll {
		return nil, errFormsOfWorker
	}
	f, err := s.filing(ctx, a, in.ID, in.Seq)
	if err != nil {
		return nil, err
	}
	def, filled := s.reopened(ctx, f)
	if def == nil || filled == nil {
		return nil, &rehab.Error{Code: rehab.NotFound, Message: "the answers are not there any more"}
	}
	page, err := def.Print(filled, forms.Head(f.Content.Head, langOf(ctx)), langOf(ctx))
	if err != nil {
		return nil, err
	}
	return &documentOutput{"text/html; charset=utf-8", page.Policy, page.HTML}, nil
}

// OpenedForm is a form for a case before it is filled in.
type OpenedForm struct {
	Form FormView     `json:"form"`
	Head []forms.Item `json:"head" nullable:"false"`
}

type openFormInput struct {
	ID      string `path:"id" doc:"Case id."`
	Form    string `path:"form" maxLength:"40"`
	Version int    `query:"version" minimum:"0" maximum:"1000000" doc:"The latest where it is left out."`
}

type openFormOutput struct{ Body OpenedForm }

func (s *server) openForm(ctx context.Context, a rehab.Actor, in *openFormInput) (*openFormOutput, error) {
	row, level, err := s.formsInScope(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	if level != readsAll {
		return nil, errFormsOfWorker
	}
	def, err := s.formOf(ctx, in.Form, in.Version)
	if err != nil {
		return nil, err
	}
	head, err := s.formHead(ctx, a, row)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(head, func(key, _ string) bool { return strings.HasPrefix(key, "filled_") })
	return &openFormOutput{OpenedForm{formView(def, langOf(ctx)), forms.Head(head, langOf(ctx))}}, nil
}

func number(n int) string { return strconv.Itoa(n) }

func numberOrFew(people int, hidden bool) string {
	switch {
	case people < fewest:
		return "<" + number(fewest)
	case hidden:
		return "*"
	}
	return number(people)
}
