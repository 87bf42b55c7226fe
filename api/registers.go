package api

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/casework"
	"guitu/input"
	"guitu/registers"
	"guitu/rehab"
)

// Registers keeps the records of the work that belongs to no case. The same command again on a
// record answers with what it kept, another request under its id is a Conflict.
type Registers interface {
	AddRecord(ctx context.Context, r registers.Record) (kept registers.Record, duplicate bool, err error)
	// ChangeRecord keeps the version that change makes of the last one.
	ChangeRecord(ctx context.Context, id, command, digest string, change func(registers.Record) (registers.Record, error)) (kept registers.Record, duplicate bool, err error)
	RegisterRecord(ctx context.Context, id string) (registers.Record, error)
	RecordHistory(ctx context.Context, id string) ([]registers.Record, error)
	// Records lists the last versions in order of their ids.
	Records(ctx context.Context, f registers.Filter) ([]registers.Record, error)
}

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

// recordRoute is how the records of one kind are reached: the path, the noun in operation ids, and
// the first letters of the ids.
type recordRoute struct {
	kind                 registers.Kind
	path, noun, idPrefix string
	list, one, histories string // summaries
}

var recordRoutes = map[registers.Kind]recordRoute{
	registers.SupervisionKind: {registers.SupervisionKind, "/v1/supervisions", "supervision", "sv-",
		"List supervisions of workers", "Show a supervision", "Show every version of a supervision"},
	registers.ProgrammeKind: {registers.ProgrammeKind, "/v1/trainings", "training", "tp-",
		"List training programmes", "Show a training programme", "Show every version of a training programme"},
	registers.SessionKind: {registers.SessionKind, "/v1/training-sessions", "training-session", "ts-",
		"List the sessions of training programmes", "Show a session with its attendance", "Show every version of a session"},
	registers.PublicityKind: {registers.PublicityKind, "/v1/publicity", "publicity", "pa-",
		"List publicity activities", "Show a publicity activity", "Show every version of a publicity activity"},
}

func viewOf[D registers.Data](a rehab.Actor, r registers.Record) RecordOf[D] {
	v := RecordOf[D]{
		ID: r.ID, Version: r.Version, Place: r.Place, Organisation: r.Organisation, Programme: r.Programme, CaseID: r.CaseID, Withdrawn: r.Withdrawn,
		Data: shown(a, r.Data).(D), Reason: r.Reason, Note: r.Note, Actor: r.Actor, RecordedAt: r.RecordedAt,
	}
	if r.CaseID != "" && a.Role == rehab.Admin {
		v.Reason, v.Note = "", ""
	}
	return v
}

// shown is what the record says to the actor: a worker reads of the own attendance alone.
func shown(a rehab.Actor, d registers.Data) registers.Data {
	if s, ok := d.(registers.Session); ok && a.Role == rehab.WorkerRole {
		s.Attendance = slices.DeleteFunc(slices.Clone(s.Attendance), func(x registers.Attendance) bool { return x.Worker != a.ID })
		return s
	}
	return d
}

// seesRecord reports whether the record is in the actor's scope. Training of the places
// above is for everyone below.
func seesRecord(a rehab.Actor, r registers.Record) bool {
	training := r.Data.Kind() == registers.ProgrammeKind || r.Data.Kind() == registers.SessionKind
	switch a.Role {
	case rehab.PartnerRole:
		return training && a.Organisation != "" && r.Organisation == a.Organisation
	case rehab.WorkerRole:
		if r.Data.Kind() == registers.ProgrammeKind {
			return a.Place != "" && rehab.PlaceCode(r.Place).Contains(a.Area())
		}
		return slices.Contains(r.Data.Workers(), a.ID) || r.Data.Kind() == registers.PublicityKind && r.Place == a.Place
	case rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice, rehab.Admin:
		return casework.Covers(a, r.Place) || training && a.Place != "" && rehab.PlaceCode(r.Place).Contains(a.Area())
	}
	return false
}

// mayKeep refuses who may not write to the record: offices write in their area, a
// partner to the programmes of the own organisation.
func mayKeep(a rehab.Actor, r registers.Record) error {
	switch a.Role {
	case rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice, rehab.Admin:
		if casework.Covers(a, r.Place) {
			return nil
		}
		return &rehab.Error{Code: rehab.Forbidden, Field: "place", Message: "this place lies outside your area"}
	case rehab.PartnerRole:
		if seesRecord(a, r) {
			return nil
		}
	}
	return &rehab.Error{Code: rehab.Forbidden, Message: "the role " + string(a.Role) + " may not write this record"}
}

