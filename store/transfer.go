package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/board"
	"guitu/rehab"
)

// projectTransfer queues what the event does to the transfers of the case.
func projectTransfer(b *pgx.Batch, caseID string, e rehab.Event) {
	const begin = `INSERT INTO transfers (case_id, id, from_place, to_place, state, reason, returned_for, requested_on, answered_on) VALUES ($1,$2,$3,$4,$5,$6,'',$7,$8)`
	end := func(id int64, state rehab.TransferState, on rehab.Date) {
		b.Queue(`UPDATE transfers SET state=$3, ended_on=$4 WHERE case_id=$1 AND id=$2 AND state <> 'not_arrived'`, caseID, id, state, day(on))
	}
	switch d := e.Data.(type) {
	case rehab.TransferRequested:
		b.Queue(begin, caseID, e.Seq, d.From, d.To, rehab.TransferIsRequested, d.Reason, day(d.On), day(0))
	case rehab.TransferredIn:
		b.Queue(begin, caseID, e.Seq, "", d.To, rehab.TransferIsAccepted, "", day(d.On), day(d.On))
	case rehab.FileForwarded:
		b.Queue(`UPDATE transfers SET state=$3, forwarded_on=$4 WHERE case_id=$1 AND id=$2`, caseID, d.Transfer, rehab.TransferIsForwarded, day(d.On))
	case rehab.TransferAccepted:
		b.Queue(`UPDATE transfers SET state=$2, ended_on=$3 WHERE case_id=$1 AND state='accepted'`, caseID, rehab.TransferIsOvertaken, day(d.On))
		b.Queue(`UPDATE transfers SET state=$3, answered_on=$4 WHERE case_id=$1 AND id=$2`, caseID, d.Transfer, rehab.TransferIsAccepted, day(d.On))
	case rehab.TransferReturned:
		b.Queue(`UPDATE transfers SET state=$3, returned_for=$4, answered_on=$5 WHERE case_id=$1 AND id=$2`, caseID, d.Transfer, rehab.TransferIsReturned, d.Reason, day(d.On))
	case rehab.TransferWithdrawn:
		end(d.Transfer, rehab.TransferIsWithdrawn, d.On)
	case rehab.TransferEnded:
		end(d.Transfer, rehab.TransferIsOver, d.On)
	case rehab.TransferredOut:
		end(d.Transfer, rehab.TransferIsOut, d.On)
	case rehab.TransferArrived:
		b.Queue(`UPDATE transfers SET state=$3, arrived_on=$4, ended_on=$4 WHERE case_id=$1 AND id=$2`, caseID, d.Transfer, rehab.TransferIsArrived, day(d.On))
	case rehab.MissConfirmed:
		projectArrival(b, caseID, d.ID.Kind, rehab.TransferIsMissed)
	case rehab.MissRetracted:
		projectArrival(b, caseID, d.ID.Kind, rehab.TransferIsAccepted)
	}
}

// projectArrival notes whether the client of the transfer accepted last was found missing.
func projectArrival(b *pgx.Batch, caseID string, k rehab.Kind, state rehab.TransferState) {
	if k == rehab.TransferReportInDuty {
		b.Queue(`UPDATE transfers SET state=$2 WHERE case_id=$1 AND id = (SELECT max(id) FROM transfers WHERE case_id=$1 AND state IN ('accepted', 'not_arrived'))`, caseID, state)
	}
}

const selectTransfers = `SELECT t.case_id, t.id, t.from_place, t.to_place, t.state, t.reason, t.returned_for,
  t.requested_on, t.forwarded_on, t.answered_on, t.arrived_on, t.ended_on,
  (SELECT max(o.due) FROM obligations o WHERE o.case_id = t.case_id AND o.status IN ('open', 'missed') AND o.kind = CASE t.state
     WHEN 'requested' THEN 'forward_file' WHEN 'returned' THEN 'transfer_settle' WHEN 'accepted' THEN 'transfer_report_in'
     WHEN 'forwarded' THEN CASE t.to_place WHEN '' THEN 'transfer_receipt' ELSE 'transfer_decision' END END)
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
WHERE c.`+notVoid+` AND ($2 <> 'out' AND t.to_place LIKE $1 OR $2 <> 'in' AND t.from_place LIKE $1) AND ($3 = '' OR c.worker = $3) AND ($4 = '' OR t.state = $4)
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

// compareTransfers looks for the rows of what is under way, and for rows of what is not.
func compareTransfers(ctx context.Context, q querier, c *rehab.Case) ([]string, error) {
	rows, err := q.Query(ctx, selectTransfers+` WHERE t.case_id = $1`, c.ID)
	list, err := collect(rows, err, "list transfers", scanTransfer)
	if err != nil {
		return nil, err
	}
	want := make(map[int64]board.TransferRow)
	if t := c.Transfer; t.ID != 0 {
		want[t.ID] = board.TransferRow{From: c.Place, To: t.To, State: t.State}
	}
	if a := c.Arrival; a.Transfer != 0 {
		state := rehab.TransferIsAccepted
		if a.Missed {
			state = rehab.TransferIsMissed
		}
		want[a.Transfer] = board.TransferRow{From: a.From, To: c.Place, State: state}
	}
	var diffs []string
	for _, got := range list {
		w, known := want[got.Transfer]
		delete(want, got.Transfer)
		open := got.Before() || got.State == rehab.TransferIsAccepted
		if known && (got.From != w.From || got.To != w.To || got.State != w.State) || !known && open {
			diffs = append(diffs, fmt.Sprintf("transfer %d: the row says %s from %q to %q, the ledger %s from %q to %q", got.Transfer, got.State, got.From, got.To, w.State, w.From, w.To))
		}
	}
	for id := range want {
		diffs = append(diffs, fmt.Sprintf("transfer %d has no row", id))
	}
	return diffs, nil
}
