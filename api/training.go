package api

import (
	"context"

	"guitu/casework"
	"guitu/registers"
	"guitu/rehab"
)

type newProgrammeInput struct {
	KeyInput
	Body casework.NewProgramme
}

type newSessionInput struct {
	ChangeInput
	Body casework.NewSession
}

type attendanceInput struct {
	ChangeInput
	Body casework.AttendanceList
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
	corrections[registers.Programme](s)
	operation(s, create[registers.Session](s, "add-training-session", programmes.path+"/{id}/sessions", "Plan a session of a programme"), s.addSession)
	reads[registers.Session, sessionsInput](s)
	operation(s, change[registers.Session](s, sessions, "attendance", "Record who came; again, with a reason, to correct it"), s.recordAttendance)
	corrections[registers.Session](s)
}

func (s *server) addProgramme(ctx context.Context, a rehab.Actor, in *newProgrammeInput) (*recordOutput[registers.Programme], error) {
	return created[registers.Programme](s.work.AddProgramme(ctx, a, in.IdempotencyKey, in.Body))
}

func (s *server) addSession(ctx context.Context, a rehab.Actor, in *newSessionInput) (*recordOutput[registers.Session], error) {
	return created[registers.Session](s.work.AddSession(ctx, a, in.ID, in.IdempotencyKey, in.Body))
}

func (s *server) recordAttendance(ctx context.Context, a rehab.Actor, in *attendanceInput) (*recordOutput[registers.Session], error) {
	return changed[registers.Session](s.work.RecordAttendance(ctx, a, in.command(), in.Body))
}
