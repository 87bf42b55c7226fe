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

func TestTheClockIsSetForwardAndNeverBack(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 4, 0, 0, 0, time.UTC)
	world, err := openClock(t.TempDir(), 0, 0, true, now)
	require.NoError(t, err)
	require.ErrorContains(t, world.set(now, now.AddDate(0, 1, 0)), "by the world's clock")

	dir := t.TempDir()
	c, err := openClock(dir, 1, rehab.NewDate(2026, 1, 5), false, now)
	require.NoError(t, err)
	to, err := instantOf("2026-02-10")
	require.NoError(t, err)
	require.Equal(t, "2026-02-10T09:00:00+08:00", to.In(rehab.Shanghai).Format(time.RFC3339))
	require.NoError(t, c.set(now, to))
	require.Equal(t, to.Add(time.Minute), c.now().At(now.Add(time.Minute)).In(to.Location()), "it goes on at its pace")
	require.ErrorContains(t, c.set(now, to.Add(-time.Hour)), "stands at 2026-02-10 09:00 already")
	require.NoError(t, c.save(now))
	again, err := openClock(dir, 0, 0, true, now)
	require.NoError(t, err)
	require.Equal(t, rehab.NewDate(2026, 2, 10), rehab.DateOf(again.now().At(now)))

	exact, err := instantOf("2026-02-11T18:30:00+08:00")
	require.NoError(t, err)
	require.Equal(t, rehab.NewDate(2026, 2, 11), rehab.DateOf(exact))
	_, err = instantOf("next week")
	require.ErrorContains(t, err, "no day such as")
}
