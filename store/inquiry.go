package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/archive"
	"guitu/board"
	"guitu/rehab"
	"guitu/suite"
)

// AskInquiry is the first holder's word, with the private key that opens their part. The part
// waits a day for another holder. It answers with the id of the inquiry.
func (s *Store) AskInquiry(ctx context.Context, q archive.Inquiry, holder, private string) (string, error) {
	if err := q.Check(); err != nil {
		return "", err
	}
	q.ID = "q-" + randomID()
	words, err := json.Marshal([3]string{q.Organ, q.Ground, q.Document})
	if err != nil {
		return "", err
	}
	hidden, err := s.hide(words, []byte("inquiry/"+q.ID))
	if err != nil {
		return "", err
	}
	err = s.asKeeper(ctx, func(tx pgx.Tx) error {
		part, err := s.partOf(ctx, tx, q.CaseID, holder, private)
		if err != nil {
			return err
		}
		kept, err := s.hide(part.bytes, []byte("inquiry part/"+q.ID))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO inquiries (id, case_id, shows, words, asked_by, asked_at, hours, part) VALUES ($1, $2, $3, $4, $5, now(), $6, $7)`,
			q.ID, q.CaseID, q.Shows, hidden, holder, q.Hours, kept)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("ask for an inquiry: %w", err)
	}
	return q.ID, nil
}

// heldPart is a part of a key in the clear.
type heldPart struct {
	part  int
	bytes []byte
}

func (s *Store) partOf(ctx context.Context, tx pgx.Tx, caseID, holder, private string) (heldPart, error) {
	var p heldPart
	var sealed []byte
	err := tx.QueryRow(ctx, `SELECT p.part, p.sealed FROM sealed_parts p JOIN key_holders h ON h.id = p.holder WHERE p.case_id = $1 AND p.holder = $2 AND h.ended_at IS NULL`, caseID, holder).Scan(&p.part, &sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, &rehab.Error{Code: rehab.NotFound, Message: "no part of the key of this case is sealed for this holder"}
	}
	if err == nil {
		p.bytes, err = s.keys.openPart(caseID, p.part, private, sealed)
	}
	if err != nil {
		return p, &rehab.Error{Code: rehab.Refused, Message: "the part of " + holder + " cannot be opened: " + err.Error()}
	}
	return p, nil
}

var errNoInquiry = &rehab.Error{Code: rehab.NotFound, Message: "no such inquiry is under way"}

// OpenInquiry is the word of a holder of the other part: from now on, for its hours, the
// inquiry shows what was asked for.
func (s *Store) OpenInquiry(ctx context.Context, id, holder, private string) error {
	err := s.asKeeper(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT end_inquiries()`); err != nil {
			return err
		}
		var caseID, askedBy string
		var kept []byte
		err := tx.QueryRow(ctx, `SELECT case_id, asked_by, part FROM inquiries WHERE id = $1 AND ended_at IS NULL AND opened_by IS NULL FOR UPDATE`, id).Scan(&caseID, &askedBy, &kept)
		if errors.Is(err, pgx.ErrNoRows) {
			return errNoInquiry
		}
		if err != nil {
			return err
		}
		first, err := s.reveal(ctx, kept, []byte("inquiry part/"+id))
		if err != nil {
			return err
		}
		key, err := s.joinedWith(ctx, tx, caseID, askedBy, first, holder, private)
		if err != nil {
			return err
		}
		wrapped, err := suite.Wrap(s.keys.master, key, []byte("inquiry/"+id+"/"+caseID))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE inquiries SET opened_by = $2, opened_at = now(), until = now() + hours * interval '1 hour', part = NULL, wrapped = $3 WHERE id = $1`, id, holder, wrapped)
		return err
	})
	if err != nil {
		return fmt.Errorf("open an inquiry: %w", err)
	}
	return nil
}

// joinedWith is the key of the case, from the part of who asked and that of another holder.
func (s *Store) joinedWith(ctx context.Context, tx pgx.Tx, caseID, askedBy string, first []byte, holder, private string) (suite.Key, error) {
	var part int
	if err := tx.QueryRow(ctx, `SELECT part FROM sealed_parts WHERE case_id = $1 AND holder = $2`, caseID, askedBy).Scan(&part); err != nil {
		return nil, err
	}
	second, err := s.partOf(ctx, tx, caseID, holder, private)
	if err != nil {
		return nil, err
	}
	if holder == askedBy || second.part == part {
		return nil, &rehab.Error{Code: rehab.Refused, Message: "an inquiry takes two people: a holder of the other part opens it"}
	}
	key, err := joinParts(first, second.bytes)
	if err != nil {
		return nil, fmt.Errorf("join the parts of the key: %w", err)
	}
	return key, nil
}

// EndInquiry ends an inquiry before its time, or one that nobody opened.
func (s *Store) EndInquiry(ctx context.Context, id string) error {
	err := s.asKeeper(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE inquiries SET ended_at = now(), wrapped = NULL, part = NULL WHERE id = $1 AND ended_at IS NULL`, id)
		if err == nil && tag.RowsAffected() == 0 {
			return errNoInquiry
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("end an inquiry: %w", err)
	}
	return nil
}

const selectInquiries = `SELECT id, case_id, shows, words, asked_by, asked_at, hours, coalesce(opened_by, ''), until, ended_at, wrapped FROM inquiries `

