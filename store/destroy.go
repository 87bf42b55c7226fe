package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/archive"
	"guitu/board"
	"guitu/rehab"
)

// destructionBucket sums the signatures of the cases that were destroyed.
const destructionBucket = auditBucket + 1

// pastRetention are the sealed cases that were kept long enough ($1), are on no list and not
// being looked at.
const pastRetention = `INSERT INTO destruction_cases (case_id, destruction, place, measure, opened_on, sealed_on, papers)
SELECT c.case_id, $2, c.place, c.measure, (c.opened_at AT TIME ZONE 'Asia/Shanghai')::date, (k.sealed_at AT TIME ZONE 'Asia/Shanghai')::date, (SELECT count(*) FROM papers p WHERE p.case_id = c.case_id)
FROM cases c JOIN case_keys k USING (case_id)
WHERE k.sealed_at < $1 AND NOT EXISTS (SELECT FROM destruction_cases d WHERE d.case_id = c.case_id)
  AND NOT EXISTS (SELECT FROM inquiries q WHERE q.case_id = c.case_id AND q.ended_at IS NULL)
ORDER BY c.case_id`

// ProposeDestruction puts on a list every case that was sealed before the instant, which is
// where the time of retention ends. The login has to be the owner's: Forbidden.
func (s *Store) ProposeDestruction(ctx context.Context, sealedBefore time.Time, appraisal, by string) (archive.Destruction, error) {
	if err := errors.Join(archive.CheckText("appraisal", appraisal), rehabActor(by)); err != nil {
		return archive.Destruction{}, err
	}
	id := "d-" + randomID()
	hidden, err := s.hide([]byte(appraisal), []byte("appraisal/"+id))
	if err != nil {
		return archive.Destruction{}, err
	}
	err = s.asKeeper(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT end_inquiries()`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO destructions (id, appraisal, proposed_by, proposed_at) VALUES ($1, $2, $3, now())`, id, hidden, by); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, pastRetention, sealedBefore, id)
		if err == nil && tag.RowsAffected() == 0 {
			return &rehab.Error{Code: rehab.NotFound, Citation: "档案法 art.21", Message: "no sealed case has been kept long enough"}
		}
		return err
	})
	if err != nil {
		return archive.Destruction{}, fmt.Errorf("propose a destruction: %w", err)
	}
	return s.Destruction(ctx, id)
}

func rehabActor(by string) error {
	if err := rehab.CheckActorID("by", by); err != nil {
		return err
	}
	return nil
}

// DropDestruction takes back a list that nobody has confirmed.
func (s *Store) DropDestruction(ctx context.Context, id string) error {
	err := s.asKeeper(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `DELETE FROM destruction_cases WHERE destruction = $1 AND EXISTS (SELECT FROM destructions WHERE id = $1 AND confirmed_at IS NULL)`, id)
		if err == nil && tag.RowsAffected() == 0 {
			return errNoDestruction
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("take back a destruction: %w", err)
	}
	return nil
}

var errNoDestruction = &rehab.Error{Code: rehab.NotFound, Message: "no such destruction waits for its second person"}

// ConfirmDestruction destroys what is on the list, in one transaction: every copy of the keys,
// who the clients were and all that was written. What is left says nothing about anybody: the
// events, counts and dates of which figures are made.
func (s *Store) ConfirmDestruction(ctx context.Context, id, approval, by string) (archive.Destruction, error) {
	if err := errors.Join(archive.CheckText("approval", approval), rehabActor(by)); err != nil {
		return archive.Destruction{}, err
	}
	hidden, err := s.hide([]byte(approval), []byte("approval/"+id))
	if err != nil {
		return archive.Destruction{}, err
	}
	err = s.asKeeper(ctx, func(tx pgx.Tx) error {
		var proposedBy string
		err := tx.QueryRow(ctx, `SELECT proposed_by FROM destructions WHERE id = $1 AND confirmed_at IS NULL FOR UPDATE`, id).Scan(&proposedBy)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return errNoDestruction
		case err != nil:
			return err
		case proposedBy == by:
			return &rehab.Error{Code: rehab.Refused, Field: "by", Citation: "档案法 art.21", Message: "a destruction takes two people: another one confirms it"}
		}
		at := time.Now().UTC().Truncate(time.Microsecond)
		if _, err := tx.Exec(ctx, `UPDATE destructions SET approval = $2, confirmed_by = $3, confirmed_at = $4 WHERE id = $1`, id, hidden, by, at); err != nil {
			return err
		}
		return s.destroyList(ctx, tx, id, at)
	})
	if err != nil {
		return archive.Destruction{}, fmt.Errorf("confirm a destruction: %w", err)
	}
	return s.Destruction(ctx, id)
}

