package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/office"
	"guitu/once"
	"guitu/rehab"
)

// The subjects of the histories.
const (
	placeSubject  = "place/"
	workerSubject = "worker/"
	absentSubject = "absence/"
)

// lockFacts is one lock for all: histories of places depend on each other, and those of
// workers on those of places.
const lockFacts = `SELECT pg_advisory_xact_lock(hashtext('office_facts'))`

// change adds a fact to the history of a subject in one transaction: under the
// lock, once for a command id, after check has seen the state it changes.
func (s *Store) change(ctx context.Context, cmd office.Command, subject string, from rehab.Date, data any, check, then func(pgx.Tx) error) (office.Changed, error) {
	var out office.Changed
	raw, err := json.Marshal(data)
	if err != nil {
		return out, err
	}
	actor, err := encodeActor(cmd.Actor)
	if err != nil {
		return out, err
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockFacts); err != nil {
			return err
		}
		var err error
		out.Duplicate, err = acted(ctx, tx, once.Request{Key: cmd.ID, Digest: cmd.Digest},
			`SELECT digest FROM office_facts WHERE subject = $1 AND command = $2`, subject, cmd.ID)
		if err != nil || out.Duplicate {
			return err
		}
		if err := check(tx); err != nil {
			return err
		}
		err = s.written(ctx, tx, officeFacts, rowState{}, `INSERT INTO office_facts (subject, valid_from, recorded_at, actor, command, digest, data) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			subject, day(from), cmd.At, actor, cmd.ID, cmd.Digest, string(raw))
		if err != nil {
			return err
		}
		return then(tx)
	})
	if err != nil {
		return office.Changed{}, fmt.Errorf("change %s: %w", subject, unavailable(err))
	}
	return out, nil
}

// facts reads the histories of the subjects that fit the pattern, each fact by read.
func facts(ctx context.Context, q querier, pattern string, read func(subject string, r office.Record, data []byte) error) error {
	rows, err := q.Query(ctx, `SELECT subject, position, valid_from, recorded_at, actor, data::text FROM office_facts WHERE subject LIKE $1 ORDER BY subject, position`, pattern)
	if err != nil {
		return err
	}
	var subject, actor, data string
	var from pgtype.Date
	var r office.Record
	_, err = pgx.ForEachRow(rows, []any{&subject, &r.Position, &from, &r.RecordedAt, &actor, &data}, func() error {
		r.From, r.RecordedAt = dateOf(from), r.RecordedAt.UTC()
		if r.By, err = decodeActor(actor); err != nil {
			return err
		}
		return read(subject, r, []byte(data))
	})
	return err
}

// exactly is the pattern of one subject: ids may hold '_', which LIKE takes for any character.
func exactly(subject string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(subject)
}

// refusal keeps a nil *rehab.Error from becoming an error that is not nil.
func refusal(err *rehab.Error) error {
	if err == nil {
		return nil
	}
	return err
}
