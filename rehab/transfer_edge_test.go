package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestDRR22ATransferThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	require.Equal(t, "to", l.refuses(rehab.RequestTransfer{To: "110101001", Reason: rehab.HouseholdMoved}).Field, "the same street")
	require.Equal(t, "to", l.refuses(rehab.RequestTransfer{Reason: rehab.HouseholdMoved}).Field)
	require.Equal(t, "to", l.refuses(rehab.RequestTransfer{To: away, Outside: true, Reason: rehab.HouseholdMoved}).Field)
	require.Equal(t, "to", l.refuses(rehab.RequestTransfer{To: "elsewhere", Reason: rehab.HouseholdMoved}).Field)
	require.Equal(t, "reason", l.refuses(rehab.RequestTransfer{To: away}).Field)
	l.do(rehab.RequestTransfer{To: away, Reason: rehab.HouseholdMoved})
	require.Equal(t, "transfer", l.by(receiver).refuses(rehab.AcceptTransfer{Transfer: l.c.Transfer.ID}).Field, "without the file")
	require.Equal(t, "DRR art.22", l.by(station).refuses(rehab.RequestTransfer{To: "110101002", Reason: rehab.HouseholdMoved}).Citation, "one is pending")
	l.to("2029-03-12")
	require.Equal(t, rehab.TermEnded, l.c.Phase)
	require.Zero(t, l.c.Transfer, "the term is over, and the transfer with it")
	require.Equal(t, "DRR art.22, 23", l.refuses(rehab.RequestTransfer{To: away, Reason: rehab.HouseholdMoved}).Citation)
}

func TestDRR22APlaceThatChangesBeforeTheFirstReportInHasItsOwnFifteenDays(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.to("2026-03-20")
	tid := forwarded(l, away)
	l.by(receiver).do(rehab.AcceptTransfer{Transfer: tid})
	l.gone("report_in-1")
	require.Equal(t, "2026-04-07", l.duty("transfer_report_in-1").Due.String(), "4 April is a day off until the 6th; the 15 days of art.14 would have ended on 25 March")
	require.Equal(t, rehab.AwaitingReportIn, l.c.Phase)
	l.to("2026-03-30")
	l.do(rehab.ReportIn{})
	require.Equal(t, rehab.AwaitingAgreement, l.c.Phase)
	require.Equal(t, "2029-03-30", l.c.TermEnd.String(), "the term begins with the only report-in there is")
	l.duty("agreement-1")
}

func TestDRR14AReportInMissedBeforeTheChangeStaysMissed(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.to("2026-03-27")
	l.by(station).do(rehab.ConfirmMiss{Obligation: id("report_in-1")})
	tid := forwarded(l, away)
	l.by(receiver).do(rehab.AcceptTransfer{Transfer: tid})
	require.Equal(t, rehab.Confirmed, l.duty("report_in-1").Status)
	require.Equal(t, 1, l.c.Counters.DeemedRefusals)
	l.climb(rehab.ReportInDuty)
	l.to("2026-04-15")
	l.do(rehab.ConfirmMiss{Obligation: id("transfer_report_in-1")})
	l.do(rehab.JustifyMiss{Obligation: id("transfer_report_in-1"), Reason: rehab.Illness, Until: day("2026-04-20")})
	require.Equal(t, 1, l.c.Counters.DeemedRefusals)
	l.duty("police_report-1") // of the refusal that stands
	l.do(rehab.ReportIn{})
	l.gone("report_in-1")
	l.gone("transfer_report_in-1")
}

