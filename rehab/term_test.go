package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestDRR14TheTermIsThreeYearsFromReportIn(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.to("2026-03-20")
	l.do(rehab.ReportIn{})
	require.Equal(t, "2029-03-20", l.c.TermEnd.String(), "from report-in, not from service")

	l = setup(t)
	l.env.Policy.TermEnd.Rule = rehab.DayBefore
	l.do(l.order())
	l.do(rehab.ReportIn{})
	require.Equal(t, "2029-03-09", l.c.TermEnd.String(), "the policy says the day before")
}

func TestDRR14TheEndOfTheTermIsNeverRolled(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.env.Now = noon("2025-10-02")
	b := l.order()
	b.Measure, b.TermMonths = rehab.Rehabilitation, 12
	l.do(b)
	l.do(rehab.ReportIn{})
	require.Equal(t, "2026-10-02", l.c.TermEnd.String())
	require.False(t, l.env.Calendar.IsWorkday(l.c.TermEnd), "a holiday")
}

func TestDRR37TheTermOfRehabilitationIsSetInTheOrderAndAtMostThreeYears(t *testing.T) {
	t.Parallel()
	l := setup(t)
	b := l.order()
	b.Measure, b.TermMonths = rehab.Rehabilitation, 37
	require.Equal(t, "DRR art.14, 37", l.refuses(b).Citation)
	b.TermMonths = 18
	l.env.Policy.MaxRehabTerm.N = 17
	require.Equal(t, "DRR art.37", l.refuses(b).Citation, "the policy is stricter")
	l.env.Policy.MaxRehabTerm.N = 36
	l.do(b)
	l.do(rehab.ReportIn{})
	require.Equal(t, "2027-09-10", l.c.TermEnd.String())
}

func TestDRR31DaysServedInIsolationAreCredited(t *testing.T) {
	t.Parallel()
	l := setup(t)
	b := l.order()
	b.CreditDays = 100
	l.do(b)
	l.do(rehab.ReportIn{})
	require.Equal(t, "2028-11-30", l.c.TermEnd.String())

	l = setup(t)
	b.CreditDays = 1098
	l.do(b)
	l.do(rehab.ReportIn{})
	require.Equal(t, day("2026-03-10"), l.c.TermEnd, "no term ends before it begins")
}

func TestTheEndPrintedOnTheOrderOverridesTheComputedOne(t *testing.T) {
	t.Parallel()
	l := setup(t)
	b := l.order()
	b.CreditDays, b.PrintedEnd = 100, day("2029-03-08")
	l.do(b)
	l.do(rehab.ReportIn{})
	require.Equal(t, "2029-03-08", l.c.TermEnd.String())
}

func TestDRR14ThereIsNoEarlyRelease(t *testing.T) {
	t.Parallel()
	l := served(t)
	require.Equal(t, "DRR art.14", l.refuses(rehab.Release{}).Citation)
	l.do(rehab.ReportIn{})
	require.Equal(t, "DRR art.14, 23", l.refuses(rehab.Release{}).Citation)
	l.do(rehab.SignAgreement{})
	l.toTime(day("2029-03-10").End().Add(-1))
	require.Equal(t, rehab.InExecution, l.c.Phase)
	require.Equal(t, "DRR art.14, 23", l.refuses(rehab.Release{}).Citation, "the last day belongs to the term")
	l.toTime(day("2029-03-10").End())
	require.Equal(t, rehab.TermEnded, l.c.Phase)
	require.Equal(t, "occurred_at", l.refusesAt(noon("2029-03-09"), rehab.Release{}).Field)
	l.do(rehab.Release{})
	require.False(t, l.c.IsOpen())
}

