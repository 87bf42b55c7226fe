package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/casework"
	"guitu/evaluation"
	"guitu/evaluation/workbook"
	"guitu/input"
	"guitu/rehab"
	"guitu/words"
)

// Evaluations counts what was done, and notes who takes figures away.
type Evaluations interface {
	Tallies(ctx context.Context, q evaluation.Query) ([]evaluation.Tally, error)
	// Facts are the sums with a page of what is behind them, of one snapshot.
	Facts(ctx context.Context, q evaluation.Query) ([]evaluation.Tally, []evaluation.Fact, error)
	// Revised counts what was told since the period was over and changed what is counted in it.
	Revised(ctx context.Context, q evaluation.Query) (int, error)
	KeepExport(ctx context.Context, e evaluation.Export) error
	// Exports lists those of a place and all below it, the latest first.
	Exports(ctx context.Context, place string, before int64, limit int) ([]evaluation.Export, error)
}

// IndicatorList is every indicator, and every measure that a formula can be made of.
type IndicatorList struct {
	Indicators []*evaluation.Indicator `json:"indicators" nullable:"false"`
	Metrics    []evaluation.Metric     `json:"measures" nullable:"false"`
}

// EvaluationFacts are the cases and records behind one number. The values of all pages
// add up to those of the measures.
type EvaluationFacts struct {
	Row     evaluation.Row    `json:"row"`
	Period  evaluation.Period `json:"period"`
	Facts   []evaluation.Fact `json:"facts" nullable:"false"`
	Next    string            `json:"next,omitempty" doc:"The value of after for the next page."`
	TakenAt time.Time         `json:"taken_at"`
}

// ExportList is a page of exports. Next is the value of before for the next page.
type ExportList struct {
	Exports []evaluation.Export `json:"exports" nullable:"false"`
	Next    int64               `json:"next,omitempty"`
}

