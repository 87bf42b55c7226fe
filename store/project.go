package store

import (
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/rehab"
)

const upsertCase = `INSERT INTO cases (case_id, seq, hash, measure, phase, place, worker, risk, policy, served_on, reported_on, term_end,
  released_on, last_contact, next_kind, next_due, overdue, escalations, top_rung, violations, wake_at, opened_at,
  engagement, outreach_step, crises)
VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25)`

const updateCase = `UPDATE cases SET seq=$2, hash=$3, measure=$4, phase=$5, place=$6, worker=$7, risk=$8, policy=$9, served_on=$10,
  reported_on=$11, term_end=$12, released_on=$13, last_contact=$14, next_kind=$15, next_due=$16, overdue=$17, escalations=$18,
  top_rung=$19, violations=$20, wake_at=$21, opened_at=$22, engagement=$23, outreach_step=$24, crises=$25
WHERE case_id=$1`

// project queues the changes of the read models that the record brings.
func project(b *pgx.Batch, r rehab.Record, hash []byte, exists bool) {
	sql := upsertCase
	if exists {
		sql = updateCase
	}
	b.Queue(sql, caseArgs(r.Summary, hash)...)
	if r.Revises() {
		projectLife(b, r.CaseID, r.Ledger)
	} else {
		projectEvents(b, r.CaseID, r.Events)
	}
	projectNotices(b, r)
}

// standIns are the events of a life that took the place of others, by what these are
// referred to by: the last revision names them all.
func standIns(events []rehab.Event) map[int64]int64 {
	var out map[int64]int64
	for i := range events {
		if d, ok := events[i].Data.(rehab.LifeRevised); ok {
			out = make(map[int64]int64, len(d.As))
			for _, s := range d.As {
				out[s.For] = s.At
			}
		}
	}
	return out
}

// projectLife queues the rows of a case anew, from what holds of its ledger. A climb that
// fell keeps its row, as closed: people were told of it.
func projectLife(b *pgx.Batch, caseID string, ledger []rehab.Event) {
	for _, table := range []string{"obligations", "escalations", "leave_requests", "referrals", "transfers", "taken_back"} {
		b.Queue(`DELETE FROM `+table+` WHERE case_id = $1`, caseID)
	}
	projectEvents(b, caseID, rehab.Life(ledger))
	for _, f := range rehab.FallenIn(ledger) {
		b.Queue(`INSERT INTO escalations (case_id, id, obligation, rung, role, opened_at, told_at, acked_by, closed_at, closing) VALUES ($1,$2,$3,$4,$5,$6,$7,'',$8,$9)`,
			caseID, f.ID, f.Obligation.String(), f.Rung, f.Role, f.OpenedAt, f.ToldAt, f.FellAt, rehab.ByRetraction)
	}
	takenBack, instead := rehab.TakenBack(ledger), standIns(ledger)
	if len(takenBack) == 0 {
		return
	}
	holds := make([]*int64, len(takenBack))
	for i, seq := range takenBack {
		if at, ok := instead[seq]; ok {
			holds[i] = &at
		}
	}
	b.Queue(`INSERT INTO taken_back (case_id, seq, instead) SELECT $1, * FROM unnest($2::bigint[], $3::bigint[])`, caseID, takenBack, holds)
}

func caseArgs(s rehab.Summary, hash []byte) []any {
	return []any{
		s.CaseID, s.Seq, hash, s.Measure, s.Phase, s.Place, s.Worker, s.Risk, s.Policy.String(), day(s.ServedOn), day(s.ReportedOn), day(s.TermEnd),
		day(s.ReleasedOn), day(s.LastContact), s.NextKind, day(s.NextDue), s.Overdue, s.Escalations, s.TopRung, s.Violations, instant(s.WakeAt), s.OpenedAt,
		s.Engagement, s.OutreachStep, s.Crises,
	}
}

// projectEvents queues the changes of obligations and escalations. A suspension touches
// many obligations at once: what comes before it is written before it.
func projectEvents(b *pgx.Batch, caseID string, events []rehab.Event) {
	from := 0
	for i, e := range events {
		switch d := e.Data.(type) {
		case rehab.CaseSuspended:
			projectStretch(b, caseID, events[from:i])
			b.Queue(`UPDATE obligations SET status = 'open', ground = ''
WHERE case_id = $1 AND kind = ANY($2) AND status IN ('open', 'missed', 'confirmed') AND due >= $3`, caseID, clientKinds(), day(d.On))
			from = i + 1
		case rehab.CaseResumed:
			projectStretch(b, caseID, events[from:i])
			b.Queue(`UPDATE obligations SET opens = CASE WHEN opens > $2::date THEN opens + $3::int ELSE opens END, due = due + $3::int, expires = expires + $3::int
WHERE case_id = $1 AND kind = ANY($4) AND status = 'open' AND due >= $2::date`, caseID, day(d.On.AddDays(-d.Days)), d.Days, clientKinds())
			from = i // what rolls beside the span follows
		}
	}
	projectStretch(b, caseID, events[from:])
}

