package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/casework"
	"guitu/input"
	"guitu/rehab"
	"guitu/words"
)

// Simulator plays caseloads through the rules of the running cases, behind the requests and one
// after the other.
type Simulator interface {
	// CheckSimulation names the field that cannot be played, as far as that is seen without the cases.
	CheckSimulation(ctx context.Context, order SimulationOrder) error
	// PlaySimulation puts the order that is kept under the id at the end of the queue.
	PlaySimulation(ctx context.Context, id string, order SimulationOrder)
}

// SimulationStore keeps what was ordered, how far it is, and what came of it.
type SimulationStore interface {
	AddSimulation(ctx context.Context, r board.SimulationRow) error
	// Simulation is NotFound where there is none.
	Simulation(ctx context.Context, id string) (board.SimulationRow, error)
	Simulations(ctx context.Context, f board.SimulationFilter) ([]board.SimulationRow, error)
	// UnfinishedSimulations counts those of the account that wait or are played.
	UnfinishedSimulations(ctx context.Context, by string) (int, error)
	KeepSimulation(ctx context.Context, id, name string, shared bool) error
	StopSimulation(ctx context.Context, id string) error
	DropSimulation(ctx context.Context, id string) error
}

// Simulation is an order and how far it is.
type Simulation struct {
	ID        string                `json:"id"`
	Place     string                `json:"place"`
	Mine      bool                  `json:"mine" doc:"Whether this account ordered it."`
	State     board.SimulationState `json:"state" enum:"queued,running,done,stopped,failed" doc:"queued: others are played before it. stopped: somebody stopped it, or its process ended. failed: it could not be played, problem says why."`
	Ahead     int                   `json:"ahead" doc:"Simulations that are played before it."`
	Run       int                   `json:"run" doc:"The round that is played, of runs; 0 before the first."`
	Runs      int                   `json:"runs" doc:"All rounds: with a change each is played twice."`
	Share     float64               `json:"share" doc:"What is done of the whole, between 0 and 1."`
	Seconds   float64               `json:"seconds" doc:"How long it has been played."`
	Name      string                `json:"name,omitempty"`
	Shared    bool                  `json:"shared" doc:"With the offices whose area its place lies in."`
	CreatedAt time.Time             `json:"created_at"`
	EndedAt   time.Time             `json:"ended_at,omitzero"`
	Order     SimulationOrder       `json:"order"`
	Result    *SimulationResult     `json:"result,omitempty" doc:"Once it is done; not in lists."`
	Problem   *Problem              `json:"problem,omitempty"`
}

// SimulationList are the own simulations and those that are shared, the latest first.
type SimulationList struct {
	Simulations []Simulation `json:"simulations" nullable:"false"`
}

const simulationPath = "/v1/simulations"

func (s *server) simulationRoutes() {
	op := func(id, method, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: simulationPath + path, Tags: []string{"planning"}, Summary: summary, Description: description}
	}
	start := op("simulate", http.MethodPost, "", "Play what would happen with other rules, staff, arrivals or compliance",
		"Plays the live cases of a place, or made-up ones, through the rules of the running cases, behind the answer: ask for it by its id. One is played at a time, the others wait "+
			"in their order. What comes of it names no case. The last 50 of an account are kept, those with a name first.")
	start.DefaultStatus = http.StatusAccepted
	operation(s, start, s.simulate)
	operation(s, op("list-simulations", http.MethodGet, "", "List the own simulations, and those that are shared", ""), s.simulationList)
	operation(s, op("get-simulation", http.MethodGet, "/{id}", "Show how far a simulation is, and what came of it", ""), s.simulation)
	operation(s, op("keep-simulation", http.MethodPost, "/{id}/keep", "Give an own simulation a name, and share it",
		"It is shared with the offices whose area its place lies in."), s.keepSimulation)
	stop := op("stop-simulation", http.MethodDelete, "/{id}", "Stop an own simulation; one that is finished is taken away",
		"What was played of one that is stopped is lost; its order is kept.")
	stop.DefaultStatus = http.StatusNoContent
	operation(s, stop, s.stopSimulation)
}

