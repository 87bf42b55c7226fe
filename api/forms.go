package api

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"guitu/casework"
	"guitu/forms"
	"guitu/rehab"
	"guitu/words"
)

// FormHead is a form in a list.
type FormHead struct {
	forms.Ref
	Title     string          `json:"title"`
	For       []rehab.Kind    `json:"for,omitempty" nullable:"false" doc:"Duties that ask for it."`
	Commands  []string        `json:"commands,omitempty" nullable:"false"`
	Channels  []rehab.Channel `json:"channels,omitempty" nullable:"false"`
	Anonymous bool            `json:"anonymous,omitempty" doc:"It is about no case."`
	Digest    string          `json:"digest"`
}

// FormView is a form with all that it takes to show it, with words in one language.
type FormView struct {
	FormHead
	Short      []string          `json:"short,omitempty" nullable:"false" doc:"Fields of the short part."`
	Groups     []FormGroup       `json:"groups" nullable:"false"`
	Schema     json.RawMessage   `json:"schema" doc:"JSON Schema 2020-12 of the answers."`
	Rules      []forms.Rule      `json:"rules,omitempty" nullable:"false"`
	Labels     map[string]string `json:"labels" doc:"Of fields, of codes as field.code, of hints as field.hint."`
	Scores     []string          `json:"scores,omitempty" nullable:"false"`
	Danger     []forms.Danger    `json:"danger,omitempty" nullable:"false" doc:"Answers at which 120 or 110 comes first."`
	Statistics []string          `json:"statistics,omitempty" nullable:"false" doc:"Fields that reach figures, as codes, numbers or months."`
	Private    []string          `json:"private,omitempty" nullable:"false" doc:"Fields for the worker and the station head alone."`
	Licence    string            `json:"licence,omitempty"`
	Source     rehab.Source      `json:"source"`
}

// FormGroup is a part of the layout.
type FormGroup struct {
	Name   string   `json:"name"`
	Title  string   `json:"title"`
	Fields []string `json:"fields" nullable:"false"`
}

// FormList is the latest version of every form.
type FormList struct {
	Forms []FormHead                `json:"forms" nullable:"false"`
	For   map[rehab.Kind][][]string `json:"forms_for" doc:"By duty, under the policy of new cases: of each entry one form is filled in."`
}

func (s *server) formRoutes() {
	op := func(id, method, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"forms"}, Summary: summary, Description: description}
	}
	operation(s, op("list-forms", http.MethodGet, "/v1/forms", "List the forms, and which duty asks for which", ""), s.listForms)
	operation(s, op("get-form", http.MethodGet, "/v1/forms/{form}", "Show a form: schema, layout, words", "A version that was released never changes."), s.getForm)
	operation(s, op("get-form-figures", http.MethodGet, "/v1/forms/{form}/figures", "Count the coded answers of a form",
		"For stations and offices, of their area. Fewer than 5 people are shown as <5; no text reaches figures."), s.formFigures)
	operation(s, op("preview-form", http.MethodPost, "/v1/forms/preview", "Check a definition, and try answers, without keeping anything",
		"The definition is sent as text. What is wrong is named by its path."), s.previewForm)
	operation(s, op("release-form", http.MethodPost, "/v1/forms", "Release a form of the office, or a new version of one",
		"For district, city and administrators. The same again changes nothing; other words under a released version are refused."), s.releaseForm)
}

// langOf is the language of the request as forms name it.
func langOf(ctx context.Context) string {
	if language(ctx) == words.EN {
		return "en"
	}
	return "zh"
}

func headOf(d *forms.Definition, lang string) FormHead {
	return FormHead{d.Ref, d.Title.In(lang), d.For, d.Commands, d.Channels, d.Anonymous, d.Digest()}
}

type formListOutput struct{ Body FormList }

func (s *server) listForms(ctx context.Context, _ rehab.Actor, _ *struct{}) (*formListOutput, error) {
	latest, err := s.work.LatestForms(ctx)
	if err != nil {
		return nil, err
	}
	out := &formListOutput{FormList{Forms: []FormHead{}, For: map[rehab.Kind][][]string{}}}
	for _, d := range latest {
		out.Body.Forms = append(out.Body.Forms, headOf(d, langOf(ctx)))
	}
	policy := s.Policies.Policy(s.DefaultPolicy(""))
	if policy == nil {
		policy = &rehab.Policy{}
	}
	for _, k := range rehab.Duties() {
		if list := policy.Forms(k.Kind); len(list) > 0 {
			out.Body.For[k.Kind] = list
		}
	}
	return out, nil
}

type formInput struct {
	Form    string `path:"form" maxLength:"40"`
	Version int    `query:"version" minimum:"0" maximum:"1000000" doc:"The latest where it is left out."`
}

type formOutput struct{ Body FormView }

func (s *server) getForm(ctx context.Context, _ rehab.Actor, in *formInput) (*formOutput, error) {
	d, err := s.work.Form(ctx, in.Form, in.Version)
	if err != nil {
		return nil, err
	}
	return &formOutput{formView(d, langOf(ctx))}, nil
}

func formView(d *forms.Definition, lang string) FormView {
	v := FormView{
		FormHead: headOf(d, lang), Short: d.Short, Groups: []FormGroup{}, Schema: d.Schema, Rules: d.Rules, Labels: maps.Clone(d.Labels[lang]),
		Danger: d.Danger, Statistics: d.Statistics, Private: d.Private, Source: d.Source,
	}
	for _, g := range d.Groups {
		v.Groups = append(v.Groups, FormGroup{g.Name, v.Labels["group."+g.Name], g.Fields})
	}
	for _, score := range d.Scores {
		v.Scores = append(v.Scores, score.Name)
	}
	if d.Licence != nil {
		v.Licence = d.Licence.Holder + ": " + d.Licence.Terms.In(lang)
	}
	return v
}

