package api

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

type newProgrammeInput struct {
	KeyInput
	Body NewProgramme
}

type newSessionInput struct {
	ChangeInput
	Body NewSession
}

type attendanceInput struct {
	ChangeInput
	Body AttendanceList
}

type programmesInput struct {
	PageInput
	Organisation string `query:"organisation" maxLength:"64" pattern:"^[A-Za-z0-9._:-]*$" patternDescription:"an id"`
}

func (in programmesInput) filter() (registers.Filter, error) {
	f, err := in.PageInput.filter()
	f.Organisation = in.Organisation
	return f, err
}

type sessionsInput struct {
	PageInput
	Programme string `query:"programme" maxLength:"64" pattern:"^[a-z0-9-]*$" patternDescription:"an id of a programme"`
}

func (in sessionsInput) filter() (registers.Filter, error) {
	f, err := in.PageInput.filter()
	f.Programme = in.Programme
	return f, err
}

func (s *server) trainingRoutes() {
	programmes, sessions := recordRoutes[registers.ProgrammeKind], recordRoutes[registers.SessionKind]
	operation(s, create[registers.Programme](s, "add-training", programmes.path, "Set up a training programme"), s.addProgramme)
	reads[registers.Programme, programmesInput](s)
	corrections[registers.Programme](s, s.sessionsFit)
	operation(s, create[registers.Session](s, "add-training-session", programmes.path+"/{id}/sessions", "Plan a session of a programme"), s.addSession)
	reads[registers.Session, sessionsInput](s)
	operation(s, change[registers.Session](s, sessions, "attendance", "Record who came; again, with a reason, to correct it"), s.recordAttendance)
	corrections[registers.Session](s, s.sessionFits)
}

func (s *server) addProgramme(ctx context.Context, a rehab.Actor, in *newProgrammeInput) (*recordOutput[registers.Programme], error) {
	r := registers.Record{Place: in.Body.Place, Organisation: in.Body.Organisation, Data: in.Body.Data}
	if a.Role == rehab.PartnerRole {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "an office sets up a programme and gives its partner access"}
	}
	if err := mayKeep(a, r); err != nil {
		return nil, err
	}
	return add[registers.Programme](ctx, s, a, in.KeyInput, r, in.Body)
}

// addSession: who may write to the programme plans its sessions, and an office plans
// those of its own area in a programme from above.
func (s *server) addSession(ctx context.Context, a rehab.Actor, in *newSessionInput) (*recordOutput[registers.Session], error) {
	programme, err := s.recordInScope(ctx, a, registers.ProgrammeKind, in.ID)
	if err != nil {
		return nil, err
	}
	b := in.Body
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
	return add[registers.Session](ctx, s, a, in.KeyInput, r, in)
}

// sessionFits refuses a session outside the phase of its programme.
func (s *server) sessionFits(ctx context.Context, r registers.Record) error {
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
func (s *server) sessionsFit(ctx context.Context, r registers.Record) error {
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

func (s *server) recordAttendance(ctx context.Context, a rehab.Actor, in *attendanceInput) (*recordOutput[registers.Session], error) {
	entries := make([]registers.Attendance, len(in.Body.Entries))
	for i, e := range in.Body.Entries {
		entries[i] = registers.Attendance{Worker: e.Worker, Place: e.Place, Presence: e.Presence, Minutes: e.Minutes}
	}
	reason := strings.TrimSpace(in.Body.Reason)
	return alter[registers.Session](ctx, s, a, in.ChangeInput, "record-attendance", in.Body, func(now registers.Record) (registers.Record, error) {
		d, err := now.Data.(registers.Session).Attend(entries, reason, rehab.DateOf(s.Now()))
		now.Data, now.Reason = d, reason
		return now, err
	})
}
