package store

import (
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/rehab"
)

// tablesOfRows are the tables that rehab.Rows fill.
var tablesOfRows = []string{"obligations", "escalations", "leave_requests", "referrals", "transfers", "taken_back"}

// writeRows queues the rows of the case: what changed of them, or all. What they are is the
// core's to say: here each table has its one statement.
func writeRows(b *pgx.Batch, caseID string, r *rehab.Rows) {
	if r.Whole {
		for _, table := range tablesOfRows {
			b.Queue(`DELETE FROM `+table+` WHERE case_id = $1`, caseID)
		}
	}
	if len(r.Obligations) > 0 {
		b.Queue(upsertObligations, obligationArgs(caseID, r.Obligations)...)
	}
	if r.Ended {
		b.Queue(voidForgotten, caseID, append([]rehab.Kind{}, r.Spared...))
	}
	if len(r.Escalations) > 0 {
		b.Queue(upsertEscalations, escalationArgs(caseID, r.Escalations)...)
	}
	if len(r.Leaves) > 0 {
		b.Queue(insertLeaves, leaveArgs(caseID, r.Leaves)...)
	}
	if len(r.Decided) > 0 {
		b.Queue(`DELETE FROM leave_requests WHERE case_id = $1 AND leave = ANY($2)`, caseID, r.Decided)
	}
	if len(r.Referrals) > 0 {
		b.Queue(upsertReferrals, referralArgs(caseID, r.Referrals)...)
	}
	if len(r.Transfers) > 0 {
		b.Queue(upsertTransfers, transferArgs(caseID, r.Transfers)...)
	}
	if len(r.Struck) > 0 {
		b.Queue(insertTakenBack, takenBackArgs(caseID, r.Struck)...)
	}
}

const upsertObligations = `INSERT INTO obligations (case_id, kind, n, opens, due, due_at, expires, status, ground, test, cite, met_on, unconfirmed)
SELECT $1, * FROM unnest($2::text[], $3::int[], $4::date[], $5::date[], $6::timestamptz[], $7::date[], $8::text[], $9::text[], $10::bigint[], $11::text[], $12::date[], $13::boolean[])
ON CONFLICT (case_id, kind, n) DO UPDATE SET opens = excluded.opens, due = excluded.due, due_at = excluded.due_at, expires = excluded.expires, status = excluded.status,
  ground = excluded.ground, test = excluded.test, cite = excluded.cite, met_on = excluded.met_on, unconfirmed = excluded.unconfirmed`

func obligationArgs(caseID string, rows []rehab.ObligationRow) []any {
	n := len(rows)
	kinds, ns, tests := make([]string, n), make([]int32, n), make([]int64, n)
	opens, dues, expires, met := make([]pgtype.Date, n), make([]pgtype.Date, n), make([]pgtype.Date, n), make([]pgtype.Date, n)
	dueAts, drafts := make([]pgtype.Timestamptz, n), make([]bool, n)
	statuses, grounds, cites := make([]string, n), make([]string, n), make([]string, n)
	for i := range rows {
		o := &rows[i]
		kinds[i], ns[i], tests[i] = string(o.ID.Kind), int32(o.ID.N), o.Test
		opens[i], dues[i], expires[i], met[i] = day(o.Opens), day(o.Due), day(o.Expires), day(o.MetOn)
		dueAts[i], drafts[i] = instant(o.DueAt), o.Unconfirmed
		statuses[i], grounds[i], cites[i] = string(o.Status), string(o.Ground), o.Citation
	}
	return []any{caseID, kinds, ns, opens, dues, dueAts, expires, statuses, grounds, tests, cites, met, drafts}
}

// voidForgotten ends the confirmed misses of a case that ended, also those that the case
// itself has forgotten since they take no evidence any more.
const voidForgotten = `UPDATE obligations SET status = 'superseded' WHERE case_id = $1 AND status = 'confirmed' AND kind <> ALL($2)`

// The instant at which an escalation opened comes with the record that opened it.
const upsertEscalations = `INSERT INTO escalations (case_id, id, obligation, rung, role, opened_at, told_at, next_at, promise, acked_by, closed_at, closing)
SELECT $1, id, obligation, rung, role, coalesce(opened_at, told_at), told_at, next_at, promise, acked_by, closed_at, closing
FROM unnest($2::bigint[], $3::text[], $4::int[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $9::date[], $10::text[], $11::timestamptz[], $12::text[])
  AS u (id, obligation, rung, role, opened_at, told_at, next_at, promise, acked_by, closed_at, closing)
ON CONFLICT (case_id, id) DO UPDATE SET rung = excluded.rung, role = excluded.role, told_at = excluded.told_at, next_at = excluded.next_at,
  promise = excluded.promise, acked_by = excluded.acked_by, closed_at = excluded.closed_at, closing = excluded.closing`