type simulateInput struct{ Body SimulationOrder }

type simulationOutput struct {
	Location string `header:"Location"`
	Body     Simulation
}

// permitPlanning refuses whoever does not plan for a district or the city.
func permitPlanning(a rehab.Actor) error {
	switch a.Role {
	case rehab.DistrictOffice, rehab.CityOffice, rehab.Admin:
		return nil
	}
	return &rehab.Error{Code: rehab.Forbidden, Message: "planning is for district and city offices"}
}

// waitingSimulations is how many of an account may wait or be played.
const waitingSimulations = 3

func (s *server) simulate(ctx context.Context, a rehab.Actor, in *simulateInput) (*simulationOutput, error) {
	if err := permitPlanning(a); err != nil {
		return nil, err
	}
	order := in.Body
	var err error
	if order.Place, err = casework.Narrow(a, order.Place); err != nil {
		return nil, err
	}
	if order.Start == 0 {
		order.Start = rehab.DateOf(s.Now())
	}
	if err := s.Simulator.CheckSimulation(ctx, order); err != nil {
		return nil, err
	}
	waiting, err := s.Simulations.UnfinishedSimulations(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	if waiting >= waitingSimulations {
		return nil, tooMany(comeAgain)
	}
	done, err := s.limits.take(a, "simulation", simulationLimit)
	if err != nil {
		return nil, err
	}
	done()
	row := board.SimulationRow{ID: "sim-" + strings.ToLower(rand.Text()[:16]), By: a.ID, Place: order.Place, State: board.SimulationQueued, Created: s.Wall()}
	if row.Order, err = json.Marshal(order); err != nil {
		return nil, err
	}
	if err := s.Simulations.AddSimulation(ctx, row); err != nil {
		return nil, err
	}
	s.Simulator.PlaySimulation(ctx, row.ID, order)
	return s.simulationByID(ctx, a, row.ID)
}

type simulationInput struct {
	ID string `path:"id" maxLength:"64"`
}

func (s *server) simulation(ctx context.Context, a rehab.Actor, in *simulationInput) (*simulationOutput, error) {
	return s.simulationByID(ctx, a, in.ID)
}

func (s *server) simulationByID(ctx context.Context, a rehab.Actor, id string) (*simulationOutput, error) {
	row, err := s.simulationInScope(ctx, a, id)
	if err != nil {
		return nil, err
	}
	v, err := s.simulationView(a, row)
	return &simulationOutput{simulationPath + "/" + id, v}, err
}

// simulationInScope reads one that the actor ordered or that is shared, of the own area. Any other
// is not there.
func (s *server) simulationInScope(ctx context.Context, a rehab.Actor, id string) (board.SimulationRow, error) {
	if err := permitPlanning(a); err != nil {
		return board.SimulationRow{}, err
	}
	missing := &rehab.Error{Code: rehab.NotFound, Message: "there is no such simulation"}
	if !input.IsToken(id, 64) {
		return board.SimulationRow{}, missing
	}
	row, err := s.Simulations.Simulation(ctx, id)
	if err != nil {
		return row, err
	}
	area, ok := casework.Area(a)
	if !ok || !rehab.PlaceCode(area).Contains(rehab.PlaceCode(row.Place)) || row.By != a.ID && !row.Shared {
		return board.SimulationRow{}, missing
	}
	return row, nil
}

func (s *server) simulationView(a rehab.Actor, r board.SimulationRow) (Simulation, error) {
	v := Simulation{
		ID: r.ID, Place: r.Place, Mine: r.By == a.ID, State: r.State, Ahead: r.Ahead, Name: r.Name, Shared: r.Shared, CreatedAt: r.Created, EndedAt: r.Ended,
	}
	if err := json.Unmarshal(r.Order, &v.Order); err != nil {
		return v, err
	}
	v.Runs = v.Order.Runs
	if v.Order.Change != nil {
		v.Runs *= 2
	}
	if r.Total > 0 {
		v.Share = float64(r.Done) / float64(r.Total)
		v.Run = min(v.Runs, 1+r.Done*v.Runs/r.Total)
	}
	switch {
	case r.Started.IsZero():
	case r.State == board.SimulationRunning:
		v.Seconds = max(0, s.Wall().Sub(r.Started).Seconds())
	case r.Ended.After(r.Started):
		v.Seconds = r.Ended.Sub(r.Started).Seconds()
	}
	if r.Fault != nil {
		v.Problem = problemOf(r.Fault)
	}
	if len(r.Result) > 0 {
		v.Result = new(SimulationResult)
		if err := json.Unmarshal(r.Result, v.Result); err != nil {
			return v, err
		}
	}
	return v, nil
}

type simulationsInput struct {
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type simulationListOutput struct{ Body SimulationList }

func (s *server) simulationList(ctx context.Context, a rehab.Actor, in *simulationsInput) (*simulationListOutput, error) {
	if err := permitPlanning(a); err != nil {
		return nil, err
	}
	place, err := casework.Narrow(a, in.Place)
	if err != nil {
		return nil, err
	}
	rows, err := s.Simulations.Simulations(ctx, board.SimulationFilter{Place: place, By: a.ID, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &simulationListOutput{SimulationList{Simulations: []Simulation{}}}
	for _, r := range rows {
		v, err := s.simulationView(a, r)
		if err != nil {
			return nil, err
		}
		out.Body.Simulations = append(out.Body.Simulations, v)
	}
	return out, nil
}

// Keeping is the name of a simulation, and whether it is shared.
type Keeping struct {
	Name   string `json:"name" maxLength:"40" doc:"It names nobody."`
	Shared bool   `json:"shared,omitempty"`
}

type keepInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body Keeping
}

// ownSimulation reads one that the actor ordered.
func (s *server) ownSimulation(ctx context.Context, a rehab.Actor, id string) (board.SimulationRow, error) {
	row, err := s.simulationInScope(ctx, a, id)
	if err == nil && row.By != a.ID {
		err = &rehab.Error{Code: rehab.Forbidden, Message: "only who ordered a simulation keeps it and stops it"}
	}
	return row, err
}

func (s *server) keepSimulation(ctx context.Context, a rehab.Actor, in *keepInput) (*simulationOutput, error) {
	if _, err := s.ownSimulation(ctx, a, in.ID); err != nil {
		return nil, err
	}
	name := strings.TrimSpace(in.Body.Name)
	if detail := input.Bad(name, false); detail != "" {
		return nil, rehab.InvalidField("name", "%s", detail)
	}
	if in.Body.Shared && name == "" {
		return nil, rehab.InvalidField("name", "is missing")
	}
	if err := s.Simulations.KeepSimulation(ctx, in.ID, name, in.Body.Shared); err != nil {
		return nil, err
	}
	return s.simulationByID(ctx, a, in.ID)
}

func (s *server) stopSimulation(ctx context.Context, a rehab.Actor, in *simulationInput) (*struct{}, error) {
	row, err := s.ownSimulation(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	if row.State == board.SimulationQueued || row.State == board.SimulationRunning {
		return nil, s.Simulations.StopSimulation(ctx, in.ID)
	}
	return nil, s.Simulations.DropSimulation(ctx, in.ID)
}

func (v Simulation) in(l words.Lang) any {
	if v.Problem != nil {
		v.Problem = v.Problem.in(l)
	}
	return v
}

func (l SimulationList) in(lang words.Lang) any {
	list := make([]Simulation, 0, len(l.Simulations))
	for _, v := range l.Simulations {
		list = append(list, v.in(lang).(Simulation)) //nolint:forcetypeassert // its own
	}
	l.Simulations = list
	return l
}