// recordInScope reads the record. What lies outside the scope is not there.
func (s *server) recordInScope(ctx context.Context, a rehab.Actor, k registers.Kind, id string) (registers.Record, error) {
	missing := &rehab.Error{Code: rehab.NotFound, Message: "there is no such " + recordRoutes[k].noun}
	if !strings.HasPrefix(id, recordRoutes[k].idPrefix) || !input.IsToken(id, 64) {
		return registers.Record{}, missing
	}
	r, err := s.Registers.RegisterRecord(ctx, id)
	switch {
	case err != nil && rehab.CodeOf(err) == rehab.NotFound:
		return r, missing
	case err != nil:
		return r, err
	case r.Data.Kind() != k:
		return registers.Record{}, missing
	}
	where, err := s.standing(ctx, a, r)
	switch {
	case errors.Is(err, casework.ErrSealed):
		return registers.Record{}, err
	case err != nil && rehab.CodeOf(err) != rehab.NotFound:
		return r, err
	case err != nil || !seesRecord(a, where):
		return registers.Record{}, missing
	}
	return r, nil
}

// standing is the record with the place where it belongs now: one about a case goes with the
// case, and is there for those alone who see the case.
func (s *server) standing(ctx context.Context, a rehab.Actor, r registers.Record) (registers.Record, error) {
	if r.CaseID == "" {
		return r, nil
	}
	row, err := s.work.CaseInScope(ctx, a, r.CaseID)
	if err == nil {
		r.Place = row.Place
	}
	return r, err
}

// add keeps a new record. The id follows from who asks and the command's id, so that the
// same command finds what it made. sent is the request as it was decoded.
func add[D registers.Data](ctx context.Context, s *server, a rehab.Actor, in KeyInput, r registers.Record, sent any) (*recordOutput[D], error) {
	if err := r.Data.Check(rehab.DateOf(s.Now())); err != nil {
		err.Field = "data." + err.Field
		return nil, err
	}
	if r.CaseID == "" && r.Note != "" {
		return nil, rehab.InvalidField("note", "speaks of a client: it needs the case that it is kept with")
	}
	if err := s.checkPlace(ctx, r.Place); err != nil {
		return nil, err
	}
	key, err := in.key()
	if err != nil {
		return nil, err
	}
	route := recordRoutes[r.Data.Kind()]
	h := s.work.Hash()
	h.Write([]byte(route.noun + "\x00" + a.ID + "\x00" + key))
	r.ID = route.idPrefix + hex.EncodeToString(h.Sum(nil)[:12])
	if r.Digest, err = s.work.Digest("add-"+route.noun, r.ID, a.ID, sent, casework.Facts{}); err != nil {
		return nil, err
	}
	r.Version, r.Actor, r.RecordedAt, r.Command = 1, a, s.Now(), key
	kept, duplicate, err := s.Registers.AddRecord(ctx, r)
	if err != nil {
		return nil, err
	}
	out := &recordOutput[D]{Status: http.StatusCreated, Location: route.path + "/" + r.ID, IdempotencyKey: key}
	out.Body = RecordResult[D]{viewOf[D](a, kept), duplicate}
	if duplicate {
		out.Status = http.StatusOK
	}
	return out, nil
}

// alter keeps the next version of a record, which change makes of the last one.
func alter[D registers.Data](ctx context.Context, s *server, a rehab.Actor, in ChangeInput, step string, sent any, change func(registers.Record) (registers.Record, error)) (*recordOutput[D], error) {
	var d D
	if _, err := s.recordToKeep(ctx, a, d.Kind(), in.ID); err != nil {
		return nil, err
	}
	key, err := in.key()
	if err != nil {
		return nil, err
	}
	digest, err := s.work.Digest(step, in.ID, a.ID, sent, casework.Facts{})
	if err != nil {
		return nil, err
	}
	kept, duplicate, err := s.Registers.ChangeRecord(ctx, in.ID, key, digest, func(now registers.Record) (registers.Record, error) {
		if now.Withdrawn {
			return now, &rehab.Error{Code: rehab.Refused, Message: "the record was withdrawn"}
		}
		now.Reason, now.Note, now.Actor, now.RecordedAt = "", "", a, s.Now()
		return change(now)
	})
	if err != nil {
		return nil, err
	}
	return &recordOutput[D]{Status: http.StatusOK, IdempotencyKey: key, Body: RecordResult[D]{viewOf[D](a, kept), duplicate}}, nil
}

