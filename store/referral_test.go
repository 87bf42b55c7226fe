package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/rehab"
)

func TestReferralsFollowTheLedgerAndAreListedByPlaceAndState(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.open("c-1")
	b.play(c, "in", noon(2026, 1, 8), rehab.ReportIn{})
	b.play(c, "job", noon(2026, 1, 9), rehab.Refer{Agency: rehab.HumanResources, Kind: "job"})
	b.play(c, "aid", noon(2026, 1, 9), rehab.Refer{Agency: rehab.CivilAffairs, Kind: "social_assistance"})
	b.play(c, "care", noon(2026, 1, 9), rehab.Refer{Agency: rehab.Medical, Kind: "treatment"})
	job, aid, care := c.Help.Referrals[0].ID, c.Help.Referrals[1].ID, c.Help.Referrals[2].ID
	b.play(c, "yes", noon(2026, 1, 12), rehab.RecordReferralReply{Referral: job, Reply: rehab.ReferralAccepted})
	b.play(c, "begun", noon(2026, 1, 20), rehab.RecordPlacement{Kind: rehab.PlacedInJob, Referral: job})
	b.play(c, "list", noon(2026, 1, 21), rehab.RecordReferralReply{Referral: aid, Reply: rehab.WaitingList})
	b.play(c, "no", noon(2026, 1, 21), rehab.RecordReferralReply{Referral: care, Reply: rehab.ReferralDeclined, Reason: "no_vacancy"})

	list := func(f board.ReferralFilter) []board.ReferralRow {
		f.Limit = 10
		rows, err := b.store.Referrals(t.Context(), f)
		require.NoError(t, err)
		return rows
	}
	same := func() {
		diffs, err := b.store.CompareReadModel(t.Context(), "c-1")
		require.NoError(t, err)
		require.Empty(t, diffs)
		var got []rehab.Referral
		for _, r := range list(board.ReferralFilter{Place: "1101"}) {
			got = append(got, r.Referral)
		}
		require.Equal(t, c.Help.Referrals, got)
	}
	same()
	require.Len(t, list(board.ReferralFilter{State: rehab.ReferralPlaced}), 1)
	require.Len(t, list(board.ReferralFilter{Agency: rehab.CivilAffairs}), 1)
	require.Len(t, list(board.ReferralFilter{AfterCase: "c-1", AfterID: job}), 2)
	require.Empty(t, list(board.ReferralFilter{Place: "110102"}))

	_, err := b.superuser().Exec(t.Context(), `UPDATE referrals SET state = 'declined'`)
	require.NoError(t, err)
	diffs, err := b.store.CompareReadModel(t.Context(), "c-1")
	require.NoError(t, err)
	require.Len(t, diffs, 2)
	require.NoError(t, b.store.Rebuild(t.Context(), func(string) {}))
	same()

	b.play(c, "end", noon(2026, 2, 1), rehab.Terminate{Ground: rehab.Imprisonment})
	require.Empty(t, list(board.ReferralFilter{State: rehab.WaitingList}), "nobody answers for a case that has ended")
}
