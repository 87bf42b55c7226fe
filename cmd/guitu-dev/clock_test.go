package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestAClockOfItsOwnIsChosenAtTheFirstStart(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 4, 0, 0, 0, time.UTC)
	first := rehab.NewDate(2026, 1, 5)

	c, err := openClock(t.TempDir(), 0, 0, true, now)
	require.NoError(t, err)
	require.False(t, c.virtual(), "it goes on by the world's clock")
	for what, ask := range map[string]func() (*devClock, error){
		"--speed 2000":      func() (*devClock, error) { return openClock(t.TempDir(), 2000, 0, true, now) },
		"--from 2026-01-05": func() (*devClock, error) { return openClock(t.TempDir(), 0, first, true, now) },
	} {
		_, err := ask()
		require.ErrorContains(t, err, what+": the cases of this data directory have lived by the world's clock")
		require.ErrorContains(t, err, "choose a new directory with --data")
	}

	dir := t.TempDir()
	c, err = openClock(dir, 2000, first, false, now)
	require.NoError(t, err)
	require.Equal(t, first, rehab.DateOf(c.now().At(now)))
	later := now.Add(time.Hour)
	require.NoError(t, c.save(later))
	c, err = openClock(dir, 50, first, true, later.Add(24*time.Hour))
	require.NoError(t, err, "a clock of its own may change its pace, and goes on where it stood")
	require.InDelta(t, 50, c.now().Speed, 0)
	require.Equal(t, first.AddDays(83), rehab.DateOf(c.now().At(later.Add(24*time.Hour))))
	_, err = openClock(dir, 0, first.AddDays(200), true, later)
	require.ErrorContains(t, err, "leave --from out")
}
