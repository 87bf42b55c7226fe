package rehab_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// carried gives a case that reported in on 2025-03-10 and comes into the system on 2026-03-20.
func carried(t *testing.T, tests, contacts int) *life {
	t.Helper()
	l := setup(t)
	l.env.Now = noon("2026-03-20")
	b := l.order()
	b.DecidedOn, b.ServedOn = day("2025-03-01"), day("2025-03-01")
	b.Carried = &rehab.Carried{ReportedOn: day("2025-03-10"), AgreementOn: day("2025-03-12"), Tests: tests, Contacts: contacts}
	l.do(b)
	return l
}

func TestACarriedOverCaseRaisesNoFalseAlarm(t *testing.T) {
	t.Parallel()
	l := carried(t, 12, 26)
	require.Equal(t, rehab.InExecution, l.c.Phase)
	require.Equal(t, "2028-03-10", l.c.TermEnd.String(), "the clock runs on from the original report-in")
	require.Empty(t, all[rehab.ObligationMissed](l.ledger))
	require.Empty(t, l.c.Escalations)
	require.Equal(t, 12, l.c.Counters.Tests)
	require.Equal(t, 26, l.c.Counters.Contacts)
	test := l.duty("test-13")
	require.Equal(t, "2026-03-10 2026-05-09", test.Opens.String()+" "+test.Due.String(), "the windows are those of the original day")
	l.gone("report_in-1")
	l.gone("agreement-1")
}

// Ledgers of before named every series, and wrote each zero.
func TestACarriedOverCaseThatNamesEverySeriesStandsWhereItStood(t *testing.T) {
	t.Parallel()
	l := carried(t, 12, 26)
	old := &rehab.Case{ID: l.c.ID}
	for _, e := range l.ledger {
		if d, ok := e.Data.(rehab.CarriedOver); ok {
			require.Less(t, len(d.Series), len(old.Series), "the release file is where it was")
			all := slices.Clone(old.Series)
			for _, s := range d.Series {
				all[slices.IndexFunc(all, func(x rehab.Series) bool { return x.Kind == s.Kind })] = s
			}
			d.Series = all
			e.Data = d
		}
		old.Fold([]rehab.Event{e})
	}
	require.Equal(t, l.c, old)
	written, err := rehab.DecodeEventData("carried_over", []byte(`{"as_of":"2026-03-20","tests":0,"contacts":0,"series":[{"kind":"test","anchor":"2025-03-10","k":0,"n":0,"next":"2025-03-10"}]}`))
	require.NoError(t, err)
	require.Equal(t, rehab.Series{Kind: rehab.TestDuty, Anchor: day("2025-03-10"), Next: day("2025-03-10")}, written.(rehab.CarriedOver).Series[0])
}

func TestACurrentWindowOfACarriedOverCaseCountsAsDoneWhereMoreWasDone(t *testing.T) {
	t.Parallel()
	l := carried(t, 13, 40)
	l.gone("test-13")
	l.to("2026-05-10")
	require.Equal(t, "2026-07-09", l.duty("test-14").Due.String())
	for _, d := range all[rehab.ObligationMissed](l.ledger) {
		require.NotEqual(t, rehab.TestDuty, d.ID.Kind)
	}
}

func TestDRR16ACarriedOverAgreementIsDueFromToday(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.env.Now = noon("2026-03-20")
	b := l.order()
	b.DecidedOn, b.ServedOn = day("2025-03-01"), day("2025-03-01")
	b.Carried = &rehab.Carried{ReportedOn: day("2025-03-10")}
	l.do(b)
	require.Equal(t, rehab.AwaitingAgreement, l.c.Phase)
	require.Equal(t, "2026-03-27", l.duty("agreement-1").Due.String())
	require.Empty(t, l.c.Escalations)
}

func TestACarriedOverCaseThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	for field, c := range map[string]rehab.Carried{
		"carried.reported_on":  {ReportedOn: day("2026-03-21")},
		"carried.agreement_on": {ReportedOn: day("2025-03-10"), AgreementOn: day("2026-03-21")},
		"carried.tests":        {ReportedOn: day("2025-03-10"), Tests: -1},
		"carried.contacts":     {ReportedOn: day("2025-03-10"), Contacts: -1},
	} {
		l := setup(t)
		l.env.Now = noon("2026-03-20")
		b := l.order()
		b.DecidedOn, b.ServedOn, b.Carried = day("2025-03-01"), day("2025-03-01"), &c
		require.Equal(t, field, l.refuses(b).Field)
		c.ReportedOn = day("2025-02-28")
		require.Equal(t, "DRR art.14", l.refuses(b).Citation)
	}
}

// TestAClientWhoMovedInReportsInOnTheDayOfTheImport has a list and the worker speak of two
// report-ins on one day: the one was months ago, elsewhere, and is told on that day only.
func TestAClientWhoMovedInReportsInOnTheDayOfTheImport(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.env.Now = noon("2026-03-20")
	b := l.order()
	b.DecidedOn, b.ServedOn = day("2025-03-01"), day("2025-03-01")
	b.Carried = &rehab.Carried{ReportedOn: day("2025-03-10"), AgreementOn: day("2025-03-12"), ChangedOn: day("2026-03-20")}
	l.do(b)
	l.by(rehab.Actor{ID: "w-other", Role: rehab.WorkerRole, Place: worker.Place})
	l.do(rehab.ReportIn{})
	l.gone("transfer_report_in-1")
	l.do(rehab.SignAgreement{})
	require.Equal(t, "2026-03-20", l.c.AgreementOn.String())
}
