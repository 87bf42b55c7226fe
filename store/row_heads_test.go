package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/account"
	"guitu/evaluation"
	"guitu/forms"
	"guitu/office"
	"guitu/rehab"
	"guitu/store"
)

// filled has rows in every table whose rows are signed.
func filled(t *testing.T) *bundle {
	b := setup(t)
	ctx := t.Context()
	b.open("c-1")
	for n := range 4 {
		id := fmt.Sprintf("%d", n)
		_, err := b.store.ChangeWorker(ctx, command(office.RegisterCommand, noon(2026, 1, 1)), "w-"+id,
			office.WorkerFact{Record: from(2026, 1, 1), Change: office.Registered, Duty: office.Duty{Place: "110101001", Post: office.FullTime, Qualification: office.Certified}}, "某某")
		require.NoError(t, err)
		_, _, err = b.store.AddRecord(ctx, request("sv-"+id, ""))
		require.NoError(t, err)
		require.NoError(t, b.store.ReleaseForm(ctx, forms.Released{Ref: forms.Ref{Form: "f-" + id, Version: 1}, Digest: "d", At: noon(2026, 1, 5), By: head}))
		require.NoError(t, b.store.KeepExport(ctx, evaluation.Export{At: time.Now(), Actor: head, Place: "110101001", Purpose: "report", Digest: "d" + id}))
		require.NoError(t, b.store.CreateAccount(ctx, anAccount(rehab.Actor{ID: "a-" + id, Role: rehab.StationHead, Place: "110101001"})))
		require.NoError(t, b.store.AddToken(ctx, "token "+id, account.Token{ID: "t" + id, Actor: head, Expires: time.Now().Add(time.Hour)}))
		require.NoError(t, b.store.BreakGlass(ctx, account.Glass{ID: "g" + id, CaseID: "c-1", Actor: rehab.Actor{ID: "d-1", Role: rehab.DistrictOffice, Place: "110101"}, Reason: "复核身份",
			At: monday, Until: monday.Add(time.Hour), Due: monday.Add(account.ReviewedIn)}))
	}
	return b
}

// lastRow is the row that was added last, in the tables that filled writes.
var lastRow = map[string]string{
	"office_facts": "position = (SELECT max(position) FROM office_facts)", "practice_records": "id = 'sv-3'", "form_definitions": "form = 'f-3'",
	"exports": "position = (SELECT max(position) FROM exports)", "accounts": "id = 'a-3'", "tokens": "id = 't3'", "break_glass": "id = 'g3'",
}

// changes are columns that somebody might want to write another way.
var changes = map[string][]string{
	"office_facts":     {`data = '{"change":"left"}'`, `valid_from = valid_from - 1`, `actor = 'worker 110101001 w-9'`, `subject = 'worker/w-9'`},
	"practice_records": {`data = data || '{"status":"closed"}'`, `day = day - 1`, `actor = '{}'`, `withdrawn = NOT withdrawn`, `case_id = 'c-1'`},
	"form_definitions": {`digest = 'x'`, `definition = '{}'`},
	"exports":          {`rows = rows + 1`, `filter = '{"a":1}'`, `actor = '{}'`, `mac = NULL`},
	"accounts":         {`role = 'security_admin'`, `disabled = NOT disabled`, `password = ''`, `created_at = created_at - interval '1 day'`},
	"tokens":           {`revoked_at = now()`, `role = 'city'`, `expires_at = expires_at + interval '1 year'`, `made_by = 'x'`, `mac = NULL`},
	"break_glass":      {`reviewed_at = now(), reviewer = 'x', finding = 'justified'`, `until = until + interval '1 day'`, `reason = 'x'`, `due = due + interval '1 year'`},
}

