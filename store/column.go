package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/suite"
)

// column is a column of ciphertexts. ad says in SQL what each is bound to.
type column struct {
	table, name, ad string
}

// underCaseKey are all that is encrypted under the key of a case: what a change of the
// key writes anew, and what goes with it when the case is destroyed.
var underCaseKey = []column{
	{"clients", "ciphertext", `case_id || '/client'`},
	{"client_changes", "ciphertext", `case_id || '/client/' || n`},
	{"texts", "ciphertext", `case_id || '/text/' || command_id || '/' || field`},
	{"practice_texts", "ciphertext", `case_id || '/text/' || id || '/' || version || '/' || field`},
	{"snoozes", "ciphertext", `case_id || '/snooze/' || actor || '/' || kind || '-' || n`},
	{"papers", "ciphertext", `case_id || '/paper/' || kind || '/' || origin`},
	{"paper_drafts", "ciphertext", `case_id || '/paper/' || kind || '/' || origin`},
	{"form_answers", "ciphertext", `case_id || '/form/' || command_id`},
	{"attachment_pieces", "ciphertext", `case_id || '/attachment/' || replace(upload::text, '-', '') || '/' || n || '/' || CASE WHEN last THEN 'true' ELSE 'false' END`},
}

// rewrite encrypts under the key what it did not write, of the rows that the condition names.
func (c column) rewrite(ctx context.Context, tx pgx.Tx, where string, key suite.AEAD, decrypt func(ciphertext, ad []byte) ([]byte, error), args ...any) (int, error) {
	rows, err := tx.Query(ctx, fmt.Sprintf(`SELECT ctid, %s, %s FROM %s WHERE %s IS NOT NULL AND %s FOR UPDATE`, c.name, c.ad, c.table, c.name, where), args...)
	type row struct {
		Place      pgtype.TID
		Ciphertext []byte
		AD         string
	}
	list, err := collect(rows, err, "read "+c.table, pgx.RowToStructByPos[row])
	if err != nil {
		return 0, err
	}
	own, _ := key.(interface{ Wrote([]byte) bool })
	b := &pgx.Batch{}
	for _, r := range list {
		if own != nil && own.Wrote(r.Ciphertext) {
			continue
		}
		plain, err := decrypt(r.Ciphertext, []byte(r.AD))
		if err != nil {
			return 0, fmt.Errorf("%s, %s: %w", c.table, r.AD, err)
		}
		again, err := key.Encrypt(plain, []byte(r.AD))
		if err != nil {
			return 0, err
		}
		b.Queue(fmt.Sprintf(`UPDATE %s SET %s = $2 WHERE ctid = $1`, c.table, c.name), r.Place, again)
	}
	return b.Len(), tx.SendBatch(ctx, b).Close()
}