// destroyed are the statements by which a case is destroyed.
var destroyed = []string{
	`DELETE FROM case_keys WHERE case_id = $1`, `DELETE FROM sealed_parts WHERE case_id = $1`, `DELETE FROM inquiries WHERE case_id = $1`,
	`DELETE FROM clients WHERE case_id = $1`, `DELETE FROM client_changes WHERE case_id = $1`, `DELETE FROM client_commands WHERE case_id = $1`,
	`DELETE FROM texts WHERE case_id = $1`, `DELETE FROM practice_texts WHERE case_id = $1`, `DELETE FROM snoozes WHERE case_id = $1`,
	`DELETE FROM paper_drafts WHERE case_id = $1`, `DELETE FROM leave_requests WHERE case_id = $1`, `DELETE FROM command_states WHERE case_id = $1`,
	// The books have no gap: a number stays, without its words.
	`UPDATE papers SET ciphertext = NULL, spoilt_why = '' WHERE case_id = $1`,
}

func (s *Store) destroyList(ctx context.Context, tx pgx.Tx, id string, at time.Time) error {
	list, err := destructionCases(ctx, tx, `WHERE destruction = $1`, id)
	if err != nil {
		return err
	}
	if len(list) == 0 { // it was taken back
		return errNoDestruction
	}
	for _, c := range list {
		var open bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM inquiries WHERE case_id = $1 AND ended_at IS NULL)`, c.CaseID).Scan(&open); err != nil {
			return err
		}
		if open {
			return &rehab.Error{Code: rehab.Refused, Message: "an inquiry into case " + c.CaseID + " is under way"}
		}
		b := &pgx.Batch{}
		for _, sql := range destroyed {
			b.Queue(sql, c.CaseID)
		}
		c.Destroyed = at
		b.Queue(`UPDATE destruction_cases SET destroyed = $2, mac = $3 WHERE case_id = $1`, c.CaseID, at, s.keys.signDestroyed("destroyed", id, c))
		b.Queue(addToSum, destructionBucket, 1, bits(s.keys.signDestroyed("destroyed sum", id, c)))
		if err := tx.SendBatch(ctx, b).Close(); err != nil {
			return err
		}
		s.forgetKey(c.CaseID)
	}
	return nil
}

func (k *Keys) signDestroyed(kind, id string, c archive.DestroyedCase) []byte {
	return k.sign(kind, []byte(id), []byte(c.CaseID), []byte(c.Place), []byte(c.Measure), []byte(c.OpenedOn.String()), []byte(c.SealedOn.String()),
		strconv.AppendInt(nil, int64(c.Papers), 10), strconv.AppendInt(nil, c.Destroyed.UnixMicro(), 10))
}

func destructionCases(ctx context.Context, q querier, where string, args ...any) ([]archive.DestroyedCase, error) {
	rows, err := q.Query(ctx, `SELECT case_id, place, measure, opened_on, sealed_on, papers, destroyed, mac FROM destruction_cases `+where+` ORDER BY case_id`, args...)
	return collect(rows, err, "read a list of destruction", func(row pgx.CollectableRow) (c archive.DestroyedCase, err error) {
		var opened, sealed pgtype.Date
		var at pgtype.Timestamptz
		err = row.Scan(&c.CaseID, &c.Place, &c.Measure, &opened, &sealed, &c.Papers, &at, &c.Signature)
		c.OpenedOn, c.SealedOn, c.Destroyed = dateOf(opened), dateOf(sealed), timeOf(at)
		return c, err
	})
}

// Destruction reads a list with its certificate; NotFound where there is none.
func (s *Store) Destruction(ctx context.Context, id string) (archive.Destruction, error) {
	d := archive.Destruction{ID: id}
	var appraisal, approval []byte
	var by pgtype.Text
	var at pgtype.Timestamptz
	err := s.pool.QueryRow(ctx, `SELECT appraisal, proposed_by, proposed_at, approval, confirmed_by, confirmed_at FROM destructions WHERE id = $1`, id).
		Scan(&appraisal, &d.ProposedBy, &d.ProposedAt, &approval, &by, &at)
	if errors.Is(err, pgx.ErrNoRows) {
		return d, &rehab.Error{Code: rehab.NotFound, Message: "there is no such list of destruction"}
	}
	if err == nil {
		d.ConfirmedBy, d.ConfirmedAt, d.ProposedAt = by.String, timeOf(at), d.ProposedAt.UTC()
		var plain []byte
		plain, err = s.reveal(ctx, appraisal, []byte("appraisal/"+id))
		d.Appraisal = string(plain)
	}
	if err == nil && approval != nil {
		var plain []byte
		plain, err = s.reveal(ctx, approval, []byte("approval/"+id))
		d.Approval = string(plain)
	}
	if err == nil {
		d.Cases, err = destructionCases(ctx, s.pool, `WHERE destruction = $1`, id)
	}
	if err != nil {
		return d, fmt.Errorf("read a destruction: %w", unavailable(err))
	}
	return d, nil
}

// Destructions lists the lists, the latest first, without their cases.
func (s *Store) Destructions(ctx context.Context) ([]archive.Destruction, error) {
	rows, err := s.pool.Query(ctx, `SELECT id FROM destructions ORDER BY proposed_at DESC, id LIMIT $1`, maxRows)
	ids, err := collect(rows, err, "list destructions", pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	out := make([]archive.Destruction, 0, len(ids))
	for _, id := range ids {
		d, err := s.Destruction(ctx, id)
		if err != nil {
			return nil, err
		}
		d.Cases = nil
		out = append(out, d)
	}
	return out, nil
}

// checkDestroyed lists the destroyed cases whose line was changed, and those of which
// something is left or was put back, as an old backup would.
func (s *Store) checkDestroyed(ctx context.Context, q querier, want sums) ([]board.Broken, error) {
	rows, err := q.Query(ctx, `SELECT case_id, destruction,
  EXISTS (SELECT FROM case_keys k WHERE k.case_id = d.case_id) OR EXISTS (SELECT FROM clients c WHERE c.case_id = d.case_id) OR EXISTS (SELECT FROM texts t WHERE t.case_id = d.case_id)
FROM destruction_cases d WHERE destroyed IS NOT NULL ORDER BY case_id`)
	type line struct {
		CaseID, Destruction string
		Left                bool
	}
	list, err := collect(rows, err, "read what was destroyed", pgx.RowToStructByPos[line])
	if err != nil {
		return nil, err
	}
	cases, err := destructionCases(ctx, q, `WHERE destroyed IS NOT NULL`)
	if err != nil {
		return nil, err
	}
	var out []board.Broken
	for i, l := range list {
		c := cases[i]
		want.add(destructionBucket, s.keys.signDestroyed("destroyed sum", l.Destruction, c))
		if string(c.Signature) != string(s.keys.signDestroyed("destroyed", l.Destruction, c)) {
			out = append(out, board.Broken{Subject: c.CaseID, Invariant: "a line of a destruction is what was signed", Detail: "it was changed"})
		}
		if l.Left {
			out = append(out, board.Broken{Subject: c.CaseID, Invariant: "what was destroyed is gone", Detail: "its key, its client or a text is there again"})
		}
	}
	return out, nil
}
