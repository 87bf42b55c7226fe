package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/office"
	"guitu/rehab"
	"guitu/suite"
)

const paperColumns = `case_id, kind, origin, place, series, year, n, number, version, as_of, ciphertext, actor, at, spoilt_at, spoilt_by, spoilt_why`

// Papers of the case that have or had a number, in the order in which they got it.
func (s *Store) Papers(ctx context.Context, caseID string) ([]office.Paper, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+paperColumns+` FROM papers WHERE case_id = $1 ORDER BY id`, caseID)
	return s.papers(ctx, rows, err)
}

// PaperDraft is what was written for a paper that has no number yet.
func (s *Store) PaperDraft(ctx context.Context, k office.PaperKey) (map[string]string, error) {
	var sealed []byte
	err := s.pool.QueryRow(ctx, `SELECT ciphertext FROM paper_drafts WHERE case_id = $1 AND kind = $2 AND origin = $3`, k.CaseID, k.Kind, k.Origin).Scan(&sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the words of a paper: %w", unavailable(err))
	}
	return s.paperWords(ctx, k, sealed)
}

// SavePaperDraft keeps what is written for a paper in the place of what was written before.
// A paper that has a number does not change: Conflict.
func (s *Store) SavePaperDraft(ctx context.Context, k office.PaperKey, words map[string]string) error {
	key, err := s.caseKey(ctx, k.CaseID, false)
	if err != nil {
		return err
	}
	sealed, err := sealWords(key, k, words)
	if err != nil {
		return err
	}
	tag, err := s.pool.Exec(ctx, `INSERT INTO paper_drafts (case_id, kind, origin, ciphertext)
SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT FROM papers WHERE case_id = $1 AND kind = $2 AND origin = $3 AND spoilt_at IS NULL)
ON CONFLICT (case_id, kind, origin) DO UPDATE SET ciphertext = excluded.ciphertext`, k.CaseID, k.Kind, k.Origin, sealed)
	switch {
	case err != nil:
		return fmt.Errorf("save the words of a paper: %w", unavailable(err))
	case tag.RowsAffected() == 0:
		return &rehab.Error{Code: rehab.Conflict, Message: "the paper has its number and does not change any more: spoil the number first"}
	}
	return nil
}

// NumberPaper takes the paper into the books, once: a paper that has a number is answered
// with it as it is. number makes the number of the place in the series; where it is nil, the
// paper brings its own.
func (s *Store) NumberPaper(ctx context.Context, p office.Paper, number func(n int) string) (office.Paper, error) {
	if p.Words == nil {
		words, err := s.PaperDraft(ctx, p.PaperKey)
		if err != nil {
			return p, err
		}
		p.Words = words
	}
	key, err := s.caseKey(ctx, p.CaseID, false) // before the transaction, which holds a connection already
	if err != nil {
		return p, err
	}
	sealed, err := sealWords(key, p.PaperKey, p.Words)
	if err != nil {
		return p, err
	}
	by, err := json.Marshal(p.By)
	if err != nil {
		return p, err
	}
	var kept office.Paper
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		known, err := lockPaper(ctx, tx, key, p.PaperKey)
		if err != nil || known != nil {
			if known != nil {
				kept = *known
			}
			return err
		}
		var n any
		if number != nil {
			if p.N, err = nextNumber(ctx, tx, p); err != nil {
				return err
			}
			p.Number, n = number(p.N), p.N
		}
		kept = p
		_, err = tx.Exec(ctx, `INSERT INTO papers (case_id, kind, origin, place, series, year, n, number, version, as_of, ciphertext, actor, at)
VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`,
			p.CaseID, p.Kind, p.Origin, p.Place, p.Series, p.Year, n, p.Number, p.Version, p.AsOf, sealed, string(by), p.At)
		return err
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.ConstraintName == "papers_place_number_key" {
		return p, &rehab.Error{Code: rehab.Conflict, Field: "number", Message: "this number is another paper's"}
	}
	if err != nil {
		return p, fmt.Errorf("number a paper: %w", unavailable(err))
	}
	return kept, nil
}

