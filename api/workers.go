package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"guitu/casework"
	"guitu/input"
	"guitu/office"
	"guitu/rehab"
)

// WorkerRow is a worker as the registry has them on a day.
type WorkerRow struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	office.Period
}

// WorkerList is a page of the registry. Next is the value of after for the next page.
type WorkerList struct {
	On      rehab.Date  `json:"on"`
	Workers []WorkerRow `json:"workers" nullable:"false"`
	Next    string      `json:"next,omitempty"`
}

// WorkerChanged answers a change of the registry.
type WorkerChanged struct {
	Worker    office.Worker `json:"worker"`
	CommandID string        `json:"command_id"`
	Duplicate bool          `json:"duplicate,omitempty"`
	DryRun    bool          `json:"dry_run,omitempty" doc:"Nothing was recorded."`
	Warnings  []string      `json:"warnings,omitempty" nullable:"false"`
}

// The bodies of the changes of the registry.
type (
	registerWorker struct {
		ID            string               `json:"id" minLength:"1" maxLength:"64" doc:"The staff id: letters, digits, '.', '_', ':' or '-', and never a name." example:"w-017"`
		Name          string               `json:"name" minLength:"1" maxLength:"64" doc:"Personal data: kept encrypted, shown inside the area alone."`
		Post          office.Post          `json:"post" enum:"full_time,part_time,station_head,supervisor"`
		Qualification office.Qualification `json:"qualification,omitempty" enum:"none,assistant,social_worker,senior"`
		Place         string               `json:"place" minLength:"2" maxLength:"9" doc:"Code of the street of the station; of a district or the city for those who work in all of it."`
		From          rehab.Date           `json:"from"`
		Limit         int                  `json:"limit,omitempty" minimum:"1" maximum:"500" doc:"Own limit of open cases; the policy's where it is missing."`
	}
	changeWorker struct {
		From          rehab.Date           `json:"from"`
		Name          string               `json:"name,omitempty" maxLength:"64" doc:"Replaces the name, whatever from says: the registry keeps one."`
		Post          office.Post          `json:"post,omitempty" enum:"full_time,part_time,station_head,supervisor"`
		Qualification office.Qualification `json:"qualification,omitempty" enum:"none,assistant,social_worker,senior"`
		Limit         int                  `json:"limit,omitempty" minimum:"1" maximum:"500"`
	}
	moveWorker struct {
		From  rehab.Date `json:"from" doc:"First day at the new place."`
		Place string     `json:"place" minLength:"2" maxLength:"9"`
	}
	workerLeaves struct {
		LastDay rehab.Date `json:"last_day" doc:"Last day on duty. While there are open cases it has to lie ahead."`
	}
)

type workerChange interface {
	fact() office.WorkerFact
	name() string
}

func workerFact(from rehab.Date, change office.WorkerChange, d office.Duty) office.WorkerFact {
	return office.WorkerFact{Record: office.Record{From: from}, Change: change, Duty: d}
}

func (b registerWorker) fact() office.WorkerFact {
	return workerFact(b.From, office.Registered, office.Duty{Place: b.Place, Post: b.Post, Qualification: b.Qualification, Limit: b.Limit})
}

func (b changeWorker) fact() office.WorkerFact {
	return workerFact(b.From, office.Adjusted, office.Duty{Post: b.Post, Qualification: b.Qualification, Limit: b.Limit})
}

func (b moveWorker) fact() office.WorkerFact {
	return workerFact(b.From, office.Moved, office.Duty{Place: b.Place})
}

func (b workerLeaves) fact() office.WorkerFact {
	if b.LastDay == 0 {
		return workerFact(0, office.Left, office.Duty{})
	}
	return workerFact(b.LastDay+1, office.Left, office.Duty{})
}

func (b registerWorker) name() string { return strings.TrimSpace(b.Name) }
func (b changeWorker) name() string   { return strings.TrimSpace(b.Name) }
func (moveWorker) name() string       { return "" }
func (workerLeaves) name() string     { return "" }