// FormTrial is a definition that is looked at, with answers to try.
type FormTrial struct {
	Definition string          `json:"definition" minLength:"2" maxLength:"400000" doc:"The definition as JSON text."`
	Answers    json.RawMessage `json:"answers,omitempty" doc:"Answers to try."`
}

// FormTried is how the form would look.
type FormTried struct {
	Form   FormView       `json:"form"`
	Scores []forms.Result `json:"scores,omitempty" nullable:"false"`
}

type trialInput struct{ Body FormTrial }

type trialOutput struct{ Body FormTried }

func (s *server) previewForm(ctx context.Context, a rehab.Actor, in *trialInput) (*trialOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	d, err := forms.Parse([]byte(in.Body.Definition))
	if err != nil {
		return nil, err
	}
	out := &trialOutput{FormTried{Form: formView(d, langOf(ctx))}}
	if len(in.Body.Answers) > 0 {
		f, faults := d.Fill(in.Body.Answers)
		if len(faults) > 0 {
			return nil, casework.FormFaults(faults)
		}
		out.Body.Scores = f.Scores(langOf(ctx))
	}
	return out, nil
}

type releaseInput struct {
	Body struct {
		Definition string `json:"definition" minLength:"2" maxLength:"400000" doc:"The definition as JSON text."`
	}
}

func (s *server) releaseForm(ctx context.Context, a rehab.Actor, in *releaseInput) (*formOutput, error) {
	d, err := s.work.ReleaseForm(ctx, a, []byte(in.Body.Definition))
	if err != nil {
		return nil, err
	}
	return &formOutput{formView(d, langOf(ctx))}, nil
}

// faultsProblem names every field that is wrong, each in its words.
func faultsProblem(faults casework.FormFaults) *Problem {
	items := make([]ProblemItem, len(faults))
	for i, f := range faults {
		items[i] = ProblemItem{Field: f.Field, Detail: f.Message}
	}
	p := invalid(http.StatusUnprocessableEntity, items...)
	p.said = faults[0]
	return p
}

// fewest is below how many people a number is not shown.
const fewest = 5

// FormFigures are counts of coded answers.
type FormFigures struct {
	Form  string     `json:"form"`
	From  rehab.Date `json:"from"`
	To    rehab.Date `json:"to"`
	Place string     `json:"place,omitempty"`
	Cells []FormCell `json:"cells" nullable:"false"`
}

// FormCell is how many people gave an answer, or the mean of a number.
type FormCell struct {
	Field  string   `json:"field"`
	Label  string   `json:"label,omitempty"`
	Code   string   `json:"code,omitempty"`
	Words  string   `json:"words,omitempty"`
	People string   `json:"people" doc:"A number, or <5."`
	Mean   *float64 `json:"mean,omitempty" doc:"Of numbers, from 5 people on."`
}

type figuresInput struct {
	Form  string `path:"form" maxLength:"40"`
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
	From  string `query:"from" format:"date" doc:"The month of the day; a year ago by default."`
	To    string `query:"to" format:"date" doc:"The month of the day; now by default."`
}

type figuresOutput struct{ Body FormFigures }

func (s *server) formFigures(ctx context.Context, a rehab.Actor, in *figuresInput) (*figuresOutput, error) {
	if a.Role == rehab.WorkerRole {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "figures of forms are for station heads and offices"}
	}
	d, err := s.work.Form(ctx, in.Form, 0)
	if err != nil {
		return nil, err
	}
	f := forms.FigureFilter{Form: in.Form, To: rehab.DateOf(s.Now())}
	if f.Place, err = casework.Narrow(a, in.Place); err != nil {
		return nil, err
	}
	for field, t := range map[string]struct {
		text string
		into *rehab.Date
	}{"from": {in.From, &f.From}, "to": {in.To, &f.To}} {
		if t.text == "" {
			continue
		}
		if *t.into, err = rehab.ParseDate(t.text); err != nil {
			return nil, rehab.InvalidField(field, "is a day such as 2026-10-08")
		}
	}
	f.From = cmp.Or(f.From, f.To.AddMonths(-12))
	cells, err := s.Forms.FormFigures(ctx, f)
	if err != nil {
		return nil, err
	}
	return &figuresOutput{FormFigures{f.Form, f.From, f.To, f.Place, withFewHidden(d, cells, langOf(ctx))}}, nil
}

// withFewHidden hides what says something of few people: cells of fewer than five, and beside one such
// cell of a field the next smallest, since it could be computed from the others.
func withFewHidden(d *forms.Definition, cells []forms.Cell, lang string) []FormCell {
	hidden := make(map[int]bool)
	byField := make(map[string][]int)
	for i, c := range cells {
		if c.People < fewest {
			hidden[i] = true
		}
		if c.Code != "" {
			byField[c.Field] = append(byField[c.Field], i)
		}
	}
	for _, list := range byField {
		few := 0
		for _, i := range list {
			if hidden[i] {
				few++
			}
		}
		slices.SortStableFunc(list, func(x, y int) int { return cells[x].People - cells[y].People })
		if few == 1 && len(list) > 1 {
			hidden[list[1]] = true
		}
	}
	out := make([]FormCell, len(cells))
	for i, c := range cells {
		out[i] = FormCell{Field: c.Field, Label: d.Labels[lang][c.Field], Code: c.Code, Words: d.Labels[lang][c.Field+"."+c.Code], People: numberOrFew(c.People, hidden[i])}
		if c.Code == "" && !hidden[i] {
			mean := c.Mean
			out[i].Mean = &mean
		}
	}
	return out
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
