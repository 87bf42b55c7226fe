package rehab_test

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"guitu/rehab"
)

// step of a random life: time passes, then a command is given. The body is made from the
// case as it stands, so that the same step means the same in two runs whose sequence
// numbers differ.
type step struct {
	wait  time.Duration
	back  time.Duration // how long before now it happened; negative: in the future
	actor rehab.Actor
	body  func(c *rehab.Case, today rehab.Date) rehab.CommandBody
}

// command of the step at the instant.
func (s step) command(n int, c *rehab.Case, now time.Time) rehab.Command {
	return rehab.Command{ID: fmt.Sprintf("cmd-%d", n), Actor: s.actor, OccurredAt: now.Add(-s.back), Body: s.body(c, rehab.DateOf(now))}
}

// drawEnv gives a policy with its calendar, and a day on which a case may be opened.
func drawEnv(t *rapid.T, l *life) rehab.Env {
	p := *l.env.Policy
	p.ReportIn.N = rapid.IntRange(1, 15).Draw(t, "report-in days")
	p.TermEnd.Rule = rapid.SampledFrom([]string{rehab.CorrespondingDay, rehab.DayBefore}).Draw(t, "term end")
	if rapid.Bool().Draw(t, "surprise tests") {
		p.SurpriseTests.Every = rehab.Limit{N: 12, Unit: rehab.Months, Source: rehab.Source{Mark: rehab.Practice, Cite: "DTP"}}
	}
	p.LateEvidence.N = rapid.SampledFrom([]int{1, 20, 90}).Draw(t, "late evidence days")
	p.VolunteerStanding.N = rapid.SampledFrom([]int{1, 12}).Draw(t, "volunteer months")
	start := day("2024-12-01").AddDays(rapid.IntRange(0, 600).Draw(t, "start"))
	next := p
	next.Version = "next"
	next.Agreement.N, next.AssignWorker.N = rapid.IntRange(1, 20).Draw(t, "next agreement"), 7
	next.HomeVisit.Every.N = rapid.IntRange(1, 6).Draw(t, "next home visit")
	next.TermEnd.Rule = rehab.DayBefore
	return rehab.Env{Now: start.Start().Add(drawHours(t, 24)), Policy: &p, Calendar: l.env.Calendar, Target: &next}
}

func drawHours(t *rapid.T, most int) time.Duration {
	return time.Duration(rapid.IntRange(0, most*60-1).Draw(t, "minutes")) * time.Minute
}

// drawOrder gives an order that today's office may bring, mostly a good one.
func drawOrder(t *rapid.T, env rehab.Env) rehab.OpenCase {
	today := env.Today()
	b := rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, Method: rehab.ServedDirect, Place: "110101001", Policy: env.Policy.Ref(),
		Worker:      rapid.SampledFrom([]string{"", "w-7"}).Draw(t, "worker"),
		Risk:        rapid.SampledFrom([]rehab.Risk{rehab.High, rehab.Medium, rehab.Low}).Draw(t, "risk"),
		Maintenance: rapid.Bool().Draw(t, "maintenance"),
		Sex:         rapid.SampledFrom([]rehab.Sex{"", rehab.Male, rehab.Female}).Draw(t, "sex"),
		CreditDays:  rapid.SampledFrom([]int{0, 0, 0, 30, 1098}).Draw(t, "credit"),
	}
	b.ServedOn = today.AddDays(-rapid.IntRange(-1, 40).Draw(t, "served days ago"))
	b.DecidedOn = b.ServedOn.AddDays(-rapid.IntRange(0, 5).Draw(t, "decided before"))
	if rapid.Bool().Draw(t, "rehabilitation") {
		b.Measure, b.TermMonths = rehab.Rehabilitation, rapid.IntRange(1, 37).Draw(t, "months")
	}
	if rapid.IntRange(0, 4).Draw(t, "printed") == 0 {
		b.PrintedEnd = b.ServedOn.AddDays(rapid.IntRange(0, 1200).Draw(t, "printed end"))
	}
	if rapid.IntRange(0, 2).Draw(t, "carried") == 0 {
		b.ServedOn = today.AddDays(-rapid.IntRange(0, 1200).Draw(t, "carried: served days ago"))
		b.DecidedOn, b.PrintedEnd = b.ServedOn, 0
		b.Carried = &rehab.Carried{
			ReportedOn: b.ServedOn.AddDays(rapid.IntRange(0, 15).Draw(t, "carried: reported")),
			Tests:      rapid.IntRange(0, 25).Draw(t, "carried: tests"), Contacts: rapid.IntRange(0, 80).Draw(t, "carried: contacts"),
		}
		drawTransferredIn(t, &b, today)
	}
	return b
}

