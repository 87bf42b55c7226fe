package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/notify"
	"guitu/rehab"
)

// takeUp takes whole transactions, from each cursor to what is settled ($1): see follow.go.
// The least cursor is for the index.
// What was said about a void case goes nowhere.
var takeUp = `INSERT INTO deliveries (subscription, position, state, created_at, next_at)
SELECT s.id, n.position, 'waiting', $2, $2 FROM subscriptions s JOIN notices n ON n.tx >= s.cursor AND n.role = s.role
WHERE s.ended_at IS NULL AND n.tx >= (SELECT min(cursor) FROM subscriptions WHERE ended_at IS NULL) AND n.tx < $1
  AND (n.place LIKE s.place || '%' AND (s.worker = '' OR n.worker = s.worker) OR` + toStandIn + `) AND (s.types = '{}' OR n.type = ANY(s.types))
  AND (s.channels = '{}' OR n.channel = ANY(s.channels)) AND` + ofVoid + ` ON CONFLICT DO NOTHING`

// toStandIn holds where the notice came to somebody who was away that day, in Beijing, and the
// subscription is to the worker who stood in (代班). It ends with the absence. A stand-in may be
// of another street; a webhook, which tells more than that something waits, keeps to its place.
var toStandIn = ` s.worker <> '' AND (s.kind <> 'webhook' OR n.place LIKE s.place || '%') AND EXISTS (SELECT FROM worker_absences a
    WHERE a.stand_in = s.worker AND a.worker = n.worker AND ` + inBeijing(`n.created_at`) + ` BETWEEN a.from_day AND a.to_day)`

// takeUpChanges does the same with the ledger. Of a void case nothing is told but that it is
// void, of a sealed one that it is sealed, and of a case of another place nothing.
const takeUpChanges = `INSERT INTO deliveries (subscription, position, state, created_at, next_at)
SELECT s.id, e.position, 'waiting', $2, $2 FROM subscriptions s JOIN case_events e ON e.tx >= s.cursor AND e.type = ANY(s.ledger) JOIN cases c USING (case_id)
WHERE s.ended_at IS NULL AND e.tx >= (SELECT min(cursor) FROM subscriptions WHERE ended_at IS NULL AND ledger <> '{}') AND e.tx < $1
  AND c.place LIKE s.place || '%' AND (c.phase <> 'void' OR e.type = 'case_voided') AND (c.phase <> 'sealed' OR e.type = 'case_sealed') ON CONFLICT DO NOTHING`

// TakeUp makes a delivery of each notice and each change that came since the last time and that a
// subscription asks for, and answers with the subscriptions that have something to try at now.
func (s *Store) TakeUp(ctx context.Context, now time.Time) ([]string, error) {
	var due []string
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var head int64
		if err := tx.QueryRow(ctx, `SELECT ledger_settled()`).Scan(&head); err != nil {
			return err
		}
		for _, take := range []string{takeUp, takeUpChanges} {
			if _, err := tx.Exec(ctx, take, head, now); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE subscriptions SET cursor = $1 WHERE ended_at IS NULL AND cursor < $1`, head); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT DISTINCT subscription FROM deliveries WHERE state = 'waiting' AND next_at <= $1 ORDER BY subscription`, now)
		due, err = collect(rows, err, "list due deliveries", pgx.RowTo[string])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take up notices: %w", unavailable(err))
	}
	return due, nil
}

const deliveryColumns = `d.subscription, d.position, d.state, d.tries, d.code, d.created_at, d.next_at, d.done_at`

func scanDelivery(row pgx.CollectableRow) (notify.Delivery, error) {
	var d notify.Delivery
	var subscription string
	var next, done pgtype.Timestamptz
	err := row.Scan(&subscription, &d.Position, &d.State, &d.Tries, &d.Code, &d.CreatedAt, &next, &done)
	d.ID = notify.DeliveryID(subscription, d.Position)
	d.CreatedAt, d.NextAt, d.DoneAt = d.CreatedAt.UTC(), timeOf(next), timeOf(done)
	return d, err
}

// Deliveries lists those of a subscription before the position, the latest first; with a
// state, those alone.
func (s *Store) Deliveries(ctx context.Context, subscription string, state notify.DeliveryState, before int64, n int) ([]notify.Delivery, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+deliveryColumns+` FROM deliveries d
WHERE d.subscription = $1 AND ($2 = '' OR d.state = $2) AND ($3 = 0 OR d.position < $3) ORDER BY d.position DESC LIMIT $4`, subscription, state, before, limit(n))
	return collect(rows, err, "list deliveries", scanDelivery)
}

// DeliveryCounts are the deliveries that wait, and those that were given up.
func (s *Store) DeliveryCounts(ctx context.Context) (map[notify.DeliveryState]int64, error) {
	var waiting, failed int64
	err := s.pool.QueryRow(ctx, `SELECT (SELECT count(*) FROM deliveries WHERE state = 'waiting'), (SELECT count(*) FROM deliveries WHERE state = 'failed' AND code <> 'ended')`).Scan(&waiting, &failed)
	if err != nil {
		return nil, fmt.Errorf("count deliveries: %w", unavailable(err))
	}
	return map[notify.DeliveryState]int64{notify.DeliveryWaiting: waiting, notify.DeliveryFailed: failed}, nil
}

