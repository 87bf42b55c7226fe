package casework

import (
	"context"
	"slices"

	"guitu/board"
	"guitu/input"
	"guitu/rehab"
)

// Permit refuses a command that the actor's role may not give.
func Permit(a rehab.Actor, command string) error {
	if err := rehab.PermitType(a, command); err != nil {
		return err
	}
	return nil
}

// PermitReading refuses roles that only give commands.
func PermitReading(a rehab.Actor) error {
	switch a.Role {
	case rehab.WorkerRole, rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice, rehab.Admin:
		return nil
	}
	return &rehab.Error{Code: rehab.Forbidden, Message: "the role " + string(a.Role) + " gives commands and reads nothing"}
}

// Registrar reports whether the role may change the organisation and the registry, inside its area.
func Registrar(r rehab.Role) bool {
	return r == rehab.DistrictOffice || r == rehab.CityOffice || r == rehab.Admin
}

// Area is the prefix of the place codes the actor sees. ok is false for an actor
// without an area: such a one sees nothing.
func Area(a rehab.Actor) (prefix string, ok bool) {
	switch a.Role {
	case rehab.Admin, rehab.IntegrationRole, rehab.SystemAdmin, rehab.SecurityAdmin, rehab.Auditor:
		return a.Place, true // no place: everywhere
	case rehab.CityOffice:
		if a.Place == "" {
			return "11", true
		}
	}
	return a.Place, a.Place != ""
}

// Covers reports whether the place lies in the actor's area.
func Covers(a rehab.Actor, place string) bool {
	prefix, ok := Area(a)
	return ok && rehab.PlaceCode(prefix).Contains(rehab.PlaceCode(place))
}

// Sees reports whether a case of the place and worker is in the actor's scope: for a
// worker the own cases wherever they are, and those of the street that nobody has.
func Sees(a rehab.Actor, place, worker string) bool {
	if a.Role != rehab.WorkerRole {
		return Covers(a, place)
	}
	if worker == "" {
		return a.Place != "" && place == a.Place
	}
	return worker == a.ID
}

// Party reports whether the transfer goes from or to the actor's area. A worker is none:
// the own cases are all a worker sees.
func Party(a rehab.Actor, t board.TransferRow) bool {
	return a.Role != rehab.WorkerRole && (t.From != "" && Covers(a, t.From) || t.To != "" && Covers(a, t.To))
}

// Decides reports whether the actor is at the receiving end of a transfer that has not
// moved the case: a head of the station, or an office above it.
func Decides(a rehab.Actor, t board.TransferRow) bool {
	return a.Role != rehab.WorkerRole && t.To != "" && t.Before() && Covers(a, t.To)
}

// MayAnswer reports whether the actor may give the answer to the transfer: to one that came
// back as well, so that the same answer sent again is known for the same.
func MayAnswer(a rehab.Actor, t board.TransferRow) bool {
	return a.Role != rehab.WorkerRole && t.To != "" && (t.Before() || t.State == rehab.TransferIsReturned) && Covers(a, t.To)
}

// Unmasked reports whether the actor works with the client and reads the identity in full.
func Unmasked(a rehab.Actor, c rehab.Summary) bool {
	switch a.Role {
	case rehab.WorkerRole:
		return c.Worker == a.ID
	case rehab.StationHead:
		return c.Place == a.Place
	}
	return false
}

// ScopeOf is what the database is told of the actor: whose clients are there for the request,
// whatever a query forgets to ask. Whoever sees no case has no scope.
func ScopeOf(a rehab.Actor, today rehab.Date) board.Scope {
	out := board.Scope{Actor: a.ID, Today: today}
	switch a.Role {
	case rehab.WorkerRole:
		out.Kind, out.Place = board.WorkerScope, a.Place
	case rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice, rehab.Admin, rehab.IntegrationRole:
		if prefix, ok := Area(a); ok {
			out.Kind, out.Place = board.AreaScope, prefix
		}
	}
	return out
}

// Narrow gives the place filter of a list: the one asked for, inside the actor's area.
func Narrow(a rehab.Actor, asked string) (string, error) {
	prefix, ok := Area(a)
	switch {
	case !ok:
		return "", &rehab.Error{Code: rehab.Forbidden, Message: "this account belongs to no place"}
	case asked == "" || rehab.PlaceCode(asked).Contains(rehab.PlaceCode(prefix)):
		return prefix, nil
	case rehab.PlaceCode(prefix).Contains(rehab.PlaceCode(asked)):
		return asked, nil
	}
	return "", &rehab.Error{Code: rehab.Forbidden, Message: "this place lies outside your area", Field: "place"}
}

