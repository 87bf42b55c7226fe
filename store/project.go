package store

import (
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/rehab"
)

const insertCase = `INSERT INTO cases (case_id, seq, hash, measure, phase, place, worker, risk, policy, served_on, reported_on, term_end,
  released_on, last_contact, next_kind, next_due, overdue, escalations, top_rung, violations, wake_at, opened_at,
  engagement, outreach_step, crises)
VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25)`

const updateCase = `UPDATE cases SET seq=$2, hash=$3, measure=$4, phase=$5, place=$6, worker=$7, risk=$8, policy=$9, served_on=$10,
  reported_on=$11, term_end=$12, released_on=$13, last_contact=$14, next_kind=$15, next_due=$16, overdue=$17, escalations=$18,
  top_rung=$19, violations=$20, wake_at=$21, opened_at=$22, engagement=$23, outreach_step=$24, crises=$25
WHERE case_id=$1`

// project queues the changes of the read models that the record brings.
func project(b *pgx.Batch, r rehab.Record, hash []byte, exists bool) {
	sql := insertCase
	if exists {
		sql = updateCase
	}
	b.Queue(sql, caseArgs(r.Summary, hash)...)
	writeRows(b, r.CaseID, r.Rows)
	writeWaiting(b, r.CaseID)
	if r.Summary.Phase == rehab.Sealed || r.Summary.Phase == rehab.Void {
		b.Queue(forgetTerms, r.CaseID)
	}
	projectNotices(b, r)
}

func caseArgs(s rehab.Summary, hash []byte) []any {
	return []any{
		s.CaseID, s.Seq, hash, s.Measure, s.Phase, s.Place, s.Worker, s.Risk, s.Policy.String(), day(s.ServedOn), day(s.ReportedOn), day(s.TermEnd),
		day(s.ReleasedOn), day(s.LastContact), s.NextKind, day(s.NextDue), s.Overdue, s.Escalations, s.TopRung, s.Violations, instant(s.WakeAt), s.OpenedAt,
		s.Engagement, s.OutreachStep, s.Crises,
	}
}

const insertNotice = `INSERT INTO notices (case_id, seq, created_at, role, place, worker, type, channel, escalation, obligation) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`

func projectNotices(b *pgx.Batch, r rehab.Record) {
	for _, n := range r.Notices {
		at := r.Events[n.Seq-r.Expected-1].RecordedAt
		b.Queue(insertNotice, r.CaseID, n.Seq, at, n.Role, n.Place, n.Worker, n.Type, n.Channel, n.Escalation, obligationText(n.Obligation))
	}
}

func obligationText(id rehab.ObligationID) string {
	if id.N == 0 {
		return ""
	}
	return id.String()
}

// day and instant are how a missing date and a missing instant are stored: as NULL.
func day(d rehab.Date) pgtype.Date {
	if d == 0 {
		return pgtype.Date{}
	}
	y, m, n := d.Civil()
	return pgtype.Date{Time: time.Date(y, m, n, 0, 0, 0, 0, time.UTC), Valid: true}
}

func instant(t time.Time) pgtype.Timestamptz { return pgtype.Timestamptz{Time: t, Valid: !t.IsZero()} }

func dateOf(d pgtype.Date) rehab.Date {
	if !d.Valid {
		return 0
	}
	return rehab.NewDate(d.Time.Date())
}

func timeOf(t pgtype.Timestamptz) time.Time {
	if !t.Valid {
		return time.Time{}
	}
	return t.Time.UTC()
}
