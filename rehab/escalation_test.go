package rehab_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// shanghai writes an instant the way an office reads it.
func shanghai(at time.Time) string { return at.In(rehab.Shanghai).Format("2006-01-02 15:04") }

// missedContact gives a case whose first contact window was missed at the end of 2026-03-23, a Monday.
func missedContact(t *testing.T) *life {
	t.Helper()
	l := executing(t, "2026-03-10")
	l.toTime(day("2026-03-23").End())
	return l
}

// climbs lets the clock run from wake to wake until the escalation climbs.
func (l *life) climbs(k rehab.Kind) (rehab.EscalationClimbed, string) {
	l.t.Helper()
	for {
		wake := l.c.Wake()
		require.False(l.t, wake.IsZero())
		for _, d := range all[rehab.EscalationClimbed](l.toTime(wake)) {
			if d.ID == l.climb(k).ID {
				return d, shanghai(wake)
			}
		}
	}
}

func TestAMissClimbsFromWorkerToCityAndRepeatsAtTheTop(t *testing.T) {
	t.Parallel()
	l := missedContact(t)
	require.Equal(t, rehab.WorkerRole, l.climb(rehab.ContactDuty).Role)
	for _, want := range []struct {
		role   rehab.Role
		at     string
		repeat bool
	}{
		{rehab.StationHead, "2026-03-25 08:00", false},    // 24 hours after midnight, from 8
		{rehab.DistrictOffice, "2026-03-27 08:00", false}, // 48 hours later, a Friday
		{rehab.CityOffice, "2026-03-30 08:00", false},     // 72 hours later
		{rehab.CityOffice, "2026-04-07 08:00", true},      // 168 hours later is a holiday (04-04..06)
	} {
		d, at := l.climbs(rehab.ContactDuty)
		require.Equal(t, want.role, d.Role)
		require.Equal(t, want.at, at)
		require.Equal(t, want.repeat, d.Repeat)
		require.False(t, d.Broken)
	}
	for range 20 {
		d, _ := l.climbs(rehab.ContactDuty)
		require.Equal(t, rehab.CityOffice, d.Role)
		require.True(t, d.Repeat, "it never falls silent")
	}
}

func TestTheDistrictIsToldOnWorkingDaysInOfficeHours(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-13")
	l.toTime(day("2026-03-26").End()) // Friday, 00:00
	_, at := l.climbs(rehab.ContactDuty)
	require.Equal(t, "2026-03-28 08:00", at, "the station head is told on a Saturday too")
	d, at := l.climbs(rehab.ContactDuty)
	require.Equal(t, rehab.DistrictOffice, d.Role)
	require.Equal(t, "2026-03-30 08:00", at)

	l = executing(t, "2026-03-10")
	l.toTime(hour("2026-03-24", 17)) // looked late
	_, at = l.climbs(rehab.ContactDuty)
	require.Equal(t, "2026-03-25 17:00", at, "in the hours the time to answer is exact")
	l = executing(t, "2026-03-10")
	l.toTime(hour("2026-03-24", 18))
	_, at = l.climbs(rehab.ContactDuty)
	require.Equal(t, "2026-03-26 08:00", at, "at 18:00 the office is closed")
}

func TestDRR44WhatStaffAreLiableForClimbsFaster(t *testing.T) {
	t.Parallel()
	l := reported(t, "2026-03-10")
	l.toTime(day("2026-03-17").End())
	for _, want := range []string{"station_head 2026-03-18 08:00", "district 2026-03-19 08:00", "city 2026-03-20 08:00", "city 2026-03-23 08:00"} {
		d, at := l.climbs(rehab.AgreementDuty)
		require.Equal(t, want, string(d.Role)+" "+at)
	}
}

func TestMissesOfOneKindShareAClimb(t *testing.T) {
	t.Parallel()
	l := missedContact(t)
	first := l.climb(rehab.ContactDuty).ID
	l.to("2026-05-20")
	require.Equal(t, first, l.climb(rehab.ContactDuty).ID)
	kinds := map[rehab.Kind]int{}
	for _, e := range l.c.Escalations {
		kinds[e.Obligation.Kind]++
	}
	require.Equal(t, map[rehab.Kind]int{rehab.ContactDuty: 1, rehab.OutreachDuty: 1, rehab.TestDuty: 1, rehab.SupervisionDuty: 1}, kinds)
}

func TestAnAcknowledgementStopsTheClimbUntilThePromisedDayIsOver(t *testing.T) {
	t.Parallel()
	l := missedContact(t)
	l.to("2026-03-24")
	esc := l.climb(rehab.ContactDuty)
	l.do(rehab.AcknowledgeEscalation{Escalation: esc.ID, Promise: day("2026-03-30")})
	esc = l.climb(rehab.ContactDuty)
	require.True(t, esc.Acknowledged())
	require.Equal(t, worker.ID, esc.AckedBy)
	opens := day("2026-03-31").Start().Add(8 * time.Hour)
	require.Equal(t, opens, esc.NextAt, "the station head is told of a broken promise in the hours of that rung")
	require.Empty(t, all[rehab.EscalationClimbed](l.toTime(opens.Add(-1))))
}