func (s *server) workerRoutes() {
	tag := []string{"organisation"}
	operation(s, huma.Operation{OperationID: "list-workers", Method: http.MethodGet, Path: "/v1/workers", Tags: tag,
		Summary: "List who works at a place, now or on a day"}, s.workers)
	operation(s, huma.Operation{OperationID: "get-worker", Method: http.MethodGet, Path: "/v1/workers/{id}", Tags: tag,
		Summary: "Show a worker with every station held"}, s.worker)
	operation(s, huma.Operation{
		OperationID: "register-worker", Method: http.MethodPost, Path: "/v1/workers", Tags: tag, Summary: "Put a worker into the registry",
		Description: "The id is the key: the same again answers 200, other data under the id 409.", DefaultStatus: http.StatusCreated,
		Responses: answers[WorkerChanged](s, http.StatusOK),
	}, func(ctx context.Context, a rehab.Actor, in *registerInput) (*workerChangedOutput, error) {
		if !input.IsWorker(in.Body.ID) {
			return nil, rehab.InvalidField("id", input.NotAWorker)
		}
		return s.registerWorker(ctx, a, in.Body, in.DryRun)
	})
	changeWorkers[changeWorker](s, "change", "Post, qualification or limit change from a day on; or the name")
	changeWorkers[moveWorker](s, "move", "The worker works elsewhere from a day on, or is back")
	changeWorkers[workerLeaves](s, "leave", "The worker leaves after a last day")
}

type registerInput struct {
	DryRun bool `query:"dry_run" doc:"Only say what would become of the worker; nothing is recorded."`
	Body   registerWorker
}

