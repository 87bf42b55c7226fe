package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// of gives a case in execution of a client of that sex, signed on 2026-03-10.
func of(t testing.TB, sex rehab.Sex, change ...func(*rehab.OpenCase)) *life {
	t.Helper()
	l := setup(t)
	b := l.order()
	b.Sex = sex
	for _, f := range change {
		f(&b)
	}
	l.do(b)
	l.do(rehab.ReportIn{})
	l.do(rehab.SignAgreement{})
	return l
}

// urineBy is a negative test collected by somebody of that sex.
func urineBy(sex rehab.Sex, staff ...string) rehab.RecordTest {
	return rehab.RecordTest{Method: rehab.Urine, Result: rehab.Negative, Staff: staff, CollectorSex: sex, Another: another}
}

// positiveBy is a provisional positive under all rules.
func positiveBy(sex rehab.Sex) rehab.RecordTest {
	b := urineBy(sex, "w-1", "w-2")
	b.Result = rehab.PositiveProvisional
	return b
}

func TestDTPATestNeedsTwoDifferentPeople(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male)
	for _, staff := range [][]string{nil, {"w-1"}, {"w-1", "w-1"}, {"w-1", "w-2", "w-1"}} {
		err := l.refuses(urineBy(rehab.Male, staff...))
		require.Equal(t, "refused staff DTP", string(err.Code)+" "+err.Field+" "+err.Citation)
	}
	hair := rehab.RecordTest{Method: rehab.Hair, Result: rehab.Negative, Staff: []string{"w-1"}}
	require.Equal(t, "staff", l.refuses(hair).Field, "hair too")
	require.Equal(t, []string{"w-1", "w-2"}, only[rehab.TestRecorded](t, l.do(urineBy(rehab.Male, "w-1", "w-2"))).Staff)
	require.Equal(t, rehab.Invalid, l.refuses(urineBy(rehab.Male, "w-1", "王 某")).Code, "an id is no name")
}

func TestDTPWomensUrineIsCollectedByWomen(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Female)
	err := l.refuses(urineBy(rehab.Male, "w-1", "w-2"))
	require.Equal(t, "refused collector_sex DTP", string(err.Code)+" "+err.Field+" "+err.Citation)
	require.Equal(t, "collector_sex", l.refuses(urineBy("", "w-1", "w-2")).Field)
	l.do(rehab.RecordTest{Method: rehab.Hair, Result: rehab.Negative, Staff: []string{"w-1", "w-2"}})
	l.do(urineBy(rehab.Female, "w-1", "w-2"))
	of(t, rehab.Male).do(urineBy(rehab.Female, "w-1", "w-2"))
}

func TestDTPATestOfACaseFromBeforeTheRuleStillFolds(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(urine(rehab.Negative))
	require.Equal(t, "staff", l.refuses(urineBy(rehab.Male, "w-1")).Field, "but one person is never two")
}

func TestDTPAPositiveOnTheSpotIsNeverFinal(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male)
	b := positiveBy(rehab.Male)
	b.Result = rehab.PositiveConfirmed
	require.Equal(t, "result", l.refuses(b).Field)
	b.Site = rehab.AtLaboratory
	require.True(t, only[rehab.TestRecorded](t, l.do(b)).Relapse)
}

func TestDTP8ABSamplesStaySealedForSixMonthsUnderEveryVersion(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male)
	l.env.Policy.SampleRetention.N = 2 // a version from before the rule was seen
	test := seqOf[rehab.TestRecorded](t, l.do(positiveBy(rehab.Male)))
	require.Equal(t, day("2026-09-10"), l.c.Samples[0].Until, "from sampling")
	require.Contains(t, explained(l, "samples_sealed").EN, "2026-09-10")
	l.do(rehab.ResolveTest{Test: test})
	require.Equal(t, "DTP art.8", l.refuses(rehab.DestroySamples{Test: test}).Citation)
	require.Empty(t, all[rehab.SampleRetentionEnded](l.toTime(day("2026-09-10").End().Add(-1))))
	require.Equal(t, "DTP art.8", l.refuses(rehab.DestroySamples{Test: test}).Citation)
	require.Equal(t, test, only[rehab.SampleRetentionEnded](t, l.toTime(day("2026-09-10").End())).Test)
	l.do(rehab.DestroySamples{Test: test})
	require.Empty(t, l.c.Samples)
	require.Equal(t, rehab.NotFound, l.refuses(rehab.DestroySamples{Test: test}).Code)
	l.env.Policy.SampleRetention.N = 9
	l.do(positiveBy(rehab.Male))
	require.Equal(t, l.env.Today().AddMonths(9), l.c.Samples[0].Until, "an office may keep them longer")
}

