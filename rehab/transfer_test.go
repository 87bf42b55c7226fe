package rehab_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

const away = "110102003" // the receiver's street, in another district

// forwarded requests a transfer to the street and forwards the file, both today.
func forwarded(l *life, to string) int64 {
	l.t.Helper()
	l.do(rehab.RequestTransfer{To: to, Outside: to == "", Reason: rehab.HouseholdMoved})
	l.do(rehab.ForwardFile{})
	return l.c.Transfer.ID
}

// transferred gives a case in execution since the day that the receiving station accepted on the other.
func transferred(t *testing.T, since, on string) *life {
	t.Helper()
	l := executing(t, since)
	l.to(on)
	id := forwarded(l, away)
	l.by(receiver).do(rehab.AcceptTransfer{Transfer: id})
	return l
}

func TestDRR22TheFileIsForwardedWithinThreeWorkingDays(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-09-10")
	l.to("2026-09-16")
	l.do(rehab.RequestTransfer{To: away, Reason: rehab.ResidenceMoved})
	require.Equal(t, "2026-09-20", l.duty("forward_file-1").Due.String(), "a working Sunday")
	l.to("2026-09-21")
	require.Equal(t, rehab.Missed, l.duty("forward_file-1").Status)
	require.Equal(t, rehab.ForwardFileDuty, l.climb(rehab.ForwardFileDuty).Obligation.Kind)
	l.do(rehab.ForwardFile{})
	l.quiet(rehab.ForwardFileDuty)
	require.Equal(t, "DRR art.22", l.refuses(rehab.ForwardFile{}).Citation)
}

func TestDRR22UntilAcceptedTheOldStationIsResponsible(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-16")
	id := forwarded(l, away)
	require.Equal(t, "110101001", l.c.Place)
	require.Equal(t, worker.ID, l.c.Worker)
	l.do(met(rehab.Talk))
	require.Equal(t, "transfer", l.by(station).refuses(rehab.AcceptTransfer{Transfer: id}).Field, "the old station cannot accept for the new one")
	require.Equal(t, "transfer", l.by(worker).refuses(rehab.AcceptTransfer{Transfer: id}).Field)
	require.Equal(t, "transfer", l.by(district).refuses(rehab.RefuseTransfer{Transfer: id, Reason: rehab.NotResident}).Field)
	l.by(receiver).do(rehab.AcceptTransfer{Transfer: id})
	require.Equal(t, away, l.c.Place)
	require.Empty(t, l.c.Worker)
	require.Equal(t, rehab.Open, l.duty("assign_worker-1").Status)
}

func TestDRR22ReportInIsDueFifteenDaysAfterTheChangeRolledOverDaysOff(t *testing.T) {
	t.Parallel()
	l := transferred(t, "2026-03-10", "2026-09-16")
	require.Equal(t, "2026-10-08", l.duty("transfer_report_in-1").Due.String(), "the last day falls in National Day")
	l.to("2026-10-08")
	require.Equal(t, rehab.Open, l.duty("transfer_report_in-1").Status)
	l.to("2026-10-09")
	require.Equal(t, rehab.Missed, l.duty("transfer_report_in-1").Status, "provisional until a person confirms")
	require.Zero(t, l.c.Counters.DeemedRefusals)
	require.Equal(t, "occurred_at", l.refusesAt(noon("2026-09-15"), rehab.ReportIn{}).Field)
	l.on("2026-10-07", rehab.ReportIn{})
	require.False(t, only[rehab.TransferArrived](t, l.ledger).Late)
	l.quiet(rehab.TransferReportInDuty)
}

func TestDRR22TheTermRunsOnAndTheAgreementIsSignedAnew(t *testing.T) {
	t.Parallel()
	stayed, l := executing(t, "2026-03-10"), transferred(t, "2026-03-10", "2026-04-01")
	require.Equal(t, rehab.InExecution, l.c.Phase)
	require.Equal(t, "DRR art.16, 22", l.refuses(rehab.SignAgreement{}).Citation)
	l.to("2026-04-08")
	stayed.to("2026-04-08")
	l.do(rehab.ReportIn{})
	require.Equal(t, rehab.AwaitingAgreement, l.c.Phase)
	require.Equal(t, "2026-04-15", l.duty("agreement-2").Due.String())
	require.Equal(t, "2026-04-13", l.duty("arrival_report-1").Due.String(), "three working days")
	require.Equal(t, "occurred_at", l.refusesAt(noon("2026-04-07"), rehab.SignAgreement{}).Field)
	l.do(rehab.SignAgreement{})
	l.do(rehab.ReportArrival{})
	l.gone("arrival_report-1")
	require.Equal(t, rehab.InExecution, l.c.Phase)
	require.Equal(t, stayed.c.TermEnd, l.c.TermEnd)
	require.Equal(t, stayed.c.ReportedOn, l.c.ReportedOn)
	require.Empty(t, cmp.Diff(stayed.c.Series, l.c.Series), "windows are cut from the original report-in")
	require.Equal(t, rehab.Refused, l.refuses(rehab.ReportArrival{}).Code)
}

