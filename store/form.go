package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/forms"
	"guitu/rehab"
	"guitu/suite"
)

// SaveFiling keeps the answers of a form before its command is given. The first answers of a
// command stay. The values are for figures, under the place of the case.
func (s *Store) SaveFiling(ctx context.Context, f forms.Filing, place string, values []forms.Value) error {
	key, err := s.caseKey(ctx, f.CaseID, false)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(f.Content)
	if err != nil {
		return err
	}
	sealed, err := key.Encrypt(plain, []byte(f.CaseID+"/"+formName(f.CommandID)))
	if err != nil {
		return fmt.Errorf("encrypt a form: %w", err)
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var filing pgtype.UUID
		err := tx.QueryRow(ctx, `INSERT INTO form_answers (case_id, command_id, form, version, about, at, ciphertext) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (case_id, command_id) DO NOTHING RETURNING filing`, f.CaseID, f.CommandID, f.Form, f.Version, day(f.About), f.At, sealed).Scan(&filing)
		if err != nil {
			return absent(err) // they are there already
		}
		b := &pgx.Batch{}
		for i, v := range values {
			b.Queue(`INSERT INTO form_figures (filing, line, person, place, month, form, field, code, number) VALUES ($1, $2, $3, $4, date_trunc('month', $5::date), $6, $7, $8, $9)`,
				filing, i, s.keys.blind("form", f.CaseID), place, day(f.About), f.Form, v.Field, v.Code, v.Number)
		}
		return tx.SendBatch(ctx, b).Close()
	})
	if err != nil {
		return fmt.Errorf("save a form: %w", unavailable(err))
	}
	return nil
}

func formName(commandID string) string { return "form/" + commandID }

// DropFiling removes the answers of a command that is not in the ledger.
func (s *Store) DropFiling(ctx context.Context, caseID, commandID string) error {
	_, err := s.pool.Exec(ctx, `DELETE FROM form_answers WHERE case_id = $1 AND command_id = $2
AND NOT EXISTS (SELECT FROM commands WHERE case_id = $1 AND command_id = $2)`, caseID, commandID)
	if err != nil {
		return fmt.Errorf("drop a form: %w", unavailable(err))
	}
	return nil
}

const selectFilings = `SELECT e.seq, e.recorded_at, e.actor, e.command, e.data::text, a.about, a.ciphertext, command_withdrawn(e.case_id, e.command) FROM case_events e
LEFT JOIN form_answers a ON a.case_id = e.case_id AND a.command_id = e.command WHERE e.case_id = $1 AND e.type = 'form_recorded' ORDER BY e.seq`

