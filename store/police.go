package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/board"
	"guitu/rehab"
)

// A report is addressed to the police of the street that had the case when it was sent: that
// does not go with the case. One that was taken back is not there, nor one of a case that is shut.
const (
	movesOfCase  = `FROM case_events m WHERE m.case_id = e.case_id AND m.type IN ('station_moved', 'transfer_accepted')`
	placeOfEvent = `coalesce((SELECT m.data->>'to' ` + movesOfCase + ` AND m.seq < e.seq ORDER BY m.seq DESC LIMIT 1),
    (SELECT m.data->>'from' ` + movesOfCase + ` AND m.seq > e.seq ORDER BY m.seq LIMIT 1), c.place)`

	selectPoliceReports = `SELECT position, case_id, seq, place, sent_on, ground, receipt, due, met_on FROM (
  SELECT e.position, e.case_id, e.seq, ` + placeOfEvent + ` AS place, (e.data->>'on')::date AS sent_on, coalesce(e.data->>'ground', '') AS ground,
    coalesce(o.n, 0) AS receipt, o.due, o.met_on
  FROM case_events e JOIN cases c USING (case_id) LEFT JOIN obligations o ON o.case_id = e.case_id AND o.kind = '` + string(rehab.ReceiptDuty) + `' AND o.test = e.seq
  WHERE e.type = 'police_report_sent' AND coalesce(e.data->>'groundless', 'false') = 'false' AND c.` + readable + `
    AND NOT EXISTS (SELECT FROM taken_back t WHERE t.case_id = e.case_id AND t.seq = e.seq)
) r WHERE place LIKE $1 AND ($2 = '' OR case_id = $2) AND ($3::bigint = 0 OR seq = $3) AND (NOT $4 OR met_on IS NULL) AND ($5::bigint = 0 OR position < $5)
ORDER BY position DESC LIMIT $6`
)

// PoliceReports lists the reports that were sent to the police of a place, the latest first.
func (s *Store) PoliceReports(ctx context.Context, f board.PoliceReportFilter) ([]board.PoliceReport, error) {
	rows, err := s.pool.Query(ctx, selectPoliceReports, prefix(f.Place), f.CaseID, f.Seq, f.Waiting, f.Before, limit(f.Limit))
	return collect(rows, err, "list reports to the police", func(row pgx.CollectableRow) (r board.PoliceReport, err error) {
		var sent, due, met pgtype.Date
		err = row.Scan(&r.Position, &r.CaseID, &r.Seq, &r.Place, &sent, &r.Ground, &r.Receipt, &due, &met)
		r.SentOn, r.ReceiptDue, r.ReceivedOn = dateOf(sent), dateOf(due), dateOf(met)
		return r, err
	})
}
