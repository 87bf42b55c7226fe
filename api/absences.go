package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"guitu/casework"
	"guitu/input"
	"guitu/office"
	"guitu/rehab"
)

// AbsenceList is when a worker is away and who stands in, with the history of it.
type AbsenceList struct {
	Worker   string               `json:"worker"`
	Absences []office.Absence     `json:"absences" nullable:"false"`
	History  []office.AbsenceFact `json:"history" nullable:"false"`
}

// AbsenceChanged answers a change of the absences of a worker. Open is how many open
// cases the worker has.
type AbsenceChanged struct {
	AbsenceList
	CommandID string `json:"command_id"`
	Duplicate bool   `json:"duplicate,omitempty"`
	Open      int    `json:"open"`
}

type enterAbsence struct {
	From      rehab.Date `json:"from" doc:"First day away. It names the absence: the same day again replaces end and stand-in."`
	To        rehab.Date `json:"to,omitzero" doc:"Last day away; with it the stand-in ends by itself."`
	StandIn   string     `json:"stand_in,omitempty" maxLength:"64" doc:"Worker who stands in (代班); nobody: a gap of coverage."`
	Withdrawn bool       `json:"withdrawn,omitempty" doc:"The absence does not come about."`
}

type absenceInput struct {
	ID string `path:"id"`
	KeyInput
	Body enterAbsence
}

type (
	absencesOutput       struct{ Body AbsenceList }
	absenceChangedOutput struct {
		IdempotencyKey string `header:"Idempotency-Key"`
		Body           AbsenceChanged
	}
)

func (s *server) absenceRoutes() {
	tag := []string{"organisation"}
	operation(s, huma.Operation{OperationID: "list-absences", Method: http.MethodGet, Path: "/v1/workers/{id}/absences", Tags: tag,
		Summary: "List when a worker is away and who stands in"}, s.absences)
	operation(s, huma.Operation{
		OperationID: "enter-absence", Method: http.MethodPost, Path: "/v1/workers/{id}/absences", Tags: tag,
		Summary: "A worker is away from a day to a day, and somebody stands in",
		Description: "For the head of the station and the offices above. The stand-in reads and does what the worker may, gets the inbox and the notices, " +
			"and ends with the last day. One of another station is for the district office to name.",
	}, s.enterAbsence)
}

func (s *server) absences(ctx context.Context, a rehab.Actor, in *workerInput) (*absencesOutput, error) {
	if err := casework.PermitReading(a); err != nil {
		return nil, err
	}
	if a.ID != in.ID {
		if _, err := s.workerInScope(ctx, a, in.ID); err != nil {
			return nil, err
		}
	}
	list, err := s.absenceList(ctx, in.ID)
	return &absencesOutput{list}, err
}

func (s *server) absenceList(ctx context.Context, id string) (AbsenceList, error) {
	history, err := s.Registry.AbsenceHistory(ctx, id)
	return AbsenceList{id, office.Absences(history), append([]office.AbsenceFact{}, history...)}, err
}

func (s *server) enterAbsence(ctx context.Context, a rehab.Actor, in *absenceInput) (*absenceChangedOutput, error) {
	if !casework.Leads(a.Role) {
		return nil, mayNot(a, "enter an absence")
	}
	if _, err := s.workerInScope(ctx, a, in.ID); err != nil {
		return nil, err
	}
	w, err := s.Registry.Worker(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if p, active := w.On(in.Body.From); active && !casework.Covers(a, p.Place) {
		return nil, outsideArea("")
	}
	elsewhere := a.Role != rehab.StationHead
	if in.Body.StandIn != "" {
		if err := s.checkStandIn(ctx, a, in.Body); err != nil {
			return nil, err
		}
	}
	cmd, err := s.officeCommand(a, "worker/absence", in.ID, in.IdempotencyKey, in.Body)
	if err != nil {
		return nil, err
	}
	f := office.AbsenceFact{Record: office.Record{From: in.Body.From}, To: in.Body.To, StandIn: in.Body.StandIn, Withdrawn: in.Body.Withdrawn}
	done, err := s.Registry.ChangeAbsence(ctx, cmd, in.ID, f, elsewhere)
	if err != nil {
		return nil, err
	}
	out := &absenceChangedOutput{IdempotencyKey: cmd.ID, Body: AbsenceChanged{CommandID: cmd.ID, Duplicate: done.Duplicate, Open: done.Open}}
	out.Body.AbsenceList, err = s.absenceList(ctx, in.ID)
	return out, err
}

// checkStandIn requires the stand-in to be of the registry and of the actor's area. A
// head may also name somebody of the offices above, who works for the street.
func (s *server) checkStandIn(ctx context.Context, a rehab.Actor, b enterAbsence) error {
	if !input.IsWorker(b.StandIn) {
		return rehab.InvalidField("stand_in", input.NotAWorker)
	}
	w, err := s.Registry.Worker(ctx, b.StandIn)
	switch {
	case err != nil && rehab.CodeOf(err) == rehab.NotFound:
		return &rehab.Error{Code: rehab.Refused, Field: "stand_in", Message: "the registry does not know the worker " + b.StandIn}
	case err != nil:
		return err
	}
	if p, active := w.On(max(b.From, rehab.DateOf(s.Now()))); active && !casework.Covers(a, p.Place) && w.MayTake(a.Place, b.From) != nil {
		return &rehab.Error{Code: rehab.Refused, Field: "stand_in", Message: b.StandIn + " belongs to another station: the district office decides that"}
	}
	return nil
}
