package notify_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/notify"
)

func TestTheWaitBetweenTriesDoublesUpToAnHour(t *testing.T) {
	t.Parallel()
	require.Equal(t, 30*time.Second, notify.Backoff(1))
	require.Equal(t, 4*time.Minute, notify.Backoff(4))
	require.Equal(t, time.Hour, notify.Backoff(8))
	require.Equal(t, time.Hour, notify.Backoff(1000))
}

func TestTheRetryPolicyEndsByTriesOrByTime(t *testing.T) {
	t.Parallel()
	p := notify.RetryPolicy{Tries: 30, GiveUp: 24 * time.Hour}
	at := time.Date(2026, 10, 20, 4, 0, 0, 0, time.UTC)
	require.False(t, p.Exhausted(notify.Delivery{Tries: 29, CreatedAt: at}, at.Add(23*time.Hour)))
	require.True(t, p.Exhausted(notify.Delivery{Tries: 30, CreatedAt: at}, at))
	require.True(t, p.Exhausted(notify.Delivery{Tries: 1, CreatedAt: at}, at.Add(24*time.Hour)))
}