// TestDTP8SamplesSealedUnderAnOlderRuleAreKeptForSixMonths folds what a ledger holds from
// before: the samples were to go after two months.
func TestDTP8SamplesSealedUnderAnOlderRuleAreKeptForSixMonths(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male)
	l.fold([]rehab.Event{{Seq: l.c.Seq + 1, RecordedAt: l.env.Now, OccurredAt: l.env.Now, Actor: worker, Data: rehab.TestRecorded{
		On: day("2026-03-10"), Method: rehab.Urine, Result: rehab.PositiveProvisional, ObjectUntil: day("2026-03-13"), SealedUntil: day("2026-05-10"),
	}}})
	test := l.c.Seq
	l.do(rehab.ResolveTest{Test: test})
	l.to("2026-05-11")
	require.Empty(t, all[rehab.SampleRetentionEnded](l.ledger))
	require.Equal(t, day("2026-09-10"), only[rehab.SampleRetentionExtended](t, l.ledger).Until)
	require.Equal(t, "DTP art.8", l.refuses(rehab.DestroySamples{Test: test}).Citation)
	l.to("2026-09-11")
	only[rehab.SampleRetentionEnded](t, l.ledger)
	l.do(rehab.DestroySamples{Test: test})
}

func TestDTPSamplesOfAnUnsettledPositiveAreKept(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male)
	test := seqOf[rehab.TestRecorded](t, l.do(positiveBy(rehab.Male)))
	l.to("2026-09-11")
	require.Contains(t, l.refuses(rehab.DestroySamples{Test: test}).Message, "not settled")
	l.do(rehab.RecordLaboratoryResult{Test: test, Confirmed: true})
	require.Contains(t, l.refuses(rehab.DestroySamples{Test: test}).Message, "not settled", "it may be examined once more")
	l.do(rehab.ObjectToTest{Test: test})
	l.to("2026-09-21")
	require.Contains(t, l.refuses(rehab.DestroySamples{Test: test}).Message, "not settled")
	l.do(rehab.RecordLaboratoryResult{Test: test, Confirmed: true})
	l.do(rehab.DestroySamples{Test: test})
}

func TestDTPTheClientObjectsWithinThreeDaysAndTheLaboratorySettlesIt(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male)
	test := seqOf[rehab.TestRecorded](t, l.do(positiveBy(rehab.Male)))
	require.Equal(t, "confirmed", l.refuses(rehab.ResolveTest{Test: test, Confirmed: true}).Field, "the window is open")
	l.to("2026-03-13")
	l.do(rehab.ObjectToTest{Test: test})
	l.gone("test_result-1")
	require.Equal(t, test, l.duty("laboratory_result-1").About)
	require.Equal(t, "test", l.refuses(rehab.ObjectToTest{Test: test}).Field, "once")
	l.to("2026-03-16")
	require.Equal(t, "DTP", l.refuses(rehab.ResolveTest{Test: test, Confirmed: true}).Citation, "the laboratory settles it")
	require.True(t, only[rehab.LaboratoryReported](t, l.do(rehab.RecordLaboratoryResult{Test: test, Confirmed: true})).Relapse)
	require.Equal(t, rehab.Relapse, l.duty("police_report-1").Ground)
	l.gone("laboratory_result-1")
	require.Empty(t, l.c.Pending)
}

func TestDTPAnObjectionAfterThreeDaysIsTooLate(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male)
	test := seqOf[rehab.TestRecorded](t, l.do(positiveBy(rehab.Male)))
	l.to("2026-03-18")
	require.Equal(t, "DTP", l.refuses(rehab.ObjectToTest{Test: test}).Citation)
	l.climb(rehab.TestResultDuty)
	l.on("2026-03-13", rehab.ObjectToTest{Test: test})
	l.quiet(rehab.TestResultDuty)
	l.do(rehab.RecordLaboratoryResult{Test: test})
	require.Zero(t, l.c.Counters.Relapses)
}

func TestDTPALaboratoryThatDoesNotAnswerClimbs(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male)
	test := seqOf[rehab.TestRecorded](t, l.do(positiveBy(rehab.Male)))
	l.do(rehab.ObjectToTest{Test: test})
	l.to("2026-04-01")
	l.climb(rehab.LaboratoryDuty)
}