// copies put a row in that is like one that is there, under another key.
var copies = map[string]string{
	"office_facts":     `INSERT INTO office_facts (subject, valid_from, recorded_at, actor, command, digest, data) SELECT subject, valid_from, recorded_at, actor, 'again', digest, data FROM office_facts LIMIT 1`,
	"practice_records": `INSERT INTO practice_records SELECT 'sv-9', version, kind, place, organisation, programme, case_id, withdrawn, day, workers, data, reason, actor, recorded_at, command, digest FROM practice_records LIMIT 1`,
	"form_definitions": `INSERT INTO form_definitions SELECT 'f-9', version, digest, definition, actor, at FROM form_definitions LIMIT 1`,
	"exports":          `INSERT INTO exports (at, actor, kind, place, filter, purpose, rows, digest) SELECT at, actor, kind, place, filter, purpose, rows, digest FROM exports LIMIT 1`,
	"accounts": `INSERT INTO accounts (id, role, place, organisation, password, must_change, totp_confirmed, disabled, created_at, mac)
		SELECT 'a-9', role, place, organisation, password, must_change, totp_confirmed, disabled, created_at, mac FROM accounts LIMIT 1`,
	"tokens": `INSERT INTO tokens (id, hash, actor, role, place, label, expires_at) SELECT 't9', sha256('mine'), actor, role, place, label, expires_at FROM tokens LIMIT 1`,
	"break_glass": `INSERT INTO break_glass (id, case_id, actor_id, actor, place, reason, at, until, due, mac)
		SELECT 'g9', case_id, actor_id, actor, place, reason, at, until, due, mac FROM break_glass LIMIT 1`,
}

func TestARowThatWasChangedPutInOrTakenAwayIsFoundInEveryTable(t *testing.T) {
	t.Parallel()
	require.Len(t, store.SignedTableNames(), len(lastRow))
	b := filled(t)
	require.Empty(t, b.broken())
	conn := b.superuser()
	_, err := conn.Exec(t.Context(), `SET session_replication_role = replica`)
	require.NoError(t, err)
	for _, table := range store.SignedTableNames() {
		head := fmt.Sprintf(`DELETE FROM row_heads WHERE key IN (SELECT key FROM row_heads EXCEPT SELECT %s FROM %s) AND bucket = %d`, store.SignedKeyOf(table), table, store.BucketOfTable(table))
		tries := map[string][]string{
			"put in":                      {copies[table]},
			"put in with a signature":     {copies[table], fmt.Sprintf(`INSERT INTO row_heads SELECT h.bucket, r.key, h.mac FROM (SELECT %s AS key FROM %s) r, (SELECT * FROM row_heads WHERE bucket = %d LIMIT 1) h ON CONFLICT DO NOTHING`, store.SignedKeyOf(table), table, store.BucketOfTable(table))},
			"removed":                     {`DELETE FROM ` + table + ` WHERE ctid = (SELECT min(ctid) FROM ` + table + `)`},
			"removed with its signature":  {`DELETE FROM ` + table + ` WHERE ctid = (SELECT min(ctid) FROM ` + table + `)`, head},
			"cut":                         {`DELETE FROM ` + table + ` WHERE ` + lastRow[table], head},
			"emptied":                     {`DELETE FROM ` + table, head},
			"the sum put to zero":         {fmt.Sprintf(`UPDATE ledger_sums SET n = 0, sum = repeat('0', 256)::bit(256) WHERE bucket = %d`, store.BucketOfTable(table))},
			"the sum taken away":          {fmt.Sprintf(`DELETE FROM ledger_sums WHERE bucket = %d`, store.BucketOfTable(table))},
			"said to be from before":      {fmt.Sprintf(`UPDATE ledger_sums SET n = -2 WHERE bucket = %d`, store.BucketOfTable(table))},
			"the signatures were removed": {fmt.Sprintf(`DELETE FROM row_heads WHERE bucket = %d`, store.BucketOfTable(table))},
		}
		for _, c := range changes[table] {
			tries["changed: "+c] = []string{`UPDATE ` + table + ` SET ` + c + ` WHERE ` + lastRow[table]}
		}
		for name, sql := range tries {
			found := b.undone(conn, sql...)
			require.NotEmpty(t, found, "%s: %s", table, name)
			if strings.HasPrefix(name, "changed") { // by its name, and not by the sum of all alone
				require.Regexp(t, "it was changed|it is gone", strings.Join(found, "\n"), "%s: %s", table, name)
			}
		}
	}
	require.Empty(t, b.broken(), "each try was undone")
}

// undone says what is found after the statements, and puts back what they did.
func (b *bundle) undone(conn *pgx.Conn, statements ...string) []string {
	b.t.Helper()
	ctx := b.t.Context()
	tables := append(store.SignedTableNames(), "row_heads", "ledger_sums")
	for _, table := range tables {
		_, err := conn.Exec(ctx, `CREATE TEMP TABLE kept_`+table+` AS TABLE `+table)
		require.NoError(b.t, err)
	}
	for _, sql := range statements {
		tag, err := conn.Exec(ctx, sql)
		require.NoError(b.t, err, sql)
		require.True(b.t, tag.RowsAffected() > 0 || strings.Contains(sql, "EXCEPT"), sql)
	}
	found := b.broken()
	for _, table := range tables {
		for _, sql := range []string{`DELETE FROM ` + table, `INSERT INTO ` + table + ` OVERRIDING SYSTEM VALUE SELECT * FROM kept_` + table, `DROP TABLE kept_` + table} {
			_, err := conn.Exec(ctx, sql)
			require.NoError(b.t, err, sql)
		}
	}
	return found
}

