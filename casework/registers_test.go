package casework_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/casework"
	"guitu/registers"
	"guitu/rehab"
)

func (w *town) has(id string, r registers.Record) {
	r.ID, r.Version = id, 1
	w.records[id] = []registers.Record{r}
}

func lecture(by ...string) registers.Publicity {
	return registers.Publicity{Activity: registers.Lecture, Audience: registers.Students, Title: "禁毒进校园", On: rehab.DateOf(now), Reached: 340, By: by}
}

func course() registers.Programme {
	day := rehab.DateOf(now)
	return registers.Programme{Title: "培新计划", From: day.AddDays(-10), To: day.AddDays(10), Phases: []registers.Phase{{Title: "基础", From: day.AddDays(-10), To: day.AddDays(10)}}}
}

func planned(of ...string) registers.Supervision {
	day := rehab.DateOf(now)
	return registers.Supervision{Status: registers.Planned, Help: registers.External, Topic: registers.StalledEngagement, Form: registers.Online, Supervisor: "x-1", Supervisees: of, RequestedOn: day.AddDays(-9), PlannedOn: day}
}

// TestWhoSeesWhichRecord: training of the places above is for everyone below, supervision for
// those it is about and their offices, and a partner sees its own programmes.
func TestWhoSeesWhichRecord(t *testing.T) {
	t.Parallel()
	session := registers.Session{Attendance: []registers.Attendance{{Worker: "w-1"}, {Worker: "w-2"}}}
	w, s := newTown(t)
	w.has("sv-1", registers.Record{Place: street, Data: planned("w-1")})
	w.has("sv-2", registers.Record{Place: street, CaseID: caseID, Data: planned("w-1"), Note: "不开门"})
	w.has("tp-1", registers.Record{Place: "11", Organisation: "org-1", Data: course()})
	w.has("tp-2", registers.Record{Place: "110101", Organisation: "org-2", Data: course()})
	w.has("ts-1", registers.Record{Place: "11", Organisation: "org-1", Programme: "tp-1", Data: session})
	w.has("pa-1", registers.Record{Place: street, Data: lecture("w-1")})
	otherHead := rehab.Actor{ID: "h-2", Role: rehab.StationHead, Place: "110102001"}
	for name, x := range map[string]struct {
		who  rehab.Actor
		sees []string
	}{
		"the worker":        {worker, []string{"sv-1", "sv-2", "tp-1", "tp-2", "ts-1", "pa-1"}},
		"a colleague":       {stranger, []string{"tp-1", "tp-2", "pa-1"}},
		"the station head":  {head, []string{"sv-1", "sv-2", "tp-1", "tp-2", "ts-1", "pa-1"}},
		"another station":   {otherHead, []string{"tp-1", "ts-1"}},
		"the district":      {district, []string{"sv-1", "sv-2", "tp-1", "tp-2", "ts-1", "pa-1"}},
		"the partner":       {partner, []string{"tp-1", "ts-1"}},
		"a sender of data":  {rehab.Actor{ID: "i-1", Role: rehab.IntegrationRole, Place: "11"}, nil},
		"the administrator": {admin, []string{"sv-1", "sv-2", "tp-1", "tp-2", "ts-1", "pa-1"}},
	} {
		var got []string
		for _, id := range []string{"sv-1", "sv-2", "tp-1", "tp-2", "ts-1", "pa-1"} {
			kind := w.records[id][0].Data.Kind()
			if _, err := s.Record(t.Context(), x.who, kind, id); err == nil {
				got = append(got, id)
			} else {
				requireCode(t, rehab.NotFound, err)
			}
		}
		require.Equal(t, x.sees, got, name)
	}
	r, err := s.Record(t.Context(), worker, registers.SessionKind, "ts-1")
	require.NoError(t, err)
	require.Len(t, r.Data.(registers.Session).Attendance, 1, "a worker reads of the own attendance alone")
	require.Len(t, session.Attendance, 2)
	r, err = s.Record(t.Context(), admin, registers.SupervisionKind, "sv-2")
	require.NoError(t, err)
	require.Empty(t, r.Note, "who keeps the system running reads nothing of a client")
	_, err = s.Record(t.Context(), city, registers.ProgrammeKind, "sv-1")
	requireCode(t, rehab.NotFound, err)

	w.row.Place, w.row.Worker = "110102001", "w-7" // the case moved, and its record with it
	_, err = s.Record(t.Context(), head, registers.SupervisionKind, "sv-2")
	requireCode(t, rehab.NotFound, err)
	_, err = s.Record(t.Context(), otherHead, registers.SupervisionKind, "sv-2")
	require.NoError(t, err)
	w.row.Phase = rehab.Sealed
	_, err = s.Record(t.Context(), city, registers.SupervisionKind, "sv-2")
	require.ErrorIs(t, err, casework.ErrSealed)
}

