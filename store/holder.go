package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/rehab"
	"guitu/suite"
)

// Holder holds one of the two parts of the keys of sealed cases, under a private key of their
// own. Part is 1 or 2.
type Holder struct {
	ID        string
	Part      int
	PublicKey string
}

// AddHolder lets somebody hold a part of the keys that are sealed from now on. The login has to
// be the owner's: Forbidden.
func (s *Store) AddHolder(ctx context.Context, h Holder) error {
	if err := rehab.CheckActorID("id", h.ID); err != nil {
		return err
	}
	if h.Part != 1 && h.Part != 2 {
		return rehab.InvalidField("part", "is 1 or 2")
	}
	if _, err := s.keys.suite.SealFor(h.PublicKey, []byte("try")); err != nil {
		return rehab.InvalidField("public_key", "%s", err)
	}
	err := s.asKeeper(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `INSERT INTO key_holders (id, part, public_key) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, h.ID, h.Part, h.PublicKey)
		if err == nil && tag.RowsAffected() == 0 {
			return &rehab.Error{Code: rehab.Conflict, Field: "id", Message: "this person holds a part already, or held one"}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("add a holder of keys: %w", err)
	}
	return nil
}

// EndHolder seals nothing for this person any more. What was sealed stays with them.
func (s *Store) EndHolder(ctx context.Context, id string) error {
	err := s.asKeeper(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE key_holders SET ended_at = now() WHERE id = $1 AND ended_at IS NULL`, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("end a holder of keys: %w", err)
	}
	return nil
}

// holders are those for whom keys are sealed; none where not both parts have one.
func holders(ctx context.Context, q querier) ([]Holder, error) {
	rows, err := q.Query(ctx, `SELECT id, part, public_key FROM key_holders WHERE ended_at IS NULL ORDER BY id`)
	list, err := collect(rows, err, "read the holders of keys", pgx.RowToStructByPos[Holder])
	parts := map[int]bool{}
	for _, h := range list {
		parts[h.Part] = true
	}
	if len(parts) < 2 {
		return nil, err
	}
	return list, err
}

// parts splits the key of a case: the exclusive or of both gives it back. Each says whose it
// is, and is sealed for every holder of the part.
func (k *Keys) parts(caseID string, key suite.Key, list []Holder) (ids []string, sealed [][]byte, err error) {
	raw := key.Bytes()
	one := make([]byte, len(raw))
	if _, err := rand.Read(one); err != nil {
		return nil, nil, err
	}
	two := bytes.Clone(raw)
	xor(two, one)
	for _, h := range list {
		part := one
		if h.Part == 2 {
			part = two
		}
		out, err := k.suite.SealFor(h.PublicKey, append(partName(caseID, h.Part), part...))
		if err != nil {
			return nil, nil, fmt.Errorf("seal a part for %s: %w", h.ID, err)
		}
		ids, sealed = append(ids, h.ID), append(sealed, out)
	}
	return ids, sealed, nil
}

func partName(caseID string, part int) []byte { return fmt.Appendf(nil, "%s/%d\x00", caseID, part) }

// openPart opens the part that was sealed for the holder.
func (k *Keys) openPart(caseID string, part int, private string, sealed []byte) ([]byte, error) {
	plain, err := k.suite.OpenWith(private, sealed)
	if err != nil {
		return nil, err
	}
	rest, ok := bytes.CutPrefix(plain, partName(caseID, part))
	if !ok {
		return nil, errors.New("it is the part of another key")
	}
	return rest, nil
}

// joinParts is the key of which these are the parts.
func joinParts(one, two []byte) (suite.Key, error) {
	if len(one) != len(two) {
		return nil, errors.New("they are the parts of two keys")
	}
	raw := bytes.Clone(one)
	xor(raw, two)
	return suite.Parse(raw)
}

// sealKey puts the key of a case under the holders, in the transaction that sealed the case;
// where there are none yet, it stays closed by its mark alone until "guitu keys seal".
func (s *Store) sealKey(ctx context.Context, q querier, caseID string) error {
	list, err := holders(ctx, q)
	if err != nil || list == nil {
		return err
	}
	var wrapped []byte
	var sealedAt pgtype.Timestamptz
	err = q.QueryRow(ctx, `SELECT wrapped, sealed_at FROM case_keys WHERE case_id = $1`, caseID).Scan(&wrapped, &sealedAt)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && wrapped == nil {
		return nil // it has no key, or it is sealed already
	}
	if err != nil {
		return err
	}
	key, err := suite.Unwrap(s.keys.master, wrapped, []byte(caseID))
	if err != nil {
		return fmt.Errorf("open the key of case %s: %w", caseID, err)
	}
	ids, parts, err := s.keys.parts(caseID, key, list)
	if err != nil {
		return err
	}
	return q.QueryRow(ctx, `SELECT seal_key($1, $2, $3)`, caseID, ids, parts).Scan(nil)
}

// SealPending puts under the holders the keys of cases that were sealed before there were any.
// It may be run again; done is called with each case.
func (s *Store) SealPending(ctx context.Context, done func(caseID string)) error {
	for after := ""; ; {
		ids, err := s.ids(ctx, `SELECT case_id FROM case_keys WHERE sealed_at IS NOT NULL AND wrapped IS NOT NULL AND case_id > $1
AND EXISTS (SELECT FROM case_events e WHERE e.case_id = case_keys.case_id AND e.type = 'case_sealed') ORDER BY case_id LIMIT 100`, after)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			after = id
			var sealed bool
			err := s.asKeeper(ctx, func(tx pgx.Tx) error {
				list, err := holders(ctx, tx)
				if sealed = list != nil; err != nil || !sealed {
					return err
				}
				return s.sealKey(ctx, tx, id)
			})
			if err == nil && !sealed {
				err = rehab.InvalidField("holders", "both parts need a holder first: guitu keys holder add")
			}
			if err != nil {
				return fmt.Errorf("seal the key of case %s: %w", id, err)
			}
			done(id)
		}
	}
}