// Take takes the delivery of the subscription that has waited longest to be tried at now,
// and counts the try before it is made: one that is lost in the middle is tried again
// after the wait. ok is false when none is due.
func (s *Store) Take(ctx context.Context, subscription string, now time.Time) (o notify.Outgoing, ok bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT `+deliveryColumns+` FROM deliveries d
WHERE d.subscription = $1 AND d.state = 'waiting' AND d.next_at <= $2 ORDER BY d.next_at, d.position LIMIT 1 FOR UPDATE SKIP LOCKED`, subscription, now)
		due, err := collect(rows, err, "read a delivery", scanDelivery)
		if err != nil || len(due) == 0 {
			return err
		}
		o.Delivery, ok = due[0], true
		o.Tries++
		o.NextAt = now.Add(notify.Backoff(o.Tries))
		if _, err := tx.Exec(ctx, `UPDATE deliveries SET tries = $3, next_at = $4 WHERE subscription = $1 AND position = $2`, subscription, o.Position, o.Tries, o.NextAt); err != nil {
			return err
		}
		if err := s.readOutgoing(ctx, tx, subscription, &o); err != nil {
			return err
		}
		if o.Event == "" || o.Change.Phase != rehab.Sealed || o.Change.Event == "case_sealed" {
			return nil
		}
		ok = false // sealed since it was taken up: nothing of it is told any more
		_, err = tx.Exec(ctx, `UPDATE deliveries SET state = 'failed', code = 'sealed', next_at = NULL, done_at = $3 WHERE subscription = $1 AND position = $2`, subscription, o.Position, now)
		return err
	})
	if err != nil {
		return notify.Outgoing{}, false, fmt.Errorf("take a delivery: %w", unavailable(err))
	}
	return o, ok, nil
}

// readOutgoing reads what a try needs beside the delivery itself.
func (s *Store) readOutgoing(ctx context.Context, tx pgx.Tx, subscription string, o *notify.Outgoing) error {
	var cipher []byte
	var events []string
	if err := tx.QueryRow(ctx, `SELECT kind, language, sealed, events FROM subscriptions WHERE id = $1`, subscription).Scan(&o.Kind, &o.Language, &cipher, &events); err != nil {
		return err
	}
	var err error
	if o.Sealed, err = s.unsealTarget(ctx, subscription, cipher); err != nil {
		return err
	}
	if len(events) > 0 {
		return readChange(ctx, tx, events, o)
	}
	rows, err := tx.Query(ctx, `SELECT `+noticeColumns+` FROM notices WHERE position = $1`, o.Position)
	notices, err := collect(rows, err, "read a notice", scanNotice)
	if err != nil {
		return err
	}
	o.Notice = notices[0] // deliveries are made of notices, and no notice is ever deleted
	var due pgtype.Date
	id := o.Notice.Obligation
	err = tx.QueryRow(ctx, `SELECT max(due) FROM obligations WHERE case_id = $1 AND kind = $2 AND n = $3`, o.Notice.CaseID, id.Kind, id.N).Scan(&due)
	o.Due = dateOf(due)
	return err
}

// readChange reads the event that a delivery is of, and the case as it stands now.
func readChange(ctx context.Context, tx pgx.Tx, events []string, o *notify.Outgoing) error {
	c := &o.Change
	err := tx.QueryRow(ctx, `SELECT e.position, e.case_id, e.seq, e.type, e.recorded_at, c.phase, c.place, c.worker
FROM case_events e JOIN cases c USING (case_id) WHERE e.position = $1`, o.Position).
		Scan(&c.Position, &c.CaseID, &c.Seq, &c.Event, &o.At, &c.Phase, &c.Place, &c.Worker)
	o.At, o.Event = o.At.UTC(), notify.EventOf(events, c.Event)
	return err
}

// Settle writes what became of a try: no code says that it arrived. A delivery whose
// retry policy is exhausted has failed for good, any other waits for its next try.
func (s *Store) Settle(ctx context.Context, subscription string, o notify.Outgoing, code string, over bool, now time.Time) error {
	state := notify.DeliveryWaiting
	switch {
	case code == "":
		state = notify.Delivered
	case over:
		state = notify.DeliveryFailed
	}
	_, err := s.pool.Exec(ctx, `UPDATE deliveries SET state = $3, code = $4, next_at = CASE WHEN $3 = 'waiting' THEN next_at END, done_at = CASE WHEN $3 <> 'waiting' THEN $5::timestamptz END
WHERE subscription = $1 AND position = $2 AND (state = 'waiting' OR $3 = 'delivered')`, subscription, o.Position, state, code, now)
	if err != nil {
		return fmt.Errorf("settle a delivery: %w", unavailable(err))
	}
	return nil
}
