package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// lines of the report by their code.
func lines(c *rehab.Case, g rehab.Ground, on string) []string {
	var out []string
	for _, l := range c.ReportLines(g, day(on)) {
		out = append(out, l.Code+" "+l.Citation)
	}
	return out
}

// relapsed gives a case with a confirmed positive, so that a report is due.
func relapsed(t testing.TB, change ...func(*rehab.OpenCase)) *life {
	t.Helper()
	l := of(t, rehab.Female, change...)
	b := positiveBy(rehab.Female)
	b.Result, b.Site = rehab.PositiveConfirmed, rehab.AtLaboratory
	l.do(b)
	return l
}

func rehabilitation(b *rehab.OpenCase) { b.Measure, b.TermMonths = rehab.Rehabilitation, 24 }

func TestNCL38ThePoliceReportIsDraftedThenConfirmedThenSentThenReceipted(t *testing.T) {
	t.Parallel()
	l := relapsed(t)
	report := rehab.SendPoliceReport{Obligation: id("police_report-1")}
	require.True(t, l.duty("police_report-1").Unconfirmed)
	require.Equal(t, "obligation", l.refuses(report).Field, "a draft is not sent")
	l.do(rehab.ConfirmPoliceReport{Obligation: report.Obligation})
	require.Equal(t, rehab.Refused, l.refuses(rehab.ConfirmPoliceReport{Obligation: report.Obligation}).Code, "once")
	events := l.do(report)
	require.Equal(t, rehab.Relapse, only[rehab.PoliceReportSent](t, events).Ground)
	receipt := *l.duty("police_receipt-1")
	require.Equal(t, "2026-03-17 relapse", receipt.Due.String()+" "+string(receipt.Ground))
	require.Equal(t, seqOf[rehab.PoliceReportSent](t, events), receipt.About)
	l.to("2026-03-19")
	l.climb(rehab.ReceiptDuty)
	require.Equal(t, "occurred_at", l.refusesAt(noon("2026-03-09"), rehab.RecordReceipt{Obligation: receipt.ID}).Field)
	require.Equal(t, receipt.About, only[rehab.ReceiptRecorded](t, l.do(rehab.RecordReceipt{Obligation: receipt.ID})).Report)
	l.quiet(rehab.ReceiptDuty)
	l.gone("police_receipt-1")
	require.Equal(t, rehab.NotFound, l.refuses(rehab.RecordReceipt{Obligation: receipt.ID}).Code)
}

func TestAReportKeepsItsGroundWhenSomebodyWasLateWithIt(t *testing.T) {
	t.Parallel()
	l := relapsed(t)
	l.to("2026-03-12")
	l.do(rehab.ConfirmMiss{Obligation: id("police_report-1")})
	require.Equal(t, rehab.Relapse, l.duty("police_report-1").Ground)
	require.Equal(t, 1, l.c.Counters.Relapses)
}

func TestARelapseOpensHelpAndReportTogether(t *testing.T) {
	t.Parallel()
	l := relapsed(t)
	require.Equal(t, "2026-03-13", l.duty("help_offer-1").Due.String())
	l.to("2026-03-14")
	l.climb(rehab.HelpOfferDuty)
	require.Equal(t, rehab.HelpDeclined, only[rehab.HelpOffered](t, l.do(rehab.RecordHelpOffer{Answer: rehab.HelpDeclined})).Answer)
	l.gone("help_offer-1")
	l.quiet(rehab.HelpOfferDuty)
	l.duty("police_report-1")
}

func TestNCL38UnderTreatmentThePoliceMayOrderIsolation(t *testing.T) {
	t.Parallel()
	l := relapsed(t)
	for _, g := range []rehab.Ground{rehab.Relapse, rehab.TestEvasion, rehab.DeemedRefusal} {
		require.Equal(t, []string{"isolation_possible NCL art.38"}, lines(l.c, g, "2026-03-10"))
	}
}

func TestDRR38UnderRehabilitationAViolationAloneIsNoGround(t *testing.T) {
	t.Parallel()
	l := of(t, rehab.Male, rehabilitation)
	for range 3 {
		refused := rehab.RecordTest{Method: rehab.Urine, Result: rehab.TestRefused, Staff: []string{"w-1", "p-1"}, Another: another}
		l.confirmed(seqOf[rehab.TestRecorded](t, l.do(refused)))
	}
	require.Equal(t, []string{"no_ground_alone DRR art.38"}, lines(l.c, rehab.TestEvasion, "2026-03-10"))
	b := positiveBy(rehab.Male)
	b.Result, b.Site = rehab.PositiveConfirmed, rehab.AtLaboratory
	l.do(b)
	for _, g := range []rehab.Ground{rehab.TestEvasion, rehab.Relapse} {
		require.Equal(t, []string{"no_early_end DRR art.38"}, lines(l.c, g, "2026-03-10"), "together with renewed use")
	}
	require.Equal(t, []string{"renewed_use NCL art.38; DRR art.38"}, lines(relapsed(t, rehabilitation).c, rehab.Relapse, "2026-03-10"))
}

func TestNCL39PregnancyNursingAndYouthAreFactsOfTheReport(t *testing.T) {
	t.Parallel()
	l := relapsed(t)
	require.Equal(t, "until", l.refuses(rehab.RecordCircumstance{Circumstance: rehab.Nursing, From: day("2026-03-01")}).Field)
	l.do(rehab.RecordCircumstance{Circumstance: rehab.Pregnant, From: day("2026-01-01")})
	l.do(rehab.RecordCircumstance{Circumstance: rehab.Under16, From: day("2026-01-01"), Until: day("2026-03-20")})
	require.Equal(t, []string{"isolation_possible NCL art.38", "pregnant NCL art.39", "under_16 NCL art.39"}, lines(l.c, rehab.Relapse, "2026-03-20"))
	require.Equal(t, []string{"isolation_possible NCL art.38", "pregnant NCL art.39"}, lines(l.c, rehab.Relapse, "2026-03-21"))
	l.do(rehab.RecordCircumstance{Circumstance: rehab.Pregnant, From: day("2026-01-01"), Until: day("2026-03-09")})
	require.Equal(t, []string{"isolation_possible NCL art.38"}, lines(l.c, rehab.Relapse, "2026-03-21"), "the later word on it stands")
	l.duty("police_report-1")
	require.Equal(t, "circumstance", of(t, rehab.Male).refuses(rehab.RecordCircumstance{Circumstance: rehab.Pregnant, From: day("2026-03-01")}).Field)
	var codes []string
	for _, x := range l.c.Explain(l.env).Waiting {
		codes = append(codes, x.Code)
	}
	require.Subset(t, codes, []string{"report_draft", "isolation_possible", "under_16"})
}