func TestABrokenPromiseClimbsOneRung(t *testing.T) {
	t.Parallel()
	l := missedContact(t)
	l.to("2026-03-25")
	require.Equal(t, rehab.StationHead, l.climb(rehab.ContactDuty).Role)
	esc := l.climb(rehab.ContactDuty)
	l.by(station).do(rehab.AcknowledgeEscalation{Escalation: esc.ID, Promise: day("2026-03-27")})
	l.toTime(day("2026-03-30").Start().Add(8 * time.Hour)) // a Monday: the district office is told on workdays
	esc = l.climb(rehab.ContactDuty)
	require.Equal(t, rehab.DistrictOffice, esc.Role)
	require.False(t, esc.Acknowledged())
	climbed := all[rehab.EscalationClimbed](l.ledger)
	last := climbed[len(climbed)-1]
	require.True(t, last.Broken)
	require.False(t, last.Repeat)

	l.by(city).do(rehab.AcknowledgeEscalation{Escalation: esc.ID, Promise: day("2026-03-30")})
	l.toTime(day("2026-03-31").Start().Add(8 * time.Hour))
	l.do(rehab.AcknowledgeEscalation{Escalation: esc.ID, Promise: day("2026-04-02")})
	l.toTime(day("2026-04-03").Start().Add(8 * time.Hour))
	esc = l.climb(rehab.ContactDuty)
	require.Equal(t, rehab.CityOffice, esc.Role, "above the city there is nobody: it is told again")
}

func TestAKeptPromiseEndsTheClimb(t *testing.T) {
	t.Parallel()
	l := missedContact(t)
	esc := l.climb(rehab.ContactDuty)
	l.do(rehab.AcknowledgeEscalation{Escalation: esc.ID, Promise: day("2026-03-27")})
	l.to("2026-03-27")
	require.Equal(t, rehab.ByEvidence, only[rehab.EscalationClosed](t, l.do(met(rehab.Talk))).Closing)
	l.quiet(rehab.ContactDuty)
}

func TestOnlyWhoWasToldOrStandsAboveAnswers(t *testing.T) {
	t.Parallel()
	l := missedContact(t)
	l.to("2026-03-27")
	l.to("2026-03-30")
	esc := l.climb(rehab.ContactDuty)
	require.Equal(t, rehab.DistrictOffice, esc.Role)
	ack := rehab.AcknowledgeEscalation{Escalation: esc.ID, Promise: day("2026-04-01")}
	for _, a := range []rehab.Actor{worker, station, {ID: "a", Role: rehab.Admin}, {ID: "i", Role: rehab.IntegrationRole}} {
		require.Equal(t, "escalation", l.by(a).refuses(ack).Field)
	}
	l.by(district).do(ack)
	require.Equal(t, "escalation", l.by(city).refuses(ack).Field, "answered already")
}

func TestAPromiseIsKeptWithinTheLimitOfThePolicy(t *testing.T) {
	t.Parallel()
	l := missedContact(t)
	l.to("2026-03-24")
	esc := l.climb(rehab.ContactDuty).ID
	require.Equal(t, rehab.NotFound, l.refuses(rehab.AcknowledgeEscalation{Escalation: esc + 1, Promise: day("2026-03-25")}).Code)
	require.Equal(t, "promise", l.refuses(rehab.AcknowledgeEscalation{Escalation: esc, Promise: day("2026-03-23")}).Field)
	require.Equal(t, "promise", l.refuses(rehab.AcknowledgeEscalation{Escalation: esc, Promise: day("2026-04-08")}).Field)
	l.do(rehab.AcknowledgeEscalation{Escalation: esc, Promise: day("2026-04-07")})
}

func TestALateLookMissesNothingAndKeepsTheOriginalDays(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	events := l.to("2026-09-15") // the engine was down for half a year
	var missed []string
	for _, e := range events {
		if d, ok := e.Data.(rehab.ObligationMissed); ok {
			o := l.duty(d.ID.String())
			require.Equal(t, o.Due.End(), e.OccurredAt, "each with its own legal instant")
			require.Equal(t, noon("2026-09-15"), e.RecordedAt)
			if d.ID.Kind == rehab.TestDuty {
				missed = append(missed, o.Due.String())
			}
		}
	}
	require.Equal(t, []string{"2026-04-09", "2026-05-09", "2026-06-09", "2026-07-09", "2026-08-09", "2026-09-09"}, missed)
	for i := 1; i < len(events); i++ {
		require.False(t, events[i].OccurredAt.Before(events[i-1].OccurredAt), "oldest first")
	}
}