func TestDRR20CountersRunAcrossATransfer(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.breach(rehab.TestRefused)
	l.breach(rehab.TestRefused)
	l.to("2026-03-12")
	id := forwarded(l, away)
	l.by(receiver).do(rehab.AcceptTransfer{Transfer: id})
	require.Equal(t, 2, l.c.Counters.TestBreaches)
	l.breach(rehab.TestRefused)
	require.Equal(t, []rehab.Ground{rehab.TestEvasion}, l.c.Counters.Violations)
}

func TestDRR22AReportInThatAPersonConfirmsAsMissedIsDeemedRefusal(t *testing.T) {
	t.Parallel()
	l := transferred(t, "2026-03-10", "2026-04-01")
	l.to("2026-04-17")
	l.do(rehab.ConfirmMiss{Obligation: id("transfer_report_in-1")})
	require.Equal(t, 1, l.c.Counters.DeemedRefusals)
	require.Equal(t, rehab.DeemedRefusal, l.duty("police_report-1").Ground)
	require.True(t, l.c.Arrival.Missed)
	require.Empty(t, l.c.Transfers(), "the old station has seen the end")
	found := rehab.Decisions(l.ledger, 1)[0]
	require.Equal(t, "DRR art.14, 22", found.Citation)
	l.do(rehab.ReportIn{}) // late, and taken in
	require.Equal(t, 1, l.c.Counters.DeemedRefusals)
	require.Zero(t, l.c.Arrival)
}

func TestDRR38InRehabilitationTheSameRefusalRestsOnItsOwnArticle(t *testing.T) {
	t.Parallel()
	l := setup(t)
	b := l.order()
	b.Measure, b.TermMonths = rehab.Rehabilitation, 24
	l.do(b)
	l.do(rehab.ReportIn{})
	id22 := forwarded(l, away)
	l.by(receiver).do(rehab.AcceptTransfer{Transfer: id22})
	l.to("2026-03-27")
	l.do(rehab.ConfirmMiss{Obligation: id("transfer_report_in-1")})
	require.Equal(t, "DRR art.22, 38", rehab.Decisions(l.ledger, 1)[0].Citation)
}

func TestDRR22AJustifiedReasonTakesTheMissedArrivalBack(t *testing.T) {
	t.Parallel()
	l := transferred(t, "2026-03-10", "2026-04-01")
	l.to("2026-04-17")
	l.do(rehab.ConfirmMiss{Obligation: id("transfer_report_in-1")})
	require.Equal(t, "until", l.refuses(rehab.JustifyMiss{Obligation: id("transfer_report_in-1"), Reason: rehab.Illness}).Field)
	l.do(rehab.JustifyMiss{Obligation: id("transfer_report_in-1"), Reason: rehab.Illness, Until: day("2026-04-24")})
	require.Zero(t, l.c.Counters.DeemedRefusals)
	require.False(t, l.c.Arrival.Missed)
	require.Len(t, l.c.Transfers(), 1)
	l.gone("police_report-1")
}

func TestATransferThatIsRefusedComesBackWithItsReasonAndClimbs(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-16")
	tid := forwarded(l, away)
	events := l.by(receiver).do(rehab.RefuseTransfer{Transfer: tid, Reason: rehab.NotResident})
	require.Equal(t, rehab.NotResident, only[rehab.TransferReturned](t, events).Reason)
	require.Equal(t, "110101001", l.c.Place)
	require.Contains(t, told(l, events), rehab.Notice{Role: rehab.CityOffice, Place: "11", Type: "transfer_returned", Channel: "inbox"}, "two districts: the city is above both")
	require.Equal(t, "2026-03-19", l.duty("transfer_settle-1").Due.String())
	l.to("2026-03-21")
	require.Equal(t, rehab.WorkerRole, l.climb(rehab.TransferSettleDuty).Role, "the old station answers")
	l.by(station).do(rehab.RequestTransfer{To: "110101002", Reason: rehab.HouseholdMoved})
	l.quiet(rehab.TransferSettleDuty)
	require.Equal(t, "transfer", l.refuses(rehab.WithdrawTransfer{Transfer: tid}).Field)
	l.do(rehab.WithdrawTransfer{Transfer: l.c.Transfer.ID})
	require.Zero(t, l.c.Transfer)
	l.gone("forward_file-2")
}

