package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestTheRowsFollowAMigrationAndARelease(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.open("c-1")
	next := *b.rules.Policy(c.Policy)
	next.Version, next.AssignWorker.N = "2026.9", 9
	env := rehab.Env{Now: noon(2026, 1, 7), Policy: b.rules.Policy(c.Policy), Target: &next, Calendar: b.rules.Calendar()}
	cmd := rehab.Command{ID: "migrate", Actor: head, OccurredAt: env.Now, Digest: "d", Body: rehab.MigratePolicy{To: next.Ref()}}
	events, err := c.Decide(cmd, env)
	require.NoError(t, err)
	require.NotEmpty(t, events[0].Data.(rehab.PolicyMigrated).Moves)
	_, err = b.store.Record(t.Context(), rehab.NewRecord(c, cmd, events))
	require.NoError(t, err)
	diffs, err := b.store.CompareReadModel(t.Context(), "c-1")
	require.NoError(t, err)
	require.Empty(t, diffs)
	row, err := b.store.Case(t.Context(), "c-1")
	require.NoError(t, err)
	require.Equal(t, next.Ref(), row.Policy)

	c = b.live("c-2")
	b.play(c, "end", noon(2029, 2, 1), rehab.Release{})
	diffs, err = b.store.CompareReadModel(t.Context(), "c-2")
	require.NoError(t, err)
	require.Empty(t, diffs)
	require.Equal(t, rehab.Released, c.Phase)
	live, err := b.store.LiveCaseIDs(t.Context(), "c-1", 10)
	require.NoError(t, err)
	require.Equal(t, []string{"c-2"}, live, "after-care is still to come")
}
