package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/evaluation"
	"guitu/inbox"
	"guitu/rehab"
	"guitu/store"
)

// again opens the same database with one connection.
func (b *bundle) again() *store.Store {
	b.t.Helper()
	s, err := store.Open(b.t.Context(), store.Options{DSN: b.dsn, MaxConns: 1, Keys: b.keys})
	require.NoError(b.t, err)
	b.t.Cleanup(s.Close)
	return s
}

func TestEveryStatementIsPlannedForItsArgumentsHoweverOftenItIsCalled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open("c-1")
	s := b.again()
	q := b.query("11", evaluation.District, "2026-01", noon(2026, 2, 1))
	for range 8 {
		_, err := s.Tallies(t.Context(), q)
		require.NoError(t, err)
		_, err = s.Revised(t.Context(), q)
		require.NoError(t, err)
		_, err = s.Coverage(t.Context(), "11", noon(2026, 2, 1))
		require.NoError(t, err)
		_, err = s.Due(t.Context(), inbox.Filter{Place: "11", Today: rehab.NewDate(2026, 2, 1), DueBy: rehab.NewDate(2026, 2, 9), Limit: 10})
		require.NoError(t, err)
		_, err = s.Cases(t.Context(), board.CaseFilter{Place: "11", Limit: 10})
		require.NoError(t, err)
	}
	generic, custom, err := s.Plans(t.Context())
	require.NoError(t, err)
	require.Zero(t, generic, "plans that were made for no arguments in particular")
	require.GreaterOrEqual(t, custom, int64(40))
}

func TestAFigureThatIsCutOffSaysThatItTookTooLongAndNotThatTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open("c-1")
	s := b.again()
	require.NoError(t, s.Hurry(t.Context()))
	q := b.query("11", evaluation.District, "2026-01", noon(2026, 2, 1))
	_, err := s.Tallies(t.Context(), q)
	saysTooLong(t, err, "the figure took longer than 0.")
	require.NoError(t, s.Ping(t.Context()), "the connection is whole")

	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	_, err = b.store.Tallies(ctx, q)
	saysTooLong(t, err, "the figure took longer than 0.0 s")
	_, err = b.store.Due(ctx, inbox.Filter{Place: "11"})
	saysTooLong(t, err, "the answer took too long")
}

func saysTooLong(t *testing.T, err error, words string) {
	t.Helper()
	var e *rehab.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, rehab.Unavailable, e.Code)
	require.Contains(t, e.Message, words)
}

func TestTheFactsOfADistrictAreNotGoneThroughForEachOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open("c-1")
	for _, place := range []string{"11", "110101"} {
		lines, err := b.store.Explain(t.Context(), b.query(place, evaluation.District, "2026-01", noon(2026, 2, 1)))
		require.NoError(t, err)
		plan := strings.Join(lines, "\n")
		for _, part := range []string{"Nested Loop Left Join", "Join Filter: ((ev"} { // 6,000 events for each of 6,000
			require.NotContains(t, plan, part, "an evaluation of %s", place)
		}
	}
}
