package api

import (
	"context"
	"encoding/json"
	"slices"

	"guitu/casework"
	"guitu/forms"
	"guitu/rehab"
)

// FormRow is a form of a case in a list.
type FormRow struct {
	forms.Filing
	Title  string         `json:"title,omitempty"`
	Scores []forms.Result `json:"scores,omitempty" nullable:"false"`
}

// CaseForms are the forms of a case.
type CaseForms struct {
	Forms   []FormRow              `json:"forms" nullable:"false" doc:"The oldest first."`
	Trends  []FormTrend            `json:"trends" nullable:"false"`
	Missing []casework.MissingForm `json:"missing" nullable:"false" doc:"Duties that were done without their form. Whether they are done does not depend on it."`
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

type caseFormsInput struct {
	ID string `path:"id" doc:"Case id."`
}

type caseFormsOutput struct{ Body CaseForms }

func (s *server) caseForms(ctx context.Context, a rehab.Actor, in *caseFormsInput) (*caseFormsOutput, error) {
	of, err := s.work.FormsOf(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	out := &caseFormsOutput{CaseForms{Forms: []FormRow{}, Missing: of.Missing}}
	for _, f := range of.Filed {
		out.Body.Forms = append(out.Body.Forms, formRow(f, of.Level, langOf(ctx)))
	}
	out.Body.Trends = trends(out.Body.Forms)
	return out, nil
}

// formRow is the form in a list, with its scores for those who may read them.
func formRow(f casework.FiledForm, level casework.FormAccess, lang string) FormRow {
	r := FormRow{Filing: f.Filing}
	if f.Form != nil {
		r.Title = f.Form.Title.In(lang)
	}
	if f.Filled != nil && level >= casework.ReadsCoded {
		r.Scores = f.Filled.Scores(lang)
	}
	return r
}

// trends gathers the scores of answers that hold, by form and score.
func trends(rows []FormRow) []FormTrend {
	out := []FormTrend{}
	for _, r := range rows {
		for _, score := range r.Scores {
			if score.Value == nil || !r.Holds() {
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
	why := ""
	if asked, ok := ctx.Value(askingKey).(asking); ok {
		why = asked.reason
	}
	f, err := s.work.ReadForm(ctx, a, in.ID, in.Seq, why)
	if err != nil {
		return nil, err
	}
	out := &caseFormOutput{CaseForm{FormRow: formRow(f.FiledForm, f.Level, langOf(ctx)), Coded: f.Coded}}
	if f.Level == casework.ReadsAll {
		out.Body.Head, out.Body.Reason = forms.Head(f.Content.Head, langOf(ctx)), f.Content.Reason
	}
	out.Body.Answers, err = json.Marshal(f.Answers)
	return out, err
}

func (s *server) printForm(ctx context.Context, a rehab.Actor, in *caseFormInput) (*documentOutput, error) {
	f, err := s.work.WholeForm(ctx, a, in.ID, in.Seq)
	if err != nil {
		return nil, err
	}
	page, err := f.Form.Print(f.Filled, forms.Head(f.Content.Head, langOf(ctx)), langOf(ctx))
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
	def, head, err := s.work.OpenForm(ctx, a, in.ID, in.Form, in.Version, langOf(ctx))
	if err != nil {
		return nil, err
	}
	return &openFormOutput{OpenedForm{formView(def, langOf(ctx)), forms.Head(head, langOf(ctx))}}, nil
}
