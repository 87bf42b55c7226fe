package casework

import (
	"context"
	"strings"

	"guitu/registers"
	"guitu/rehab"
)

// NewProgramme is a training programme to set up.
type NewProgramme struct {
	Place        string              `json:"place" minLength:"2" maxLength:"12" doc:"City, district or street that trains its workers."`
	Organisation string              `json:"organisation,omitempty" maxLength:"64" pattern:"^[A-Za-z0-9._:-]*$" patternDescription:"an id" doc:"The partner that has access to the programme and its sessions."`
	Data         registers.Programme `json:"data"`
}

// NewSession is a session of a programme, with whom it is for.
type NewSession struct {
	Place    string          `json:"place,omitempty" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"Inside the place of the programme, which it is by default."`
	Phase    int             `json:"phase" minimum:"1" maximum:"20"`
	Subject  string          `json:"subject" minLength:"1" maxLength:"120"`
	Trainers []string        `json:"trainers" minItems:"1" maxItems:"20" nullable:"false" doc:"Ids of the trainers."`
	Form     registers.Form  `json:"form" enum:"online,in_person"`
	On       rehab.Date      `json:"on"`
	Minutes  int             `json:"minutes" minimum:"1" maximum:"1440"`
	Invited  []InvitedWorker `json:"invited,omitempty" maxItems:"500" nullable:"false"`
}

// InvitedWorker is whom a session is for.
type InvitedWorker struct {
	Worker string `json:"worker" minLength:"1" maxLength:"64" doc:"Id of the worker; never a name."`
	Place  string `json:"place,omitempty" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"Code of the worker's street."`
}

// AttendanceList is who came, who did not. What was recorded before changes with a reason alone.
type AttendanceList struct {
	Entries []AttendanceEntry `json:"entries" minItems:"1" maxItems:"500" nullable:"false"`
	Reason  string            `json:"reason,omitempty" maxLength:"500"`
}

// AttendanceEntry is one worker's attendance.
type AttendanceEntry struct {
	InvitedWorker
	Presence registers.Presence `json:"presence" enum:"attended,absent,excused"`
	Minutes  int                `json:"minutes,omitempty" minimum:"0" maximum:"1440" doc:"The whole session where it is left out."`
}

// AddProgramme sets up a training programme.
func (s *Service) AddProgramme(ctx context.Context, a rehab.Actor, key string, in NewProgramme) (*KeptRecord, error) {
	r := registers.Record{Place: in.Place, Organisation: in.Organisation, Data: in.Data}
	if a.Role == rehab.PartnerRole {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "an office sets up a programme and gives its partner access"}
	}
	if err := mayKeep(a, r); err != nil {
		return nil, err
	}
	return s.addRecord(ctx, a, key, r, in)
}

// AddSession plans a session of a programme: who may write to the programme plans its sessions,
// and an office plans those of its own area in a programme from above.
func (s *Service) AddSession(ctx context.Context, a rehab.Actor, programmeID, key string, in NewSession) (*KeptRecord, error) {
	programme, err := s.recordInScope(ctx, a, registers.ProgrammeKind, programmeID)
	if err != nil {
		return nil, err
	}
	b := in
	if b.Place == "" {
		b.Place = programme.Place
	}
	if !rehab.PlaceCode(programme.Place).Contains(rehab.PlaceCode(b.Place)) {
		return nil, rehab.InvalidField("place", "lies outside the place of the programme")
	}
	d := registers.Session{Phase: b.Phase, Subject: b.Subject, Trainers: b.Trainers, Form: b.Form, On: b.On, Minutes: b.Minutes, Attendance: []registers.Attendance{}}
	for _, w := range b.Invited {
		d.Attendance = append(d.Attendance, registers.Attendance{Worker: w.Worker, Place: w.Place, Invited: true, Presence: registers.Expected})
	}
	r := registers.Record{Place: b.Place, Organisation: programme.Organisation, Programme: programme.ID, Data: d}
	if err := mayKeep(a, r); err != nil {
		return nil, err
	}
	if err := d.Check(rehab.DateOf(s.Now())); err != nil {
		err.Field = strings.Replace(err.Field, "attendance", "invited", 1)
		return nil, err
	}
	if err := s.sessionFits(ctx, r); err != nil {
		return nil, err
	}
	return s.addRecord(ctx, a, key, r, struct {
		ID, IdempotencyKey string
		Body               NewSession
	}{programmeID, key, in})
}

// fitsOthers refuses what would contradict other records: of a programme its sessions, of a
// session its programme.
func (s *Service) fitsOthers(ctx context.Context, a rehab.Actor, id string, d registers.Data) error {
	fits := map[registers.Kind]func(context.Context, registers.Record) error{
		registers.ProgrammeKind: s.sessionsFit, registers.SessionKind: s.sessionFits,
	}[d.Kind()]
	if fits == nil {
		return nil
	}
	r, err := s.recordToKeep(ctx, a, d.Kind(), id)
	if err != nil {
		return err
	}
	r.Data = d
	return fits(ctx, r)
}

// sessionFits refuses a session outside the phase of its programme.
func (s *Service) sessionFits(ctx context.Context, r registers.Record) error {
	programme, err := s.Registers.RegisterRecord(ctx, r.Programme)
	if err != nil {
		return err
	}
	if programme.Withdrawn {
		return &rehab.Error{Code: rehab.Refused, Message: "the programme was withdrawn"}
	}
	if err := r.Data.(registers.Session).Fits(programme.Data.(registers.Programme)); err != nil {
		return err
	}
	return nil
}

// sessionsFit refuses a correction of a programme that leaves a session outside its phase.
func (s *Service) sessionsFit(ctx context.Context, r registers.Record) error {
	f := registers.Filter{Kind: registers.SessionKind, Programme: r.ID, Limit: 1000}
	for {
		sessions, err := s.Registers.Records(ctx, f)
		if err != nil {
			return err
		}
		for _, x := range sessions {
			if err := x.Data.(registers.Session).Fits(r.Data.(registers.Programme)); err != nil && !x.Withdrawn {
				return &rehab.Error{Code: rehab.Refused, Field: "data.phases", Message: "the session " + x.ID + " would lie outside its phase"}
			}
		}
		if len(sessions) < f.Limit {
			return nil
		}
		f.After = sessions[len(sessions)-1].ID
	}
}

// RecordAttendance records who came to a session; again, with a reason, to correct it.
func (s *Service) RecordAttendance(ctx context.Context, a rehab.Actor, c RecordCommand, in AttendanceList) (*KeptRecord, error) {
	entries := make([]registers.Attendance, len(in.Entries))
	for i, e := range in.Entries {
		entries[i] = registers.Attendance{Worker: e.Worker, Place: e.Place, Presence: e.Presence, Minutes: e.Minutes}
	}
	reason := strings.TrimSpace(in.Reason)
	return s.changeRecord(ctx, a, registers.SessionKind, c, "record-attendance", in, func(now registers.Record) (registers.Record, error) {
		d, err := now.Data.(registers.Session).Attend(entries, reason, rehab.DateOf(s.Now()))
		now.Data, now.Reason = d, reason
		return now, err
	})
}
