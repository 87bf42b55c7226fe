package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// rosterFrom is a day on which every order of testdata/roster.csv has been served.
var rosterFrom = rehab.NewDate(2026, time.November, 4)

// rosterClock sets the clock where the world's stands before the orders of the roster.
func rosterClock() []string {
	if today() < rosterFrom {
		return []string{"--from", rosterFrom.String()}
	}
	return nil
}

func TestARosterIsImportedOnceHoweverOftenItIsSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rosterClock()...)
	out, errs, code := w.guitu(t, "import", "../../testdata/roster.csv")
	require.Zero(t, code, "%s%s", out, errs)
	require.Equal(t, "300 opened, 0 known already, 0 refused\n", out)
	require.Len(t, w.cases(t), 300)
	require.Contains(t, w.verify(t), "300 cases, 300 open, 0 findings")
	db := w.database(t)
	before := w.position(t, db)

	out, errs, code = w.guitu(t, "import", "../../testdata/roster.csv")
	require.Zero(t, code, "%s%s", out, errs)
	require.Equal(t, "0 opened, 300 known already, 0 refused\n", out)
	require.Equal(t, before, w.position(t, db), "the second import added to the ledger")
	require.Contains(t, w.verify(t), "300 cases, 300 open, 0 findings")
}

func TestARosterOfBadRowsOpensNothingAndNamesEachColumnAndRule(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rosterClock()...)
	out, errs, code := w.guitu(t, "import", "../../testdata/roster-bad.csv")
	require.Equal(t, 1, code, "%s%s", out, errs)
	require.Contains(t, out, "0 opened, 0 known already, 7 refused\n")
	for _, refusal := range []string{
		"row 2, served_on: the order was served on 2026-02-20, before it was decided on 2026-03-01",
		"row 3, term_months: a term has 1 to 36 months",
		"row 4, served_on: is missing",
		`row 5, service_method: "pigeon" is not one of direct, entrusted, substituted, post, witness, electronic, public_notice`,
		"row 6, execution_street: is neither the street of household registration nor the street of residence",
		"row 7, order_no: the order number stands in row 6 already",
		`row 8, decided_on: "2026-13-01" is not a date`,
		"row 8, name: holds a line break or another control character",
		`row 8, risk: "purple" is not one of high, medium, low`,
		`row 8, maintenance_therapy: "maybe" is neither true nor false`,
	} {
		require.Contains(t, out, refusal)
	}
	require.Empty(t, w.cases(t))
	db := w.database(t)
	require.Zero(t, w.position(t, db))
	for _, table := range []string{"clients", "case_keys", "texts"} {
		require.Zero(t, one[int64](t, db, "SELECT count(*) FROM "+table), "%s holds something of a refused row", table)
	}
	require.Contains(t, w.verify(t), "0 cases, 0 open, 0 findings")
}

func TestCasesUnderWayComeInWithoutAMiss(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var file strings.Builder
	columns := []string{
		"order_no", "measure", "term_months", "decided_on", "served_on", "service_method", "name", "sex", "id_number", "household_street",
		"execution_street", "risk", "worker",
	}
	fmt.Fprintln(&file, strings.Join(columns, ",")+",reported_on,agreement_on,tests_done,contacts_done")
	const rows = 40
	for n := range rows {
		served := today().AddDays(-20 - 25*n) // up to almost three years ago
		order := newOrder(n, served, fmt.Sprintf("w-%d", 1+n/20))
		for _, c := range columns {
			fmt.Fprint(&file, order[c], ",")
		}
		fmt.Fprintf(&file, "%s,%s,%d,%d\n", served.AddDays(10), served.AddDays(12), n/2, n)
	}
	name := filepath.Join(t.TempDir(), "under-way.csv")
	require.NoError(t, os.WriteFile(name, []byte(file.String()), 0o600))

	out, errs, code := w.guitu(t, "import", name)
	require.Zero(t, code, "%s%s", out, errs)
	require.Equal(t, fmt.Sprintf("%d opened, 0 known already, 0 refused\n", rows), out)
	await(t, 30*time.Second, "every case to have taken what time had brought", func() bool {
		for _, c := range w.cases(t) {
			if !c.WakeAt.After(time.Now()) {
				return false
			}
		}
		return true
	})
	for _, c := range w.cases(t) {
		require.Equal(t, "in_execution", c.Phase, c.CaseID)
		require.Zero(t, c.Overdue, c.CaseID)
		require.Zero(t, c.Escalations, c.CaseID)
	}
	missed := query(t, w.database(t), pgx.RowTo[string], `SELECT case_id FROM case_events WHERE type IN ('obligation_missed', 'escalation_opened')`)
	require.Empty(t, missed, "what was done before the import was called missed")
	require.Contains(t, w.verify(t), fmt.Sprintf("%d cases, %[1]d open, 0 findings", rows))
}

// position is the end of the ledger.
func (w *world) position(t *testing.T, db *pgx.Conn) int64 {
	t.Helper()
	return one[int64](t, db, `SELECT coalesce(max(position), 0) FROM case_events`)
}

// one is a query that answers with one value.
func one[T any](t *testing.T, db *pgx.Conn, sql string, args ...any) T {
	t.Helper()
	rows := query(t, db, pgx.RowTo[T], sql, args...)
	require.Len(t, rows, 1)
	return rows[0]
}
