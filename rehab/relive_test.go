package rehab_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// withdrawBy takes the record of the command back, by two people.
func (l *life) withdrawBy(record int64) {
	l.t.Helper()
	l.by(station).do(rehab.WithdrawRecord{Record: record})
	for _, a := range l.c.Amendments {
		l.by(receiver).do(rehab.ConfirmAmendment{Amendment: a.ID})
	}
	l.by(worker)
}

func (l *life) sendReport(name string) {
	l.t.Helper()
	l.do(rehab.ConfirmPoliceReport{Obligation: id(name)})
	l.do(rehab.SendPoliceReport{Obligation: id(name)})
}

func TestAReportThatWasSentNeverAnswersForAnotherRelapse(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(urine(rehab.PositiveConfirmed))
	l.to("2026-03-20")
	second := seqOf[rehab.TestRecorded](t, l.do(urine(rehab.PositiveConfirmed)))
	l.sendReport("police_report-2")
	l.withdrawBy(second)
	l.duty("police_report-1")
	require.Equal(t, rehab.Relapse, l.duty("police_correction-1").Ground, "the ground of the second one fell")
}

func TestWhatIsWithdrawnAndWithdrawnAgainIsReferredToAsBefore(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	test := seqOf[rehab.TestRecorded](t, l.do(urine(rehab.PositiveProvisional)))
	l.withdrawBy(test)
	require.Empty(t, l.c.Pending)
	l.withdrawBy(seqOf[rehab.RecordWithdrawn](t, l.ledger))
	require.Equal(t, test, l.c.Pending[0].Test)
	l.do(rehab.ObjectToTest{Test: test})
}

func TestTheWithdrawalOfACorrectionLeavesTheOneBefore(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-14")
	left := seqOf[rehab.LeavingRecorded](t, l.do(rehab.RecordLeaving{From: day("2026-03-10"), To: day("2026-03-14")}))
	l.to("2026-04-10")
	correct := func(to string) int64 {
		raw, err := json.Marshal(map[string]string{"to": to})
		require.NoError(t, err)
		n := len(l.ledger)
		l.by(station).do(rehab.CorrectRecord{Record: left, Fields: raw})
		for _, a := range l.c.Amendments {
			l.by(receiver).do(rehab.ConfirmAmendment{Amendment: a.ID})
		}
		return seqOf[rehab.RecordCorrected](t, l.ledger[n:])
	}
	correct("2026-03-15")
	last := correct("2026-03-20")
	require.Equal(t, 10, l.c.Counters.AbsenceDays)
	l.withdrawBy(last)
	require.Equal(t, 5, l.c.Counters.AbsenceDays)
}

func TestARecordIsCorrectedToALaterDayThanTheOneOnWhichItWasTold(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-12")
	told := seqOf[rehab.ContactRecorded](t, l.do(met(rehab.Talk)))
	l.to("2026-04-20")
	l.by(station).do(rehab.CorrectRecord{Record: told, HappenedAt: noon("2026-03-26")})
	require.Equal(t, day("2026-03-26"), l.c.Counters.LastContact)
	require.Equal(t, rehab.Missed, l.duty("contact-1").Status)
	l.gone("contact-2")
}

func TestDRR22FactsOfBeforeTheMeasureWentElsewhereAreTaken(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-04-12")
	l.by(station).do(rehab.RequestTransfer{Outside: true, Reason: rehab.HouseholdMoved})
	l.do(rehab.ForwardFile{})
	l.do(rehab.AcceptTransfer{Transfer: l.c.Transfer.ID})
	require.Equal(t, rehab.TransferredAway, l.c.Phase)
	l.to("2026-05-12")
	l.by(worker).on("2026-04-01", urine(rehab.Negative))
	require.Equal(t, 1, l.c.Counters.Tests)
	require.Equal(t, "DRR art.22", l.refusesAt(noon("2026-04-20"), urine(rehab.Negative)).Citation)
}

func TestWhoeverHeardThatAClimbFellHearsThatItStandsAgain(t *testing.T) {
	t.Parallel()
	l := missedContact(t)
	l.to("2026-03-26")
	events := l.on("2026-03-23", met(rehab.Talk))
	require.NotEmpty(t, revised(t, events).Fell)
	n := len(l.ledger)
	l.withdrawBy(seqOf[rehab.ContactRecorded](t, events))
	rev := revised(t, l.ledger[n:])
	require.Equal(t, id("contact-1"), rev.Rose[0].Obligation)
	require.NotEmpty(t, rev.Rose[0].Told)
	l.climb(rehab.ContactDuty)
}

func TestClimbsThatMoveTogetherKeepTheirTellingWhenALateFactIsWithdrawn(t *testing.T) {
	t.Parallel()
	l := reported(t, "2026-03-10")
	l.do(rehab.SignAgreement{}) // and no plan of help
	l.to("2026-04-14")
	l.by(station).do(rehab.RequestTransfer{To: "110102003", Reason: rehab.HouseholdMoved})
	l.do(rehab.ForwardFile{})
	l.by(receiver).do(rehab.AcceptTransfer{Transfer: l.c.Transfer.ID})
	told := l.climb(rehab.PlanDuty).ToldAt
	l.climb(rehab.ContactDuty)
	l.to("2026-04-15")
	late := seqOf[rehab.ContactRecorded](t, l.by(worker).on("2026-04-10", met(rehab.Talk)))
	l.quiet(rehab.ContactDuty)
	l.to("2026-04-16")
	l.by(receiver).do(rehab.WithdrawRecord{Record: late})
	l.climb(rehab.ContactDuty)
	require.Equal(t, told, l.climb(rehab.PlanDuty).ToldAt)
}

// TestTwoMissesOfOneLastDayKeepTheirClimbs has a notice of release missed, and the one that takes
// its place once the police confirm the next day as the end: both were due on the same Monday.
// A correction takes the first away, and is itself withdrawn.
func TestTwoMissesOfOneLastDayKeepTheirClimbs(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.do(l.order())
	record := seqOf[rehab.ReportedIn](t, l.do(rehab.ReportIn{}))
	reported := l.env.Now
	l.toTime(reported.AddDate(0, 0, 9))
	l.do(rehab.SignAgreement{})
	l.toTime(l.c.TermEnd.AddDays(20).Start())
	l.do(rehab.ConfirmTerm{TermEnd: l.c.TermEnd + 1})
	before := l.climb(rehab.ReleaseDuty)
	require.Equal(t, id("release_notice-2"), before.Obligation)
	l.toTime(l.env.Now.AddDate(0, 0, 1))
	before = l.climb(rehab.ReleaseDuty)

	correction := seqOf[rehab.RecordCorrected](t, l.by(station).do(rehab.CorrectRecord{Record: record, HappenedAt: reported.AddDate(0, 0, 5)}))
	require.Equal(t, before.ID, l.climb(rehab.ReleaseDuty).ID)
	l.by(station).do(rehab.WithdrawRecord{Record: correction})
	require.Equal(t, before, l.climb(rehab.ReleaseDuty))
}