func TestDRR24InCustodyThePaperworkGoesOnAndTheFifteenDaysBeginWithTheRelease(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-20")
	l.do(rehab.Suspend{Ground: rehab.Detention})
	l.to("2026-04-20")
	tid := forwarded(l, away)
	l.by(receiver).do(rehab.AcceptTransfer{Transfer: tid})
	require.Equal(t, rehab.Suspended, l.c.Phase)
	l.to("2026-07-18")
	require.Equal(t, rehab.Open, l.duty("transfer_report_in-1").Status)
	require.Equal(t, "DRR art.24", l.refuses(rehab.ReportIn{}).Citation)
	l.do(rehab.Resume{})
	require.Equal(t, "2026-08-03", l.duty("transfer_report_in-1").Due.String(), "15 days from the release on 18 July, of which the last is a Sunday")
	l.do(rehab.ReportIn{})
	require.Equal(t, rehab.AwaitingAgreement, l.c.Phase)
}

func TestDRR22AnOpenLeaveGoesAlong(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(rehab.ReportLeave{From: day("2026-03-12"), To: day("2026-03-30")})
	leave := l.c.Leaves[0].ID
	l.do(rehab.DecideLeave{Leave: leave, Approved: true})
	tid := forwarded(l, away)
	l.by(receiver).do(rehab.AcceptTransfer{Transfer: tid})
	require.Equal(t, "2026-03-30", l.duty("leave_return-1").Due.String())
	l.to("2026-03-20")
	l.do(rehab.ReturnFromLeave{Leave: leave})
	l.gone("leave_return-1")
}

func TestAClientWhoMovesOnBeforeReportingInHasTheLastStreetToReportTo(t *testing.T) {
	t.Parallel()
	l := transferred(t, "2026-03-10", "2026-04-01")
	l.to("2026-04-18")
	require.Equal(t, rehab.Missed, l.duty("transfer_report_in-1").Status)
	tid := forwarded(l, "110101002")
	require.Len(t, l.c.Transfers(), 2)
	l.by(district).do(rehab.AcceptTransfer{Transfer: tid})
	l.gone("transfer_report_in-1")
	l.quiet(rehab.TransferReportInDuty)
	require.Equal(t, rehab.Arrival{Transfer: tid, From: away, ChangedOn: day("2026-04-18")}, l.c.Arrival)
	require.Equal(t, "2026-05-06", l.duty("transfer_report_in-2").Due.String(), "1 to 5 May are days off")
}

func TestDRR22ATransferOutEndsTheCaseWithTheReceipt(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	tid := forwarded(l, "")
	require.Equal(t, "2026-03-24", l.duty("transfer_receipt-1").Due.String(), "ten working days")
	require.Equal(t, rehab.NotFound, l.refuses(rehab.ReturnTransfer{Transfer: tid}).Code, "silence from outside is asked after, the file does not come back by itself")
	l.to("2026-03-26")
	require.Equal(t, rehab.WorkerRole, l.climb(rehab.TransferReceiptDuty).Role)
	require.Equal(t, "transfer", l.by(receiver).refuses(rehab.AcceptTransfer{Transfer: tid}).Field)
	l.by(station).do(rehab.AcceptTransfer{Transfer: tid})
	require.Equal(t, rehab.TransferredAway, l.c.Phase)
	require.True(t, l.c.IsClosed())
	require.True(t, l.c.Wake().IsZero())
	require.Equal(t, "DRR art.22", l.refuses(met(rehab.Talk)).Citation)
	require.Equal(t, "transferred_out", l.c.Explain(l.env).State.Code)
}

