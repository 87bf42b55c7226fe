package api

import (
	"context"

	"guitu/board"
	"guitu/rehab"
)

// permit refuses a command that the actor's role may not give.
func permit(a rehab.Actor, command string) error {
	if err := rehab.PermitType(a, command); err != nil {
		return err
	}
	return nil
}

// permitReading refuses roles that only give commands.
func permitReading(a rehab.Actor) error {
	switch a.Role {
	case rehab.WorkerRole, rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice, rehab.Admin:
		return nil
	}
	return &rehab.Error{Code: rehab.Forbidden, Message: "the role " + string(a.Role) + " gives commands and reads nothing"}
}

// area is the prefix of the place codes the actor sees. ok is false for an actor
// without an area: such a one sees nothing.
func area(a rehab.Actor) (prefix string, ok bool) {
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

// covers reports whether the place lies in the actor's area.
func covers(a rehab.Actor, place string) bool {
	prefix, ok := area(a)
	return ok && rehab.PlaceCode(prefix).Contains(rehab.PlaceCode(place))
}

// sees reports whether a case of the place and worker is in the actor's scope: for a
// worker the own cases wherever they are, and those of the street that nobody has.
func sees(a rehab.Actor, place, worker string) bool {
	if a.Role != rehab.WorkerRole {
		return covers(a, place)
	}
	if worker == "" {
		return a.Place != "" && place == a.Place
	}
	return worker == a.ID
}

// party reports whether the transfer goes from or to the actor's area. A worker is none:
// the own cases are all a worker sees.
func party(a rehab.Actor, t board.TransferRow) bool {
	return a.Role != rehab.WorkerRole && (t.From != "" && covers(a, t.From) || t.To != "" && covers(a, t.To))
}

// decides reports whether the actor is at the receiving end of a transfer that has not
// moved the case: a head of the station, or an office above it.
func decides(a rehab.Actor, t board.TransferRow) bool {
	return a.Role != rehab.WorkerRole && t.To != "" && t.Before() && covers(a, t.To)
}

// mayAnswer reports whether the actor may give the answer to the transfer: to one that came
// back as well, so that the same answer sent again is known for the same.
func mayAnswer(a rehab.Actor, t board.TransferRow) bool {
	return a.Role != rehab.WorkerRole && t.To != "" && (t.Before() || t.State == rehab.TransferIsReturned) && covers(a, t.To)
}

// unmasked reports whether the actor works with the client and reads the identity in full.
func unmasked(a rehab.Actor, c rehab.Summary) bool {
	switch a.Role {
	case rehab.WorkerRole:
		return c.Worker == a.ID
	case rehab.StationHead:
		return c.Place == a.Place
	}
	return false
}

// scopeOf is what the database is told of the actor: whose clients are there for the request,
// whatever a query forgets to ask. Whoever sees no case has no scope.
func (s *server) scopeOf(a rehab.Actor) board.Scope {
	out := board.Scope{Actor: a.ID, Today: rehab.DateOf(s.Now())}
	switch a.Role {
	case rehab.WorkerRole:
		out.Kind, out.Place = board.WorkerScope, a.Place
	case rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice, rehab.Admin, rehab.IntegrationRole:
		if prefix, ok := area(a); ok {
			out.Kind, out.Place = board.AreaScope, prefix
		}
	}
	return out
}

// narrow gives the place filter of a list: the one asked for, inside the actor's area.
func narrow(a rehab.Actor, asked string) (string, error) {
	prefix, ok := area(a)
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

// caseInScope reads the case's row. What lies outside the scope is not there; of a sealed
// case nothing is said but that it is.
func (s *server) caseInScope(ctx context.Context, a rehab.Actor, id string) (rehab.Summary, error) {
	missing := &rehab.Error{Code: rehab.NotFound, Message: "there is no such case"}
	if !isToken(id, 128) {
		return rehab.Summary{}, missing
	}
	row, err := s.Board.Case(ctx, id)
	switch {
	case rehab.CodeOf(err) == rehab.NotFound && err != nil:
		return row, missing
	case err != nil:
		return row, err
	}
	if !sees(a, row.Place, row.Worker) {
		as, err := s.asWorkerOf(ctx, a, row.Worker)
		if err != nil {
			return rehab.Summary{}, err
		}
		if !sees(as, row.Place, row.Worker) {
			return rehab.Summary{}, missing
		}
	}
	if row.Phase == rehab.Sealed {
		return rehab.Summary{}, errSealed
	}
	return row, nil
}

// errSealed is all that any way in says of a sealed case (封存), to whoever saw it before.
var errSealed = &rehab.Error{Code: rehab.Refused, Message: "the record is sealed"}

// reach reads the row of the case that a command is for. A receiving station reaches a
// case outside its scope by its two answers to the transfer they name, and by the answer
// for the climb over its own silence, as long as the transfer waits; by nothing else.
func (s *server) reach(ctx context.Context, a rehab.Actor, id string, body rehab.CommandBody) (rehab.Summary, error) {
	row, err := s.caseInScope(ctx, a, id)
	if err == nil || rehab.CodeOf(err) != rehab.NotFound || !isToken(id, 128) {
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
	case unknown != nil || !mayAnswer(a, t):
		return row, err
	}
	row, err = s.Board.Case(ctx, id)
	row.Worker = "" // of the old station: none of the receiving one's business
	board.Reach(ctx, id)
	return row, err
}

// awaitedDecision is the transfer whose receiving station is silent, where the escalation
// climbs over that; otherwise the case is not there for whoever asks.
func (s *server) awaitedDecision(ctx context.Context, id string, escalation int64) (int64, error) {
	missing := &rehab.Error{Code: rehab.NotFound, Message: "there is no such case"}
	climb, err := s.climbOverSilence(ctx, id)
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

// climbOverSilence is the open escalation over the decision of a receiving station, or nil.
func (s *server) climbOverSilence(ctx context.Context, id string) (*board.EscalationRow, error) {
	rows, err := s.Board.CaseEscalations(ctx, id)
	for i := range rows {
		if rows[i].ClosedAt.IsZero() && rows[i].Obligation.Kind == rehab.TransferDecisionDuty {
			return &rows[i], err
		}
	}
	return nil, err
}