// lockPaper holds the case's papers until the transaction ends, and finds the paper where it
// is in the books.
func lockPaper(ctx context.Context, tx pgx.Tx, key suite.AEAD, k office.PaperKey) (*office.Paper, error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('paper/' || $1, 0))`, k.CaseID); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT `+paperColumns+` FROM papers WHERE case_id = $1 AND kind = $2 AND origin = $3 AND spoilt_at IS NULL`, k.CaseID, k.Kind, k.Origin)
	var sealed []byte
	found, err := collect(rows, err, "read papers", func(row pgx.CollectableRow) (p office.Paper, err error) {
		p, sealed, err = scanPaper(row)
		return p, err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	found[0].Words, err = openWords(key, k, sealed)
	return &found[0], err
}

// nextNumber is the one after the last of the series. Its row stays locked until the paper
// is in the books or is not.
func nextNumber(ctx context.Context, tx pgx.Tx, p office.Paper) (n int, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO paper_series (place, series, year, last) VALUES ($1, $2, $3, 1)
ON CONFLICT (place, series, year) DO UPDATE SET last = paper_series.last + 1 RETURNING last`, p.Place, p.Series, p.Year).Scan(&n)
	return n, err
}

// SpoilPaper says that the number of the paper stays without one. The same again changes
// nothing; NotFound where the paper has no number.
func (s *Store) SpoilPaper(ctx context.Context, k office.PaperKey, number, by string, why office.SpoilReason, at time.Time) error {
	tag, err := s.pool.Exec(ctx, `UPDATE papers SET spoilt_at = coalesce(spoilt_at, $5), spoilt_by = CASE WHEN spoilt_at IS NULL THEN $6 ELSE spoilt_by END,
spoilt_why = CASE WHEN spoilt_at IS NULL THEN $7 ELSE spoilt_why END WHERE case_id = $1 AND kind = $2 AND origin = $3 AND number = $4`,
		k.CaseID, k.Kind, k.Origin, number, at, by, why)
	switch {
	case err != nil:
		return fmt.Errorf("spoil a number: %w", unavailable(err))
	case tag.RowsAffected() == 0:
		return &rehab.Error{Code: rehab.NotFound, Field: "number", Message: "the paper does not have this number"}
	}
	return nil
}

// papers reads the rows, and then what is encrypted in them: the key may be another query.
func (s *Store) papers(ctx context.Context, rows pgx.Rows, err error) ([]office.Paper, error) {
	var sealed [][]byte
	list, err := collect(rows, err, "read papers", func(row pgx.CollectableRow) (office.Paper, error) {
		p, words, err := scanPaper(row)
		sealed = append(sealed, words)
		return p, err
	})
	for i := range list {
		if list[i].Words, err = s.paperWords(ctx, list[i].PaperKey, sealed[i]); err != nil {
			return nil, err
		}
	}
	return list, err
}

func scanPaper(row pgx.CollectableRow) (p office.Paper, sealed []byte, err error) {
	var n pgtype.Int4
	var by string
	var spoilt pgtype.Timestamptz
	if err := row.Scan(&p.CaseID, &p.Kind, &p.Origin, &p.Place, &p.Series, &p.Year, &n, &p.Number, &p.Version, &p.AsOf, &sealed, &by, &p.At, &spoilt, &p.SpoiltBy, &p.SpoiltWhy); err != nil {
		return p, nil, err
	}
	p.N, p.SpoiltAt, p.At = int(n.Int32), spoilt.Time, p.At.UTC()
	return p, sealed, json.Unmarshal([]byte(by), &p.By)
}

func wordsName(k office.PaperKey) string { return fmt.Sprintf("paper/%s/%d", k.Kind, k.Origin) }

func sealWords(key suite.AEAD, k office.PaperKey, words map[string]string) ([]byte, error) {
	plain, err := json.Marshal(words)
	if err != nil {
		return nil, err
	}
	sealed, err := key.Encrypt(plain, []byte(k.CaseID+"/"+wordsName(k)))
	if err != nil {
		return nil, fmt.Errorf("encrypt the words of a paper: %w", err)
	}
	return sealed, nil
}

// paperWords are none where the key of the case is gone.
func (s *Store) paperWords(ctx context.Context, k office.PaperKey, sealed []byte) (map[string]string, error) {
	key, err := s.caseKey(ctx, k.CaseID, false)
	if unreadable(err) {
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, err
	}
	return openWords(key, k, sealed)
}

func openWords(key suite.AEAD, k office.PaperKey, sealed []byte) (map[string]string, error) {
	words := make(map[string]string)
	plain, err := decrypt(key, k.CaseID, wordsName(k), sealed)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(plain, &words); err != nil {
		return nil, fmt.Errorf("read the words of a paper of case %s: %w", k.CaseID, err)
	}
	return words, nil
}
