package suite

import (
	"bytes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"strings"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
	"github.com/emmansun/gmsm/smx509"
)

// smMark begins a ciphertext of SM4-GCM, and a key. A ciphertext is the mark, four bytes with
// the id of its key, the nonce, and what GCM makes; a key is the mark, its id and 16 bytes.
const smMark = 'S'

const (
	smHead = 5 // of a ciphertext and of a key
	smSize = 16
)

type smSuite struct{}

type smKey struct {
	gcm cipher.AEAD
	raw []byte
}

func (smSuite) Name() string       { return SM }
func (smSuite) NewHash() hash.Hash { return sm3.New() }

func (smSuite) NewKey() (Key, error) {
	raw := make([]byte, smHead+smSize)
	if _, err := rand.Read(raw); err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	raw[0] = smMark
	return parseSM(raw)
}

func parseSM(raw []byte) (Key, error) {
	if len(raw) != smHead+smSize {
		return nil, errors.New("it is no key of SM4")
	}
	block, err := sm4.NewCipher(raw[smHead:])
	if err != nil {
		return nil, fmt.Errorf("it is no key of SM4: %w", err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &smKey{gcm: gcm, raw: bytes.Clone(raw)}, nil
}

func (k *smKey) Suite() string { return SM }
func (k *smKey) Bytes() []byte { return k.raw }

func (k *smKey) Wrote(ciphertext []byte) bool { return bytes.HasPrefix(ciphertext, k.raw[:smHead]) }

func (k *smKey) Encrypt(plaintext, associatedData []byte) ([]byte, error) {
	n := k.gcm.NonceSize()
	out := make([]byte, smHead+n, smHead+n+len(plaintext)+k.gcm.Overhead())
	copy(out, k.raw[:smHead])
	if _, err := rand.Read(out[smHead:]); err != nil {
		return nil, err
	}
	return k.gcm.Seal(out, out[smHead:], plaintext, associatedData), nil
}

func (k *smKey) Decrypt(ciphertext, associatedData []byte) ([]byte, error) {
	n := smHead + k.gcm.NonceSize()
	if !k.Wrote(ciphertext) || len(ciphertext) < n {
		return nil, ErrForeign
	}
	plain, err := k.gcm.Open(nil, ciphertext[smHead:n], ciphertext[n:], associatedData)
	if err != nil {
		return nil, errors.New("the ciphertext was changed, or is not what it is taken for")
	}
	return plain, nil
}

// How the halves of a pair are written: base64 of DER after these.
const (
	smPublic  = "sm2:"
	smPrivate = "SM2-SECRET:"
)

func (smSuite) NewPair() (public, private string, err error) {
	key, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		return "", "", fmt.Errorf("make a pair of keys: %w", err)
	}
	pub, err := smx509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return "", "", fmt.Errorf("write a public key: %w", err)
	}
	priv, err := smx509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", "", fmt.Errorf("write a private key: %w", err)
	}
	return smPublic + base64.StdEncoding.EncodeToString(pub), smPrivate + base64.StdEncoding.EncodeToString(priv), nil
}

func (smSuite) SealFor(public string, plain []byte) ([]byte, error) {
	der, err := smDER(public, smPublic)
	if err != nil {
		return nil, fmt.Errorf("read the public key of a holder: %w", err)
	}
	key, err := smx509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, fmt.Errorf("read the public key of a holder: %w", err)
	}
	pub, ok := key.(*ecdsa.PublicKey)
	if !ok || !sm2.IsSM2PublicKey(pub) {
		return nil, errors.New("the public key of a holder is not of SM2")
	}
	return sm2.EncryptASN1(rand.Reader, pub, plain)
}

func (smSuite) OpenWith(private string, sealed []byte) ([]byte, error) {
	der, err := smDER(private, smPrivate)
	if err != nil {
		return nil, fmt.Errorf("read the private key of a holder: %w", err)
	}
	key, err := smx509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("read the private key of a holder: %w", err)
	}
	priv, ok := key.(*sm2.PrivateKey)
	if !ok {
		return nil, errors.New("the private key of a holder is not of SM2")
	}
	plain, err := sm2.Decrypt(priv, sealed)
	if err != nil {
		return nil, fmt.Errorf("open what was sealed for a holder: %w", err)
	}
	return plain, nil
}

func smDER(text, mark string) ([]byte, error) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), mark)
	if !ok {
		return nil, fmt.Errorf("it does not begin with %s", mark)
	}
	return base64.StdEncoding.DecodeString(rest)
}