func TestDTPMaintenanceTherapyExplainsPositivesOfItsDaysAlone(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male)
	l.to("2026-04-01")
	require.Equal(t, "DTP", l.refuses(rehab.StopMaintenance{}).Citation)
	l.do(rehab.StartMaintenance{})
	require.Equal(t, "DTP", l.refuses(rehab.StartMaintenance{}).Citation)
	require.True(t, only[rehab.TestRecorded](t, l.do(positiveBy(rehab.Male))).Expected)
	other := positiveBy(rehab.Male)
	other.Other = true
	require.False(t, only[rehab.TestRecorded](t, l.do(other)).Expected, "a substance it does not explain")
	require.False(t, all[rehab.TestRecorded](l.on("2026-03-20", positiveBy(rehab.Male)))[0].Expected, "before the therapy")
	l.to("2026-06-01")
	l.do(rehab.StopMaintenance{})
	l.to("2026-06-10")
	require.False(t, only[rehab.TestRecorded](t, l.do(positiveBy(rehab.Male))).Expected, "after the therapy")
	require.True(t, all[rehab.TestRecorded](l.on("2026-05-20", positiveBy(rehab.Male)))[0].Expected, "told late")
}

func TestDTPHairKeepsTheWindowItLooksBackOn(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male)
	l.to("2026-05-31")
	b := rehab.RecordTest{Method: rehab.Hair, Result: rehab.PositiveConfirmed, Site: rehab.AtLaboratory, Staff: []string{"w-1", "w-2"}}
	e := only[rehab.TestRecorded](t, l.do(b))
	require.Equal(t, "2025-11-30", e.LookbackFrom.String(), "six months, into the time before the measure")
	require.False(t, e.Relapse)
	l.gone("police_report-1")
}

func TestDTPASurpriseTestCountsApartAndClosesNoWindow(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male)
	b := urineBy(rehab.Male, "w-1", "w-2")
	b.Surprise = true
	require.True(t, only[rehab.TestRecorded](t, l.do(b)).Unscheduled)
	require.Equal(t, rehab.Open, l.duty("test-1").Status)
	require.Equal(t, 1, l.c.Counters.TestsUnscheduled)
}

func TestDTPTheVariantHasTwentyEightTestsAndThreeSurprises(t *testing.T) {
	t.Parallel()
	l := setup(t)
	practice := rehab.Source{Mark: rehab.Practice, Cite: "DTP"}
	l.env.Policy.TreatmentTests = []rehab.Schedule{{Source: practice, Segments: []rehab.Segment{
		{Periods: 6, Months: 1, Split: 2}, {Periods: 6, Months: 1}, {Periods: 6, Months: 2}, {Periods: 4, Months: 3},
	}}}
	l.env.Policy.SurpriseTests = rehab.Cadence{Every: rehab.Limit{N: 12, Unit: rehab.Months, Source: practice}}
	l.do(l.order())
	l.do(rehab.ReportIn{})
	l.to("2026-04-01")
	b := urine(rehab.Negative)
	b.Surprise = true
	l.do(b)
	l.gone("surprise_test-1")
	l.to("2029-03-09")
	require.Len(t, l.windows(rehab.TestDuty), 28)
	require.Len(t, l.windows(rehab.SurpriseTestDuty), 3)
	l.climb(rehab.SurpriseTestDuty)
}

func TestDTPEveryTherapyExplainsItsOwnDays(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(rehab.StartMaintenance{})
	require.Contains(t, l.refuses(rehab.StartMaintenance{}).Message, "since 2026-03-10")
	l.to("2026-03-31")
	l.do(rehab.StopMaintenance{})
	require.Contains(t, l.refuses(rehab.StopMaintenance{}).Message, "ended on 2026-03-31")
	require.Equal(t, "occurred_at", l.refusesAt(noon("2026-03-20"), rehab.StartMaintenance{}).Field)
	l.to("2026-05-01")
	l.do(rehab.StartMaintenance{})
	require.Equal(t, []rehab.Therapy{{From: day("2026-03-10"), Until: day("2026-03-31")}}, l.c.PastTherapies)
	expected := func(on string) bool {
		return only[rehab.TestRecorded](t, l.on(on, urine(rehab.PositiveConfirmed))).Expected
	}
	require.True(t, expected("2026-03-20"), "the first therapy")
	require.False(t, expected("2026-04-15"), "between the two")
	require.True(t, expected("2026-05-01"), "the second")
}
