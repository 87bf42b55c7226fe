package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"guitu/once"
	"guitu/registers"
	"guitu/rehab"
	"guitu/suite"
)

const recordColumns = `id, version, kind, place, organisation, programme, case_id, withdrawn, data, reason, actor, recorded_at, command, digest`

func scanRecord(row pgx.CollectableRow) (registers.Record, error) {
	var r registers.Record
	var kind registers.Kind
	var data []byte
	var actor string
	err := row.Scan(&r.ID, &r.Version, &kind, &r.Place, &r.Organisation, &r.Programme, &r.CaseID, &r.Withdrawn, &data, &r.Reason, &actor, &r.RecordedAt, &r.Command, &r.Digest)
	if err != nil {
		return r, err
	}
	r.RecordedAt = r.RecordedAt.UTC()
	if r.Actor, err = decodeActor(actor); err != nil {
		return r, err
	}
	r.Data, err = registers.Decode(kind, data)
	return r, err
}

// AddRecord keeps the first version of a record. The same request again answers with
// what it kept; another request under the same id is a Conflict.
func (s *Store) AddRecord(ctx context.Context, r registers.Record) (kept registers.Record, duplicate bool, err error) {
	key, err := s.recordKey(ctx, r.CaseID)
	if err != nil {
		return registers.Record{}, false, err
	}
	return s.keepRecord(ctx, r.ID, r.Command, r.Digest, key, func(now registers.Record) (registers.Record, error) {
		if now.Version > 0 {
			return now, once.ErrUsed
		}
		return r, nil
	})
}

// ChangeRecord keeps the next version, which change makes of the last one. A command
// acts once on a record. NotFound when there is no such record.
func (s *Store) ChangeRecord(ctx context.Context, id, command, digest string, change func(registers.Record) (registers.Record, error)) (kept registers.Record, duplicate bool, err error) {
	was, err := s.RegisterRecord(ctx, id)
	if err != nil {
		return registers.Record{}, false, err
	}
	key, err := s.recordKey(ctx, was.CaseID)
	if err != nil {
		return registers.Record{}, false, err
	}
	return s.keepRecord(ctx, id, command, digest, key, change)
}

// recordKey is the key of the case a record is about; none where there is no case or the
// case is sealed. It is read before the transaction, which holds a connection already.
func (s *Store) recordKey(ctx context.Context, caseID string) (suite.AEAD, error) {
	if caseID == "" {
		return nil, nil
	}
	key, err := s.caseKey(ctx, caseID, false)
	if unreadable(err) {
		return nil, nil
	}
	return key, err
}

var errNoRecord = &rehab.Error{Code: rehab.NotFound, Message: "there is no such record"}

// keepRecord lets one writer at a time at a record.
func (s *Store) keepRecord(ctx context.Context, id, command, digest string, key suite.AEAD, change func(registers.Record) (registers.Record, error)) (kept registers.Record, duplicate bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('practice/' || $1, 0))`, id); err != nil {
			return err
		}
		versions, err := recordVersions(ctx, tx, id)
		if err != nil {
			return err
		}
		var now registers.Record
		for _, v := range versions {
			if now = v; v.Command == command {
				kept, duplicate = v, true
				return once.Request{Key: command, Digest: digest}.Repeats(v.Digest)
			}
		}
		if kept, err = change(now); err != nil {
			return err
		}
		kept.Version, kept.Command, kept.Digest = now.Version+1, command, digest
		return s.insertRecord(ctx, tx, kept, key)
	})
	if err == nil && duplicate {
		err = s.unsealRecord(ctx, &kept)
	}
	if err != nil {
		return registers.Record{}, false, fmt.Errorf("keep a record: %w", unavailable(err))
	}
	return kept, duplicate, nil
}

// insertRecord writes one version, signed. What it says of a client goes under the key of the case.
func (s *Store) insertRecord(ctx context.Context, tx pgx.Tx, r registers.Record, key suite.AEAD) error {
	data, err := json.Marshal(r.Data)
	if err != nil {
		return err
	}
	actor, err := json.Marshal(r.Actor)
	if err != nil {
		return err
	}
	reason := r.Reason
	if r.CaseID != "" {
		if err := sealRecord(ctx, tx, r, key); err != nil {
			return err
		}
		reason = ""
	}
	workers := r.Data.Workers()
	if workers == nil {
		workers = []string{}
	}
	return s.written(ctx, tx, registerRecords, rowState{}, `INSERT INTO practice_records (`+recordColumns+`, day, workers) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)`,
		r.ID, r.Version, r.Data.Kind(), r.Place, r.Organisation, r.Programme, r.CaseID, r.Withdrawn, data, reason, string(actor), r.RecordedAt, r.Command, r.Digest,
		day(r.Data.Day()), workers)
}

// recordText is what the text of one version is sealed under, beside the key of its case.
func recordText(r registers.Record, field string) []byte {
	return []byte(r.CaseID + "/" + textName(fmt.Sprintf("%s/%d", r.ID, r.Version), field))
}

func sealRecord(ctx context.Context, tx pgx.Tx, r registers.Record, key suite.AEAD) error {
	for _, t := range []struct{ field, text string }{{"note", r.Note}, {"reason", r.Reason}} {
		if t.text == "" {
			continue
		}
		if key == nil {
			return &rehab.Error{Code: rehab.Refused, Field: t.field, Message: "the case is sealed: nothing is written about its client any more"}
		}
		sealed, err := key.Encrypt([]byte(t.text), recordText(r, t.field))
		if err != nil {
			return fmt.Errorf("encrypt a text: %w", err)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO practice_texts (case_id, id, version, field, ciphertext) VALUES ($1, $2, $3, $4, $5)`, r.CaseID, r.ID, r.Version, t.field, sealed); err != nil {
			return err
		}
	}
	return nil
}

