package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/rehab"
)

// Table waiting holds the duties that are open or provisionally missed in the cases that go on,
// each with its place, worker, risk and policy. It follows from the two tables it is made of; it is
// kept since lists of a whole city would join them for everybody who looks.

// selectRowsWaiting are the rows that the case $1 comes to.
var selectRowsWaiting = `SELECT o.n, o.opens, o.due, (` + riskRank + `)::smallint, o.unconfirmed, o.due_at, o.case_id, o.kind, o.status, c.place, c.worker,
  CASE o.status WHEN 'missed' THEN c.policy END, CASE o.status WHEN 'missed' THEN o.cite END
FROM obligations o JOIN cases c USING (case_id) WHERE o.case_id = $1 AND o.status IN ('open', 'missed') AND ` + live

// riskRank puts the highest risk of a case first.
const riskRank = `CASE c.risk WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END`

var (
	deleteWaiting = `DELETE FROM waiting w WHERE case_id = $1 AND NOT EXISTS (SELECT FROM (` + selectRowsWaiting + `) x WHERE ROW(x.*) IS NOT DISTINCT FROM ROW(w.*))`
	insertWaiting = `INSERT INTO waiting ` + selectRowsWaiting + ` EXCEPT SELECT * FROM waiting WHERE case_id = $1`
)

// writeWaiting queues what the case waits for, after its row and its obligations are written.
func writeWaiting(b *pgx.Batch, caseID string) {
	b.Queue(deleteWaiting, caseID)
	b.Queue(insertWaiting, caseID)
}

// compareWaiting lists where the table differs from what it is made of.
func compareWaiting(ctx context.Context, q querier, caseID string) ([]string, error) {
	read := func(sql string) ([]waitingRow, error) {
		rows, err := q.Query(ctx, sql, caseID)
		return collect(rows, err, "list what waits", pgx.RowToStructByPos[waitingRow])
	}
	got, err := read(`SELECT * FROM waiting WHERE case_id = $1`)
	if err != nil {
		return nil, err
	}
	want, err := read(selectRowsWaiting)
	if err != nil {
		return nil, err
	}
	return differRows(got, want, func(w waitingRow) string {
		return "waiting " + rehab.ObligationID{Kind: rehab.Kind(w.Kind), N: int(w.N)}.String()
	})
}

type waitingRow struct {
	N             int32
	Opens, Due    pgtype.Date
	Risk          int16
	Unconfirmed   bool
	DueAt         pgtype.Timestamptz
	CaseID, Kind  string
	Status        string
	Place, Worker string
	Policy, Cite  *string
}
