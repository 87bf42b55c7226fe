// Package suite has the two sets of algorithms between which an installation chooses at its
// first start: "aes" (AES-256-GCM, SHA-256, X25519) and "sm", the national one that a Chinese
// government system is assessed by (GB/T 39786: SM4-GCM, SM3, SM2).
//
// Each ciphertext says by its first byte of which suite it is, and by the next four under
// which key: 0x01 is AES-256-GCM in the form of Tink, 'S' is SM4-GCM. So a database or an
// archive can hold both, and what was written before there were two is read as it was.
package suite

import (
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"strings"
)

// The names of the suites, as crypto.suite takes them.
const (
	AES = "aes"
	SM  = "sm"
)

// Suite makes keys and digests of one set of algorithms.
type Suite interface {
	// Name is AES or SM.
	Name() string
	// NewKey makes a key by chance.
	NewKey() (Key, error)
	// NewHash is the digest of the suite; its sum has 32 bytes.
	NewHash() hash.Hash
	// NewPair makes the pair of a person who holds a part of keys: what is sealed for the
	// public half is opened by the private one alone.
	NewPair() (public, private string, err error)
	// SealFor encrypts for whoever has the private half.
	SealFor(public string, plain []byte) ([]byte, error)
	// OpenWith opens what was sealed for the public half.
	OpenWith(private string, sealed []byte) ([]byte, error)
}

// AEAD encrypts, and decrypts what it has encrypted under the same associated data. A master
// key may be one that never leaves its module, and then is this and no more.
type AEAD interface {
	Encrypt(plaintext, associatedData []byte) ([]byte, error)
	Decrypt(ciphertext, associatedData []byte) ([]byte, error)
}

// Key is a symmetric key that can be kept.
type Key interface {
	AEAD
	// Suite is the name of its suite.
	Suite() string
	// Bytes is the key in the clear, as Parse reads it: a secret.
	Bytes() []byte
	// Wrote reports whether the ciphertext says that it is of this key.
	Wrote(ciphertext []byte) bool
}

// Named is the suite of that name.
func Named(name string) (Suite, error) {
	switch name {
	case AES:
		return aesSuite{}, nil
	case SM:
		return smSuite{}, nil
	}
	return nil, fmt.Errorf("%q is no suite: it is %s or %s", name, AES, SM)
}

// ErrForeign says that a ciphertext is of none of the keys at hand.
var ErrForeign = errors.New("the ciphertext was written under another key")

// Parse reads a key that Bytes wrote, or a keyset of Tink.
func Parse(raw []byte) (Key, error) {
	switch {
	case len(raw) > 0 && raw[0] == smMark:
		return parseSM(raw)
	case len(raw) > 0 && raw[0] == severalMark:
		return parseSeveral(raw)
	}
	return parseAES(raw)
}

// ParseText reads a key from base64, as the secrets of an installation are kept.
func ParseText(text string) (Key, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil {
		return nil, fmt.Errorf("it is not base64: %w", err)
	}
	return Parse(raw)
}

// Text is the key as ParseText reads it.
func Text(k Key) string { return base64.StdEncoding.EncodeToString(k.Bytes()) }

// Ring encrypts with its first key and decrypts with whichever wrote.
type Ring []AEAD

// Encrypt uses the first key.
func (r Ring) Encrypt(plaintext, associatedData []byte) ([]byte, error) {
	if len(r) == 0 {
		return nil, errors.New("there is no key to encrypt with")
	}
	return r[0].Encrypt(plaintext, associatedData)
}

// Decrypt tries the keys that may have written the ciphertext. ErrForeign if none did.
func (r Ring) Decrypt(ciphertext, associatedData []byte) ([]byte, error) {
	err := ErrForeign
	for _, k := range r {
		if own, ok := k.(interface{ Wrote(ciphertext []byte) bool }); ok && !own.Wrote(ciphertext) {
			continue
		}
		plain, why := k.Decrypt(ciphertext, associatedData)
		if why == nil {
			return plain, nil
		}
		err = why
	}
	return nil, err
}
