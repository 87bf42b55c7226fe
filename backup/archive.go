package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"

	"filippo.io/age"
	"github.com/jackc/pgx/v5"
)

// An archive is a tar of pieces of tables, as COPY writes them, compressed and encrypted. The
// pieces of a table follow each other: TABLE/1, TABLE/2 and so on.
const pieceBytes = 1 << 20

// writeTables writes the tables and answers with the digest of what it wrote.
func writeTables(ctx context.Context, conn *pgx.Conn, to io.Writer, recipients []age.Recipient, tables []table, m *Manifest) (string, error) {
	digest := sha256.New()
	sealed, err := age.Encrypt(io.MultiWriter(to, digest), recipients...)
	if err != nil {
		return "", err
	}
	packed := gzip.NewWriter(sealed)
	out := tar.NewWriter(packed)
	for _, t := range tables {
		p := &pieces{tar: out, table: t.name}
		tag, err := conn.PgConn().CopyTo(ctx, p, `COPY `+t.quoted()+` TO STDOUT`)
		if err == nil {
			err = p.flush()
		}
		if err != nil {
			return "", fmt.Errorf("table %s: %w", t.name, err)
		}
		m.Tables, m.Rows[t.name], m.Columns[t.name] = append(m.Tables, t.name), tag.RowsAffected(), len(t.columns)
	}
	if err := errors.Join(out.Close(), packed.Close(), sealed.Close()); err != nil {
		return "", err
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}

// pieces cuts what is written into entries of a tar, whose sizes have to be known.
type pieces struct {
	tar   *tar.Writer
	table string
	n     int
	buf   []byte
}

func (p *pieces) Write(b []byte) (int, error) {
	p.buf = append(p.buf, b...)
	if len(p.buf) < pieceBytes {
		return len(b), nil
	}
	return len(b), p.flush()
}

func (p *pieces) flush() error {
	p.n++
	if err := p.tar.WriteHeader(&tar.Header{Name: fmt.Sprintf("%s/%d", p.table, p.n), Mode: 0o600, Size: int64(len(p.buf))}); err != nil {
		return err
	}
	_, err := p.tar.Write(p.buf)
	p.buf = p.buf[:0]
	return err
}

// reader gives the pieces of one table after the other.
type reader struct {
	tar  *tar.Reader
	next *tar.Header // the first piece of the table to come; nil at the end
}

func openArchive(from io.Reader, identities []age.Identity) (*reader, error) {
	plain, err := age.Decrypt(from, identities...)
	if err != nil {
		return nil, fmt.Errorf("decrypt it: %w", err)
	}
	packed, err := gzip.NewReader(plain)
	if err != nil {
		return nil, err
	}
	r := &reader{tar: tar.NewReader(packed)}
	return r, r.advance()
}

func (r *reader) advance() error {
	h, err := r.tar.Next()
	if errors.Is(err, io.EOF) {
		r.next = nil
		return nil
	}
	r.next = h
	return err
}

// table is the name of the one to come; empty at the end.
func (r *reader) table() string {
	if r.next == nil {
		return ""
	}
	return path.Dir(r.next.Name)
}

// rows reads the rows of the table to come.
func (r *reader) rows() io.Reader { return &rowsOf{r: r, table: r.table()} }

type rowsOf struct {
	r     *reader
	table string
}

func (o *rowsOf) Read(b []byte) (int, error) {
	for o.r.table() == o.table {
		n, err := o.r.tar.Read(b)
		if !errors.Is(err, io.EOF) {
			return n, err
		}
		if err := o.r.advance(); err != nil {
			return n, err
		}
		if n > 0 {
			return n, nil
		}
	}
	return 0, io.EOF
}