func TestSilenceOfTheReceivingStationClimbsThereAndBringsTheFileBack(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-16")
	tid := forwarded(l, away)
	cmd, at, waits := l.c.Silence()
	require.True(t, waits)
	require.Equal(t, day("2026-03-23").End(), at, "five working days")
	require.Equal(t, "transfer", l.refuses(rehab.ReturnTransfer{Transfer: tid}).Field, "there is time left")
	events := l.toTime(at)
	require.Equal(t, rehab.StationHead, l.climb(rehab.TransferDecisionDuty).Role)
	require.Contains(t, told(l, events), rehab.Notice{
		Role: rehab.StationHead, Place: away, Type: "escalation_opened", Channel: "inbox", Escalation: l.climb(rehab.TransferDecisionDuty).ID, Obligation: id("transfer_decision-1"),
	}, "the receiving station is told of its miss")
	back, err := l.c.Decide(cmd, l.env)
	require.NoError(t, err)
	l.fold(back)
	require.Equal(t, rehab.Silence, only[rehab.TransferReturned](t, back).Reason)
	require.Equal(t, rehab.System, back[len(back)-1].Actor)
	l.quiet(rehab.TransferDecisionDuty)
	l.duty("transfer_settle-1")
	_, _, waits = l.c.Silence()
	require.False(t, waits)
	require.Equal(t, rehab.NotFound, l.by(receiver).refuses(rehab.AcceptTransfer{Transfer: tid}).Code, "it came too late")
}

func TestAnAcceptedTransferTellsOpenClimbsToTheNewRungsAndTheirEndToTheOldOnes(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-25")
	l.to("2026-03-26") // a contact was missed; the station head was told a day later
	climb := l.climb(rehab.ContactDuty)
	require.Equal(t, rehab.StationHead, climb.Role)
	l.by(station).do(rehab.AcknowledgeEscalation{Escalation: climb.ID, Promise: day("2026-03-30")})
	tid := forwarded(l, away)
	events := l.by(receiver).do(rehab.AcceptTransfer{Transfer: tid})
	now := l.climb(rehab.ContactDuty)
	require.Equal(t, climb.ID, now.ID)
	require.Equal(t, rehab.StationHead, now.Role)
	require.False(t, now.Acknowledged(), "the old head's promise does not bind the new one")
	require.Equal(t, hour("2026-03-30", 8), now.NextAt, "two days later, in the hours of the district office")
	news := told(l, events)
	for _, n := range []rehab.Notice{
		{Role: rehab.StationHead, Place: away, Type: "escalation_moved", Channel: "inbox", Escalation: climb.ID, Obligation: climb.Obligation},
		{Role: rehab.StationHead, Place: "110101001", Worker: worker.ID, Type: "escalation_left", Channel: "inbox", Escalation: climb.ID, Obligation: climb.Obligation},
		{Role: rehab.StationHead, Place: "110101001", Type: "transfer_accepted", Channel: "inbox"},
	} {
		require.Contains(t, news, n)
	}
}

func TestAClimbThatReachedAnOfficeAboveBothPlacesGoesOnUnmoved(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	for _, d := range []string{"2026-03-25", "2026-03-26", "2026-03-31"} {
		l.to(d)
	}
	climb := l.climb(rehab.ContactDuty)
	require.Equal(t, rehab.DistrictOffice, climb.Role)
	tid := forwarded(l, "110101002")
	events := l.by(district).do(rehab.AcceptTransfer{Transfer: tid})
	require.Equal(t, climb, l.climb(rehab.ContactDuty))
	for _, n := range told(l, events) {
		require.NotEqual(t, rehab.DistrictOffice, n.Role, "the district has it still")
	}
}

// told are the notices of the events, as the case stands now.
func told(l *life, events []rehab.Event) []rehab.Notice {
	var out []rehab.Notice
	for _, e := range events {
		out = append(out, l.c.Notices(e)...)
	}
	return out
}