// drawStep gives a step; what it asks is often right and often wrong.
func drawStep(t *rapid.T) step {
	s := step{
		wait:  rapid.SampledFrom([]time.Duration{0, time.Second, time.Hour, 26 * time.Hour, 9 * 24 * time.Hour, 33 * 24 * time.Hour, 200 * 24 * time.Hour, 1130 * 24 * time.Hour}).Draw(t, "wait"),
		actor: rapid.SampledFrom([]rehab.Actor{worker, worker, station, district, city, receiver}).Draw(t, "actor"),
		body:  drawBody(t),
	}
	s.wait += drawHours(t, 24)
	switch rapid.IntRange(0, 9).Draw(t, "when") {
	case 0:
		s.back = -time.Duration(rapid.IntRange(1, 300).Draw(t, "seconds ahead")) * time.Second
	case 1, 2, 3:
		s.back = time.Duration(rapid.IntRange(0, 100*24).Draw(t, "hours back")) * time.Hour
	}
	return s
}

type body = func(c *rehab.Case, today rehab.Date) rehab.CommandBody

func drawBody(t *rapid.T) body {
	fixed := func(b rehab.CommandBody) body { return func(*rehab.Case, rehab.Date) rehab.CommandBody { return b } }
	switch rapid.IntRange(0, 27).Draw(t, "command") {
	case 0, 1:
		return fixed(rehab.ReportIn{})
	case 2:
		return fixed(rehab.SignAgreement{})
	case 3, 4, 5:
		return fixed(rehab.RecordContact{
			Channel: rapid.SampledFrom([]rehab.Channel{rehab.Phone, rehab.Talk, rehab.HomeVisit, rehab.SMS, rehab.FamilyVisit, rehab.JointVisit}).Draw(t, "channel"),
			Outcome: rapid.SampledFrom([]rehab.Outcome{rehab.Met, rehab.NoAnswer, rehab.Declined, rehab.WrongNumber}).Draw(t, "outcome"),
		})
	case 6, 7:
		return fixed(rehab.RecordTest{
			Staff:        rapid.SampledFrom([][]string{nil, {"w-1"}, {"w-1", "w-2"}, {"w-1", "w-2"}, {"w-1", "w-1"}}).Draw(t, "staff"),
			CollectorSex: rapid.SampledFrom([]rehab.Sex{rehab.Female, rehab.Female, rehab.Male}).Draw(t, "collector"),
			Site:         rapid.SampledFrom([]rehab.TestSite{"", rehab.AtLaboratory}).Draw(t, "site"),
			Surprise:     rapid.Bool().Draw(t, "surprise"),
			Method:       rapid.SampledFrom([]rehab.TestMethod{rehab.Urine, rehab.Saliva, rehab.Blood, rehab.Hair}).Draw(t, "method"),
			Result: rapid.SampledFrom([]rehab.TestResult{
				rehab.Negative, rehab.PositiveProvisional, rehab.PositiveConfirmed, rehab.TestRefused, rehab.TestEvaded,
			}).Draw(t, "result"),
		})
	case 8:
		return fixed(rehab.RecordAssessment{})
	case 9:
		return fixed(rehab.ChangeRisk{Risk: rapid.SampledFrom([]rehab.Risk{rehab.High, rehab.Medium, rehab.Low}).Draw(t, "new risk")})
	case 10:
		return fixed(rehab.AssignWorker{Worker: rapid.SampledFrom([]string{"w-7", "w-8"}).Draw(t, "new worker")})
	case 11:
		back, days := rapid.IntRange(0, 60).Draw(t, "left days ago"), rapid.IntRange(-1, 40).Draw(t, "days away")
		return func(_ *rehab.Case, today rehab.Date) rehab.CommandBody {
			return rehab.RecordLeaving{From: today.AddDays(-back), To: today.AddDays(days - back)}
		}
	case 12:
		return fixed(rehab.SubmitReleaseFile{})
	case 13:
		return fixed(rehab.Release{})
	case 14, 15, 16, 17, 18, 19, 20, 21, 22:
		return rapid.SampledFrom(topicDraws).Draw(t, "topic")(t)
	}
	return drawAnswer(t)
}