func TestALateLookDoesNotRaceUpTheLadder(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	events := l.to("2026-09-10")
	require.Empty(t, all[rehab.EscalationClimbed](events), "everybody gets the whole time to answer")
	require.Len(t, all[rehab.EscalationOpened](events), 6, "one climb per kind: test, contact, outreach, supervision, visit, assessment")
	for _, e := range l.c.Escalations {
		if e.Obligation.Kind == rehab.SupervisionDuty {
			require.Equal(t, rehab.StationHead, e.Role)
			continue
		}
		require.Equal(t, rehab.WorkerRole, e.Role)
		require.Equal(t, "2026-09-11 12:00", shanghai(e.NextAt), "24 hours from when the worker was told")
	}
}

func TestNoticesGoToThePlaceThatWatchesOverTheStreet(t *testing.T) {
	t.Parallel()
	l := missedContact(t)
	var got []string
	for range 3 {
		l.climbs(rehab.ContactDuty)
		e := l.ledger[len(l.ledger)-1]
		for _, n := range l.c.Notices(e) {
			require.Equal(t, "contact-1", n.Obligation.String())
			require.Equal(t, worker.ID, n.Worker)
			got = append(got, string(n.Role)+" "+n.Place+" "+n.Type)
		}
	}
	require.Equal(t, []string{
		"station_head 110101001 escalation_climbed", "district 110101 escalation_climbed", "city 11 escalation_climbed",
	}, got)
	closed := l.on("2026-03-23", met(rehab.Talk))
	revised(t, closed)
	var heard []string
	for _, n := range l.c.Notices(closed[0]) {
		require.Equal(t, "escalation_retracted", n.Type)
		if n.Obligation == id("contact-1") {
			heard = append(heard, n.Place)
		}
	}
	require.Equal(t, []string{"110101001", "110101001", "110101", "11"}, heard)
	l.quiet(rehab.ContactDuty)
}

func TestAMissOfACaseWithoutAWorkerIsToldToTheHeadAtOnce(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.c.Worker = ""
	l.toTime(day("2026-03-23").End())
	esc := l.climb(rehab.ContactDuty)
	require.Equal(t, rehab.StationHead, esc.Role)
	require.Equal(t, 1, esc.Rung)
	opened := only[rehab.EscalationOpened](t, l.ledger)
	require.Equal(t, 1, opened.Rung)
	for i := range l.ledger {
		if l.ledger[i].Seq == esc.ID {
			require.Equal(t, rehab.StationHead, l.c.Notices(l.ledger[i])[0].Role)
		}
	}
	d, at := l.climbs(rehab.ContactDuty)
	require.Equal(t, rehab.DistrictOffice, d.Role)
	require.Equal(t, "2026-03-26 08:00", at, "48 hours from when the head was told")
}

func TestAClimbOfTheOldRulesKeepsItsRungWhenTheCaseIsLivedAgain(t *testing.T) {
	t.Parallel()
	l := setup(t)
	order := l.order()
	order.Worker = ""
	l.do(order)
	l.do(rehab.ReportIn{})
	l.toTime(day("2026-03-20").End()) // the agreement is missed
	old := 0
	for i := range l.h.Events { // as it was told before the worker's rung was passed over
		if d, ok := l.h.Events[i].Data.(rehab.EscalationOpened); ok && d.Rung == 1 {
			d.Rung, d.Role, old = 0, rehab.WorkerRole, old+1
			d.NextAt = map[rehab.Kind]time.Time{rehab.AssignWorkerDuty: hour("2026-03-22", 8), rehab.AgreementDuty: hour("2026-03-21", 8)}[d.Obligation.Kind]
			l.h.Events[i].Data = d
		}
	}
	require.Positive(t, old)
	_, added, lost, err := l.h.Again(rulesOf(l.env), l.env.Now)
	require.NoError(t, err)
	require.Empty(t, added)
	require.Zero(t, lost)
}

func TestTwoClimbsOfOneInstantKeepTheirRungsWhenTheCaseIsLivedAgain(t *testing.T) {
	t.Parallel()
	l := setup(t)
	order := l.order()
	order.Worker = ""
	l.do(order)
	l.do(rehab.ReportIn{})
	l.do(rehab.SignAgreement{})
	l.toTime(l.c.TermEnd.AddDays(20).Start())
	require.Equal(t, 1, l.climb(rehab.ReleaseDuty).Rung)
	l.do(rehab.AssignWorker{Worker: worker.ID})
	l.do(rehab.ConfirmTerm{TermEnd: l.c.TermEnd + 1}) // the notice is due on the Monday after either Saturday or Sunday
	require.Equal(t, 0, l.climb(rehab.ReleaseDuty).Rung, "the worker is told of the notice of another day")
	_, added, lost, err := l.h.Again(rulesOf(l.env), l.env.Now)
	require.NoError(t, err)
	require.Empty(t, added)
	require.Zero(t, lost)
}
