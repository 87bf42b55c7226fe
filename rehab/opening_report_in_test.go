package rehab_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestDRR14ReportInIsDueFifteenDaysAfterServiceNotAfterTheDecision(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ decided, served, due string }{
		{"2026-03-01", "2026-03-10", "2026-03-25"},
		{"2026-09-16", "2026-09-16", "2026-10-08"},
		{"2026-01-20", "2026-01-30", "2026-02-14"},
	} {
		l := setup(t)
		l.env.Now = noon(row.served)
		b := l.order()
		b.DecidedOn = day(row.decided)
		l.do(b)
		o := l.duty("report_in-1")
		require.Equal(t, row.due, o.Due.String())
		require.Equal(t, "DRR art.14", o.Citation)
		require.Equal(t, day(row.due).End(), o.Deadline(), "a day ends at 24:00 in Shanghai")
	}
}

func TestDRR14AMissedReportInIsProvisionalUntilAPersonConfirmsDeemedRefusal(t *testing.T) {
	t.Parallel()
	l := served(t)
	require.Empty(t, l.toTime(day("2026-03-25").End().Add(-time.Millisecond)), "the last day is not over")
	events := l.toTime(day("2026-03-25").End())
	require.Equal(t, id("report_in-1"), only[rehab.ObligationMissed](t, events).ID)
	require.Equal(t, rehab.Missed, l.duty("report_in-1").Status)
	require.Zero(t, l.c.Counters.DeemedRefusals, "the engine never decides")
	l.gone("police_report-1")

	l.to("2026-03-26")
	require.Equal(t, rehab.DeemedRefusal, only[rehab.MissConfirmed](t, l.do(rehab.ConfirmMiss{Obligation: id("report_in-1")})).Ground)
	require.Equal(t, 1, l.c.Counters.DeemedRefusals)
	report := l.duty("police_report-1")
	require.Equal(t, rehab.DeemedRefusal, report.Ground)
	require.Equal(t, noon("2026-03-27"), report.Deadline(), "promptly: 24 hours")
	require.Empty(t, l.c.Counters.Violations, "it is no ground of DRR art.20")
}

func TestDRR14AClientWhoComesLateIsTakenInAndTheRefusalStands(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.to("2026-03-27")
	l.do(rehab.ConfirmMiss{Obligation: id("report_in-1")})
	l.to("2026-04-02")
	events := l.do(rehab.ReportIn{})
	require.True(t, only[rehab.ReportedIn](t, events).Late)
	require.True(t, only[rehab.ObligationMet](t, events).Late)
	require.Equal(t, 1, l.c.Counters.DeemedRefusals)
	require.Equal(t, rehab.DeemedRefusal, l.duty("police_report-1").Ground)
	require.Equal(t, rehab.ByEvidence, only[rehab.EscalationClosed](t, events).Closing)
	require.Equal(t, day("2026-04-02"), l.c.ReportedOn, "the term runs from report-in")
}

func TestDRR14AJustifiedReasonGivesAReportInANewDay(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.to("2026-03-27")
	l.do(rehab.ConfirmMiss{Obligation: id("report_in-1")})
	require.Equal(t, "until", l.refuses(rehab.JustifyMiss{Obligation: id("report_in-1"), Reason: rehab.InCustody}).Field)
	require.Equal(t, "until", l.refuses(rehab.JustifyMiss{Obligation: id("report_in-1"), Reason: rehab.InCustody, Until: day("2026-03-26")}).Field)
	require.Equal(t, "until", l.refuses(rehab.JustifyMiss{Obligation: id("report_in-1"), Reason: rehab.InCustody, Until: day("2099-04-10")}).Field, "nobody is put off for good")

	events := l.do(rehab.JustifyMiss{Obligation: id("report_in-1"), Reason: rehab.InCustody, Until: day("2026-04-10")})
	require.Equal(t, rehab.ByJustification, only[rehab.EscalationClosed](t, events).Closing)
	require.Zero(t, l.c.Counters.DeemedRefusals, "taken back")
	l.gone("police_report-1")
	require.Equal(t, rehab.Open, l.duty("report_in-1").Status)
	require.Empty(t, all[rehab.ObligationMissed](l.to("2026-04-10")))
	require.Len(t, all[rehab.ObligationMissed](l.to("2026-04-11")), 1, "the new day binds too")
}

