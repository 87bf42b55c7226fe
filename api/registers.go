package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/casework"
	"guitu/registers"
	"guitu/rehab"
)

// RecordOf is one version of a record.
type RecordOf[D registers.Data] struct {
	ID           string      `json:"id"`
	Version      int         `json:"version" doc:"From 1; a correction is a new version."`
	Place        string      `json:"place"`
	Organisation string      `json:"organisation,omitempty" doc:"The partner that has access."`
	Programme    string      `json:"programme,omitempty"`
	CaseID       string      `json:"case_id,omitempty"`
	Withdrawn    bool        `json:"withdrawn,omitempty" doc:"Entered by mistake: it counts nowhere."`
	Data         D           `json:"data"`
	Reason       string      `json:"reason,omitempty" doc:"Why this version corrects the one before."`
	Note         string      `json:"note,omitempty" doc:"What is said of a client; kept under the key of the case."`
	Actor        rehab.Actor `json:"actor"`
	RecordedAt   time.Time   `json:"recorded_at"`
}

// RecordResult is the version that a command brought.
type RecordResult[D registers.Data] struct {
	RecordOf[D]
	Duplicate bool `json:"duplicate,omitempty" doc:"The command acted before."`
}

// RecordList is a page of records. Next is the value of after for the next page.
type RecordList[D registers.Data] struct {
	Records []RecordOf[D] `json:"records" nullable:"false"`
	Next    string        `json:"next,omitempty"`
}

type recordOutput[D registers.Data] struct {
	Status         int
	Location       string `header:"Location"`
	IdempotencyKey string `header:"Idempotency-Key"`
	Body           RecordResult[D]
}

// recordRoute is how the records of one kind are reached.
type recordRoute struct {
	kind                 registers.Kind
	path                 string
	list, one, histories string // summaries
}

func (r recordRoute) noun() string { return casework.RecordNoun(r.kind) }

var recordRoutes = map[registers.Kind]recordRoute{
	registers.SupervisionKind: {registers.SupervisionKind, "/v1/supervisions",
		"List supervisions of workers", "Show a supervision", "Show every version of a supervision"},
	registers.ProgrammeKind: {registers.ProgrammeKind, "/v1/trainings",
		"List training programmes", "Show a training programme", "Show every version of a training programme"},
	registers.SessionKind: {registers.SessionKind, "/v1/training-sessions",
		"List the sessions of training programmes", "Show a session with its attendance", "Show every version of a session"},
	registers.PublicityKind: {registers.PublicityKind, "/v1/publicity",
		"List publicity activities", "Show a publicity activity", "Show every version of a publicity activity"},
}

func viewOf[D registers.Data](r registers.Record) RecordOf[D] {
	return RecordOf[D]{
		ID: r.ID, Version: r.Version, Place: r.Place, Organisation: r.Organisation, Programme: r.Programme, CaseID: r.CaseID, Withdrawn: r.Withdrawn,
		Data: r.Data.(D), Reason: r.Reason, Note: r.Note, Actor: r.Actor, RecordedAt: r.RecordedAt,
	}
}

// created is the answer to a command that brought a record.
func created[D registers.Data](k *casework.KeptRecord, err error) (*recordOutput[D], error) {
	out, err := changed[D](k, err)
	if err != nil {
		return nil, err
	}
	out.Location = recordRoutes[k.Record.Data.Kind()].path + "/" + k.Record.ID
	if !k.Duplicate {
		out.Status = http.StatusCreated
	}
	return out, nil
}

// changed is the answer to a command that brought a new version of one.
func changed[D registers.Data](k *casework.KeptRecord, err error) (*recordOutput[D], error) {
	if err != nil {
		return nil, err
	}
	return &recordOutput[D]{Status: http.StatusOK, IdempotencyKey: k.Key, Body: RecordResult[D]{viewOf[D](k.Record), k.Duplicate}}, nil
}

// ChangeInput names the record that a command changes.
type ChangeInput struct {
	ID string `path:"id" doc:"Id of the record."`
	KeyInput
}

func (in ChangeInput) command() casework.RecordCommand {
	return casework.RecordCommand{ID: in.ID, Key: in.IdempotencyKey}
}

type recordInput struct {
	ID string `path:"id" doc:"Id of the record."`
}

type recordsOutput[D registers.Data] struct{ Body RecordList[D] }

type oneOutput[D registers.Data] struct{ Body RecordOf[D] }

// reads registers what every kind can be asked for.
func reads[D registers.Data, I interface {
	filter() (registers.Filter, error)
}](s *server) {
	var d D
	route := recordRoutes[d.Kind()]
	op := func(id, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Tags: []string{"practice"}}
	}
	operation(s, op("list-"+route.noun(), route.path, route.list), func(ctx context.Context, a rehab.Actor, in *I) (*recordsOutput[D], error) {
		return listRecords[D](ctx, s, a, (*in).filter)
	})
	operation(s, op("get-"+route.noun(), route.path+"/{id}", route.one), func(ctx context.Context, a rehab.Actor, in *recordInput) (*oneOutput[D], error) {
		r, err := s.work.Record(ctx, a, route.kind, in.ID)
		if err != nil {
			return nil, err
		}
		return &oneOutput[D]{viewOf[D](r)}, nil
	})
	operation(s, op("get-"+route.noun()+"-history", route.path+"/{id}/history", route.histories), func(ctx context.Context, a rehab.Actor, in *recordInput) (*recordsOutput[D], error) {
		versions, err := s.work.RecordHistory(ctx, a, route.kind, in.ID)
		if err != nil {
			return nil, err
		}
		return &recordsOutput[D]{pageOf[D](versions, false)}, nil
	})
}

func listRecords[D registers.Data](ctx context.Context, s *server, a rehab.Actor, filter func() (registers.Filter, error)) (*recordsOutput[D], error) {
	f, err := filter()
	if err != nil {
		return nil, err
	}
	var d D
	f.Kind = d.Kind()
	rows, more, err := s.work.Records(ctx, a, f)
	if err != nil {
		return nil, err
	}
	return &recordsOutput[D]{pageOf[D](rows, more)}, nil
}

func pageOf[D registers.Data](rows []registers.Record, more bool) RecordList[D] {
	out := RecordList[D]{Records: []RecordOf[D]{}}
	if more {
		out.Next = rows[len(rows)-1].ID
	}
	for _, r := range rows {
		out.Records = append(out.Records, viewOf[D](r))
	}
	return out
}
