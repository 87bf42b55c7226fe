package registers_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/registers"
	"guitu/rehab"
)

var today = rehab.NewDate(2026, 6, 10)

func requested() registers.Supervision {
	return registers.Supervision{
		Status: registers.Requested, Help: registers.Internal, Topic: registers.StalledEngagement, Supervisees: []string{"w-1", "w-2"}, RequestedOn: today.AddDays(-9),
	}
}

func TestASupervisionIsRequestedPlannedHeldAndClosed(t *testing.T) {
	t.Parallel()
	s := requested()
	require.Nil(t, s.Check(today))
	require.Equal(t, s.RequestedOn, s.Day())
	_, err := s.Hold(registers.Holding{HeldOn: today, Minutes: 60}, today)
	require.Equal(t, rehab.Refused, rehab.CodeOf(err), "not before it is planned")

	plan := registers.Plan{Supervisor: "x-1", Help: registers.External, Form: registers.Online, PlannedOn: today.AddDays(-2)}
	s, err = s.Plan(plan, today)
	require.NoError(t, err)
	plan.PlannedOn = today.AddDays(-1)
	s, err = s.Plan(plan, today)
	require.NoError(t, err, "it may be moved")
	require.Equal(t, today.AddDays(-1), s.Day())
	s, err = s.Hold(registers.Holding{HeldOn: today, Minutes: 60, Supervisees: []string{"w-1"}}, today)
	require.NoError(t, err)
	require.Equal(t, []string{"w-1", "x-1"}, s.Workers())
	_, err = s.Cancel()
	require.Equal(t, rehab.Refused, rehab.CodeOf(err), "what was held is not cancelled")
	s, err = s.Close(registers.PlanAgreed, today)
	require.NoError(t, err)
	require.Equal(t, today, s.ClosedOn)
	_, err = s.Close(registers.NoChange, today)
	require.Equal(t, rehab.Refused, rehab.CodeOf(err))
}

func TestASupervisionThatCannotBeRightIsRefusedByField(t *testing.T) {
	t.Parallel()
	planned, err := requested().Plan(registers.Plan{Supervisor: "x-1", Form: registers.Online, PlannedOn: today}, today)
	require.NoError(t, err)
	for field, change := range map[string]func(*registers.Supervision){
		"topic":          func(s *registers.Supervision) { s.Topic = "gossip" },
		"help":           func(s *registers.Supervision) { s.Help = "" },
		"requested_on":   func(s *registers.Supervision) { s.RequestedOn = today.AddDays(1) },
		"supervisees":    func(s *registers.Supervision) { s.Supervisees = nil },
		"supervisees[1]": func(s *registers.Supervision) { s.Supervisees = []string{"w-1", "w-1"} },
		"supervisees[0]": func(s *registers.Supervision) { s.Supervisees = []string{"张三"} },
		"supervisor":     func(s *registers.Supervision) { s.Supervisor = "w-2" },
		"form":           func(s *registers.Supervision) { s.Form = "" },
		"held_on":        func(s *registers.Supervision) { s.Minutes = 30 },
	} {
		s := planned
		change(&s)
		err := s.Check(today)
		require.NotNil(t, err, field)
		require.Equal(t, field, err.Field)
	}
	_, err = planned.Hold(registers.Holding{HeldOn: today.AddDays(1), Minutes: 30}, today)
	require.Equal(t, rehab.Invalid, rehab.CodeOf(err), "not in the future")
	_, err = planned.Hold(registers.Holding{HeldOn: today}, today)
	require.Equal(t, rehab.Invalid, rehab.CodeOf(err), "it has a length")
}

func TestACorrectionDoesNotMoveASupervisionOn(t *testing.T) {
	t.Parallel()
	r := registers.Record{Data: requested()}
	moved := requested()
	moved.Status = registers.Cancelled
	_, err := r.Correct(moved, today)
	require.Equal(t, rehab.Refused, rehab.CodeOf(err))
	better := requested()
	better.Topic = registers.Crisis
	r, err = r.Correct(better, today)
	require.NoError(t, err)
	require.Equal(t, better, r.Data)
}

func programme() registers.Programme {
	return registers.Programme{
		Title: "培新计划", From: rehab.NewDate(2026, 3, 1), To: rehab.NewDate(2026, 12, 31),
		Phases: []registers.Phase{
			{Title: "基础", From: rehab.NewDate(2026, 3, 1), To: rehab.NewDate(2026, 5, 31)},
			{Title: "实务", From: rehab.NewDate(2026, 6, 1), To: rehab.NewDate(2026, 9, 30)},
		},
	}
}