func clientKinds() []string {
	var out []string
	for _, k := range rehab.ClientDuties() {
		out = append(out, string(k))
	}
	return out
}

func projectStretch(b *pgx.Batch, caseID string, events []rehab.Event) {
	obligations := newObligationChanges(events)
	if len(obligations.opened) > 0 {
		obligations.insert(b, caseID)
	}
	if len(obligations.changed) > 0 {
		obligations.update(b, caseID)
	}
	for _, e := range events {
		projectEscalation(b, caseID, e)
		projectLeave(b, caseID, e)
		projectReferral(b, caseID, e)
		projectTransfer(b, caseID, e)
		if ends(e.Data) {
			owed := outliving(e.Data)
			b.Queue(`UPDATE obligations SET status = 'superseded' WHERE case_id = $1 AND status IN ('open', 'missed', 'confirmed') AND kind <> ALL($2)`, caseID, owed)
			b.Queue(`UPDATE escalations SET closed_at = $2, closing = 'supersession', next_at = NULL WHERE case_id = $1 AND closed_at IS NULL
AND regexp_replace(obligation, '-[0-9]+$', '') <> ALL($3)`, caseID, e.RecordedAt, owed)
		}
	}
}

// ends reports whether the event closes the case, with all that was open in it.
func ends(data rehab.EventData) bool {
	switch d := data.(type) {
	case rehab.CaseReleased:
		return d.AfterCareEnd == 0
	case rehab.CaseTerminated, rehab.TransferredOut, rehab.CaseSealed, rehab.CaseVoided:
		return true
	}
	return false
}

// outliving are the kinds of duties that go on after the event that closes the case.
func outliving(data rehab.EventData) []string {
	out := []string{}
	if _, void := data.(rehab.CaseVoided); void {
		return out
	}
	for _, k := range rehab.DutiesThatOutliveEnd() {
		out = append(out, string(k))
	}
	return out
}

// obligationChange is what the events of one record do to one obligation. Empty fields
// leave the row as it is.
type obligationChange struct {
	id        rehab.ObligationID
	status    rehab.Status
	due       rehab.Date
	ground    *rehab.Ground
	metOn     rehab.Date
	confirmed bool // a person confirmed the draft
	cite      string
}

type obligationChanges struct {
	opened  []rehab.Obligation
	metOn   []rehab.Date
	changed []obligationChange
}

// newObligationChanges folds the events, so that an obligation that opens and changes in
// the same record is written once.
func newObligationChanges(events []rehab.Event) *obligationChanges {
	c := &obligationChanges{}
	none := rehab.NoGround
	for _, e := range events {
		switch d := e.Data.(type) {
		case rehab.ObligationOpened:
			c.opened = append(c.opened, d.Obligation)
			c.metOn = append(c.metOn, 0)
		case rehab.ObligationMet:
			c.change(obligationChange{id: d.ID, status: rehab.Done, metOn: d.On})
		case rehab.ObligationMissed:
			c.change(obligationChange{id: d.ID, status: rehab.Missed})
		case rehab.MissConfirmed:
			c.change(obligationChange{id: d.ID, status: rehab.Confirmed, ground: &d.Ground})
		case rehab.MissDismissed:
			c.change(obligationChange{id: d.ID, status: rehab.Dismissed})
		case rehab.MissJustified:
			if d.Until == 0 {
				c.change(obligationChange{id: d.ID, status: rehab.Excused})
			} else {
				c.change(obligationChange{id: d.ID, status: rehab.Open, due: d.Until, ground: &none})
			}
		case rehab.PoliceReportConfirmed:
			c.change(obligationChange{id: d.Obligation, confirmed: true})
		case rehab.ObligationSuperseded:
			c.change(obligationChange{id: d.ID, status: rehab.Superseded})
		case rehab.PolicyMigrated:
			c.move(d.Moves)
		case rehab.CalendarApplied:
			c.move(d.Moves)
		case rehab.CaseResumed:
			c.move(d.Moves)
		}
	}
	return c
}

func (c *obligationChanges) move(moves []rehab.Move) {
	for _, m := range moves {
		c.change(obligationChange{id: m.ID, status: rehab.Open, due: m.Due, cite: m.Citation})
	}
}

func (c *obligationChanges) change(x obligationChange) {
	for i := range c.opened {
		o := &c.opened[i]
		if o.ID != x.id {
			continue
		}
		if x.status != "" {
			o.Status = x.status
		}
		o.Unconfirmed = o.Unconfirmed && !x.confirmed
		if x.due != 0 {
			o.Due = x.due
			if o.Expires != 0 {
				o.Expires = max(o.Expires, x.due)
			}
		}
		if x.ground != nil {
			o.Ground = *x.ground
		}
		if x.cite != "" {
			o.Citation = x.cite
		}
		c.metOn[i] = max(c.metOn[i], x.metOn)
		return
	}
	for i := range c.changed {
		y := &c.changed[i]
		if y.id != x.id {
			continue
		}
		if x.status != "" {
			y.status = x.status
		}
		y.confirmed = y.confirmed || x.confirmed
		if x.due != 0 {
			y.due = x.due
		}
		if x.ground != nil {
			y.ground = x.ground
		}
		if x.cite != "" {
			y.cite = x.cite
		}
		y.metOn = max(y.metOn, x.metOn)
		return
	}
	c.changed = append(c.changed, x)
}

