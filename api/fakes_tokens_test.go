package api_test

import (
	"context"
	"sync/atomic"

	"guitu/rehab"
)

// ending are tokens that are all the head's, until they are revoked.
type ending struct{ revoked atomic.Bool }

func (e *ending) Actor(context.Context, string) (rehab.Actor, error) {
	if e.revoked.Load() {
		return rehab.Actor{}, notFound("token")
	}
	return actors["head"], nil
}
