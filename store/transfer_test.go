package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/rehab"
)

func TestTheRowsFollowATransferAndARebuildGivesTheSame(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1") // with an open escalation that was promised for
	city := rehab.Actor{ID: "c-1", Role: rehab.CityOffice, Place: "11"}
	states := []rehab.TransferState{}
	for i, s := range []struct {
		on   time.Time
		body func() rehab.CommandBody
	}{
		{noon(2026, 2, 26), func() rehab.CommandBody {
			return rehab.RequestTransfer{To: "110102003", Reason: rehab.HouseholdMoved}
		}},
		{noon(2026, 2, 27), func() rehab.CommandBody { return rehab.ForwardFile{} }},
		{noon(2026, 2, 27), func() rehab.CommandBody {
			return rehab.RefuseTransfer{Transfer: c.Transfer.ID, Reason: rehab.FileIncomplete}
		}},
		{noon(2026, 2, 28), func() rehab.CommandBody {
			return rehab.RequestTransfer{To: "110102003", Reason: rehab.HouseholdMoved}
		}},
		{noon(2026, 2, 28), func() rehab.CommandBody { return rehab.ForwardFile{} }},
		{noon(2026, 3, 2), func() rehab.CommandBody { return rehab.AcceptTransfer{Transfer: c.Transfer.ID} }},
		{noon(2026, 3, 20), func() rehab.CommandBody {
			return rehab.ConfirmMiss{Obligation: rehab.ObligationID{Kind: rehab.TransferReportInDuty, N: 1}}
		}},
		{noon(2026, 3, 21), func() rehab.CommandBody {
			return rehab.JustifyMiss{Obligation: rehab.ObligationID{Kind: rehab.TransferReportInDuty, N: 1}, Reason: rehab.Illness, Until: rehab.NewDate(2026, 4, 1)}
		}},
		{noon(2026, 3, 25), func() rehab.CommandBody { return rehab.ReportIn{} }},
		{noon(2026, 3, 26), func() rehab.CommandBody {
			return rehab.RequestTransfer{Outside: true, Reason: rehab.ResidenceMoved}
		}},
		{noon(2026, 3, 27), func() rehab.CommandBody { return rehab.ForwardFile{} }},
		{noon(2026, 3, 30), func() rehab.CommandBody { return rehab.AcceptTransfer{Transfer: c.Transfer.ID} }},
	} {
		b.playAs(city, c, fmt.Sprint("step-", i), s.on, s.on, s.body())
		diffs, err := b.store.CompareReadModel(t.Context(), "c-1")
		require.NoError(t, err)
		require.Empty(t, diffs, "step %d", i)
		rows, err := b.store.Transfers(t.Context(), board.TransferFilter{Place: "11"})
		require.NoError(t, err)
		states = append(states, rows[len(rows)-1].State)
	}
	require.Equal(t, []rehab.TransferState{
		"requested", "forwarded", "returned", "requested", "forwarded", "accepted", "not_arrived", "accepted", "arrived", "requested", "forwarded", "transferred_out",
	}, states)
	open, err := b.store.LiveCaseIDs(t.Context(), "", 10)
	require.NoError(t, err)
	require.Empty(t, open, "the measure goes on elsewhere")

	before, err := b.store.Transfers(t.Context(), board.TransferFilter{Place: "11"})
	require.NoError(t, err)
	require.NoError(t, b.store.Rebuild(t.Context(), func(string) {}))
	after, err := b.store.Transfers(t.Context(), board.TransferFilter{Place: "11"})
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(before, after))
}

func TestTransfersAreListedForBothSidesByDirection(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i, id := range []string{"c-1", "c-2"} {
		c := b.open(id)
		b.play(c, "request", noon(2026, 1, 6), rehab.RequestTransfer{To: []string{"110102003", "110101002"}[i], Reason: rehab.HouseholdMoved})
	}
	list := func(f board.TransferFilter) []string {
		rows, err := b.store.Transfers(t.Context(), f)
		require.NoError(t, err)
		ids := []string{}
		for _, r := range rows {
			ids = append(ids, r.CaseID)
			require.Equal(t, rehab.NewDate(2026, 1, 9), r.DueOn, "the file is to be forwarded")
			one, err := b.store.Transfer(t.Context(), r.CaseID, r.Transfer)
			require.NoError(t, err)
			require.Equal(t, r, one)
		}
		return ids
	}
	require.Equal(t, []string{"c-1", "c-2"}, list(board.TransferFilter{Place: "110101"}))
	require.Equal(t, []string{"c-2"}, list(board.TransferFilter{Place: "110101", Direction: "in"}))
	require.Equal(t, []string{"c-1"}, list(board.TransferFilter{Place: "110102", Direction: "in"}))
	require.Empty(t, list(board.TransferFilter{Place: "110102", Direction: "out"}))
	require.Empty(t, list(board.TransferFilter{Place: "11", State: rehab.TransferIsForwarded}))
	require.Equal(t, []string{"c-2"}, list(board.TransferFilter{Place: "11", After: rehab.TransferKey("c-1", 4)}), "paged by key")
	require.Equal(t, []string{"c-1"}, list(board.TransferFilter{Place: "11", Limit: 1}))
	require.Equal(t, []string{"c-2"}, list(board.TransferFilter{Place: "11", CaseID: "c-2"}))
	_, err := b.store.Transfer(t.Context(), "c-1", 99)
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
}