// CaseInScope reads the case's row. What lies outside the scope is not there; of a sealed
// case nothing is said but that it is.
func (s *Service) CaseInScope(ctx context.Context, a rehab.Actor, id string) (rehab.Summary, error) {
	missing := &rehab.Error{Code: rehab.NotFound, Message: "there is no such case"}
	if !input.IsToken(id, 128) {
		return rehab.Summary{}, missing
	}
	row, err := s.Board.Case(ctx, id)
	switch {
	case rehab.CodeOf(err) == rehab.NotFound && err != nil:
		return row, missing
	case err != nil:
		return row, err
	}
	if !Sees(a, row.Place, row.Worker) {
		as, err := s.AsWorkerOf(ctx, a, row.Worker)
		if err != nil {
			return rehab.Summary{}, err
		}
		if !Sees(as, row.Place, row.Worker) {
			return rehab.Summary{}, missing
		}
	}
	if row.Phase == rehab.Sealed {
		return rehab.Summary{}, ErrSealed
	}
	return row, nil
}

// ErrSealed is all that any way in says of a sealed case (封存), to whoever saw it before.
var ErrSealed = &rehab.Error{Code: rehab.Refused, Message: "the record is sealed"}

// reach reads the row of the case that a command is for. A receiving station reaches a
// case outside its scope by its two answers to the transfer they name, and by the answer
// for the climb over its own silence, as long as the transfer waits; by nothing else.
func (s *Service) reach(ctx context.Context, a rehab.Actor, id string, body rehab.CommandBody) (rehab.Summary, error) {
	row, err := s.CaseInScope(ctx, a, id)
	if err == nil || rehab.CodeOf(err) != rehab.NotFound || !input.IsToken(id, 128) {
		return row, err
	}
	var number int64
	switch b := body.(type) {
	case rehab.AcceptTransfer:
		number = b.Transfer
	case rehab.RefuseTransfer:
		number = b.Transfer
	case rehab.AcknowledgeEscalation:
		if number, err = s.awaitedDecision(ctx, id, b.Escalation); number == 0 {
			return rehab.Summary{}, err
		}
	default:
		return row, err
	}
	err = &rehab.Error{Code: rehab.NotFound, Message: "there is no such case"}
	t, unknown := s.Board.Transfer(ctx, id, number)
	switch {
	case unknown != nil && rehab.CodeOf(unknown) != rehab.NotFound:
		return row, unknown
	case unknown != nil || !MayAnswer(a, t):
		return row, err
	}
	row, err = s.Board.Case(ctx, id)
	row.Worker = "" // of the old station: none of the receiving one's business
	board.Reach(ctx, id)
	return row, err
}

// awaitedDecision is the transfer whose receiving station is silent, where the escalation
// climbs over that; otherwise the case is not there for whoever asks.
func (s *Service) awaitedDecision(ctx context.Context, id string, escalation int64) (int64, error) {
	missing := &rehab.Error{Code: rehab.NotFound, Message: "there is no such case"}
	climb, err := s.ClimbOverSilence(ctx, id)
	if err != nil {
		return 0, err
	}
	if climb == nil || climb.ID != escalation {
		return 0, missing
	}
	list, err := s.Board.Transfers(ctx, board.TransferFilter{CaseID: id, State: rehab.TransferIsForwarded, Limit: 1})
	switch {
	case err != nil:
		return 0, err
	case len(list) == 0:
		return 0, missing
	}
	return list[0].Transfer, nil
}

// ClimbOverSilence is the open escalation over the decision of a receiving station, or nil.
func (s *Service) ClimbOverSilence(ctx context.Context, id string) (*board.EscalationRow, error) {
	rows, err := s.Board.CaseEscalations(ctx, id)
	for i := range rows {
		if rows[i].ClosedAt.IsZero() && rows[i].Obligation.Kind == rehab.TransferDecisionDuty {
			return &rows[i], err
		}
	}
	return nil, err
}

// StandsInFor lists the workers whom the actor stands in for today; a worker alone does.
func (s *Service) StandsInFor(ctx context.Context, a rehab.Actor) ([]string, error) {
	if a.Role != rehab.WorkerRole || a.ID == "" {
		return nil, nil
	}
	return s.Registry.StandsInFor(ctx, a.ID, rehab.DateOf(s.Now()))
}

// AsWorkerOf is the actor as whom a case is seen: the worker of the case, where the actor
// stands in for that one today.
func (s *Service) AsWorkerOf(ctx context.Context, a rehab.Actor, worker string) (rehab.Actor, error) {
	if worker == "" || worker == a.ID {
		return a, nil
	}
	also, err := s.StandsInFor(ctx, a)
	if err == nil && slices.Contains(also, worker) {
		a.ID = worker
	}
	return a, err
}

// StandInActors are the workers whom the actor stands in for today, as actors who see what
// they see and nothing of the street that nobody has.
func (s *Service) StandInActors(ctx context.Context, a rehab.Actor) ([]rehab.Actor, error) {
	also, err := s.StandsInFor(ctx, a)
	var out []rehab.Actor
	for _, id := range also {
		out = append(out, rehab.Actor{ID: id, Role: rehab.WorkerRole})
	}
	return out, err
}