// topicDraws give the commands of one topic each.
var topicDraws = []func(*rapid.T) body{
	drawRarer,
	drawHelp,
	drawVolunteer,
	drawOutreach,
	drawAfterCare,
	drawMigration,
	drawTransfer,
	drawForm,
}

// drawForm gives a form that was filled in, about a record, a duty or nothing that is recorded.
func drawForm(t *rapid.T) body {
	form := rapid.SampledFrom([]string{"visit_record", "talk_record", "help_plan", "Not a code"}).Draw(t, "form")
	about, which := rapid.IntRange(0, 3).Draw(t, "about"), rapid.SampledFrom([]int64{1, 2, 100_000}).Draw(t, "which record") // a case has two at least
	return func(c *rehab.Case, _ rehab.Date) rehab.CommandBody {
		b := rehab.RecordForm{Form: form, Version: 1, Answers: strings.Repeat("a1", 32)}
		switch n := len(c.Obligations); {
		case about == 1:
			b.Record = which
		case about == 2 && n > 0:
			b.Obligation = c.Obligations[int(which)%n].ID
		case about == 3:
			b.Replaces = which
		}
		return b
	}
}

// drawRarer gives a command of suspension, termination or leave.
func drawRarer(t *rapid.T) body {
	which, days := rapid.IntRange(0, 23).Draw(t, "rarer"), rapid.IntRange(-3, 40).Draw(t, "days of leave")
	return func(c *rehab.Case, today rehab.Date) rehab.CommandBody {
		var leave int64 = 1
		if len(c.Leaves) > 0 {
			leave = c.Leaves[0].ID
		}
		switch which {
		case 0, 1, 2:
			return rehab.Suspend{Ground: rehab.Detention}
		case 3, 4, 5:
			return rehab.Resume{}
		case 6:
			return rehab.ReviewSuspension{}
		case 7:
			return rehab.ConfirmTerm{TermEnd: c.TermEnd.AddDays(days)}
		case 8:
			return rehab.ReportLeave{From: today, To: today.AddDays(days)}
		case 9:
			return rehab.DecideLeave{Leave: leave, Approved: days > 5}
		case 10:
			return rehab.ExtendLeave{Leave: leave, To: today.AddDays(days)}
		case 11:
			return rehab.ReturnFromLeave{Leave: leave}
		case 12:
			return rehab.StartMaintenance{}
		case 13:
			return rehab.StopMaintenance{}
		case 14, 15, 16:
			return drawnOver(c, which, days > 20)
		case 17, 18, 19:
			return rehab.IssueMeasure{
				Step: rehab.BreachSteps()[(which+days+3)%4], Signature: rehab.Signed,
				Skip: []rehab.SkipReason{"", rehab.SkipRepeated}[(days+3)%2],
			}
		case 20:
			return rehab.WaiveMeasure{Step: rehab.BreachSteps()[(days+3)%4]}
		case 21:
			return rehab.RecordHelpOffer{Answer: rehab.HelpDeclined}
		case 22:
			return rehab.RecordCircumstance{Circumstance: rehab.Under16, From: today, Until: today.AddDays(days)}
		}
		return rehab.Terminate{Ground: rehab.Imprisonment}
	}
}

