package backup

import (
	"bytes"
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

// An archive is a folder of pieces of tables, as COPY writes them, each compressed and encrypted
// to a key of the archive alone; that key is encrypted to those who may open it. A piece is known
// by a keyed digest of what stands in it: one that a stopped run had written is not written again.
const (
	keyFile    = "key.age"     // the private key of the archive
	toFile     = "key.pub"     // its public key, and for whom the private one is encrypted
	pieceEnd   = ".age"        // of the name of a piece
	partial    = ".partial"    // of the name of a file that is being written
	unfinished = ".unfinished" // the folder of an archive that was begun and is not whole

	leastCut = 256 << 10 // bytes before a piece may end
	mostCut  = 4 << 20   // bytes at which it ends
	cutOneOf = 1 << 10   // rows of which one ends it: pieces behind a row that changed begin where they did

	dirMode, fileMode = fs.FileMode(0o700), fs.FileMode(0o600)
)

// Piece is a file of an archive.
type Piece struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"` // of the file
}

// archive is one that is being written.
type archive struct {
	dir     string
	to      age.Recipient
	names   []byte // the key of the digests that pieces are known by
	written int    // pieces that were not there
}

// begin goes on with the archive that a run left behind for the same people, or begins one. Who can
// write to the folder, but has not seen the database, cannot have it go on with a key of theirs.
func begin(to Target, names []byte) (*archive, error) {
	if len(to.Recipients) == 0 {
		return nil, errors.New("it is encrypted for nobody")
	}
	a := &archive{dir: filepath.Join(to.Dir, unfinished), names: names}
	if a.to = a.goesOn(to); a.to != nil {
		return a, nil
	}
	if err := errors.Join(os.RemoveAll(a.dir), os.MkdirAll(a.dir, dirMode)); err != nil {
		return nil, err
	}
	own, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	a.to = own.Recipient()
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to.Recipients...)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(w, own.String()); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	held := own.Recipient().String() + "\n" + to.people()
	return a, errors.Join(a.put(keyFile, sealed.Bytes()), a.put(toFile, []byte(held+"\n"+a.known(held, sealed.Bytes()))))
}

// known is by what a run knows the key of an archive as one that another run made.
func (a *archive) known(key string, sealed []byte) string { return a.digest("key", key, sum(sealed)) }

// digest is keyed, so that it tells nothing to who has the archive alone.
func (a *archive) digest(parts ...string) string {
	digest := hmac.New(sha256.New, a.names)
	for _, p := range parts {
		_, _ = fmt.Fprintf(digest, "%d\x00%s", len(p), p)
	}
	return hex.EncodeToString(digest.Sum(nil)[:16])
}

// people are those whom the archive is encrypted for; a passphrase has no name.
func (t Target) people() string {
	var names []string
	for _, r := range t.Recipients {
		if known, ok := r.(fmt.Stringer); ok {
			names = append(names, known.String())
		}
	}
	return strings.Join(names, "\n")
}

// goesOn is the key of the archive in the folder, where a run made it and the same people can open it.
func (a *archive) goesOn(to Target) age.Recipient {
	raw, err := os.ReadFile(filepath.Join(a.dir, toFile))
	sealed, err2 := os.ReadFile(filepath.Join(a.dir, keyFile))
	cut := bytes.LastIndexByte(raw, '\n')
	if err != nil || err2 != nil || cut < 0 {
		return nil
	}
	text, mac := string(raw[:cut]), string(raw[cut+1:])
	own, people, _ := strings.Cut(text, "\n")
	if !hmac.Equal([]byte(mac), []byte(a.known(text, sealed))) || people != to.people() {
		return nil
	}
	if people == "" { // a passphrase has no name: by trying it
		if _, err := opened(a.dir, to.Identities); err != nil {
			return nil
		}
	}
	key, err := age.ParseX25519Recipient(own)
	if err != nil {
		return nil
	}
	return key
}

// opened is the private key of an archive.
func opened(dir string, with []age.Identity) (age.Identity, error) {
	raw, err := os.ReadFile(filepath.Join(dir, keyFile))
	if err != nil {
		return nil, err
	}
	plain, err := age.Decrypt(bytes.NewReader(raw), with...)
	if err != nil {
		return nil, fmt.Errorf("decrypt it: %w", err)
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		return nil, fmt.Errorf("decrypt it: %w", err)
	}
	return age.ParseX25519Identity(string(text))
}

