package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/rehab"
)

// A report stays with the police of the street that sent it, wherever the case goes.
func TestAReportIsAddressedToThePoliceOfTheStreetThatSentIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	b.open("c-2")
	report := rehab.ObligationID{Kind: rehab.PoliceReportDuty, N: 1}
	b.play(c, "result", noon(2026, 3, 1), rehab.ResolveTest{Test: c.Pending[0].Test, Confirmed: true})
	b.play(c, "confirmed", noon(2026, 3, 1), rehab.ConfirmPoliceReport{Obligation: report})
	find := func(f board.PoliceReportFilter) []board.PoliceReport {
		t.Helper()
		f.Limit = 10
		list, err := b.store.PoliceReports(t.Context(), f)
		require.NoError(t, err)
		return list
	}
	require.Empty(t, find(board.PoliceReportFilter{Place: "110101001"}), "a draft is nobody's yet")
	b.play(c, "sent", noon(2026, 3, 2), rehab.SendPoliceReport{Obligation: report})
	sent := c.Reported[0].ID
	city := rehab.Actor{ID: "c-1", Role: rehab.CityOffice, Place: "11"}
	at := noon(2026, 3, 3)
	require.Equal(t, rehab.Recorded, b.playAs(city, c, "moved", at, at, rehab.MoveStation{Place: "110102003"}).Outcome)

	list := find(board.PoliceReportFilter{Place: "110101001", Waiting: true})
	require.Len(t, list, 1)
	require.Equal(t, "110101001", list[0].Place)
	require.Equal(t, sent, list[0].Seq)
	require.Equal(t, rehab.Relapse, list[0].Ground)
	require.Equal(t, 1, list[0].Receipt)
	require.NotZero(t, list[0].ReceiptDue)
	for place, n := range map[string]int{"110101": 1, "11": 1, "110101002": 0, "110102003": 0, "110102": 0} {
		require.Len(t, find(board.PoliceReportFilter{Place: place}), n, place)
	}
	require.Empty(t, find(board.PoliceReportFilter{Place: "110101001", CaseID: "c-1", Seq: sent + 1}))
	require.Empty(t, find(board.PoliceReportFilter{Place: "110101001", CaseID: "c-2"}))
	police := rehab.Actor{ID: "o-1", Role: rehab.PoliceRole, Place: "110101001"}
	at = noon(2026, 3, 4)
	require.Equal(t, rehab.Recorded, b.playAs(police, c, "receipt", at, at, rehab.RecordReceipt{Obligation: rehab.ObligationID{Kind: rehab.ReceiptDuty, N: 1}}).Outcome)
	require.Empty(t, find(board.PoliceReportFilter{Place: "110101001", Waiting: true}))
	require.Equal(t, rehab.NewDate(2026, 3, 4), find(board.PoliceReportFilter{Place: "110101001"})[0].ReceivedOn)

	at = noon(2026, 3, 5)
	require.Equal(t, rehab.Recorded, b.playAs(city, c, "moved-on", at, at, rehab.MoveStation{Place: "110102007"}).Outcome)
	require.Len(t, find(board.PoliceReportFilter{Place: "110101001"}), 1)
	require.Empty(t, find(board.PoliceReportFilter{Place: "110102"}))
}