func recordVersions(ctx context.Context, q querier, id string) ([]registers.Record, error) {
	rows, err := q.Query(ctx, `SELECT `+recordColumns+` FROM practice_records WHERE id = $1 ORDER BY version`, id)
	return collect(rows, err, "read a record", scanRecord)
}

// RecordHistory is every version of a record, the first first; NotFound when there is none.
func (s *Store) RecordHistory(ctx context.Context, id string) ([]registers.Record, error) {
	versions, err := recordVersions(ctx, s.pool, id)
	if err == nil && len(versions) == 0 {
		return nil, errNoRecord
	}
	for i := range versions {
		if err := s.unsealRecord(ctx, &versions[i]); err != nil {
			return nil, err
		}
	}
	return versions, err
}

// RegisterRecord is the last version of a record; NotFound when there is none.
func (s *Store) RegisterRecord(ctx context.Context, id string) (registers.Record, error) {
	versions, err := s.RecordHistory(ctx, id)
	if err != nil {
		return registers.Record{}, err
	}
	return versions[len(versions)-1], nil
}

// unsealRecord reads the texts of a version; those of a sealed case are gone.
func (s *Store) unsealRecord(ctx context.Context, r *registers.Record) error {
	if r.CaseID == "" {
		return nil
	}
	rows, err := s.pool.Query(ctx, `SELECT field, ciphertext FROM practice_texts WHERE id = $1 AND version = $2`, r.ID, r.Version)
	type sealedText struct {
		Field      string
		Ciphertext []byte
	}
	list, err := collect(rows, err, "read the texts of a record", pgx.RowToStructByPos[sealedText])
	if err != nil || len(list) == 0 {
		return err
	}
	key, err := s.recordKey(ctx, r.CaseID)
	if err != nil || key == nil {
		return err
	}
	for _, t := range list {
		plain, err := key.Decrypt(t.Ciphertext, recordText(*r, t.Field))
		if err != nil {
			return fmt.Errorf("decrypt a text of record %s: %w", r.ID, err)
		}
		if t.Field == "note" {
			r.Note = string(plain)
		} else {
			r.Reason = string(plain)
		}
	}
	return nil
}

const selectRecords = `SELECT ` + recordColumns + ` FROM practice
WHERE kind = $1 AND (place LIKE $2 AND case_id = '' OR $3 <> '' AND starts_with($3, place) OR case_id <> '' AND EXISTS (SELECT FROM cases c
    WHERE c.case_id = practice.case_id AND c.place LIKE $2 AND c.` + unsealed + ` AND ($7 = '' OR c.worker IN ($7, '')))) AND ($4 = '' OR organisation = $4) AND ($5 = '' OR programme = $5)
  AND ($6 = '' OR case_id = $6) AND ($7 = '' OR $7 = ANY(workers)) AND ($8 = '' OR data->>'status' = $8)
  AND ($9::date IS NULL OR day >= $9) AND ($10::date IS NULL OR day <= $10) AND id > $11
ORDER BY id LIMIT $12`

// Records lists the last versions in order of their ids, without their texts about clients.
// A record about a case is where the case is.
func (s *Store) Records(ctx context.Context, f registers.Filter) ([]registers.Record, error) {
	rows, err := s.pool.Query(ctx, selectRecords, f.Kind, prefix(f.Place), f.Above, f.Organisation, f.Programme, f.CaseID, f.Worker, f.Status,
		day(f.From), day(f.To), f.After, limit(f.Limit))
	return collect(rows, err, "list records", scanRecord)
}