// TestDRR22TheClientWhoMovedInAndEvadedCountsOn is the way in of the article's client.
func TestDRR22TheClientWhoMovedInAndEvadedCountsOn(t *testing.T) {
	t.Parallel()
	l := setup(t)
	b := l.order()
	b.DecidedOn, b.ServedOn = day("2025-03-01"), day("2025-03-01")
	b.Carried = &rehab.Carried{
		ReportedOn: day("2025-03-10"), AgreementOn: day("2025-03-12"), ChangedOn: day("2026-03-06"), Tests: 8, Contacts: 20,
		TestBreaches: 2, Leavings: 3, AbsenceDays: 12, Violations: []rehab.Ground{rehab.UnauthorisedLeaving},
	}
	events := l.do(b)
	require.Equal(t, "2028-03-10", l.c.TermEnd.String(), "the clock runs on")
	require.Equal(t, "2026-03-23", l.duty("transfer_report_in-1").Due.String(), "15 days of the change; the 21st is a Saturday")
	require.Equal(t, rehab.InExecution, l.c.Phase)
	l.gone("agreement-1")
	l.gone("police_report-1") // the leavings were reported elsewhere
	require.Equal(t, "110101001", only[rehab.TransferredIn](t, events).To)
	l.breach(rehab.TestEvaded)
	require.Equal(t, []rehab.Ground{rehab.UnauthorisedLeaving, rehab.TestEvasion}, l.c.Counters.Violations, "the third evasion, two of them elsewhere")
	require.Equal(t, rehab.TestEvasion, l.duty("police_report-1").Ground)
	l.to("2026-03-25")
	require.Equal(t, rehab.Missed, l.duty("transfer_report_in-1").Status)
	l.do(rehab.ReportIn{})
	require.True(t, only[rehab.TransferArrived](t, l.ledger).Late)
	require.Equal(t, "2026-04-01", l.duty("agreement-1").Due.String())
}

func TestDRR22AMoveInBeforeTheFirstReportInBeginsTheTermHere(t *testing.T) {
	t.Parallel()
	l := setup(t)
	b := l.order()
	b.DecidedOn, b.ServedOn = day("2026-03-01"), day("2026-03-01")
	b.Carried = &rehab.Carried{ChangedOn: day("2026-03-08"), DeemedRefusals: 1}
	l.do(b)
	require.Equal(t, rehab.AwaitingReportIn, l.c.Phase)
	require.Equal(t, 1, l.c.Counters.DeemedRefusals)
	l.gone("report_in-1")
	require.Equal(t, "2026-03-23", l.duty("transfer_report_in-1").Due.String())
	l.do(rehab.ReportIn{})
	require.Equal(t, "2029-03-10", l.c.TermEnd.String())
}

func TestWhatCannotHaveBeenDoneElsewhereIsRefused(t *testing.T) {
	t.Parallel()
	for field, c := range map[string]rehab.Carried{
		"carried.reported_on":   {ChangedOn: day("2026-03-06"), Tests: 3},
		"carried.changed_on":    {ReportedOn: day("2025-03-10"), ChangedOn: day("2025-03-09")},
		"carried.violations":    {ReportedOn: day("2025-03-10"), TestBreaches: 2, Violations: []rehab.Ground{rehab.TestEvasion}},
		"carried.test_breaches": {ReportedOn: day("2025-03-10"), TestBreaches: -1},
		"carried.absence_days":  {ReportedOn: day("2025-03-10"), AbsenceDays: 2000},
	} {
		l := setup(t)
		b := l.order()
		b.DecidedOn, b.ServedOn, b.Carried = day("2025-03-01"), day("2025-03-01"), &c
		require.Equal(t, field, l.refuses(b).Field)
	}
	l := setup(t)
	b := l.order()
	b.DecidedOn, b.ServedOn, b.Carried = day("2025-03-01"), day("2025-03-01"), &rehab.Carried{ReportedOn: day("2025-03-10"), ChangedOn: day("2026-03-11")}
	require.Equal(t, "carried.changed_on", l.refuses(b).Field, "the future")
}

// A life that is lived again may move a climb and end it in one record: whoever folds all of
// it finds none to tell of.
func TestAClimbThatMovedAndEndedInOneRecordTellsNobody(t *testing.T) {
	t.Parallel()
	moved := rehab.EscalationMoved{ID: 5, From: "110101001", Told: []rehab.Role{rehab.StationHead}}
	require.Empty(t, (&rehab.Case{Place: "110102003"}).Notices(rehab.Event{Seq: 9, Data: moved}))
}
