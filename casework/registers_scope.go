package casework

import (
	"context"
	"errors"
	"slices"
	"strings"

	"guitu/input"
	"guitu/registers"
	"guitu/rehab"
)

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
		return Covers(a, r.Place) || training && a.Place != "" && rehab.PlaceCode(r.Place).Contains(a.Area())
	}
	return false
}

// mayKeep refuses who may not write to the record: offices write in their area, a
// partner to the programmes of the own organisation.
func mayKeep(a rehab.Actor, r registers.Record) error {
	switch a.Role {
	case rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice, rehab.Admin:
		if Covers(a, r.Place) {
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
func (s *Service) recordInScope(ctx context.Context, a rehab.Actor, k registers.Kind, id string) (registers.Record, error) {
	missing := &rehab.Error{Code: rehab.NotFound, Message: "there is no such " + RecordNoun(k)}
	if !strings.HasPrefix(id, recordNames[k].prefix) || !input.IsToken(id, 64) {
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
	case errors.Is(err, ErrSealed):
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
func (s *Service) standing(ctx context.Context, a rehab.Actor, r registers.Record) (registers.Record, error) {
	if r.CaseID == "" {
		return r, nil
	}
	row, err := s.CaseInScope(ctx, a, r.CaseID)
	if err == nil {
		r.Place = row.Place
	}
	return r, err
}

// recordToKeep reads a record that the actor may write to.
func (s *Service) recordToKeep(ctx context.Context, a rehab.Actor, k registers.Kind, id string) (registers.Record, error) {
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

// shownRecord is the record as the actor may read it: a worker reads of the own attendance
// alone, and an administrator nothing that is said of a client.
func shownRecord(a rehab.Actor, r registers.Record) registers.Record {
	if d, ok := r.Data.(registers.Session); ok && a.Role == rehab.WorkerRole {
		d.Attendance = slices.DeleteFunc(slices.Clone(d.Attendance), func(x registers.Attendance) bool { return x.Worker != a.ID })
		r.Data = d
	}
	if r.CaseID != "" && a.Role == rehab.Admin {
		r.Reason, r.Note = "", ""
	}
	return r
}

func shownRecords(a rehab.Actor, list []registers.Record) []registers.Record {
	out := make([]registers.Record, len(list))
	for i, r := range list {
		out[i] = shownRecord(a, r)
	}
	return out
}

// Record is the last version of a record in the actor's scope.
func (s *Service) Record(ctx context.Context, a rehab.Actor, k registers.Kind, id string) (registers.Record, error) {
	r, err := s.recordInScope(ctx, a, k, id)
	if err != nil {
		return r, err
	}
	return shownRecord(a, r), nil
}

// RecordHistory are all versions of a record in the actor's scope.
func (s *Service) RecordHistory(ctx context.Context, a rehab.Actor, k registers.Kind, id string) ([]registers.Record, error) {
	if _, err := s.recordInScope(ctx, a, k, id); err != nil {
		return nil, err
	}
	list, err := s.Registers.RecordHistory(ctx, id)
	return shownRecords(a, list), err
}

// Records lists f.Limit records in the actor's scope; more says that there are others behind.
func (s *Service) Records(ctx context.Context, a rehab.Actor, f registers.Filter) (list []registers.Record, more bool, err error) {
	if err := scopeRecords(a, &f); err != nil {
		return nil, false, err
	}
	size := f.Limit
	f.Limit++
	if list, err = s.Registers.Records(ctx, f); err != nil {
		return nil, false, err
	}
	if more = len(list) > size; more {
		list = list[:size]
	}
	return shownRecords(a, list), more, nil
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
	if err := PermitReading(a); err != nil {
		return err
	}
	if a.Role == rehab.WorkerRole && (f.Kind == registers.SupervisionKind || f.Kind == registers.SessionKind) {
		f.Worker = a.ID
		return nil
	}
	asked := f.Place
	place, err := Narrow(a, f.Place)
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
