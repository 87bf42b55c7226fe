package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"guitu/rehab"
	"guitu/suite"
)

// Keys are the secrets of an installation: the master keys, the first of which wraps each
// case's own key, and the index key, which hides order and ID numbers that have to be found
// again. Keys, blind indexes and chains are of one suite.
type Keys struct {
	suite  suite.Suite
	master suite.Ring
	index  []byte
}

// NewKeys reads the secrets made by GenerateKeys. While a master key is changed there are
// several, with commas between them; the suite is that of the first.
func NewKeys(master, index string) (*Keys, error) {
	var ring suite.Ring
	name := ""
	for _, text := range strings.Split(master, ",") {
		k, err := suite.ParseText(text)
		if err != nil {
			return nil, fmt.Errorf("the master key: %w", err)
		}
		if name == "" {
			name = k.Suite()
		}
		ring = append(ring, k)
	}
	s, err := suite.Named(name)
	if err != nil {
		return nil, err
	}
	return NewKeysOf(s, ring, index)
}

// NewKeysOf takes master keys that may be elsewhere, in a key management service.
func NewKeysOf(s suite.Suite, master suite.Ring, index string) (*Keys, error) {
	for _, m := range master {
		if k, ok := m.(suite.Key); ok && k.Suite() != s.Name() {
			return nil, fmt.Errorf("the master key is of the suite %s, not %s", k.Suite(), s.Name())
		}
	}
	if len(master) == 0 {
		return nil, errors.New("there is no master key")
	}
	raw, err := base64.StdEncoding.DecodeString(index)
	if err != nil || len(raw) < 32 {
		return nil, errors.New("the index key is not base64 of at least 32 bytes")
	}
	return &Keys{suite: s, master: master, index: raw}, nil
}

// GenerateKeys makes the secrets of a new installation, under the suite aes.
func GenerateKeys() (master, index string, err error) { return GenerateKeysOf(suite.AES) }

// GenerateKeysOf makes the secrets of a new installation under the suite of that name.
func GenerateKeysOf(name string) (master, index string, err error) {
	s, err := suite.Named(name)
	if err != nil {
		return "", "", err
	}
	k, err := s.NewKey()
	if err != nil {
		return "", "", fmt.Errorf("make the master key: %w", err)
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return "", "", fmt.Errorf("make the index key: %w", err)
	}
	return suite.Text(k), base64.StdEncoding.EncodeToString(secret), nil
}

// mac is a keyed hash of the suite.
func (k *Keys) mac(key []byte) hash.Hash { return hmac.New(k.suite.NewHash, key) }

// blind is a keyed hash: equal values can be found, no value can be guessed.
func (k *Keys) blind(kind, value string) []byte {
	h := k.mac(k.index)
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

	inHand map[string]suite.AEAD // keys of sealed cases, for an inquiry
}

// openedKey is a key beside the form in which it is kept.
type openedKey struct {
	wrapped []byte
	key     suite.AEAD
}

const cachedKeys = 4096

func newSealer(k *Keys) *sealer { return &sealer{keys: k, cache: make(map[string]openedKey)} }

// errNoKey says that the case has no key: it has no identity yet, or it was destroyed.
var errNoKey = &rehab.Error{Code: rehab.NotFound, Message: "the case has no key"}

// newCaseKey makes a key; when another process was faster, its key is the one.
func (s *Store) newCaseKey(ctx context.Context, caseID string) ([]byte, error) {
	key, err := s.keys.suite.NewKey()
	if err != nil {
		return nil, err
	}
	own, err := suite.Wrap(s.keys.master, key, []byte(caseID))
	if err != nil {
		return nil, err
	}
	var wrapped []byte
	err = s.pool.QueryRow(ctx, `INSERT INTO case_keys (case_id, wrapped) VALUES ($1, $2)
ON CONFLICT DO NOTHING RETURNING wrapped`, caseID, own).Scan(&wrapped)
	if errors.Is(err, pgx.ErrNoRows) {
		err = s.pool.QueryRow(ctx, `SELECT wrapped FROM case_keys WHERE case_id = $1`, caseID).Scan(&wrapped)
	}
	if errors.Is(err, pgx.ErrNoRows) || denied(err) { // it has one, outside the scope of the request
		err = errNoKey
	}
	return wrapped, err
}