func TestWhoKeepsWhichRecord(t *testing.T) {
	t.Parallel()
	w, s := newTown(t)
	for name, x := range map[string]struct {
		who  rehab.Actor
		in   casework.NewPublicity
		code rehab.Code
	}{
		"the own activity":       {worker, casework.NewPublicity{Place: street, Data: lecture("w-1")}, ""},
		"that of a colleague":    {worker, casework.NewPublicity{Place: street, Data: lecture("w-2")}, rehab.Forbidden},
		"of another street":      {worker, casework.NewPublicity{Place: "110101002", Data: lecture("w-1")}, rehab.Forbidden},
		"the station's":          {head, casework.NewPublicity{Place: street, Data: lecture("w-2")}, ""},
		"the district's":         {head, casework.NewPublicity{Place: "110101", Data: lecture()}, rehab.Forbidden},
		"a partner and pamphlet": {partner, casework.NewPublicity{Place: street, Data: lecture()}, rehab.Forbidden},
	} {
		_, err := s.AddPublicity(t.Context(), x.who, "", x.in)
		if x.code == "" {
			require.NoError(t, err, name)
		} else {
			requireCode(t, x.code, err)
		}
	}
	_, err := s.AddProgramme(t.Context(), partner, "", casework.NewProgramme{Place: "11", Organisation: "org-1", Data: course()})
	requireCode(t, rehab.Forbidden, err)
	w.has("tp-1", registers.Record{Place: "110101", Organisation: "org-1", Data: course()})
	for _, who := range []rehab.Actor{partner, district} {
		_, err = s.CorrectRecord(t.Context(), who, casework.RecordCommand{ID: "tp-1"}, course(), "title")
		require.NoError(t, err)
	}
	_, err = s.CorrectRecord(t.Context(), head, casework.RecordCommand{ID: "tp-1"}, course(), "title")
	requireCode(t, rehab.Forbidden, err)
	_, err = s.CorrectRecord(t.Context(), district, casework.RecordCommand{ID: "tp-1"}, course(), " ")
	requireCode(t, rehab.Invalid, err)
}

func TestARecordIsMadeOnceForItsKey(t *testing.T) {
	t.Parallel()
	w, s := newTown(t)
	in := casework.NewPublicity{Place: street, Data: lecture("w-1")}
	first, err := s.AddPublicity(t.Context(), head, "k-1", in)
	require.NoError(t, err)
	again, err := s.AddPublicity(t.Context(), head, "k-1", in)
	require.NoError(t, err)
	require.True(t, again.Duplicate)
	require.Equal(t, first.Record.ID, again.Record.ID)
	require.Len(t, w.records, 1)
	in.Data.Reached++
	_, err = s.AddPublicity(t.Context(), head, "k-1", in)
	requireCode(t, rehab.Conflict, err)
	_, err = s.AddPublicity(t.Context(), district, "k-1", in)
	require.NoError(t, err)
	require.Len(t, w.records, 2, "the key of another is another key")

	gone := casework.RecordCommand{ID: first.Record.ID}
	_, err = s.WithdrawRecord(t.Context(), head, registers.PublicityKind, gone, "twice")
	require.NoError(t, err)
	_, err = s.CorrectRecord(t.Context(), head, gone, in.Data, "reached")
	requireCode(t, rehab.Refused, err)
}

func TestAskingForSupervision(t *testing.T) {
	t.Parallel()
	_, s := newTown(t)
	ask := casework.NewSupervision{CaseID: caseID, Topic: registers.StalledEngagement, Help: registers.External}
	for _, who := range []rehab.Actor{worker, head} {
		kept, err := s.RequestSupervision(t.Context(), who, "", ask)
		require.NoError(t, err)
		require.Equal(t, street, kept.Record.Place)
		require.Equal(t, []string{"w-1"}, kept.Record.Data.Workers(), "by default the worker of the case is supervised")
	}
	_, err := s.RequestSupervision(t.Context(), stranger, "", ask)
	requireCode(t, rehab.NotFound, err)
	_, err = s.RequestSupervision(t.Context(), worker, "", casework.NewSupervision{Topic: registers.StalledEngagement, Help: registers.External, Supervisees: []string{"w-2"}})
	requireCode(t, rehab.Forbidden, err)
	_, err = s.RequestSupervision(t.Context(), worker, "", casework.NewSupervision{Topic: registers.StalledEngagement, Help: registers.External, Note: "of a client"})
	requireCode(t, rehab.Invalid, err)
}