func escalationArgs(caseID string, rows []rehab.EscalationRow) []any {
	n := len(rows)
	ids, rungs := make([]int64, n), make([]int32, n)
	obligations, roles, ackers, closings := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	opened, told, next, closed := make([]pgtype.Timestamptz, n), make([]pgtype.Timestamptz, n), make([]pgtype.Timestamptz, n), make([]pgtype.Timestamptz, n)
	promises := make([]pgtype.Date, n)
	for i := range rows {
		e := &rows[i]
		ids[i], rungs[i] = e.ID, int32(e.Rung)
		obligations[i], roles[i], ackers[i], closings[i] = e.Obligation.String(), string(e.Role), e.AckedBy, string(e.Closing)
		opened[i], told[i], next[i], closed[i] = instant(e.OpenedAt), instant(e.ToldAt), instant(e.NextAt), instant(e.ClosedAt)
		promises[i] = day(e.Promise)
	}
	return []any{caseID, ids, obligations, rungs, roles, opened, told, next, promises, ackers, closed, closings}
}

const insertLeaves = `INSERT INTO leave_requests (case_id, leave, from_day, to_day, reported_at)
SELECT $1, * FROM unnest($2::bigint[], $3::date[], $4::date[], $5::timestamptz[])`

func leaveArgs(caseID string, rows []rehab.LeaveRow) []any {
	n := len(rows)
	ids, from, to, at := make([]int64, n), make([]pgtype.Date, n), make([]pgtype.Date, n), make([]pgtype.Timestamptz, n)
	for i := range rows {
		l := &rows[i]
		ids[i], from[i], to[i], at[i] = l.ID, day(l.From), day(l.To), instant(l.ReportedAt)
	}
	return []any{caseID, ids, from, to, at}
}

const upsertReferrals = `INSERT INTO referrals (case_id, id, agency, kind, state, made_on, reply_by, replied_on, reason)
SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::date[], $7::date[], $8::date[], $9::text[])
ON CONFLICT (case_id, id) DO UPDATE SET state = excluded.state, reply_by = excluded.reply_by, replied_on = excluded.replied_on, reason = excluded.reason`

func referralArgs(caseID string, rows []rehab.Referral) []any {
	n := len(rows)
	ids := make([]int64, n)
	agencies, kinds, states, reasons := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	made, by, replied := make([]pgtype.Date, n), make([]pgtype.Date, n), make([]pgtype.Date, n)
	for i := range rows {
		r := &rows[i]
		ids[i] = r.ID
		agencies[i], kinds[i], states[i], reasons[i] = string(r.Agency), string(r.Kind), string(r.State), string(r.Reason)
		made[i], by[i], replied[i] = day(r.On), day(r.ReplyBy), day(r.RepliedOn)
	}
	return []any{caseID, ids, agencies, kinds, states, made, by, replied, reasons}
}

// What a record does not say of a transfer the row has already: only the first one says why
// and when it was asked for.
const upsertTransfers = `INSERT INTO transfers AS t (case_id, id, from_place, to_place, state, reason, returned_for, requested_on, forwarded_on, answered_on, arrived_on, ended_on)
SELECT $1, id, from_place, to_place, state, reason, returned_for, coalesce(requested_on, answered_on), forwarded_on, answered_on, arrived_on, ended_on
FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[], $9::date[], $10::date[], $11::date[], $12::date[])
  AS u (id, from_place, to_place, state, reason, returned_for, requested_on, forwarded_on, answered_on, arrived_on, ended_on)
ON CONFLICT (case_id, id) DO UPDATE SET state = excluded.state, returned_for = coalesce(nullif(excluded.returned_for, ''), t.returned_for),
  forwarded_on = coalesce(excluded.forwarded_on, t.forwarded_on), answered_on = coalesce(excluded.answered_on, t.answered_on),
  arrived_on = coalesce(excluded.arrived_on, t.arrived_on), ended_on = coalesce(excluded.ended_on, t.ended_on)`

func transferArgs(caseID string, rows []rehab.TransferRow) []any {
	n := len(rows)
	ids := make([]int64, n)
	from, to, states, reasons, returned := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	requested, forwarded, answered, arrived, ended := make([]pgtype.Date, n), make([]pgtype.Date, n), make([]pgtype.Date, n), make([]pgtype.Date, n), make([]pgtype.Date, n)
	for i := range rows {
		t := &rows[i]
		ids[i], from[i], to[i] = t.ID, t.From, t.To
		states[i], reasons[i], returned[i] = string(t.State), string(t.Reason), string(t.ReturnedFor)
		requested[i], forwarded[i], answered[i] = day(t.RequestedOn), day(t.ForwardedOn), day(t.AnsweredOn)
		arrived[i], ended[i] = day(t.ArrivedOn), day(t.EndedOn)
	}
	return []any{caseID, ids, from, to, states, reasons, returned, requested, forwarded, answered, arrived, ended}
}

const insertTakenBack = `INSERT INTO taken_back (case_id, seq, instead) SELECT $1, seq, nullif(instead, 0) FROM unnest($2::bigint[], $3::bigint[]) AS u (seq, instead)`

func takenBackArgs(caseID string, rows []rehab.Struck) []any {
	seqs, instead := make([]int64, len(rows)), make([]int64, len(rows))
	for i, s := range rows {
		seqs[i], instead[i] = s.Seq, s.Instead
	}
	return []any{caseID, seqs, instead}
}
