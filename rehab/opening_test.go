package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// recovering is a rehabilitation whose order was served on 2026-03-10.
func recovering(t testing.TB, change func(*rehab.OpenCase)) *life {
	l := setup(t)
	b := l.order()
	b.Measure, b.TermMonths = rehab.Rehabilitation, 24
	if change != nil {
		change(&b)
	}
	l.do(b)
	return l
}

func TestDRR38ReportInAndAgreementFallIntoTheSameFifteenDays(t *testing.T) {
	t.Parallel()
	l := recovering(t, nil)
	l.to("2026-03-20")
	l.do(rehab.ReportIn{})
	o := l.duty("agreement-1")
	require.Equal(t, "2026-03-25", o.Due.String(), "counted from service")
	require.Equal(t, "DRR art.38", o.Citation)
	for _, line := range l.c.Explain(l.env).Waiting {
		if line.Of == "agreement-1" {
			require.Equal(t, rehab.Law, line.Mark)
		}
	}

	late := recovering(t, nil)
	late.to("2026-04-02")
	late.do(rehab.ReportIn{})
	require.Equal(t, "2026-04-02", late.duty("agreement-1").Due.String(), "who comes late signs on the same day")

	held := recovering(t, nil)
	held.to("2026-03-15")
	held.do(rehab.Suspend{Ground: rehab.Detention})
	held.to("2026-04-21")
	held.do(rehab.Resume{})
	held.do(rehab.ReportIn{})
	require.Equal(t, "2026-05-06", held.duty("agreement-1").Due.String(), "with the report-in it moves and rolls")
}

func TestDRR38NothingIsDeemedRefusedInRehabilitation(t *testing.T) {
	t.Parallel()
	l := recovering(t, nil)
	l.to("2026-03-26")
	e := only[rehab.MissConfirmed](t, l.do(rehab.ConfirmMiss{Obligation: id("report_in-1")}))
	require.Equal(t, rehab.Overdue, e.Ground)
	require.Zero(t, l.c.Counters.DeemedRefusals)
	require.Equal(t, rehab.Overdue, l.duty("police_report-1").Ground, "overdue is reported")
	require.Contains(t, rehab.Decisions(l.ledger, 1)[0].EN, "a person decides")
	require.Contains(t, codes(l.c.ReportLines(rehab.Overdue, l.env.Today())), "overdue")
	l.do(rehab.JustifyMiss{Obligation: id("report_in-1"), Reason: rehab.Illness, Until: day("2026-04-10")})
	l.gone("police_report-1")
}

func TestDRR31NothingIsCreditedToRehabilitation(t *testing.T) {
	t.Parallel()
	l := recovering(t, func(b *rehab.OpenCase) { b.CreditDays = 60 })
	require.Contains(t, codes(l.c.Explain(l.env).Warnings), "credit_without_effect")
	l.do(rehab.ReportIn{})
	require.Equal(t, "2028-03-10", l.c.TermEnd.String())
}

func TestDRR34RiskIsWatchedAfterIsolation(t *testing.T) {
	t.Parallel()
	l := recovering(t, nil)
	require.Equal(t, rehab.RiskWatch{Reason: rehab.AfterIsolation, From: day("2026-03-10"), Until: day("2026-04-09")}, l.c.Watch)
	l.duty("watch_contact-1")
	require.Zero(t, served(t).c.Watch, "treatment follows no isolation")
	l.to("2026-03-12")
	l.do(rehab.ReportIn{})
	l.gone("watch_contact-1")
	l.duty("watch_contact-2")
}

func TestDRR34TheHandOverNamesTheDayOfRelease(t *testing.T) {
	t.Parallel()
	require.Equal(t, "DRR art.34, 37", served(t).refuses(rehab.RecordHandOver{ReleaseOn: day("2026-03-13")}).Citation)
	l := recovering(t, nil)
	require.Equal(t, "release_on", l.refuses(rehab.RecordHandOver{ReleaseOn: day("2026-04-11")}).Field, "a month ahead")
	require.Equal(t, "release_on", l.refuses(rehab.RecordHandOver{ReleaseOn: day("2025-12-31")}).Field)
	l.do(rehab.RecordHandOver{ReleaseOn: day("2026-03-13")})
	require.Equal(t, rehab.RiskWatch{Reason: rehab.AfterIsolation, From: day("2026-03-13"), Until: day("2026-04-12")}, l.c.Watch)
	require.Contains(t, codes(l.c.Explain(l.env).Waiting), "hand_over")
	require.Equal(t, "release_on", l.refuses(rehab.RecordHandOver{ReleaseOn: day("2026-03-13")}).Field, "it is known")
}