// TestTheCaseHearsOfItsSupervision before the record says that it was held.
func TestTheCaseHearsOfItsSupervision(t *testing.T) {
	t.Parallel()
	held := casework.Holding{Holding: registers.Holding{HeldOn: rehab.DateOf(now), Minutes: 90}}
	w, s := newTown(t)
	w.has("sv-1", registers.Record{Place: street, CaseID: caseID, Data: planned("w-1")})
	w.refusal = &rehab.Error{Code: rehab.Unavailable, Message: "later"}
	_, err := s.HoldSupervision(t.Context(), head, casework.RecordCommand{ID: "sv-1", Key: "h"}, held)
	requireCode(t, rehab.Unavailable, err)
	require.Len(t, w.records["sv-1"], 1, "the case has not heard of it")
	w.refusal = nil
	kept, err := s.HoldSupervision(t.Context(), head, casework.RecordCommand{ID: "sv-1", Key: "h"}, held)
	require.NoError(t, err)
	require.Equal(t, registers.Held, kept.Record.Data.(registers.Supervision).Status)
	told := w.given[len(w.given)-1]
	require.Equal(t, rehab.Reserved("supervision", "sv-1", "held"), told.ID)
	require.Equal(t, rehab.RecordSupervision{Form: rehab.SupervisionForm(registers.External), Online: true}, told.Body)

	for step, code := range map[rehab.Channel]rehab.Code{"": "", rehab.JointVisit: rehab.Refused} { // a case that waits for none
		w, s := newTown(t)
		w.has("sv-1", registers.Record{Place: street, CaseID: caseID, Data: planned("w-1")})
		w.refusal, held.Step = refused(), step
		_, err := s.HoldSupervision(t.Context(), head, casework.RecordCommand{ID: "sv-1"}, held)
		if code == "" {
			require.NoError(t, err)
		} else {
			requireCode(t, code, err)
		}
	}
	w.has("sv-2", registers.Record{Place: street, Data: planned("w-1")})
	held.Step = rehab.JointVisit
	_, err = s.HoldSupervision(t.Context(), head, casework.RecordCommand{ID: "sv-2"}, held)
	requireCode(t, rehab.Invalid, err) // a step belongs to a case
}

func TestASessionStaysInsideItsProgramme(t *testing.T) {
	t.Parallel()
	w, s := newTown(t)
	w.has("tp-1", registers.Record{Place: "110101", Data: course()})
	in := casework.NewSession{Phase: 1, Subject: "动机式访谈", Trainers: []string{"t-1"}, Form: registers.InPerson, On: rehab.DateOf(now), Minutes: 180, Invited: []casework.InvitedWorker{{Worker: "w-1"}}}
	kept, err := s.AddSession(t.Context(), district, "tp-1", "", in)
	require.NoError(t, err)
	late := in
	late.On = late.On.AddDays(60)
	_, err = s.AddSession(t.Context(), district, "tp-1", "", late)
	require.Error(t, err)
	away := in
	away.Place = "110102"
	_, err = s.AddSession(t.Context(), district, "tp-1", "", away)
	requireCode(t, rehab.Invalid, err)

	early := course()
	early.To, early.Phases[0].To = early.To.AddDays(-15), early.To.AddDays(-15)
	_, err = s.CorrectRecord(t.Context(), district, casework.RecordCommand{ID: "tp-1"}, early, "shorter")
	requireCode(t, rehab.Refused, err)
	_, err = s.RecordAttendance(t.Context(), district, casework.RecordCommand{ID: kept.Record.ID}, casework.AttendanceList{
		Entries: []casework.AttendanceEntry{{InvitedWorker: casework.InvitedWorker{Worker: "w-1"}, Presence: registers.Attended}},
	})
	require.NoError(t, err)
	_, err = s.WithdrawRecord(t.Context(), district, registers.SessionKind, casework.RecordCommand{ID: kept.Record.ID}, "cancelled")
	require.NoError(t, err)
	_, err = s.CorrectRecord(t.Context(), district, casework.RecordCommand{ID: "tp-1"}, early, "shorter")
	require.NoError(t, err)
}
