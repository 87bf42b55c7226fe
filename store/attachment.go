package store

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"guitu/attachments"
	"guitu/once"
	"guitu/rehab"
	"guitu/suite"
)

// piece is how much of a file is in memory at a time.
const piece = 64 << 10

// SaveAttachment keeps the file piece by piece, once for each id: the same again is answered
// with what is kept, another content under the id is once.ErrUsed. A case that is sealed or
// void takes none.
func (s *Store) SaveAttachment(ctx context.Context, a attachments.Attachment, f *attachments.File) (kept attachments.Attachment, known bool, err error) {
	key, err := s.caseKey(ctx, a.CaseID, false)
	if err != nil {
		return a, false, err
	}
	u := upload{store: s, caseID: a.CaseID, key: key, sum: hmac.New(sha256.New, s.keys.blind("attachment", ""))}
	_, _ = fmt.Fprintf(u.sum, "%s\x00%s\x00%d\x00%s\x00%d\x00", a.Kind, f.MediaType, a.Record, a.Paper, a.Origin) // a hash takes all
	if err := u.take(ctx, f.Body); err != nil {
		u.drop(ctx)
		return a, false, err
	}
	a.MediaType, a.Size, a.HasThumb = f.MediaType, u.size, f.Thumb != nil
	known, err = u.keep(ctx, a, f.Thumb)
	if err != nil || known {
		u.drop(ctx)
	}
	if err != nil {
		return a, false, err
	}
	kept, err = s.Attachment(ctx, a.CaseID, a.ID)
	return kept, known, err
}

// upload is one file on its way into the database.
type upload struct {
	store  *Store
	caseID string
	key    suite.AEAD
	id     pgtype.UUID
	pieces int
	size   int64
	sum    interface {
		io.Writer
		Sum([]byte) []byte
	}
}

// take reads the body and writes its pieces. What uploads that broke off left a day ago goes.
func (u *upload) take(ctx context.Context, body io.Reader) error {
	pool := u.store.pool
	_, err := pool.Exec(ctx, `DELETE FROM attachment_pieces p WHERE case_id = $1 AND at < now() - interval '1 day' AND NOT EXISTS (SELECT FROM attachments a WHERE a.upload = p.upload)`, u.caseID)
	if err == nil {
		err = pool.QueryRow(ctx, `SELECT gen_random_uuid()`).Scan(&u.id)
	}
	if err != nil {
		return fmt.Errorf("begin an attachment: %w", unavailable(err))
	}
	in, buf := bufio.NewReaderSize(body, piece), make([]byte, piece)
	for last := false; !last; {
		n, err := io.ReadFull(in, buf)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		if _, err = in.Peek(1); err != nil {
			if !errors.Is(err, io.EOF) {
				return err
			}
			last = true
		}
		_, _ = u.sum.Write(buf[:n])
		u.size += int64(n)
		if err := u.put(ctx, buf[:n], u.pieces, last); err != nil {
			return err
		}
		u.pieces++
	}
	return nil
}

// put encrypts one piece and keeps it.
func (u *upload) put(ctx context.Context, plain []byte, n int, last bool) error {
	sealed, err := u.key.Encrypt(plain, pieceName(u.caseID, u.id, n, last))
	if err != nil {
		return fmt.Errorf("encrypt an attachment: %w", err)
	}
	if _, err := u.store.pool.Exec(ctx, `INSERT INTO attachment_pieces (upload, n, case_id, last, ciphertext) VALUES ($1, $2, $3, $4, $5)`, u.id, n, u.caseID, last, sealed); err != nil {
		return fmt.Errorf("save an attachment: %w", unavailable(err))
	}
	return nil
}

// pieceName ties a piece to its file, its place and the end: none can be left out or changed
// with another.
func pieceName(caseID string, upload pgtype.UUID, n int, last bool) []byte {
	return fmt.Appendf(nil, "%s/attachment/%x/%d/%t", caseID, upload.Bytes, n, last)
}

// thumbPiece is the number of the piece that holds the small picture.
const thumbPiece = -1

// keep makes the pieces an attachment; known where the id has one already.
func (u *upload) keep(ctx context.Context, a attachments.Attachment, thumb []byte) (known bool, err error) {
	if thumb != nil {
		if err := u.put(ctx, thumb, thumbPiece, true); err != nil {
			return false, err
		}
	}
	actor, err := encodeActor(a.By)
	if err != nil {
		return false, err
	}
	digest := hex.EncodeToString(u.sum.Sum(nil))
	var had string
	err = pgx.BeginFunc(ctx, u.store.pool, func(tx pgx.Tx) error {
		if err := lockClient(ctx, tx, a.CaseID); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `INSERT INTO attachments (case_id, id, kind, media_type, size, upload, pieces, thumbnail, record, paper, origin, actor, at, digest)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (case_id, id) DO NOTHING`,
			a.CaseID, a.ID, a.Kind, a.MediaType, a.Size, u.id, u.pieces, thumb != nil, a.Record, a.Paper, a.Origin, actor, a.At, digest)
		if err != nil || tag.RowsAffected() == 1 {
			return err
		}
		known = true
		return tx.QueryRow(ctx, `SELECT digest FROM attachments WHERE case_id = $1 AND id = $2`, a.CaseID, a.ID).Scan(&had)
	})
	if err != nil {
		return false, fmt.Errorf("keep an attachment: %w", unavailable(err))
	}
	if known {
		return true, (once.Request{Key: a.ID, Digest: digest}).Repeats(had)
	}
	return false, nil
}

// drop takes the pieces away, whatever became of the request.
func (u *upload) drop(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, _ = u.store.pool.Exec(ctx, `DELETE FROM attachment_pieces WHERE upload = $1`, u.id) // those that stay go with the next upload, a day later
}

