package store

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"guitu/rehab"
)

// Keys are the secrets of an installation: the master key wraps each case's own key, the
// index key hides order and ID numbers that have to be found again.
type Keys struct {
	master tink.AEAD
	index  []byte
}

// NewKeys reads the secrets made by GenerateKeys.
func NewKeys(master, index string) (*Keys, error) {
	raw, err := base64.StdEncoding.DecodeString(master)
	if err != nil {
		return nil, fmt.Errorf("the master key is not base64: %w", err)
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(raw)))
	if err != nil {
		return nil, fmt.Errorf("the master key cannot be read: %w", err)
	}
	k := &Keys{}
	if k.master, err = aead.New(handle); err != nil {
		return nil, fmt.Errorf("the master key is not for AEAD: %w", err)
	}
	if k.index, err = base64.StdEncoding.DecodeString(index); err != nil || len(k.index) < 32 {
		return nil, errors.New("the index key is not base64 of at least 32 bytes")
	}
	return k, nil
}

// GenerateKeys makes the secrets of a new installation.
func GenerateKeys() (master, index string, err error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return "", "", fmt.Errorf("make the master key: %w", err)
	}
	var buf bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewBinaryWriter(&buf)); err != nil {
		return "", "", fmt.Errorf("write the master key: %w", err)
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return "", "", fmt.Errorf("make the index key: %w", err)
	}
	return base64.StdEncoding.EncodeToString(buf.Bytes()), base64.StdEncoding.EncodeToString(secret), nil
}

// blind is a keyed hash: equal values can be found, no value can be guessed.
func (k *Keys) blind(kind, value string) []byte {
	h := hmac.New(sha256.New, k.index)
	h.Write([]byte(kind))
	h.Write([]byte{0})
	h.Write([]byte(value))
	return h.Sum(nil)
}

// CaseIDFor is the id of the case that the order number opens: the same at every import.
func (s *Store) CaseIDFor(orderNo string) string {
	sum := s.keys.blind("order", strings.TrimSpace(orderNo))
	return "c-" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:13]))
}

// DigestKey keys the digests of commands, so that their texts cannot be guessed.
func (s *Store) DigestKey() []byte { return s.keys.blind("digest", "") }

// LinkKey signs the links to papers.
func (s *Store) LinkKey() []byte { return s.keys.blind("link", "") }

// sealer encrypts under one key per case. It keeps the keys used last.
type sealer struct {
	keys  *Keys
	mu    sync.Mutex
	cache map[string]openedKey
}

// openedKey is a key beside the form in which it is kept.
type openedKey struct {
	wrapped []byte
	key     tink.AEAD
}

const cachedKeys = 4096

func newSealer(k *Keys) *sealer { return &sealer{keys: k, cache: make(map[string]openedKey)} }

// errNoKey says that the case has no key: it has no identity yet, or it was destroyed.
var errNoKey = &rehab.Error{Code: rehab.NotFound, Message: "the case has no key"}

// newCaseKey makes a key; when another process was faster, its key is the one.
func (s *Store) newCaseKey(ctx context.Context, caseID string) ([]byte, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&buf), s.keys.master, []byte(caseID)); err != nil {
		return nil, err
	}
	var wrapped []byte
	err = s.pool.QueryRow(ctx, `INSERT INTO case_keys (case_id, wrapped) VALUES ($1, $2)
ON CONFLICT DO NOTHING RETURNING wrapped`, caseID, buf.Bytes()).Scan(&wrapped)
	if errors.Is(err, pgx.ErrNoRows) {
		err = s.pool.QueryRow(ctx, `SELECT wrapped FROM case_keys WHERE case_id = $1`, caseID).Scan(&wrapped)
	}
	return wrapped, err
}
