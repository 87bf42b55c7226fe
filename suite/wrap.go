package suite

import (
	"fmt"

	"github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"google.golang.org/protobuf/proto"
)

// envelope begins a wrapped key in the form of Tink, in which a key of AES is kept.
const envelope = 0x12

// Wrap encrypts a key under another one, for what the associated data says.
func Wrap(master AEAD, key Key, associatedData []byte) ([]byte, error) {
	out, err := master.Encrypt(key.Bytes(), associatedData)
	if err != nil {
		return nil, fmt.Errorf("wrap a key: %w", err)
	}
	if key.Suite() != AES {
		return out, nil
	}
	return proto.Marshal(&tink_go_proto.EncryptedKeyset{EncryptedKeyset: out})
}

// Unwrap opens what Wrap made.
func Unwrap(master AEAD, wrapped, associatedData []byte) (Key, error) {
	inner, err := insideOf(wrapped)
	if err != nil {
		return nil, err
	}
	raw, err := master.Decrypt(inner, associatedData)
	if err != nil {
		return nil, fmt.Errorf("unwrap a key: %w", err)
	}
	return Parse(raw)
}

// WrappedBy reports whether the master key wrapped this.
func WrappedBy(master AEAD, wrapped []byte) bool {
	inner, err := insideOf(wrapped)
	own, ok := master.(interface{ Wrote(ciphertext []byte) bool })
	return err == nil && ok && own.Wrote(inner)
}

func insideOf(wrapped []byte) ([]byte, error) {
	if len(wrapped) == 0 || wrapped[0] != envelope {
		return wrapped, nil
	}
	var e tink_go_proto.EncryptedKeyset
	if err := proto.Unmarshal(wrapped, &e); err != nil {
		return nil, fmt.Errorf("read a wrapped key: %w", err)
	}
	return e.GetEncryptedKeyset(), nil
}