const insertObligations = `INSERT INTO obligations (case_id, kind, n, opens, due, due_at, expires, status, ground, test, cite, met_on, unconfirmed)
SELECT $1, * FROM unnest($2::text[], $3::int[], $4::date[], $5::date[], $6::timestamptz[], $7::date[], $8::text[], $9::text[], $10::bigint[], $11::text[], $12::date[], $13::boolean[])`

func (c *obligationChanges) insert(b *pgx.Batch, caseID string) {
	var kinds, statuses, grounds, cites []string
	var ns []int32
	var tests []int64
	var opens, dues, expires, met []pgtype.Date
	var dueAts []pgtype.Timestamptz
	var drafts []bool
	for i, o := range c.opened {
		kinds, ns, tests = append(kinds, string(o.ID.Kind)), append(ns, int32(o.ID.N)), append(tests, o.Test)
		opens, dues, expires = append(opens, day(o.Opens)), append(dues, day(o.Due)), append(expires, day(o.Expires))
		drafts = append(drafts, o.Unconfirmed)
		dueAts, met = append(dueAts, instant(o.DueAt)), append(met, day(c.metOn[i]))
		statuses, grounds, cites = append(statuses, string(o.Status)), append(grounds, string(o.Ground)), append(cites, o.Citation)
	}
	b.Queue(insertObligations, caseID, kinds, ns, opens, dues, dueAts, expires, statuses, grounds, tests, cites, met, drafts)
}

const updateObligations = `UPDATE obligations o SET status = coalesce(nullif(u.status, ''), o.status), due = coalesce(u.due, o.due), ground = coalesce(u.ground, o.ground),
  met_on = coalesce(u.met_on, o.met_on), cite = coalesce(nullif(u.cite, ''), o.cite), expires = CASE WHEN o.expires IS NULL OR u.due IS NULL THEN o.expires ELSE greatest(o.expires, u.due) END,
  unconfirmed = o.unconfirmed AND NOT u.confirmed
FROM unnest($2::text[], $3::int[], $4::text[], $5::date[], $6::text[], $7::date[], $8::text[], $9::boolean[]) AS u(kind, n, status, due, ground, met_on, cite, confirmed)
WHERE o.case_id = $1 AND o.kind = u.kind AND o.n = u.n`

func (c *obligationChanges) update(b *pgx.Batch, caseID string) {
	var kinds, statuses []string
	var ns []int32
	var dues, met []pgtype.Date
	var grounds []*string
	var cites []string
	var confirmed []bool
	for _, x := range c.changed {
		kinds, ns, statuses = append(kinds, string(x.id.Kind)), append(ns, int32(x.id.N)), append(statuses, string(x.status))
		dues, met, grounds, cites = append(dues, day(x.due)), append(met, day(x.metOn)), append(grounds, (*string)(x.ground)), append(cites, x.cite)
		confirmed = append(confirmed, x.confirmed)
	}
	b.Queue(updateObligations, caseID, kinds, ns, statuses, dues, grounds, met, cites, confirmed)
}

func projectEscalation(b *pgx.Batch, caseID string, e rehab.Event) {
	switch d := e.Data.(type) {
	case rehab.EscalationOpened:
		b.Queue(`INSERT INTO escalations (case_id, id, obligation, rung, role, opened_at, told_at, next_at, acked_by, closing) VALUES ($1,$2,$3,0,$4,$5,$5,$6,'','')`,
			caseID, e.Seq, d.Obligation.String(), d.Role, e.RecordedAt, instant(d.NextAt))
	case rehab.EscalationClimbed:
		b.Queue(`UPDATE escalations SET rung=$3, role=$4, told_at=$5, next_at=$6, promise=NULL, acked_by='' WHERE case_id=$1 AND id=$2`,
			caseID, d.ID, d.Rung, d.Role, e.RecordedAt, instant(d.NextAt))
	case rehab.EscalationAcknowledged:
		b.Queue(`UPDATE escalations SET promise=$3, acked_by=$4, next_at=$5 WHERE case_id=$1 AND id=$2`,
			caseID, d.ID, day(d.Promise), e.Actor.ID, d.BreaksAt())
	case rehab.EscalationMoved:
		if d.Anew {
			b.Queue(`UPDATE escalations SET told_at=$3, next_at=$4, promise=NULL, acked_by='' WHERE case_id=$1 AND id=$2`, caseID, d.ID, e.RecordedAt, instant(d.NextAt))
		}
	case rehab.EscalationClosed:
		b.Queue(`UPDATE escalations SET closed_at=$3, closing=$4, next_at=NULL WHERE case_id=$1 AND id=$2`, caseID, d.ID, e.RecordedAt, d.Closing)
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