// put writes a file that is there whole or not at all.
func (a *archive) put(name string, content []byte) error {
	path := filepath.Join(a.dir, name)
	f, err := os.OpenFile(path+partial, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, fileMode)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return errors.Join(os.Rename(path+partial, path), syncDir(a.dir))
}

// piece writes rows of a table, unless they are there unharmed. The name of its file says what
// stands in it and, behind that, how it stands on the disk.
func (a *archive) piece(table string, rows []byte) (Piece, error) {
	name := table + "-" + a.digest(table, string(rows))
	there, err := filepath.Glob(filepath.Join(a.dir, name+"-*"+pieceEnd))
	if err != nil {
		return Piece{}, err
	}
	for _, path := range there {
		content, err := os.ReadFile(path)
		if p := pieceOf(name, content); err == nil && p.File == filepath.Base(path) {
			return p, nil
		}
	}
	content, err := a.sealed(rows)
	if err != nil {
		return Piece{}, err
	}
	a.written++
	p := pieceOf(name, content)
	return p, a.put(p.File, content)
}

func pieceOf(name string, content []byte) Piece {
	digest := sum(content)
	return Piece{File: name + "-" + digest[:16] + pieceEnd, SHA256: digest}
}

func (a *archive) sealed(rows []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, a.to)
	if err != nil {
		return nil, err
	}
	packed := gzip.NewWriter(w)
	_, err = packed.Write(rows)
	err = errors.Join(err, packed.Close(), w.Close())
	return out.Bytes(), err
}

func sum(b []byte) string {
	digest := sha256.Sum256(b)
	return hex.EncodeToString(digest[:])
}

// cutter cuts the rows that COPY writes, one a call, into pieces.
type cutter struct {
	archive *archive
	table   string
	rows    []byte
	pieces  []Piece
}

func (c *cutter) Write(row []byte) (int, error) {
	c.rows = append(c.rows, row...)
	digest := fnv.New32a()
	_, _ = digest.Write(row)
	if len(c.rows) >= mostCut || len(c.rows) >= leastCut && digest.Sum32()%cutOneOf == 0 {
		return len(row), c.flush()
	}
	return len(row), nil
}

func (c *cutter) flush() error {
	if len(c.rows) == 0 {
		return nil
	}
	p, err := c.archive.piece(c.table, c.rows)
	c.pieces, c.rows = append(c.pieces, p), c.rows[:0]
	return err
}

// keepOnly takes away the pieces that did not come to be part of the archive.
func (a *archive) keepOnly(tables []Table) error {
	part := map[string]bool{keyFile: true, toFile: true}
	for _, t := range tables {
		for _, p := range t.Pieces {
			part[p.File] = true
		}
	}
	entries, err := os.ReadDir(a.dir)
	for _, e := range entries {
		if !part[e.Name()] {
			err = errors.Join(err, os.Remove(filepath.Join(a.dir, e.Name())))
		}
	}
	return err
}

// reader reads the rows of a table, piece after piece.
type reader struct {
	dir    string
	key    age.Identity
	pieces []Piece
	file   *os.File
	rows   io.Reader
}

func (r *reader) Read(b []byte) (int, error) {
	for {
		if r.rows == nil {
			if len(r.pieces) == 0 {
				return 0, io.EOF
			}
			if err := r.next(); err != nil {
				return 0, fmt.Errorf("decrypt it: %w", err)
			}
		}
		n, err := r.rows.Read(b)
		if !errors.Is(err, io.EOF) {
			return n, err
		}
		r.rows = nil
		if err := r.file.Close(); err != nil || n > 0 {
			return n, err
		}
	}
}

func (r *reader) next() (err error) {
	if r.file, err = os.Open(filepath.Join(r.dir, r.pieces[0].File)); err != nil {
		return err
	}
	r.pieces = r.pieces[1:]
	plain, err := age.Decrypt(r.file, r.key)
	if err != nil {
		return errors.Join(err, r.file.Close())
	}
	if r.rows, err = gzip.NewReader(plain); err != nil {
		return errors.Join(err, r.file.Close())
	}
	return nil
}
