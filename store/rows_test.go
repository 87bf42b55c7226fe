package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// A record that an older release sent with an activity comes without rows: they are made of
// the ledger then.
func TestARecordWithoutRowsStillWritesThem(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	cmd := rehab.Command{ID: "met", Actor: head, OccurredAt: noon(2026, 2, 26), Digest: "met", Body: rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.Met}}
	env := rehab.Env{Now: noon(2026, 2, 26), Policy: b.rules.Policy(c.Policy), Calendar: b.rules.Calendar()}
	events, err := c.Decide(cmd, env)
	require.NoError(t, err)
	r := rehab.NewRecord(c, cmd, events)
	require.NotEmpty(t, r.Rows.Obligations)
	r.Rows = nil
	res, err := b.store.Record(t.Context(), r)
	require.NoError(t, err)
	require.Equal(t, rehab.Recorded, res.Outcome)
	b.whole("c-1")
}

// whole requires that every row of the case is that of its ledger.
func (b *bundle) whole(caseID string) {
	b.t.Helper()
	diffs, err := b.store.CompareReadModel(b.t.Context(), caseID)
	require.NoError(b.t, err)
	require.Empty(b.t, diffs)
}

func TestARowOfWhatIsOverIsComparedAsWell(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.live("c-1")
	b.whole("c-1")
	conn := b.superuser()
	for _, broken := range []string{
		`UPDATE obligations SET met_on = met_on + 1 WHERE status = 'met'`,
		`UPDATE escalations SET closing = 'dismissal' WHERE closed_at IS NOT NULL`,
		`INSERT INTO taken_back (case_id, seq) VALUES ('c-1', 2)`,
	} {
		_, err := conn.Exec(t.Context(), broken)
		require.NoError(t, err)
		diffs, err := b.store.CompareReadModel(t.Context(), "c-1")
		require.NoError(t, err)
		require.NotEmpty(t, diffs, broken)
		require.NoError(t, b.store.Rebuild(t.Context(), func(string) {}))
		b.whole("c-1")
	}
}

// The police confirm an end of the term that moves what is due before it: so does its row.
func TestTheRowsFollowATermThatThePoliceConfirmed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.live("c-1")
	b.play(c, "gone", noon(2026, 3, 3), rehab.Suspend{Ground: rehab.Detention})
	b.play(c, "back", noon(2026, 4, 3), rehab.Resume{})
	end := c.TermEnd
	before := time.Date(2028, 12, 20, 12, 0, 0, 0, rehab.Shanghai)
	b.play(c, "look", before, rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer})
	release := c.Obligation(rehab.ObligationID{Kind: rehab.ReleaseFileDuty, N: 1})
	for now := before; release == nil && now.Before(end.Start()); now = now.AddDate(0, 0, 3) {
		b.play(c, "look-"+now.Format(time.DateOnly), now, rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer})
		release = c.Obligation(rehab.ObligationID{Kind: rehab.ReleaseFileDuty, N: 1})
		before = now
	}
	require.NotNil(t, release)
	due := release.Due
	b.play(c, "confirmed", before.Add(time.Hour), rehab.ConfirmTerm{TermEnd: end.AddDays(20)})
	require.NotEqual(t, due, c.Obligation(rehab.ObligationID{Kind: rehab.ReleaseFileDuty, N: 1}).Due)
	b.whole("c-1")
}