type workersInput struct {
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
	On    string `query:"on" format:"date" doc:"A day; today where it is missing."`
	After string `query:"after" maxLength:"64" pattern:"^[!-~]*$" patternDescription:"visible ASCII characters" doc:"Id of the last row of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type workersOutput struct{ Body WorkerList }

func (s *server) workers(ctx context.Context, a rehab.Actor, in *workersInput) (*workersOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	place, err := casework.Narrow(a, in.Place)
	if err != nil {
		return nil, err
	}
	on, err := s.dayOr(in.On)
	if err != nil {
		return nil, err
	}
	out := &workersOutput{WorkerList{On: on, Workers: []WorkerRow{}}}
	list, err := s.Registry.Workers(ctx, office.WorkerFilter{Place: place, On: on, After: in.After, Limit: in.Limit + 1})
	list, out.Body.Next = upTo(list, in.Limit, func(x office.Worker) string { return x.ID })
	for _, w := range list {
		out.Body.Workers = append(out.Body.Workers, WorkerRow{w.ID, w.Name, w.Periods[0]})
	}
	return out, err
}

type workerInput struct {
	ID string `path:"id"`
}

type workerOutput struct{ Body office.Worker }

func (s *server) worker(ctx context.Context, a rehab.Actor, in *workerInput) (*workerOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	w, err := s.workerInScope(ctx, a, in.ID)
	if a.Role == rehab.WorkerRole {
		w.History = nil
	}
	return &workerOutput{w}, err
}

// workerInScope is the part of the worker's history that lies in the actor's area. A
// worker who was never there is not there.
func (s *server) workerInScope(ctx context.Context, a rehab.Actor, id string) (office.Worker, error) {
	missing := &rehab.Error{Code: rehab.NotFound, Message: "there is no such worker in the registry"}
	prefix, ok := casework.Area(a)
	if !ok || !input.IsToken(id, 64) {
		return office.Worker{}, missing
	}
	w, err := s.Registry.Worker(ctx, id)
	if err != nil {
		return office.Worker{}, err
	}
	seen, ok := w.Within(prefix)
	if !ok {
		return office.Worker{}, missing
	}
	return seen, nil
}

type workerChangedOutput struct {
	Status         int
	IdempotencyKey string `header:"Idempotency-Key"`
	Body           WorkerChanged
}

type workerChangeInput[B workerChange] struct {
	ID string `path:"id"`
	KeyInput
	Body B
}

func changeWorkers[B workerChange](s *server, name, summary string) {
	op := huma.Operation{
		OperationID: name + "-worker", Method: http.MethodPost, Path: "/v1/workers/{id}/" + name, Tags: []string{"organisation"}, Summary: summary,
		Description: "Adds to the history and overwrites nothing. For the city office and the district offices, each inside its area.",
	}
	operation(s, op, func(ctx context.Context, a rehab.Actor, in *workerChangeInput[B]) (*workerChangedOutput, error) {
		return s.changeWorker(ctx, a, in.ID, in.IdempotencyKey, in.Body)
	})
}

// registerWorker leaves the actor out of the digest: a worker is the same whoever enters them.
func (s *server) registerWorker(ctx context.Context, a rehab.Actor, b registerWorker, dry bool) (*workerChangedOutput, error) {
	switch {
	case !casework.Registrar(a.Role):
		return nil, mayNot(a, "change the registry")
	case !casework.Covers(a, b.Place):
		return nil, outsideArea("place")
	case b.name() == "":
		return nil, rehab.InvalidField("name", "is empty")
	}
	if dry {
		return s.registerDry(ctx, b)
	}
	cmd, err := s.officeCommand(rehab.Actor{}, "register-worker", b.ID, office.RegisterCommand, b)
	if err != nil {
		return nil, err
	}
	cmd.Actor = a
	out, err := s.keepWorker(ctx, a, cmd, b.ID, b)
	if err == nil && !out.Body.Duplicate {
		out.Status = http.StatusCreated
	}
	if rehab.CodeOf(err) == rehab.Conflict && err != nil {
		err = errRegistered
	}
	return out, err
}

// errRegistered is the conflict of one id with two workers.
var errRegistered = &rehab.Error{Code: rehab.Conflict, Field: "id", Message: "this id is registered already, with other data"}

func (s *server) changeWorker(ctx context.Context, a rehab.Actor, id, key string, b workerChange) (*workerChangedOutput, error) {
	if !casework.Registrar(a.Role) {
		return nil, mayNot(a, "change the registry")
	}
	if _, err := s.workerInScope(ctx, a, id); err != nil {
		return nil, err
	}
	w, err := s.Registry.Worker(ctx, id)
	if err != nil {
		return nil, err
	}
	f := b.fact()
	if f.Change == office.Adjusted && f.Duty == (office.Duty{}) && b.name() == "" {
		return nil, rehab.InvalidField("body", "names nothing that changes")
	}
	if now, active := w.On(f.Day()); active && !casework.Covers(a, now.Place) {
		return nil, outsideArea("") // the worker was here, and is somebody else's by then
	}
	if f.Place != "" && !casework.Covers(a, f.Place) {
		return nil, outsideArea("place")
	}
	cmd, err := s.officeCommand(a, "worker/"+string(f.Change), id, key, b)
	if err != nil {
		return nil, err
	}
	return s.keepWorker(ctx, a, cmd, id, b)
}

func (s *server) keepWorker(ctx context.Context, a rehab.Actor, cmd office.Command, id string, b workerChange) (*workerChangedOutput, error) {
	f := b.fact()
	done, err := s.Registry.ChangeWorker(ctx, cmd, id, f, b.name())
	if err != nil {
		return nil, err
	}
	out := &workerChangedOutput{Status: http.StatusOK, IdempotencyKey: cmd.ID, Body: WorkerChanged{CommandID: cmd.ID, Duplicate: done.Duplicate}}
	if done.Open > 0 {
		out.Body.Warnings = []string{fmt.Sprintf("%s has %d open cases to hand over by %s", id, done.Open, f.From.AddDays(-1))}
	}
	out.Body.Worker, err = s.workerInScope(ctx, a, id)
	return out, err
}

// registerDry says what would become of a worker who is to be registered.
func (s *server) registerDry(ctx context.Context, b registerWorker) (*workerChangedOutput, error) {
	f, today := b.fact(), rehab.DateOf(s.Now())
	out := &workerChangedOutput{Status: http.StatusOK, IdempotencyKey: office.RegisterCommand, Body: WorkerChanged{CommandID: office.RegisterCommand, DryRun: true}}
	old, err := s.Registry.Worker(ctx, b.ID)
	switch {
	case err != nil && rehab.CodeOf(err) != rehab.NotFound:
		return nil, err
	case err == nil && len(old.History) > 0 && old.Name == b.name() && old.History[0].Duty == f.Duty && old.History[0].From == f.From:
		out.Body.Worker, out.Body.Duplicate = old, true
		return out, nil
	case err == nil:
		return nil, errRegistered
	}
	if err := office.CheckWorkerFact(office.Worker{ID: b.ID}, f, today); err != nil {
		return nil, err
	}
	p, err := s.Places.Place(ctx, b.Place, f.From)
	switch {
	case err != nil && rehab.CodeOf(err) == rehab.NotFound:
		return nil, rehab.InvalidField("place", "is not the code of a place")
	case err != nil:
		return nil, err
	case p.Status != office.InForce:
		return nil, &rehab.Error{Code: rehab.Refused, Field: "place", Message: fmt.Sprintf("%s was %s from %s on", p.Code, p.Status, p.Since)}
	}
	out.Body.Worker = office.Worker{ID: b.ID, Name: b.name(), Periods: []office.Period{}, History: []office.WorkerFact{f}}
	return out, nil
}
