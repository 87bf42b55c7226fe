package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/board"
	"guitu/rehab"
)

// dutyOfTransfer is the duty that a transfer waits for where it stands.
const dutyOfTransfer = `CASE t.state WHEN '` + string(rehab.TransferIsRequested) + `' THEN '` + string(rehab.ForwardFileDuty) + `'
     WHEN '` + string(rehab.TransferIsReturned) + `' THEN '` + string(rehab.TransferSettleDuty) + `' WHEN '` + string(rehab.TransferIsAccepted) + `' THEN '` + string(rehab.TransferReportInDuty) + `'
     WHEN '` + string(rehab.TransferIsForwarded) + `' THEN CASE t.to_place WHEN '' THEN '` + string(rehab.TransferReceiptDuty) + `' ELSE '` + string(rehab.TransferDecisionDuty) + `' END END`

const selectTransfers = `SELECT t.case_id, t.id, t.from_place, t.to_place, t.state, t.reason, t.returned_for,
  t.requested_on, t.forwarded_on, t.answered_on, t.arrived_on, t.ended_on,
  (SELECT max(o.due) FROM obligations o WHERE o.case_id = t.case_id AND o.status IN ('open', 'missed') AND o.kind = ` + dutyOfTransfer + `)
FROM transfers t JOIN cases c USING (case_id)`

func scanTransfer(row pgx.CollectableRow) (board.TransferRow, error) {
	var t board.TransferRow
	var requested, forwarded, answered, arrived, ended, due pgtype.Date
	err := row.Scan(&t.CaseID, &t.Transfer, &t.From, &t.To, &t.State, &t.Reason, &t.ReturnedFor, &requested, &forwarded, &answered, &arrived, &ended, &due)
	t.ID = rehab.TransferKey(t.CaseID, t.Transfer)
	t.RequestedOn, t.ForwardedOn, t.AnsweredOn = dateOf(requested), dateOf(forwarded), dateOf(answered)
	t.ArrivedOn, t.EndedOn, t.DueOn = dateOf(arrived), dateOf(ended), dateOf(due)
	return t, err
}

// Transfers lists transfers to or from a place, in order of their cases.
func (s *Store) Transfers(ctx context.Context, f board.TransferFilter) ([]board.TransferRow, error) {
	after, number, _ := rehab.ReadTransferKey(f.After)
	rows, err := s.pool.Query(ctx, selectTransfers+`
WHERE c.`+readable+` AND ($2 <> 'out' AND t.to_place LIKE $1 OR $2 <> 'in' AND t.from_place LIKE $1) AND ($3 = '' OR c.worker = $3) AND ($4 = '' OR t.state = $4)
  AND ($5 = '' OR t.case_id = $5) AND (t.case_id, t.id) > ($6, $7) ORDER BY t.case_id, t.id LIMIT $8`,
		prefix(f.Place), f.Direction, f.Worker, f.State, f.CaseID, after, number, limit(f.Limit))
	return collect(rows, err, "list transfers", scanTransfer)
}

// Transfer of the case by the number that commands name it by; NotFound when there is none.
func (s *Store) Transfer(ctx context.Context, caseID string, transfer int64) (board.TransferRow, error) {
	rows, err := s.pool.Query(ctx, selectTransfers+` WHERE t.case_id = $1 AND t.id = $2`, caseID, transfer)
	list, err := collect(rows, err, "read transfer", scanTransfer)
	if err == nil && len(list) == 0 {
		err = &rehab.Error{Code: rehab.NotFound, Message: "there is no such transfer"}
	}
	if err != nil {
		return board.TransferRow{}, err
	}
	return list[0], nil
}
