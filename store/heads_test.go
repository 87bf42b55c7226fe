package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/evaluation"
	"guitu/rehab"
)

// tampered runs the statements as a superuser without triggers, and says what is found then.
func (b *bundle) tampered(statements ...string) []string {
	b.t.Helper()
	conn := b.superuser()
	for _, sql := range append([]string{`SET session_replication_role = replica`}, statements...) {
		_, err := conn.Exec(b.t.Context(), sql)
		require.NoError(b.t, err, sql)
	}
	return b.broken()
}

func (b *bundle) broken() (out []string) {
	b.t.Helper()
	found, err := b.store.Whole(b.t.Context())
	require.NoError(b.t, err)
	for _, f := range found {
		out = append(out, f.Subject+": "+f.Detail)
	}
	return out
}

func TestWhatWasTamperedWithPastTheTriggersIsFound(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string][]string{
		"a case was deleted with its head": {`DELETE FROM case_events WHERE case_id = 'c-1'`, `DELETE FROM cases WHERE case_id = 'c-1'`, `DELETE FROM case_heads WHERE case_id = 'c-1'`},
		"the tail was cut and the head put back": {
			`DELETE FROM case_events WHERE case_id = 'c-1' AND seq > 4`,
			`UPDATE cases SET seq = 4, hash = (SELECT hash FROM case_events WHERE case_id = 'c-1' AND seq = 4) WHERE case_id = 'c-1'`,
			`UPDATE case_heads SET seq = 4 WHERE case_id = 'c-1'`,
		},
		"an actor was rewritten and all chained again": { // the hash needs no key: any new one stands for it
			`UPDATE case_events SET actor = 'worker 110101001 w-9', hash = sha256('again') WHERE case_id = 'c-1' AND seq = (SELECT max(seq) FROM case_events WHERE case_id = 'c-1')`,
			`UPDATE cases SET hash = sha256('again') WHERE case_id = 'c-1'`,
		},
		"an export was removed":   {`DELETE FROM exports`},
		"an export was rewritten": {`UPDATE exports SET purpose = 'another'`},
		"the sums were emptied":   {`DELETE FROM ledger_sums`},
		"a case was put back to an older head": {
			`DELETE FROM case_events WHERE case_id = 'c-2' AND seq > (SELECT seq FROM kept)`,
			`UPDATE cases SET (seq, hash) = (SELECT e.seq, e.hash FROM case_events e, kept k WHERE e.case_id = 'c-2' AND e.seq = k.seq) WHERE case_id = 'c-2'`,
			`UPDATE case_heads h SET seq = k.seq, mac = k.mac FROM kept k WHERE h.case_id = 'c-2'`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.live("c-1")
			c := b.open("c-2")
			_, err := b.superuser().Exec(t.Context(), `CREATE TABLE kept AS SELECT * FROM case_heads WHERE case_id = 'c-2'`)
			require.NoError(t, err)
			b.play(c, "worker", noon(2026, 1, 5), rehab.AssignWorker{Worker: "w-1"})
			require.NoError(t, b.store.KeepExport(t.Context(), evaluation.Export{At: time.Now(), Actor: head, Place: "110101001", Purpose: "report", Digest: "d"}))
			require.Empty(t, b.broken())
			require.NotEmpty(t, b.tampered(sql...))
		})
	}
}

func TestRebuildSignsTheHeadsFromBeforeHeadsWereSigned(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.open("c-1")
	require.NotEmpty(t, b.tampered(`DELETE FROM case_heads`, `UPDATE ledger_sums SET n = 0, sum = repeat('0', 256)::bit(256)`))
	require.NoError(t, b.store.Rebuild(t.Context(), func(string) {}))
	require.Empty(t, b.broken())
	b.play(c, "worker", noon(2026, 1, 5), rehab.AssignWorker{Worker: "w-1"})
	require.Empty(t, b.broken())
	require.NoError(t, b.store.Rebuild(t.Context(), func(string) {}))
	require.Empty(t, b.broken())
}