func TestAPR36TheOrderIsServedInTimeAndAPublicNoticeHangsSixtyDays(t *testing.T) {
	t.Parallel()
	l := setup(t)
	b := l.order()
	b.DecidedOn, b.Method = b.ServedOn-59, rehab.ServedByNotice
	require.Equal(t, "APR art.36", l.refuses(b).Citation)
	b.DecidedOn--
	l.do(b)
	require.NotContains(t, codes(l.c.Explain(l.env).Warnings), "served_late", "a notice takes its time")

	for _, m := range []rehab.ServiceMethod{rehab.ServedWithWitness, rehab.ServedElectronically} {
		late := setup(t)
		b := late.order()
		b.DecidedOn, b.Method, b.FamilyTold = b.ServedOn-7, m, b.ServedOn-8
		require.Equal(t, "family_told_on", late.refuses(b).Field, "before the decision")
		b.FamilyTold = b.ServedOn + 1
		require.Equal(t, "family_told_on", late.refuses(b).Field, "tomorrow")
		b.FamilyTold = b.ServedOn
		late.do(b)
		require.NotContains(t, codes(late.c.Explain(late.env).Warnings), "served_late")
	}
	late := setup(t)
	b = late.order()
	b.DecidedOn = b.ServedOn - 8
	late.do(b)
	require.Contains(t, codes(late.c.Explain(late.env).Warnings), "served_late")
}

func TestNCL39EveryCircumstanceEnds(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Female)
	for kind, last := range map[rehab.Circumstance]string{rehab.Nursing: "2027-03-01", rehab.Pregnant: "2027-01-01", rehab.Under16: "2042-02-28"} {
		b := rehab.RecordCircumstance{Circumstance: kind, From: day("2026-03-01"), Until: day(last) + 1}
		e := l.refuses(b)
		require.Equal(t, "until NCL art.39", e.Field+" "+e.Citation, string(kind))
		b.Until--
		l.do(b)
	}
	l.do(rehab.RecordCircumstance{Circumstance: rehab.Pregnant, From: day("2026-03-01")})
	require.Contains(t, l.c.Circumstances, rehab.CircumstanceFact{Kind: rehab.Pregnant, From: day("2026-03-01"), Until: day("2027-01-01")}, "an end that is not known")
	l.do(rehab.RecordCircumstance{Circumstance: rehab.Pregnant, From: day("2025-01-01"), Until: day("2025-06-01")})
	require.Len(t, l.c.Circumstances, 4, "an older one takes nothing from the one that holds")
	require.Equal(t, "until", l.refuses(rehab.RecordCircumstance{Circumstance: rehab.Nursing, From: day("1950-01-01"), Until: day("1950-12-01")}).Field)
}

func TestDRR7FromWhenTheCleanYearsCountIsPolicy(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]string{"": "2027-03-15", rehab.FromRelease: "2027-03-15", rehab.FromExecution: "2027-03-10"} {
		l := recovering(t, func(b *rehab.OpenCase) { b.TermMonths = 12 })
		p := *l.env.Policy
		p.CleanYearsFrom.Rule, p.AfterCare.N = rule, 36
		l.env.Policy = &p
		l.do(rehab.ReportIn{})
		l.to("2027-03-15")
		l.do(rehab.Release{})
		require.Equal(t, day(want).AddMonths(map[bool]int{true: 24, false: 36}[rule == rehab.FromExecution]), l.c.AfterCareEnd, rule)
	}
}

func TestDRR21TheReportToThePoliceCitesTheDutyUnderEveryVersion(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.to("2026-03-26")
	l.do(rehab.ConfirmMiss{Obligation: id("report_in-1")})
	require.Equal(t, "NCL art.35(2), DRR art.21", l.duty("police_report-1").Citation)
}
