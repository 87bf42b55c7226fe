package store_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"guitu/board"
	"guitu/rehab"
	"guitu/store"
)

func (b *bundle) audit() *store.Audit {
	a := b.store.NewAudit(b.t.Context(), slog.New(slog.DiscardHandler))
	b.t.Cleanup(a.Close)
	return a
}

func readOf(n int) board.Read {
	return board.Read{At: noon(2026, 1, 5), Actor: head, Operation: "get-case", Subject: fmt.Sprintf("c-%d", n), Reason: "复核", Address: "192.0.2.1", RequestID: "r-1"}
}

func TestEveryReadIsInTheLogOnceItWasFlushed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.audit()
	for n := range 1500 {
		require.NoError(t, a.Note(readOf(n)))
	}
	a.Close()
	require.Equal(t, rehab.Unavailable, rehab.CodeOf(a.Note(readOf(0))), "after the end nothing is taken")
	list, err := b.store.Reads(t.Context(), board.ReadFilter{CaseID: "c-1499", Limit: 10})
	require.NoError(t, err)
	require.Len(t, list, 1)
	list[0].Position = 0
	want := readOf(1499)
	want.Cases = []string{}
	require.Equal(t, want, list[0])
	for f, n := range map[board.ReadFilter]int{{Place: "110101"}: 10, {Place: "110102"}: 0, {Actor: "head-1"}: 10, {Actor: "w-1"}: 0} {
		f.Limit = 10
		list, err := b.store.Reads(t.Context(), f)
		require.NoError(t, err)
		require.Len(t, list, n)
	}
	require.Empty(t, b.broken())
	_, err = b.superuser().Exec(t.Context(), `DELETE FROM audit`)
	require.ErrorContains(t, err, "append-only")
}

func TestAReadThatCannotBeLoggedIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.audit()
	conn := b.superuser()
	_, err := conn.Exec(t.Context(), `REVOKE INSERT ON audit FROM guitu_app, guitu_scoped`)
	require.NoError(t, err)
	require.NoError(t, a.Note(readOf(1)))
	tried := 0
	require.Eventually(t, func() bool { tried++; return rehab.CodeOf(a.Note(readOf(2))) == rehab.Unavailable }, 10*time.Second, 5*time.Millisecond)
	require.Less(t, tried, 2500, "not only once the buffer is full")
	_, err = conn.Exec(t.Context(), `GRANT INSERT ON audit TO guitu_app, guitu_scoped`)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return a.Note(readOf(3)) == nil }, 10*time.Second, time.Millisecond)
	a.Close()
	list, err := b.store.Reads(t.Context(), board.ReadFilter{CaseID: "c-1", Limit: 10})
	require.NoError(t, err)
	require.Len(t, list, 1, "what was taken before is not lost")
	require.Empty(t, b.broken())
}

func TestTheReadLogTellsWhatWasDoneToIt(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"changed":              `UPDATE audit SET actor = 'worker 110101001 w-9' WHERE n = 3`,
		"cases changed":        `UPDATE audit SET cases = '{c-7}' WHERE n = 3`,
		"removed":              `DELETE FROM audit WHERE n = 3`,
		"cut":                  `DELETE FROM audit WHERE n > 3`,
		"all removed":          `DELETE FROM audit`,
		"put in":               `INSERT INTO audit (writer, n, at, actor, place, actor_id, operation, subject, cases, address, request_id, mac) SELECT writer, 11, at, actor, place, actor_id, operation, subject, cases, address, request_id, mac FROM audit WHERE n = 3`,
		"put in as another":    `INSERT INTO audit (writer, n, at, actor, place, actor_id, operation, subject, cases, address, request_id, mac) SELECT 'x', 1, at, actor, place, actor_id, operation, subject, cases, address, request_id, mac FROM audit WHERE n = 3`,
		"the sum put to zero":  `UPDATE ledger_sums SET n = 0, sum = repeat('0', 256)::bit(256) WHERE bucket = 257`,
		"the sum taken away":   `DELETE FROM ledger_sums WHERE bucket = 257`,
		"moved to another day": `UPDATE audit SET at = at - interval '1 day' WHERE n = 3`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			a := b.audit()
			for n := range 10 {
				require.NoError(t, a.Note(readOf(n)))
			}
			a.Close()
			require.Empty(t, b.broken())
			found := b.tampered(sql)
			require.NotEmpty(t, found)
			if strings.HasSuffix(name, "changed") || strings.HasPrefix(name, "put in") { // by its number, and not by the sum of all alone
				require.Contains(t, strings.Join(found, "\n"), "was changed or put in")
			}
		})
	}
}

// BenchmarkReadOfACase is what the API asks for to show a case, in turns with the read log and
// without, so that what else the machine does falls on both.
func BenchmarkReadOfACase(bench *testing.B) {
	b := setup(bench)
	b.live("c-1")
	require.NoError(bench, b.store.SaveIdentity(bench.Context(), "c-1", board.Identity{Name: "某某", IDNumber: "1"}))
	a := b.audit()
	const part, readers = 800, 8
	var took [2]time.Duration
	for round := 0; bench.Loop(); round++ {
		for turn := range 2 {
			logged := (round + turn) % 2 // which comes first changes as well
			began := time.Now()
			var group errgroup.Group
			for range readers {
				group.Go(func() error {
					for range part / readers {
						if err := b.readCase(); err != nil {
							return err
						}
						for logged == 1 && a.Note(readOf(1)) != nil {
							time.Sleep(time.Millisecond)
						}
					}
					return nil
				})
			}
			require.NoError(bench, group.Wait())
			took[logged] += time.Since(began)
		}
	}
	bench.ReportMetric(100*(took[1].Seconds()/took[0].Seconds()-1), "%cost")
	bench.ReportMetric(float64(took[0].Microseconds())/float64(part*bench.N), "us/read")
}

func (b *bundle) readCase() error {
	ctx := b.t.Context()
	_, err1 := b.store.Case(ctx, "c-1")
	_, err2 := b.store.Load(ctx, "c-1")
	_, err3 := b.store.Obligations(ctx, "c-1")
	_, err4 := b.store.CaseEscalations(ctx, "c-1")
	_, err5 := b.store.Identity(ctx, "c-1")
	return errors.Join(err1, err2, err3, err4, err5)
}