func TestDRR23TheFileGoesToThePoliceSevenWorkingDaysBeforeExpiryWithAReminderBefore(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.env.Now = noon("2025-10-12")
	b := l.order()
	b.Measure, b.TermMonths = rehab.Rehabilitation, 12
	l.do(b)
	l.do(rehab.ReportIn{})
	l.do(rehab.SignAgreement{})
	require.Equal(t, "2026-10-12", l.c.TermEnd.String())
	e := l.refuses(rehab.SubmitReleaseFile{})
	require.Equal(t, rehab.Refused, e.Code)
	require.Contains(t, e.Message, "2026-09-12", "30 days before the end")

	l.toTime(day("2026-09-12").Start())
	file := l.duty("release_file-1")
	require.Equal(t, "2026-09-12", file.Opens.String())
	require.Equal(t, "2026-09-24", file.Due.String(), "seven working days before, over two holidays with a working Saturday")
	l.to("2026-09-25")
	l.climb(rehab.ReleaseFileDuty)
	l.do(rehab.SubmitReleaseFile{})
	l.quiet(rehab.ReleaseFileDuty)
	require.Equal(t, rehab.Refused, l.refuses(rehab.SubmitReleaseFile{}).Code, "once")
}

func TestDRR23AFileBeforeTheTermIsRefused(t *testing.T) {
	t.Parallel()
	require.Equal(t, "DRR art.14, 23", served(t).refuses(rehab.SubmitReleaseFile{}).Citation)
}

func TestDRR23TheNoticeOfReleaseIsDueSevenDaysAfterTheEnd(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.env.Now = noon("2025-09-25")
	b := l.order()
	b.Measure, b.TermMonths = rehab.Rehabilitation, 12
	l.do(b)
	l.do(rehab.ReportIn{})
	l.do(rehab.SignAgreement{})
	events := l.toTime(day("2026-09-25").End())
	require.Equal(t, day("2026-09-25"), only[rehab.TermPassed](t, events).On)
	notice := l.duty("release_notice-1")
	require.Equal(t, "2026-10-08", notice.Due.String(), "2026-10-02 is off: the next working day")
	require.Equal(t, "DRR art.23", notice.Citation)
	l.to("2026-10-09")
	l.climb(rehab.ReleaseDuty)
	l.do(rehab.Release{})
	require.Equal(t, day("2026-10-09"), l.c.ReleasedOn)
}

func TestDRR23AfterTheTermNothingRecurringFallsDueAndNothingClimbsOverIt(t *testing.T) {
	t.Parallel()
	l := reported(t, "2026-03-10")
	l.toTime(day("2029-03-10").End().Add(-1))
	for _, k := range []rehab.Kind{rehab.AgreementDuty, rehab.ContactDuty, rehab.HomeVisitDuty, rehab.TestDuty, rehab.AssessmentDuty} {
		l.climb(k)
	}
	l.toTime(day("2029-03-10").End())
	for _, k := range []rehab.Kind{rehab.AgreementDuty, rehab.ContactDuty, rehab.HomeVisitDuty, rehab.TestDuty, rehab.AssessmentDuty} {
		l.quiet(k)
	}
	l.gone("agreement-1")
	l.climb(rehab.ReleaseFileDuty)
	events := l.to("2029-12-31")
	for _, e := range all[rehab.ObligationOpened](events) {
		require.Failf(t, "opened after the term", "%s", e.Obligation.ID)
	}
	require.Equal(t, "DRR art.23", l.refuses(rehab.SignAgreement{}).Citation)
	l.do(rehab.ConfirmMiss{Obligation: id("test-22"), Evasion: true})
	require.Equal(t, 1, l.c.Counters.TestBreaches, "what was missed in the term can still be found to be evasion")
}

func TestDRR23AMeasureThatWasEndedStaysEnded(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2029-03-12")
	l.do(rehab.Release{})
	for _, o := range l.c.Obligations {
		require.NotContains(t, rehab.ClientDuties(), o.ID.Kind, "the client owes nothing any more")
	}
	for _, b := range []rehab.CommandBody{
		rehab.ReportIn{}, rehab.SignAgreement{}, rehab.Release{}, rehab.ChangeRisk{Risk: rehab.High}, rehab.Suspend{Ground: rehab.Arrest},
		rehab.Terminate{Ground: rehab.Imprisonment}, rehab.JustifyMiss{Obligation: id("test-1"), Reason: rehab.Illness},
	} {
		require.Equal(t, "DRR art.23", l.refuses(b).Citation, b.CommandType())
	}
	require.Equal(t, rehab.Conflict, l.refuses(l.order()).Code)
}
