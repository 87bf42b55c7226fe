// Package once is how a request acts once, however often it is sent: it has a key, which the
// caller chose, and a digest of all that it asks. The first request under a key acts. The
// same again finds what the first did; another request under the key is a Conflict.
//
// Whoever keeps what a request did keeps its digest beside it, under the key, in the same
// transaction. The keys of one subject (a case, a worker, a record, an inbox) are one name
// space. What the system does by itself has Reserved keys, which no caller can choose.
package once

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/google/uuid"

	"guitu/rehab"
)

// Request is what has to act once.
type Request struct {
	Key    string
	Digest string // of all that is asked, with who asks
}

// ErrUsed is the Conflict of one key with two requests.
var ErrUsed = &rehab.Error{
	Code: rehab.Conflict, Field: "Idempotency-Key", Message: "this Idempotency-Key was used before for another request",
}

// Repeats holds the request against the digest that acted under its key: nil where it is the
// same again, ErrUsed where it is another.
func (r Request) Repeats(digest string) error {
	if r.Digest != digest {
		return ErrUsed
	}
	return nil
}

// Key is the caller's, or a new one where the caller sent none.
func Key(sent string) (string, error) {
	if sent != "" {
		if err := rehab.CheckKey(sent); err != nil {
			return "", err
		}
		return sent, nil
	}
	made, err := uuid.NewV7()
	return made.String(), err
}

// ID is the id of what the actor makes with the key: the same at every try, and of no use to
// another actor.
func ID(actor, key string) string {
	sum := sha256.Sum256([]byte(actor + "\x00" + key))
	return hex.EncodeToString(sum[:12])
}