func TestPhasesFollowOneAnotherInsideTheProgramme(t *testing.T) {
	t.Parallel()
	require.Nil(t, programme().Check(today))
	for field, change := range map[string]func(*registers.Programme){
		"title":          func(p *registers.Programme) { p.Title = " " },
		"to":             func(p *registers.Programme) { p.To = p.From.AddDays(-1) },
		"phases":         func(p *registers.Programme) { p.Phases = nil },
		"phases[1].from": func(p *registers.Programme) { p.Phases[1].From = p.Phases[0].To },
		"phases[1].to":   func(p *registers.Programme) { p.Phases[1].To = p.To.AddDays(1) },
	} {
		p := programme()
		change(&p)
		err := p.Check(today)
		require.NotNil(t, err, field)
		require.Equal(t, field, err.Field)
	}
}

func session() registers.Session {
	return registers.Session{
		Phase: 2, Subject: "动机式访谈", Trainers: []string{"t-1"}, Form: registers.InPerson, On: rehab.NewDate(2026, 6, 8), Minutes: 180,
		Attendance: []registers.Attendance{
			{Worker: "w-1", Place: "110101001", Invited: true, Presence: registers.Expected},
			{Worker: "w-2", Invited: true, Presence: registers.Expected},
		},
	}
}

func TestASessionLiesInItsPhase(t *testing.T) {
	t.Parallel()
	require.Nil(t, session().Fits(programme()))
	s := session()
	s.Phase = 3
	require.Equal(t, "phase", s.Fits(programme()).Field)
	s.Phase = 1
	require.Equal(t, "on", s.Fits(programme()).Field)
}

func TestAttendanceIsRecordedAndCorrectedWithAReason(t *testing.T) {
	t.Parallel()
	s, err := session().Attend([]registers.Attendance{
		{Worker: "w-1", Presence: registers.Attended}, {Worker: "w-3", Presence: registers.Attended, Minutes: 60},
	}, "", today)
	require.NoError(t, err)
	require.Equal(t, []registers.Attendance{
		{Worker: "w-1", Place: "110101001", Invited: true, Presence: registers.Attended},
		{Worker: "w-2", Invited: true, Presence: registers.Expected},
		{Worker: "w-3", Presence: registers.Attended, Minutes: 60},
	}, s.Attendance)
	_, err = s.Attend([]registers.Attendance{{Worker: "w-1", Presence: registers.Attended}}, "", today)
	require.NoError(t, err, "the same again needs no reason")
	wrong := []registers.Attendance{{Worker: "w-1", Presence: registers.Absent}}
	_, err = s.Attend(wrong, "", today)
	require.Equal(t, rehab.Invalid, rehab.CodeOf(err))
	s, err = s.Attend(wrong, "signed for a colleague", today)
	require.NoError(t, err)
	require.Equal(t, registers.Absent, s.Attendance[0].Presence)
	_, err = s.Attend([]registers.Attendance{{Worker: "w-2", Presence: registers.Attended, Minutes: 181}}, "", today)
	require.Equal(t, rehab.Invalid, rehab.CodeOf(err), "longer than the session")

	later := session()
	later.On = today.AddDays(1)
	_, err = later.Attend([]registers.Attendance{{Worker: "w-1", Presence: registers.Attended}}, "", today)
	require.Equal(t, rehab.Invalid, rehab.CodeOf(err), "it has not been held")
}

func TestPublicityIsOfThePast(t *testing.T) {
	t.Parallel()
	p := registers.Publicity{Activity: registers.Lecture, Audience: registers.Students, Title: "六一进校园", On: today, Reached: 340}
	require.Nil(t, p.Check(today))
	p.On = today.AddDays(1)
	require.Equal(t, "on", p.Check(today).Field)
	p.On, p.Reached = today, -1
	require.Equal(t, "reached", p.Check(today).Field)
}

func TestRecordsReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	for _, d := range []registers.Data{
		requested(), programme(), session(),
		registers.Publicity{Activity: registers.Stand, Audience: registers.Public, Title: "x", On: today, Reached: 1, By: []string{"w-1"}},
	} {
		raw, err := json.Marshal(d)
		require.NoError(t, err)
		back, err := registers.Decode(d.Kind(), raw)
		require.NoError(t, err)
		require.Equal(t, d, back)
	}
	_, err := registers.Decode(registers.PublicityKind, []byte(`{"foo":1}`))
	require.Error(t, err)
}
