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
	"github.com/xuri/excelize/v2"

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
	out, errs, code := w.guitu(t, "import", "--lang", "en", "../../testdata/roster.csv")
	require.Zero(t, code, "%s%s", out, errs)
	require.Equal(t, "300 opened, 0 known already, 0 refused\n", out)
	require.Len(t, w.cases(t), 300)
	require.Contains(t, w.verify(t), "300 cases, 300 open, 0 findings")
	db := w.database(t)
	before := w.position(t, db)

	out, errs, code = w.guitu(t, "import", "--lang", "en", "../../testdata/roster.csv")
	require.Zero(t, code, "%s%s", out, errs)
	require.Equal(t, "0 opened, 300 known already, 0 refused\n", out)
	require.Equal(t, before, w.position(t, db), "the second import added to the ledger")
	require.Contains(t, w.verify(t), "300 cases, 300 open, 0 findings")
}

func TestARosterOfBadRowsOpensNothingAndNamesEachColumnAndRule(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rosterClock()...)
	out, errs, code := w.guitu(t, "import", "--lang", "en", "--refused", "-", "../../testdata/roster-bad.csv")
	require.Equal(t, 1, code, "%s%s", out, errs)
	require.Contains(t, out, "0 opened, 0 known already, 7 refused\n")
	for _, refusal := range []string{
		"row 2, served_on: the order was served on 2026-02-20, before it was decided on 2026-03-01",
		"row 3, term_months: a term has 1 to 36 months",
		"row 4, served_on: is missing",
		`row 5, service_method: "pigeon" is not one of direct, entrusted, substituted, post, witness, electronic, public_notice`,
		`row 6, execution_street: there is no street or town "999999999"`,
		"row 6, id_number: was rounded by the spreadsheet",
		"row 7, id_number: has a wrong check character: a digit was mistyped (GB 11643)",
		"row 7, order_no: stands in row 6 already: one order opens one case",
		`row 8, decided_on: "2026-13-01" is not a date of the calendar`,
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

// TestAnOfficesFileIsImportedByOneCommandAndItsWrongRowsComeBack: a title, an instruction
// sheet, Chinese headings, mixed days and phones, totals and signatures.
func TestAnOfficesFileIsImportedByOneCommandAndItsWrongRowsComeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rosterClock()...)
	const file = "../../testdata/rosters/district-office-300-rows.xlsx"
	back := filepath.Join(t.TempDir(), "back.xlsx")
	out, errs, code := w.guitu(t, "import", "--check", "--lang", "zh-CN", "--refused", "-", file)
	require.Equal(t, 1, code, "%s%s", out, errs)
	require.Contains(t, out, "核对：297条可以立案，0条此前已有，3条将退回；没有写入任何内容\n")
	require.Empty(t, w.cases(t))
	require.Zero(t, w.position(t, w.database(t)))

	out, errs, code = w.guitu(t, "import", "--lang", "zh-CN", "--refused", back, file)
	require.Equal(t, 1, code, "%s%s", out, errs)
	require.Contains(t, out, "297条已立案，0条此前已有，3条退回\n")
	require.Contains(t, out, "第56行，风险等级：“紫”不在可填范围：高、中、低\n")
	require.Len(t, w.cases(t), 297)
	rows, err := excelize.OpenFile(back)
	require.NoError(t, err)
	for n := range 3 {
		require.NoError(t, rows.SetCellStr(rows.GetSheetList()[0], fmt.Sprintf("K%d", n+2), "高"))
	}
	require.NoError(t, rows.Save())
	out, errs, code = w.guitu(t, "import", "--lang", "zh-CN", back)
	require.Zero(t, code, "%s%s", out, errs)
	require.Contains(t, out, "3条已立案，0条此前已有，0条退回\n")
	out, _, _ = w.guitu(t, "import", "--lang", "zh-CN", "--refused", "-", "../../testdata/rosters/one-order-written-four-ways.csv")
	require.Contains(t, out, "1条已立案，0条此前已有，3条退回\n")
	require.Contains(t, w.verify(t), "301 cases, 301 open, 0 findings")
}

// TestACorrectedRosterPutsNameAndPhoneRight: the same order with another name and phone
// changes the client, with its history, and opens nothing. The name waits for a second person.
func TestACorrectedRosterPutsNameAndPhoneRight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "--from", "2026-11-30")
	_, _, _ = w.guitu(t, "import", "--lang", "en", "--refused", "-", "../../testdata/rosters/blank-line.csv")
	before := w.position(t, w.database(t))
	for _, want := range []string{"row 2 was taken; look at phone: was put right\n", "0 opened, 1 known already, 0 refused\n"} {
		out, errs, code := w.guitu(t, "import", "--lang", "en", "../../testdata/rosters/blank-line-corrected.csv")
		require.Zero(t, code, "%s%s", out, errs)
		require.Contains(t, out, want)
		require.Contains(t, out, "0 opened, 1 known already, 0 refused\n")
	}
	require.Equal(t, before, w.position(t, w.database(t)), "nothing of it is in the ledger")
	require.Equal(t, []string{"acted", "waiting"}, []string{
		one[string](t, w.database(t), "SELECT state FROM client_changes WHERE n = 1"), one[string](t, w.database(t), "SELECT state FROM client_changes WHERE n = 2"),
	})
	require.Equal(t, int64(2), one[int64](t, w.database(t), "SELECT count(*) FROM client_changes"), "the second time changes nothing")
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
		order["sex"] = []string{"女", "男"}[order["id_number"].(string)[16]%2] //nolint:forcetypeassert // newOrder made it
		for _, c := range columns {
			fmt.Fprint(&file, order[c], ",")
		}
		fmt.Fprintf(&file, "%s,%s,%d,%d\n", served.AddDays(10), served.AddDays(12), n/2, n)
	}
	name := filepath.Join(t.TempDir(), "under-way.csv")
	require.NoError(t, os.WriteFile(name, []byte(file.String()), 0o600))

	out, errs, code := w.guitu(t, "import", "--lang", "en", name)
	require.Zero(t, code, "%s%s", out, errs)
	require.Contains(t, out, fmt.Sprintf("%d opened, 0 known already, 0 refused\n", rows))
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