func (s *server) evaluationRoutes() {
	op := func(id, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Description: description, Tags: []string{"evaluation"}}
	}
	operation(s, op("list-indicators", "/v1/indicators", "List the indicators and the measures they are made of", ""), s.indicators)
	operation(s, op("evaluate", "/v1/evaluation", "Evaluate the units of a place over a period",
		"All of the answer comes from one snapshot, taken at taken_at, which may be some seconds ago (evaluation.age). Evidence that comes late counts on the day on which it happened: "+
			"the same period may have other figures later, and revised says how often that happened. A worker sees the own figures."), s.evaluate)
	operation(s, op("list-evaluation-cases", "/v1/evaluation/cases", "List the cases and records behind one number",
		"The number and the list come from one snapshot; page by page the values add up to it."), s.evaluationFacts)
	export := op("export-evaluation", "/v1/evaluation.xlsx", "Take an evaluation away as a spreadsheet, a matrix a level, with the period before",
		"The purpose is noted with the actor, and printed on every sheet.")
	export.Responses = map[string]*huma.Response{"200": {
		Description: "The file.",
		Content:     map[string]*huma.MediaType{xlsxType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}}
	operation(s, export, s.exportEvaluation)
	operation(s, op("list-exports", "/v1/exports", "List who took figures away, and what for",
		"An export is outdated where something was told since that changed what its figures were counted from."), s.exports)
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

type indicatorsOutput struct{ Body IndicatorList }

func (s *server) indicators(context.Context, rehab.Actor, *struct{}) (*indicatorsOutput, error) {
	return &indicatorsOutput{IndicatorList{s.Indicators.All(), evaluation.Metrics()}}, nil
}

type evaluateInput struct {
	Place     string           `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
	Period    string           `query:"period" required:"true" maxLength:"7" doc:"A month, a quarter or a year." example:"2026-Q2"`
	Level     evaluation.Level `query:"level" required:"true" enum:"worker,street,district,city"`
	Indicator string           `query:"indicator" maxLength:"64" pattern:"^[a-z0-9_]*$" patternDescription:"an id of an indicator" doc:"One alone."`
}

type evaluateOutput struct{ Body evaluation.Report }

func (s *server) evaluate(ctx context.Context, a rehab.Actor, in *evaluateInput) (*evaluateOutput, error) {
	q, p, err := s.evaluationQuery(a, in.Place, in.Level, in.Period)
	if err != nil {
		return nil, err
	}
	key := fmt.Sprint(q.Place, "/", q.Level, "/", q.Unit, "/", p.Name, "/", in.Indicator, "/", rehab.DateOf(q.Now))
	r, err := s.figures.get(ctx, key, func(ctx context.Context) (evaluation.Report, error) { return s.report(ctx, q, p, in.Indicator) })
	if language(ctx) == words.ZH {
		r.Rows = slices.Clone(r.Rows) // others are given the same
	}
	for i := range r.Rows {
		if language(ctx) == words.ZH {
			r.Rows[i].Reason = evaluation.ReasonZH(r.Rows[i].Reason)
		}
	}
	return &evaluateOutput{r}, err
}

// evaluationQuery is what the actor may ask: offices for their area, a worker for the own figures.
func (s *server) evaluationQuery(a rehab.Actor, place string, l evaluation.Level, period string) (evaluation.Query, evaluation.Period, error) {
	p, err := evaluation.ParsePeriod(period)
	if err != nil {
		return evaluation.Query{}, p, err
	}
	if err := casework.PermitReading(a); err != nil {
		return evaluation.Query{}, p, err
	}
	if a.Role == rehab.WorkerRole && l != evaluation.Worker {
		return evaluation.Query{}, p, &rehab.Error{Code: rehab.Forbidden, Field: "level", Message: "a worker sees the own figures"}
	}
	if place, err = casework.Narrow(a, place); err != nil {
		return evaluation.Query{}, p, err
	}
	q, err := evaluation.NewQuery(place, l, p, s.Now())
	if a.Role == rehab.WorkerRole {
		q.Unit = a.ID
	}
	return q, p, err
}

func (s *server) report(ctx context.Context, q evaluation.Query, p evaluation.Period, only string) (evaluation.Report, error) {
	places, err := s.Places.Places(ctx, p.LastDay(q.Now))
	if err != nil {
		return evaluation.Report{}, err
	}
	r, err := s.Indicators.Take(ctx, s.Evaluations, evaluation.PlacesOf(places, p), q, p, only)
	if err == nil && r.Complete {
		r.Revised, err = s.Evaluations.Revised(ctx, q)
	}
	return r, err
}

type factsInput struct {
	Place     string           `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"For a worker: the place that was evaluated; the actor's own by default."`
	Period    string           `query:"period" required:"true" maxLength:"7" example:"2026-Q2"`
	Level     evaluation.Level `query:"level" required:"true" enum:"worker,street,district,city"`
	Indicator string           `query:"indicator" required:"true" minLength:"1" maxLength:"64"`
	Unit      string           `query:"unit" required:"true" minLength:"1" maxLength:"64" pattern:"^[A-Za-z0-9._:-]*$" patternDescription:"a place or an id of a worker"`
	After     string           `query:"after" maxLength:"300" doc:"The value of next of the page before."`
	Limit     int              `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type factsOutput struct{ Body EvaluationFacts }

func (s *server) evaluationFacts(ctx context.Context, a rehab.Actor, in *factsInput) (*factsOutput, error) {
	if in.Level != evaluation.Worker {
		if rehab.PlaceCode(in.Unit).Level() != in.Level.Places() {
			return nil, rehab.InvalidField("unit", "is not the code of a %s", in.Level)
		}
		in.Place = in.Unit
	}
	if detail := input.Bad(in.After, false); detail != "" {
		return nil, rehab.InvalidField("after", "%s", detail)
	}
	q, p, err := s.evaluationQuery(a, in.Place, in.Level, in.Period)
	if err != nil {
		return nil, err
	}
	i := s.Indicators.Indicator(in.Indicator)
	if i == nil {
		return nil, rehab.InvalidField("indicator", "there is no such indicator")
	}
	if q.Unit != "" && q.Unit != in.Unit {
		return nil, &rehab.Error{Code: rehab.Forbidden, Field: "unit", Message: "a worker sees the own figures"}
	}
	q.Unit, q.Metrics, q.After, q.Limit = in.Unit, i.Metrics(), in.After, in.Limit+1
	tallies, facts, err := s.Evaluations.Facts(ctx, q)
	if err != nil {
		return nil, err
	}
	r := evaluation.Evaluate(q, p, []*evaluation.Indicator{i}, []evaluation.Unit{{ID: in.Unit}}, tallies)
	out := EvaluationFacts{Row: r.Rows[0], Period: p, TakenAt: r.TakenAt, Facts: []evaluation.Fact{}}
	facts, out.Next = upTo(facts, in.Limit, func(x evaluation.Fact) string { return x.Key })
	out.Facts = append(out.Facts, facts...)
	return &factsOutput{out}, nil
}

type exportInput struct {
	Place   string           `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
	Period  string           `query:"period" required:"true" maxLength:"7" example:"2026-Q2"`
	Level   evaluation.Level `query:"level" enum:"worker,street,district,city" doc:"One level; all there are in the place where it is left out."`
	Purpose string           `query:"purpose" required:"true" maxLength:"200" doc:"What the figures are for. It names nobody."`
}

type exportOutput struct {
	ContentType        string `header:"Content-Type"`
	ContentDisposition string `header:"Content-Disposition"`
	Body               []byte
}

func (s *server) exportEvaluation(ctx context.Context, a rehab.Actor, in *exportInput) (*exportOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	if a.Role == rehab.WorkerRole {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "figures are taken away by stations and offices"}
	}
	if err := evaluation.CheckPurpose(in.Purpose); err != nil {
		return nil, err
	}
	if detail := input.Bad(in.Purpose, false); detail != "" {
		return nil, rehab.InvalidField("purpose", "%s", detail)
	}
	place, err := casework.Narrow(a, in.Place)
	if err != nil {
		return nil, err
	}
	done, err := s.limits.take(a, "export", exportLimit)
	if err != nil {
		return nil, err
	}
	defer done()
	file, name, err := s.exportFile(ctx, a, in, place)
	if err != nil {
		return nil, err
	}
	return &exportOutput{xlsxType, `attachment; filename="` + name + `"`, file}, nil
}

// exportFile writes the file and notes it; without the note there is no file.
func (s *server) exportFile(ctx context.Context, a rehab.Actor, in *exportInput, place string) ([]byte, string, error) {
	p, err := evaluation.ParsePeriod(in.Period)
	if err != nil {
		return nil, "", err
	}
	now := s.Now()
	places, err := s.Places.Places(ctx, p.LastDay(now))
	if err != nil {
		return nil, "", err
	}
	x := evaluation.Extract{Source: s.Evaluations, Set: s.Indicators, Places: evaluation.PlacesOf(places, p), Place: place, Period: p, Level: in.Level, Now: now}
	list, err := x.Matrices(ctx)
	if err != nil {
		return nil, "", err
	}
	if err := evaluation.NameWorkers(ctx, s.Registry, x.Place, p.LastDay(now), list); err != nil { // of the actor's own area
		return nil, "", err
	}
	var file bytes.Buffer
	if err := workbook.Write(&file, s.Indicators, workbook.Head{Place: x.PlaceName(), By: a.ID, Purpose: in.Purpose}, list); err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(file.Bytes())
	if err := s.Evaluations.KeepExport(ctx, x.Export(list, a, in.Purpose, hex.EncodeToString(sum[:]))); err != nil {
		return nil, "", err
	}
	return file.Bytes(), "evaluation-" + x.Place + "-" + p.Name + ".xlsx", nil
}

type exportsInput struct {
	Place  string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
	Before int64  `query:"before" minimum:"0" doc:"Position of the last row of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type exportsOutput struct{ Body ExportList }

func (s *server) exports(ctx context.Context, a rehab.Actor, in *exportsInput) (*exportsOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	if a.Role == rehab.WorkerRole {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "exports are shown to stations and offices"}
	}
	place, err := casework.Narrow(a, in.Place)
	if err != nil {
		return nil, err
	}
	list, err := s.Evaluations.Exports(ctx, place, in.Before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &exportsOutput{ExportList{Exports: []evaluation.Export{}}}
	list, out.Body.Next = upTo(list, in.Limit, func(x evaluation.Export) int64 { return x.Position })
	out.Body.Exports = append(out.Body.Exports, list...)
	return out, nil
}
