package api

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFiguresAreCountedOncePerAgeAndRenewedBehindTheAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := newKept[int](30*time.Second, slog.New(slog.DiscardHandler))
		var n atomic.Int64
		count := func(context.Context) (int, error) { return int(n.Add(1)), nil }
		get := func() int {
			v, err := k.get(t.Context(), "a", count)
			require.NoError(t, err)
			return v
		}
		require.Equal(t, 1, get())
		time.Sleep(29 * time.Second)
		require.Equal(t, 1, get(), "young enough")
		time.Sleep(2 * time.Second)
		require.Equal(t, 1, get(), "given once more")
		synctest.Wait()
		require.Equal(t, 2, get(), "and counted anew behind it")
		time.Sleep(301 * time.Second)
		require.Equal(t, 3, get(), "too old to be given")
		_, err := k.get(t.Context(), "b", func(context.Context) (int, error) { return 0, errors.New("down") })
		require.ErrorContains(t, err, "down")
		v, err := k.get(t.Context(), "b", count)
		require.NoError(t, err)
		require.Equal(t, 4, v, "a failure is not kept")
	})
}

func TestFiguresThatAreAskedForAtOnceAreCountedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := newKept[int64](time.Minute, slog.New(slog.DiscardHandler))
		var n atomic.Int64
		for range 50 {
			go func() {
				v, err := k.get(t.Context(), "a", func(context.Context) (int64, error) {
					time.Sleep(time.Second)
					return n.Add(1), nil
				})
				require.NoError(t, err) //nolint:testifylint // each of them
				require.Equal(t, int64(1), v)
			}()
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		require.Equal(t, int64(1), n.Load())
	})
}