// recordToKeep reads a record that the actor may write to.
func (s *server) recordToKeep(ctx context.Context, a rehab.Actor, k registers.Kind, id string) (registers.Record, error) {
	r, err := s.recordInScope(ctx, a, k, id)
	if err != nil {
		return r, err
	}
	where, err := s.standing(ctx, a, r)
	if err == nil {
		err = mayKeep(a, where)
	}
	return r, err
}

func (s *server) checkPlace(ctx context.Context, code string) error {
	_, err := s.Places.Place(ctx, code, rehab.DateOf(s.Now()))
	if err != nil && rehab.CodeOf(err) == rehab.NotFound {
		return rehab.InvalidField("place", "there is no such place")
	}
	return err
}

// ChangeInput names the record that a command changes.
type ChangeInput struct {
	ID string `path:"id" doc:"Id of the record."`
	KeyInput
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
	operation(s, op("list-"+route.noun, route.path, route.list), func(ctx context.Context, a rehab.Actor, in *I) (*recordsOutput[D], error) {
		return listRecords[D](ctx, s, a, (*in).filter)
	})
	operation(s, op("get-"+route.noun, route.path+"/{id}", route.one), func(ctx context.Context, a rehab.Actor, in *recordInput) (*oneOutput[D], error) {
		r, err := s.recordInScope(ctx, a, route.kind, in.ID)
		if err != nil {
			return nil, err
		}
		return &oneOutput[D]{viewOf[D](a, r)}, nil
	})
	operation(s, op("get-"+route.noun+"-history", route.path+"/{id}/history", route.histories), func(ctx context.Context, a rehab.Actor, in *recordInput) (*recordsOutput[D], error) {
		if _, err := s.recordInScope(ctx, a, route.kind, in.ID); err != nil {
			return nil, err
		}
		versions, err := s.Registers.RecordHistory(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		return &recordsOutput[D]{pageOf[D](a, versions, len(versions))}, nil
	})
}

func listRecords[D registers.Data](ctx context.Context, s *server, a rehab.Actor, filter func() (registers.Filter, error)) (*recordsOutput[D], error) {
	f, err := filter()
	if err != nil {
		return nil, err
	}
	var d D
	size := f.Limit
	f.Kind, f.Limit = d.Kind(), size+1
	if err := scopeRecords(a, &f); err != nil {
		return nil, err
	}
	rows, err := s.Registers.Records(ctx, f)
	if err != nil {
		return nil, err
	}
	return &recordsOutput[D]{pageOf[D](a, rows, size)}, nil
}

func pageOf[D registers.Data](a rehab.Actor, rows []registers.Record, size int) RecordList[D] {
	out := RecordList[D]{Records: []RecordOf[D]{}}
	if len(rows) > size {
		rows = rows[:size]
		out.Next = rows[size-1].ID
	}
	for _, r := range rows {
		out.Records = append(out.Records, viewOf[D](a, r))
	}
	return out
}

// scopeRecords narrows a list to what seesRecord shows.
func scopeRecords(a rehab.Actor, f *registers.Filter) error {
	training := f.Kind == registers.ProgrammeKind || f.Kind == registers.SessionKind
	switch {
	case a.Role == rehab.PartnerRole && training && a.Organisation != "":
		f.Organisation = a.Organisation
		return nil
	case a.Role == rehab.PartnerRole:
		return &rehab.Error{Code: rehab.Forbidden, Message: "a partner sees its own training programmes alone"}
	}
	if err := casework.PermitReading(a); err != nil {
		return err
	}
	if a.Role == rehab.WorkerRole && (f.Kind == registers.SupervisionKind || f.Kind == registers.SessionKind) {
		f.Worker = a.ID
		return nil
	}
	asked := f.Place
	place, err := casework.Narrow(a, f.Place)
	if err != nil {
		return err
	}
	f.Place = place
	switch {
	case a.Role == rehab.WorkerRole && f.Kind == registers.ProgrammeKind:
		f.Place, f.Above = "-", a.Place
	case training && asked == "":
		f.Above = a.Place
	}
	return nil
}