// inquiryRow is an inquiry as it is kept.
type inquiryRow struct {
	archive.Inquiry
	words, wrapped []byte
}

func (s *Store) inquiries(ctx context.Context, q querier, where string, args ...any) ([]inquiryRow, error) {
	rows, err := q.Query(ctx, selectInquiries+where, args...)
	list, err := collect(rows, err, "read inquiries", func(row pgx.CollectableRow) (r inquiryRow, err error) {
		var until, ended pgtype.Timestamptz
		err = row.Scan(&r.ID, &r.CaseID, &r.Shows, &r.words, &r.AskedBy, &r.AskedAt, &r.Hours, &r.OpenedBy, &until, &ended, &r.wrapped)
		r.AskedAt, r.Until, r.EndedAt = r.AskedAt.UTC(), timeOf(until), timeOf(ended)
		return r, err
	})
	for i, r := range list {
		plain, err := s.reveal(ctx, r.words, []byte("inquiry/"+r.ID))
		var words [3]string
		if err == nil {
			err = json.Unmarshal(plain, &words)
		}
		if err != nil {
			return nil, fmt.Errorf("read inquiry %s: %w", r.ID, err)
		}
		list[i].Organ, list[i].Ground, list[i].Document = words[0], words[1], words[2]
	}
	return list, err
}

// Inquiries lists those into cases of a place and below it, the latest first: the book of who asked
// for what. With an id, that one alone.
func (s *Store) Inquiries(ctx context.Context, place, id string) (out []archive.Inquiry, err error) {
	err = s.asKeeper(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT end_inquiries()`); err != nil {
			return err
		}
		list, err := s.inquiries(ctx, tx, `WHERE ($2 = '' OR id = $2) AND EXISTS (SELECT FROM cases c WHERE c.case_id = inquiries.case_id AND c.place LIKE $1) ORDER BY asked_at DESC, id`, prefix(place), id)
		for _, r := range list {
			out = append(out, r.Inquiry)
		}
		return err
	})
	return out, err
}

// ReadInquiry shows what was asked for, and no more, while the inquiry is open. That it was
// shown is in the read log before it is.
func (s *Store) ReadInquiry(ctx context.Context, id string, reader rehab.Actor) (archive.Disclosure, error) {
	var out archive.Disclosure
	var key suite.Key
	var place string
	err := s.asKeeper(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT end_inquiries()`); err != nil {
			return err
		}
		list, err := s.inquiries(ctx, tx, `WHERE id = $1 AND ended_at IS NULL AND wrapped IS NOT NULL`, id)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return errNoInquiry
		}
		out.Inquiry = list[0].Inquiry
		if key, err = suite.Unwrap(s.keys.master, list[0].wrapped, []byte("inquiry/"+id+"/"+out.Inquiry.CaseID)); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT place FROM cases WHERE case_id = $1`, out.Inquiry.CaseID).Scan(&place)
	})
	if err != nil {
		return archive.Disclosure{}, fmt.Errorf("read an inquiry: %w", err)
	}
	q := out.Inquiry
	if reader.Place == "" {
		reader.Place = place
	}
	note := board.Read{
		At: time.Now(), Actor: reader, Operation: "inquiry", Subject: q.CaseID,
		Reason: fmt.Sprintf("%s %s %s (%s)", q.Organ, q.Document, q.Ground, q.ID), Cases: []string{},
	}
	if err := s.noteNow(ctx, note); err != nil {
		return archive.Disclosure{}, err
	}
	if err := s.disclose(ctx, &out, key); err != nil {
		return archive.Disclosure{}, err
	}
	return out, nil
}

// disclose reads with the key of the inquiry.
func (s *Store) disclose(ctx context.Context, out *archive.Disclosure, key suite.Key) error {
	id := out.Inquiry.CaseID
	ctx = board.Naming(ctx, id)
	opened := s.with(id, key)
	for _, what := range out.Inquiry.Shows {
		var err error
		switch what {
		case archive.ShowIdentity:
			var ciphertext []byte
			if err = s.pool.QueryRow(ctx, `SELECT ciphertext FROM clients WHERE case_id = $1`, id).Scan(&ciphertext); err == nil {
				out.Identity = &board.Identity{}
				err = open(key, id, "client", ciphertext, out.Identity)
			}
		case archive.ShowRecord:
			out.Record, err = opened.wholeTimeline(ctx, id)
		case archive.ShowPapers:
			out.Papers, err = opened.Papers(ctx, id)
		}
		if err != nil {
			return fmt.Errorf("show the %s: %w", what, unavailable(err))
		}
	}
	return nil
}

func (s *Store) wholeTimeline(ctx context.Context, caseID string) (out []board.TimelineEntry, err error) {
	for after := int64(0); ; after = out[len(out)-1].Seq {
		page, err := s.Timeline(ctx, caseID, after, maxRows)
		if out = append(out, page...); err != nil || len(page) < maxRows {
			return out, err
		}
	}
}

// with is the store with the key of one sealed case in hand.
func (s *Store) with(caseID string, key suite.Key) *Store {
	opened := &Store{pool: s.pool, keys: s.keys, seal: newSealer(s.keys)}
	opened.seal.inHand = map[string]suite.AEAD{caseID: key}
	opened.system.Store(s.system.Load())
	return opened
}