const attachmentColumns = `id, kind, media_type, size, thumbnail, record, paper, origin, actor, at, withdrawn_at, withdrawn_by, (SELECT ciphertext FROM texts t WHERE t.case_id = attachments.case_id AND t.command_id = attachments.id AND t.field = 'withdrawn')`

// Attachments of the case, the oldest first.
func (s *Store) Attachments(ctx context.Context, caseID string) ([]attachments.Attachment, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+attachmentColumns+` FROM attachments WHERE case_id = $1 ORDER BY at, id`, caseID)
	return s.attachments(ctx, caseID, rows, err)
}

// Attachment of the case; NotFound where there is none of the id.
func (s *Store) Attachment(ctx context.Context, caseID, id string) (attachments.Attachment, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+attachmentColumns+` FROM attachments WHERE case_id = $1 AND id = $2`, caseID, id)
	list, err := s.attachments(ctx, caseID, rows, err)
	if err != nil || len(list) == 0 {
		if err == nil {
			err = &rehab.Error{Code: rehab.NotFound, Field: "attachment", Message: "the case has no such attachment"}
		}
		return attachments.Attachment{}, err
	}
	return list[0], nil
}

func (s *Store) attachments(ctx context.Context, caseID string, rows pgx.Rows, err error) ([]attachments.Attachment, error) {
	var whys [][]byte
	list, err := collect(rows, err, "read attachments", func(row pgx.CollectableRow) (attachments.Attachment, error) {
		a := attachments.Attachment{CaseID: caseID}
		var actor string
		var withdrawn pgtype.Timestamptz
		var why []byte
		err := row.Scan(&a.ID, &a.Kind, &a.MediaType, &a.Size, &a.HasThumb, &a.Record, &a.Paper, &a.Origin, &actor, &a.At, &withdrawn, &a.WithdrawnBy, &why)
		if err == nil {
			a.By, err = decodeActor(actor)
		}
		a.At, a.WithdrawnAt = a.At.UTC(), timeOf(withdrawn)
		whys = append(whys, why)
		return a, err
	})
	for i, why := range whys {
		if err != nil || why == nil {
			continue
		}
		var plain []byte
		if plain, err = s.unseal(ctx, caseID, textName(list[i].ID, withdrawnField), why); unreadable(err) {
			err = nil
		}
		list[i].Withdrawn = string(plain)
	}
	return list, err
}

// withdrawnField is under which the reason of a withdrawal stands among the texts.
const withdrawnField = "withdrawn"

// WriteAttachment writes the file piece by piece.
func (s *Store) WriteAttachment(ctx context.Context, caseID, id string, w io.Writer) error {
	key, err := s.caseKey(ctx, caseID, false)
	if err != nil {
		return err
	}
	var uploaded pgtype.UUID
	var pieces int
	if err := s.pool.QueryRow(ctx, `SELECT upload, pieces FROM attachments WHERE case_id = $1 AND id = $2`, caseID, id).Scan(&uploaded, &pieces); err != nil {
		return fmt.Errorf("read an attachment: %w", unavailable(err))
	}
	for n := range pieces {
		var sealed []byte
		if err := s.pool.QueryRow(ctx, `SELECT ciphertext FROM attachment_pieces WHERE upload = $1 AND n = $2`, uploaded, n).Scan(&sealed); err != nil {
			return fmt.Errorf("read a piece of an attachment: %w", unavailable(err))
		}
		plain, err := key.Decrypt(sealed, pieceName(caseID, uploaded, n, n == pieces-1))
		if err != nil {
			return fmt.Errorf("decrypt piece %d of attachment %s of case %s: %w", n, id, caseID, err)
		}
		if _, err := w.Write(plain); err != nil {
			return err
		}
	}
	return nil
}

// Thumbnail of the attachment, a JPEG; NotFound where it has none.
func (s *Store) Thumbnail(ctx context.Context, caseID, id string) ([]byte, error) {
	key, err := s.caseKey(ctx, caseID, false)
	if err != nil {
		return nil, err
	}
	var uploaded pgtype.UUID
	var sealed []byte
	err = s.pool.QueryRow(ctx, `SELECT upload, p.ciphertext FROM attachments a JOIN attachment_pieces p USING (upload) WHERE a.case_id = $1 AND id = $2 AND n = $3`, caseID, id, thumbPiece).Scan(&uploaded, &sealed)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, &rehab.Error{Code: rehab.NotFound, Field: "attachment", Message: "the attachment has no small picture"}
	case err != nil:
		return nil, fmt.Errorf("read a small picture: %w", unavailable(err))
	}
	plain, err := key.Decrypt(sealed, pieceName(caseID, uploaded, thumbPiece, true))
	if err != nil {
		return nil, fmt.Errorf("decrypt the small picture of attachment %s of case %s: %w", id, caseID, err)
	}
	return plain, nil
}

// WithdrawAttachment says that the file belongs to the case no longer, and why. The same again
// changes nothing.
func (s *Store) WithdrawAttachment(ctx context.Context, caseID, id, by, why string, at time.Time) error {
	if err := s.SaveTexts(ctx, caseID, id, map[string]string{withdrawnField: why}); err != nil {
		return err
	}
	_, err := s.pool.Exec(ctx, `UPDATE attachments SET withdrawn_at = $3, withdrawn_by = $4 WHERE case_id = $1 AND id = $2 AND withdrawn_at IS NULL`, caseID, id, at, by)
	if err != nil {
		return fmt.Errorf("withdraw an attachment: %w", unavailable(err))
	}
	return nil
}