func TestDRR14AReportInTakenInTimeAndWrittenDownLateRetractsTheRefusal(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.to("2026-03-27")
	l.do(rehab.ConfirmMiss{Obligation: id("report_in-1")})
	events := l.on("2026-03-20", rehab.ReportIn{})
	require.Subset(t, took(revised(t, events)), []string{"obligation_missed", "miss_confirmed", "escalation_opened"})
	require.Equal(t, "confirm-miss", revised(t, events).Moot[0].Type)
	l.quiet(rehab.ReportInDuty)
	require.Zero(t, l.c.Counters.DeemedRefusals)
	l.gone("police_report-1")
	require.Equal(t, day("2026-03-20"), l.c.ReportedOn)
}

func TestDRR14AReportThatWasSentIsNotWithdrawn(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.to("2026-03-27")
	l.do(rehab.ConfirmMiss{Obligation: id("report_in-1")})
	l.do(rehab.ConfirmPoliceReport{Obligation: id("police_report-1")})
	l.do(rehab.SendPoliceReport{Obligation: id("police_report-1")})
	events := l.on("2026-03-20", rehab.ReportIn{})
	require.Empty(t, all[rehab.ObligationSuperseded](events))
	require.Equal(t, rehab.NotFound, l.refuses(rehab.SendPoliceReport{Obligation: id("police_report-1")}).Code)
}

func TestDRR14ReportInHappensOnceAndNeitherBeforeServiceNorInTheFuture(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.to("2026-03-12")
	require.Equal(t, "DRR art.14", l.refusesAt(noon("2026-03-09"), rehab.ReportIn{}).Citation)
	require.Equal(t, rehab.Invalid, l.refusesAt(l.env.Now.Add(3*time.Minute), rehab.ReportIn{}).Code)
	l.do(rehab.ReportIn{})
	require.Equal(t, "DRR art.14", l.refuses(rehab.ReportIn{}).Citation)
}

func TestAPhoneWhoseClockRunsAheadDoesNotMoveADayAhead(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.toTime(day("2026-03-12").End().Add(-time.Minute))
	events := l.doAt(l.env.Now.Add(90*time.Second), rehab.ReportIn{})
	require.Equal(t, day("2026-03-12"), l.c.ReportedOn)
	for _, e := range events {
		require.False(t, e.OccurredAt.After(e.RecordedAt), "nothing happens after it was written down")
	}
}

func TestDRR16TheAgreementIsDuePromptlyAndEscalatesUntilItIsSigned(t *testing.T) {
	t.Parallel()
	l := reported(t, "2026-03-10")
	require.Equal(t, rehab.AwaitingAgreement, l.c.Phase)
	require.Equal(t, "2026-03-17", l.duty("agreement-1").Due.String())
	l.to("2026-03-18")
	require.Equal(t, rehab.Missed, l.duty("agreement-1").Status)
	l.climb(rehab.AgreementDuty)
	require.Equal(t, rehab.Refused, l.refuses(rehab.DismissMiss{Obligation: id("agreement-1")}).Code, "it still has to be signed")
	events := l.do(rehab.SignAgreement{})
	require.Equal(t, rehab.ByEvidence, only[rehab.EscalationClosed](t, events).Closing)
	require.Equal(t, rehab.InExecution, l.c.Phase)
	require.Equal(t, "DRR art.16", l.refuses(rehab.SignAgreement{}).Citation)
}