func TestARowThatIsWrittenAgainByTheEngineIsWhatWasSigned(t *testing.T) {
	t.Parallel()
	b := filled(t)
	ctx := t.Context()
	_, err := b.store.ChangeAccount(ctx, "a-1", "", func(a *account.Account) error { a.Disabled = true; return nil })
	require.NoError(t, err)
	_, err = b.store.ChangeAccount(ctx, "a-2", "", func(*account.Account) error { return nil })
	require.NoError(t, err)
	_, err = b.store.UseCode(ctx, "a-2", 7)
	require.NoError(t, err)
	_, err = b.store.RevokeToken(ctx, "", "t1", time.Now())
	require.NoError(t, err)
	require.NoError(t, b.store.KeepToken(ctx, "kept", head, "", noon(2099, 1, 1)))
	require.NoError(t, b.store.KeepToken(ctx, "kept", head, "", noon(2100, 1, 1)))
	require.NoError(t, b.store.ReleaseForm(ctx, forms.Released{Ref: forms.Ref{Form: "f-1", Version: 1}, Digest: "d", At: noon(2026, 2, 5), By: head}))
	g, err := b.store.Glass(ctx, "", "g1")
	require.NoError(t, err)
	g.ReviewedAt, g.Reviewer, g.Finding, g.Note = monday, "s-3", account.Justified, "已核实"
	require.NoError(t, b.store.ReviewGlass(ctx, g))
	require.Empty(t, b.broken())
}

// A token that guitu token made without the secrets is named until it is revoked.
func TestATokenThatNobodySignedIsNamedUntilItIsRevoked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	bare, err := store.Open(ctx, store.Options{DSN: b.dsn, MaxConns: 1})
	require.NoError(t, err)
	t.Cleanup(bare.Close)
	require.NoError(t, bare.KeepToken(ctx, "bare", head, "", noon(2099, 1, 1)))
	found := b.broken()
	require.Len(t, found, 1)
	require.Contains(t, found[0], "nobody signed it")
	list, err := b.store.TokenList(ctx, "", "", 10)
	require.NoError(t, err)
	_, err = b.store.RevokeToken(ctx, "", list[0].ID, time.Now())
	require.NoError(t, err)
	require.Empty(t, b.broken())
}

func TestRebuildSignsTheRowsFromBeforeRowsWereSignedOnce(t *testing.T) {
	t.Parallel()
	b := filled(t)
	require.NotEmpty(t, b.tampered(`DELETE FROM row_heads`, `UPDATE ledger_sums SET n = -2, sum = repeat('0', 256)::bit(256) WHERE bucket > 258`))
	require.NoError(t, b.store.CreateAccount(t.Context(), anAccount(rehab.Actor{ID: "a-7", Role: rehab.StationHead, Place: "110101001"})), "while they are not signed yet")
	require.NoError(t, b.store.Rebuild(t.Context(), func(string) {}))
	require.Empty(t, b.broken())
	require.NoError(t, b.store.CreateAccount(t.Context(), anAccount(rehab.Actor{ID: "a-8", Role: rehab.StationHead, Place: "110101001"})))
	require.Empty(t, b.broken())
	require.NotEmpty(t, b.tampered(`DELETE FROM accounts WHERE id = 'a-1'`, `DELETE FROM row_heads WHERE key = 'a-1'`))
	require.NoError(t, b.store.Rebuild(t.Context(), func(string) {}))
	require.NotEmpty(t, b.broken(), "once: what is gone later is not signed away")
}

// Whatever refuses to be changed is signed as well: a table that claims to only grow is held to it.
func TestEveryTableThatOnlyGrowsIsSigned(t *testing.T) {
	t.Parallel()
	b := setup(t)
	rows, err := b.superuser().Query(t.Context(), `SELECT DISTINCT c.relname::text FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_proc p ON p.oid = g.tgfoid WHERE p.proname = 'refuse_change'`)
	require.NoError(t, err)
	signed := append(store.SignedTableNames(), "case_events", "audit") // by their chains
	n := 0
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		require.Contains(t, signed, name)
		n++
	}
	require.NoError(t, rows.Err())
	require.GreaterOrEqual(t, n, 6)
}
