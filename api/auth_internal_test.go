package api

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// askedTokens counts who is asked for a token's actor, and forgets those that are revoked.
type askedTokens struct {
	asked   int
	revoked bool
}

func (t *askedTokens) Actor(_ context.Context, token string) (rehab.Actor, error) {
	t.asked++
	if t.revoked {
		return rehab.Actor{}, errors.New("revoked")
	}
	return rehab.Actor{ID: token}, nil
}

func TestATokenIsLookedUpOnceAWhileAndEndsSoonAfterItIsRevoked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tokens := &askedTokens{}
		cache, err := newTokenCache(tokens)
		require.NoError(t, err)
		for range 3 {
			a, err := cache.Actor(t.Context(), "a")
			require.NoError(t, err)
			require.Equal(t, "a", a.ID)
		}
		require.Equal(t, 1, tokens.asked)

		tokens.revoked = true
		time.Sleep(tokenFor)
		for range 2 { // a refusal is not remembered
			_, err = cache.Actor(t.Context(), "a")
			require.Error(t, err)
		}
		require.Equal(t, 3, tokens.asked)
	})
}

func TestMakingUpTokensFillsNoMemory(t *testing.T) {
	t.Parallel()
	cache, err := newTokenCache(&askedTokens{})
	require.NoError(t, err)
	for i := range maxTokens + 10 {
		_, err := cache.Actor(t.Context(), fmt.Sprint(i))
		require.NoError(t, err)
	}
	require.Equal(t, maxTokens, cache.known.Len())
}