// drawnOver gives a command about the first positive or the first sealed samples.
func drawnOver(c *rehab.Case, which int, yes bool) rehab.CommandBody {
	var test int64 = 1
	if which == 16 && len(c.Samples) > 0 {
		return rehab.DestroySamples{Test: c.Samples[0].Test}
	}
	switch {
	case len(c.Pending) > 0 && (yes || len(c.Confirmed) == 0):
		test = c.Pending[0].Test
	case len(c.Confirmed) > 0:
		test = c.Confirmed[len(c.Confirmed)-1].Test
	}
	if which == 14 {
		return rehab.ObjectToTest{Test: test}
	}
	return rehab.RecordLaboratoryResult{Test: test, Confirmed: yes}
}

// drawMigration gives a change of the rules or of the calendar.
func drawMigration(t *rapid.T) body {
	calendar := rapid.Bool().Draw(t, "calendar")
	return func(c *rehab.Case, _ rehab.Date) rehab.CommandBody {
		if calendar {
			return rehab.ApplyCalendar{}
		}
		return rehab.MigratePolicy{To: rehab.PolicyRef{ID: c.Policy.ID, Version: "next"}}
	}
}

// follow is the environment of a case that may have been migrated.
func follow(env rehab.Env, c *rehab.Case) rehab.Env {
	if env.Target != nil && c.Policy == env.Target.Ref() {
		env.Policy = env.Target
	}
	return env
}

// drawAfterCare gives a command of what follows a release.
func drawAfterCare(t *rapid.T) body {
	which := rapid.IntRange(0, 6).Draw(t, "after-care")
	return func(c *rehab.Case, _ rehab.Date) rehab.CommandBody {
		var hold int64 = 1
		if len(c.Holds) > 0 {
			hold = c.Holds[0].ID
		}
		switch which {
		case 0, 1:
			return rehab.PlaceHold{Reason: rehab.Audit}
		case 2:
			return rehab.ReviewHold{Hold: hold}
		case 3:
			return rehab.LiftHold{Hold: hold}
		case 4:
			return rehab.EndDynamicControl{}
		case 5:
			return rehab.CloseAfterCare{Ground: rehab.Death}
		}
		return rehab.Seal{}
	}
}

// drawAnswer gives a command that answers for something that is in the case.
func drawAnswer(t *rapid.T) body {
	kind, which := rapid.IntRange(0, 8).Draw(t, "answer"), rapid.IntRange(0, 40).Draw(t, "which")
	yes, days := rapid.Bool().Draw(t, "yes"), rapid.IntRange(-1, 20).Draw(t, "days ahead")
	return func(c *rehab.Case, today rehab.Date) rehab.CommandBody {
		o := rehab.ObligationID{Kind: rehab.TestDuty, N: 1}
		if n := len(c.Obligations); n > 0 {
			o = c.Obligations[which%n].ID
		}
		switch kind {
		case 0:
			b := rehab.ResolveTest{Test: 1, Confirmed: yes, Accepted: days > 10}
			if n := len(c.Pending); n > 0 {
				b.Test = c.Pending[which%n].Test
			}
			return b
		case 1:
			return rehab.ConfirmMiss{Obligation: o, Evasion: yes && o.Kind == rehab.TestDuty}
		case 2:
			return rehab.DismissMiss{Obligation: o}
		case 3:
			b := rehab.JustifyMiss{Obligation: o, Reason: rehab.InCustody}
			if yes {
				b.Until = today.AddDays(days)
			}
			return b
		case 4:
			return rehab.SendPoliceReport{Obligation: o}
		case 6:
			return rehab.ConfirmPoliceReport{Obligation: o}
		case 7:
			return rehab.RecordReceipt{Obligation: o}
		case 8:
			b := rehab.DecideRefusal{Test: 1, Confirmed: yes || days > 5}
			if n := len(c.Refusals); n > 0 {
				b.Test = c.Refusals[which%n].Test
			}
			return b
		}
		b := rehab.AcknowledgeEscalation{Escalation: 1, Promise: today.AddDays(days)}
		if n := len(c.Escalations); n > 0 {
			b.Escalation = c.Escalations[which%n].ID
		}
		return b
	}
}
