package suite

import (
	"encoding/binary"
	"errors"
)

// severalMark begins the form of a key that is several; each follows with its length before it.
const severalMark = 'R'

// severalKey encrypts with its first key and decrypts with whichever wrote.
type severalKey struct {
	Ring
	keys []Key
}

// Several is one key out of several: what the others wrote is still read.
func Several(first Key, others ...Key) Key {
	k := &severalKey{keys: append([]Key{first}, others...)}
	for _, one := range k.keys {
		k.Ring = append(k.Ring, one)
	}
	return k
}

// First is the key that encrypts, without those that are only read with.
func First(k Key) Key {
	if s, ok := k.(*severalKey); ok {
		return s.keys[0]
	}
	return k
}

func (k *severalKey) Suite() string { return k.keys[0].Suite() }

func (k *severalKey) Bytes() []byte {
	out := []byte{severalMark}
	for _, one := range k.keys {
		raw := one.Bytes()
		out = binary.BigEndian.AppendUint16(out, uint16(len(raw)))
		out = append(out, raw...)
	}
	return out
}

func (k *severalKey) Wrote(ciphertext []byte) bool {
	for _, one := range k.keys {
		if one.Wrote(ciphertext) {
			return true
		}
	}
	return false
}

func parseSeveral(raw []byte) (Key, error) {
	var keys []Key
	for rest := raw[1:]; len(rest) > 0; {
		n := 2
		if len(rest) >= n {
			n += int(binary.BigEndian.Uint16(rest))
		}
		if len(rest) < n || n == 2 || rest[2] == severalMark {
			return nil, errors.New("it is no set of keys")
		}
		k, err := Parse(rest[2:n])
		if err != nil {
			return nil, err
		}
		keys, rest = append(keys, k), rest[n:]
	}
	if len(keys) == 0 {
		return nil, errors.New("it is no set of keys")
	}
	return Several(keys[0], keys[1:]...), nil
}