func TestDRR16TheAgreementIsNotSignedBeforeReportIn(t *testing.T) {
	t.Parallel()
	l := served(t)
	require.Equal(t, "DRR art.14, 16", l.refuses(rehab.SignAgreement{}).Citation)
	l.to("2026-03-12")
	l.do(rehab.ReportIn{})
	require.Equal(t, "occurred_at", l.refusesAt(noon("2026-03-11"), rehab.SignAgreement{}).Field)
	l.to("2026-03-18")
	l.on("2026-03-12", rehab.SignAgreement{})
	require.Equal(t, day("2026-03-12"), l.c.AgreementOn)
}

func TestDRR17AWorkerIsAssignedWithinThreeWorkingDays(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.env.Now = noon("2026-09-16")
	b := l.order()
	b.Worker = ""
	l.do(b)
	require.Equal(t, "2026-09-20", l.duty("assign_worker-1").Due.String())
	l.to("2026-09-21")
	l.climb(rehab.AssignWorkerDuty)
	events := l.by(station).on("2026-09-19", rehab.AssignWorker{Worker: "w-7"})
	require.Equal(t, []string{"obligation_missed", "escalation_opened"}, took(revised(t, events)), "assigned in time, written down late")
	l.quiet(rehab.AssignWorkerDuty)
	require.Equal(t, "w-7", l.c.Worker)
	require.Equal(t, "worker", l.refuses(rehab.AssignWorker{Worker: "w-7"}).Field)
	require.Equal(t, rehab.WorkerAssigned{Worker: "w-8", Previous: "w-7"}, only[rehab.WorkerAssigned](t, l.do(rehab.AssignWorker{Worker: "w-8"})))
}

func TestNCL33AnOrderThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(*rehab.OpenCase)
		field  string
	}{
		"no measure":                        {func(b *rehab.OpenCase) { b.Measure = "" }, "measure"},
		"another measure":                   {func(b *rehab.OpenCase) { b.Measure = "isolation" }, "measure"},
		"treatment of two years":            {func(b *rehab.OpenCase) { b.TermMonths = 24 }, "term_months"},
		"rehabilitation of four years":      {func(b *rehab.OpenCase) { b.Measure, b.TermMonths = rehab.Rehabilitation, 48 }, "term_months"},
		"served before it was decided":      {func(b *rehab.OpenCase) { b.ServedOn-- }, "served_on"},
		"served tomorrow":                   {func(b *rehab.OpenCase) { b.ServedOn++ }, "served_on"},
		"decided before the law":            {func(b *rehab.OpenCase) { b.DecidedOn = day("2008-05-31") }, "decided_on"},
		"no method of service":              {func(b *rehab.OpenCase) { b.Method = "" }, "service_method"},
		"an end before service":             {func(b *rehab.OpenCase) { b.PrintedEnd = b.ServedOn }, "printed_end"},
		"an end far beyond any term":        {func(b *rehab.OpenCase) { b.PrintedEnd = day("2099-03-10") }, "printed_end"},
		"more credit than term":             {func(b *rehab.OpenCase) { b.CreditDays = 1099 }, "credit_days"},
		"no place":                          {func(b *rehab.OpenCase) { b.Place = "" }, "place"},
		"no risk class":                     {func(b *rehab.OpenCase) { b.Risk = "" }, "risk"},
		"no policy":                         {func(b *rehab.OpenCase) { b.Policy.Version = "" }, "policy"},
		"another policy than the one given": {func(b *rehab.OpenCase) { b.Policy.Version = "1999.1" }, "policy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := setup(t)
			b := l.order()
			row.change(&b)
			e := l.refuses(b)
			require.Equal(t, rehab.Invalid, e.Code)
			require.Equal(t, row.field, e.Field)
		})
	}
}

func TestNCL33ACaseIsOpenedOnceAndNothingHappensBeforeIt(t *testing.T) {
	t.Parallel()
	l := setup(t)
	require.Equal(t, rehab.NotFound, l.refuses(rehab.ReportIn{}).Code)
	require.True(t, l.c.Wake().IsZero())
	l.do(l.order())
	require.Equal(t, rehab.Conflict, l.refuses(l.order()).Code)
}
