package suite

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"

	"filippo.io/age"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// aesMark begins a ciphertext of Tink; four bytes with the id of its key follow.
const aesMark = 0x01

type aesSuite struct{}

// aesKey is a keyset of Tink.
type aesKey struct {
	tink.AEAD
	raw []byte
	ids [][]byte // how the ciphertexts of its keys begin
}

func (aesSuite) Name() string       { return AES }
func (aesSuite) NewHash() hash.Hash { return sha256.New() }

func (aesSuite) NewKey() (Key, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	var buf bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewBinaryWriter(&buf)); err != nil {
		return nil, fmt.Errorf("write a key: %w", err)
	}
	return parseAES(buf.Bytes())
}

func parseAES(raw []byte) (Key, error) {
	handle, err := insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(raw)))
	if err != nil {
		return nil, fmt.Errorf("it is no key: %w", err)
	}
	k := &aesKey{raw: bytes.Clone(raw)}
	if k.AEAD, err = aead.New(handle); err != nil {
		return nil, fmt.Errorf("it is no key for AEAD: %w", err)
	}
	for _, info := range handle.KeysetInfo().GetKeyInfo() {
		id := info.GetKeyId()
		k.ids = append(k.ids, []byte{aesMark, byte(id >> 24), byte(id >> 16), byte(id >> 8), byte(id)})
	}
	return k, nil
}

func (k *aesKey) Suite() string { return AES }
func (k *aesKey) Bytes() []byte { return k.raw }

func (k *aesKey) Wrote(ciphertext []byte) bool {
	for _, id := range k.ids {
		if bytes.HasPrefix(ciphertext, id) {
			return true
		}
	}
	return false
}

func (aesSuite) NewPair() (public, private string, err error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", fmt.Errorf("make a pair of keys: %w", err)
	}
	return id.Recipient().String(), id.String(), nil
}

func (aesSuite) SealFor(public string, plain []byte) ([]byte, error) {
	to, err := age.ParseX25519Recipient(public)
	if err != nil {
		return nil, fmt.Errorf("read the public key of a holder: %w", err)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (aesSuite) OpenWith(private string, sealed []byte) ([]byte, error) {
	id, err := age.ParseX25519Identity(private)
	if err != nil {
		return nil, fmt.Errorf("read the private key of a holder: %w", err)
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), id)
	if err != nil {
		return nil, fmt.Errorf("open what was sealed for a holder: %w", err)
	}
	return io.ReadAll(r)
}
