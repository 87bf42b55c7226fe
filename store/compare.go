package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/rehab"
)

// compareRows lists where the tables of a case hold other rows than those of its ledger.
func compareRows(ctx context.Context, q querier, caseID string, want *rehab.Rows) ([]string, error) {
	got, err := readRows(ctx, q, caseID)
	if err != nil {
		return nil, err
	}
	var diffs []string
	for _, compare := range []func() ([]string, error){
		func() ([]string, error) {
			return differRows(got.Obligations, want.Obligations, func(o rehab.ObligationRow) string { return o.ID.String() })
		},
		func() ([]string, error) {
			return differRows(got.Escalations, want.Escalations, func(e rehab.EscalationRow) string { return fmt.Sprintf("escalation %d", e.ID) })
		},
		func() ([]string, error) {
			return differRows(got.Leaves, want.Leaves, func(l rehab.LeaveRow) string { return fmt.Sprintf("undecided leave %d", l.ID) })
		},
		func() ([]string, error) {
			return differRows(got.Referrals, want.Referrals, func(r rehab.Referral) string { return fmt.Sprintf("referral %d", r.ID) })
		},
		func() ([]string, error) {
			return differRows(got.Transfers, want.Transfers, func(t rehab.TransferRow) string { return fmt.Sprintf("transfer %d", t.ID) })
		},
		func() ([]string, error) {
			return differRows(got.Struck, want.Struck, func(s rehab.Struck) string { return fmt.Sprintf("event %d, which was taken back,", s.Seq) })
		},
	} {
		more, err := compare()
		if err != nil {
			return nil, err
		}
		diffs = append(diffs, more...)
	}
	return diffs, nil
}

// differRows compares the rows of one table by what they are called.
func differRows[T any](got, want []T, name func(T) string) ([]string, error) {
	found := make(map[string]T, len(got))
	for _, g := range got {
		found[name(g)] = g
	}
	var diffs []string
	for _, w := range want {
		g, ok := found[name(w)]
		if !ok {
			diffs = append(diffs, name(w)+" has no row")
			continue
		}
		delete(found, name(w))
		more, err := differ(name(w), g, w)
		if err != nil {
			return nil, err
		}
		diffs = append(diffs, more...)
	}
	for _, g := range got {
		if _, left := found[name(g)]; left {
			diffs = append(diffs, name(g)+" has a row that the ledger knows nothing of")
		}
	}
	return diffs, nil
}

// readRows reads what writeRows wrote.
func readRows(ctx context.Context, q querier, caseID string) (*rehab.Rows, error) {
	r := &rehab.Rows{}
	for _, read := range []func() error{
		func() (err error) { r.Obligations, err = readObligations(ctx, q, caseID); return err },
		func() (err error) { r.Escalations, err = readEscalations(ctx, q, caseID); return err },
		func() (err error) { r.Leaves, err = readLeaves(ctx, q, caseID); return err },
		func() (err error) { r.Referrals, err = readReferrals(ctx, q, caseID); return err },
		func() (err error) { r.Transfers, err = readTransfers(ctx, q, caseID); return err },
		func() (err error) { r.Struck, err = readTakenBack(ctx, q, caseID); return err },
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func readObligations(ctx context.Context, q querier, caseID string) ([]rehab.ObligationRow, error) {
	rows, err := q.Query(ctx, `SELECT `+obligationColumns+` FROM obligations o JOIN cases c USING (case_id) WHERE o.case_id = $1 ORDER BY o.kind, o.n`, caseID)
	return collect(rows, err, "list obligations", func(row pgx.CollectableRow) (rehab.ObligationRow, error) {
		o, err := scanObligation(row)
		return rehab.ObligationRow{Obligation: o.Obligation, MetOn: o.MetOn}, err
	})
}

func readEscalations(ctx context.Context, q querier, caseID string) ([]rehab.EscalationRow, error) {
	rows, err := q.Query(ctx, `SELECT `+escalationColumns+` FROM escalations e JOIN cases c USING (case_id) WHERE e.case_id = $1 ORDER BY e.id`, caseID)
	return collect(rows, err, "list escalations", func(row pgx.CollectableRow) (rehab.EscalationRow, error) {
		e, err := scanEscalation(row)
		return rehab.EscalationRow{Escalation: e.Escalation, OpenedAt: e.OpenedAt, ClosedAt: e.ClosedAt, Closing: e.Closing}, err
	})
}

func readLeaves(ctx context.Context, q querier, caseID string) ([]rehab.LeaveRow, error) {
	rows, err := q.Query(ctx, `SELECT leave, from_day, to_day, reported_at FROM leave_requests WHERE case_id = $1 ORDER BY leave`, caseID)
	return collect(rows, err, "list leaves", func(row pgx.CollectableRow) (rehab.LeaveRow, error) {
		var l rehab.LeaveRow
		var from, to pgtype.Date
		err := row.Scan(&l.ID, &from, &to, &l.ReportedAt)
		l.From, l.To, l.ReportedAt = dateOf(from), dateOf(to), l.ReportedAt.UTC()
		return l, err
	})
}

func readReferrals(ctx context.Context, q querier, caseID string) ([]rehab.Referral, error) {
	rows, err := q.Query(ctx, `SELECT `+referralColumns+` FROM referrals r JOIN cases c USING (case_id) WHERE r.case_id = $1 ORDER BY r.id`, caseID)
	return collect(rows, err, "list referrals", func(row pgx.CollectableRow) (rehab.Referral, error) {
		r, err := scanReferral(row)
		return r.Referral, err
	})
}

func readTransfers(ctx context.Context, q querier, caseID string) ([]rehab.TransferRow, error) {
	rows, err := q.Query(ctx, selectTransfers+` WHERE t.case_id = $1 ORDER BY t.id`, caseID)
	return collect(rows, err, "list transfers", func(row pgx.CollectableRow) (rehab.TransferRow, error) {
		t, err := scanTransfer(row)
		return rehab.TransferRow{
			ID: t.Transfer, From: t.From, To: t.To, State: t.State, Reason: t.Reason, ReturnedFor: t.ReturnedFor,
			RequestedOn: t.RequestedOn, ForwardedOn: t.ForwardedOn, AnsweredOn: t.AnsweredOn, ArrivedOn: t.ArrivedOn, EndedOn: t.EndedOn,
		}, err
	})
}

func readTakenBack(ctx context.Context, q querier, caseID string) ([]rehab.Struck, error) {
	rows, err := q.Query(ctx, `SELECT seq, coalesce(instead, 0) FROM taken_back WHERE case_id = $1 ORDER BY seq`, caseID)
	return collect(rows, err, "list what was taken back", pgx.RowToStructByPos[rehab.Struck])
}