// Filings of the case in the order in which they were recorded, as the ledger has them.
func (s *Store) Filings(ctx context.Context, caseID string) ([]forms.Filing, error) {
	rows, err := s.pool.Query(ctx, selectFilings, caseID)
	var sealed [][]byte
	list, err := collect(rows, err, "read forms", func(row pgx.CollectableRow) (forms.Filing, error) {
		f, c, err := scanFiling(row)
		f.CaseID = caseID
		sealed = append(sealed, c)
		return f, err
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	bySeq := make(map[int64]int, len(list))
	for i, f := range list {
		bySeq[f.Seq] = i
		if was, ok := bySeq[f.Replaces]; ok && f.Replaces > 0 && !f.Withdrawn {
			list[was].ReplacedBy = f.Seq
		}
	}
	key, err := s.caseKey(ctx, caseID, false)
	if unreadable(err) {
		return list, nil
	}
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Content, err = openFiling(key, &list[i], sealed[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func openFiling(key suite.AEAD, f *forms.Filing, sealed []byte) (*forms.Content, error) {
	if sealed == nil {
		return nil, nil //nolint:nilnil // the answers are gone, and the ledger says that there were some
	}
	c := &forms.Content{}
	return c, open(key, f.CaseID, formName(f.CommandID), sealed, c)
}

func scanFiling(row pgx.CollectableRow) (f forms.Filing, sealed []byte, err error) {
	var actor, data string
	var about pgtype.Date
	if err := row.Scan(&f.Seq, &f.At, &actor, &f.CommandID, &data, &about, &sealed, &f.Withdrawn); err != nil {
		return f, nil, err
	}
	var e rehab.FormRecorded
	if err := json.Unmarshal([]byte(data), &e); err != nil {
		return f, nil, fmt.Errorf("read a form of the ledger: %w", err)
	}
	f.Ref, f.Digest, f.At = forms.Ref{Form: e.Form, Version: e.Version}, e.Answers, f.At.UTC()
	f.Record, f.Obligation, f.Replaces, f.About = e.Record, e.Obligation, e.Replaces, e.On
	if about.Valid {
		f.About = dateOf(about)
	}
	f.By, err = decodeActor(actor)
	return f, sealed, err
}

// ReleaseForm keeps a definition for good. The same again changes nothing; another one under
// the same version is a Conflict.
func (s *Store) ReleaseForm(ctx context.Context, r forms.Released) error {
	actor, err := encodeActor(r.By)
	if err != nil {
		return err
	}
	var kept string
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		err := s.written(ctx, tx, formDefinitions, rowState{}, `INSERT INTO form_definitions (form, version, digest, definition, actor, at) VALUES ($1, $2, $3, $4::text::json, $5, $6) ON CONFLICT DO NOTHING`,
			r.Form, r.Version, r.Digest, textOrNull(r.Definition), actor, r.At)
		if absent(err) != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT digest FROM form_definitions WHERE form = $1 AND version = $2`, r.Form, r.Version).Scan(&kept)
	})
	switch {
	case err != nil:
		return fmt.Errorf("release form %s: %w", r.Ref, unavailable(err))
	case kept != r.Digest:
		return (&rehab.Error{Code: rehab.Conflict, Field: "version"}).Say("version %d of the form %s was released with other words: give it a new version", r.Version, r.Form)
	}
	return nil
}

func textOrNull(raw []byte) any {
	if raw == nil {
		return nil
	}
	return string(raw)
}

// ReleasedForm is a definition that was released by the API; NotFound where there is none.
func (s *Store) ReleasedForm(ctx context.Context, r forms.Ref) ([]byte, error) {
	var raw string
	err := s.pool.QueryRow(ctx, `SELECT definition::text FROM form_definitions WHERE form = $1 AND version = $2 AND definition IS NOT NULL`, r.Form, r.Version).Scan(&raw)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, &rehab.Error{Code: rehab.NotFound, Field: "form", Message: "there is no such form, or not in this version"}
	}
	if err != nil {
		return nil, fmt.Errorf("read form %s: %w", r, unavailable(err))
	}
	return []byte(raw), nil
}

// ReleasedForms lists the versions of forms that were released by the API.
func (s *Store) ReleasedForms(ctx context.Context) ([]forms.Ref, error) {
	rows, err := s.pool.Query(ctx, `SELECT form, version FROM form_definitions WHERE definition IS NOT NULL ORDER BY form, version`)
	return collect(rows, err, "list forms", pgx.RowToStructByPos[forms.Ref])
}

// selectCells counts the answers that hold: in the ledger, and not put right or taken back since.
const selectCells = `WITH held AS (
  SELECT f.* FROM form_figures f JOIN filing_keys a USING (filing) JOIN case_events e ON e.case_id = a.case_id AND e.command = a.command_id AND e.type = 'form_recorded'
  WHERE f.form = $1 AND f.month BETWEEN date_trunc('month', $2::date) AND $3 AND f.place LIKE $4
    AND NOT EXISTS (SELECT FROM case_events r WHERE r.case_id = e.case_id AND r.seq > e.seq AND r.type = 'form_recorded' AND (r.data->>'replaces')::bigint = e.seq AND NOT command_withdrawn(r.case_id, r.command))
    AND NOT command_withdrawn(e.case_id, e.command))
SELECT field, code, count(DISTINCT person)::int, 0::float8 FROM held WHERE code <> '' GROUP BY field, code
UNION ALL SELECT field, '', count(DISTINCT person)::int, avg(number)::float8 FROM held WHERE number IS NOT NULL GROUP BY field
ORDER BY 1, 2`

// FormFigures counts coded answers. How few people may be shown is the caller's to say.
func (s *Store) FormFigures(ctx context.Context, f forms.FigureFilter) ([]forms.Cell, error) {
	rows, err := s.pool.Query(ctx, selectCells, f.Form, day(f.From), day(f.To), prefix(f.Place))
	return collect(rows, err, "count answers", pgx.RowToStructByPos[forms.Cell])
}
