package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"guitu/rehab"
	"guitu/workflows"
)

// devClock is the cases' clock of this data directory. It stands still while nothing
// runs, so that a demonstration goes on where it stopped.
type devClock struct {
	file  string
	mu    sync.Mutex
	clock workflows.Clock
}

// openClock reads the clock of the directory and sets it going. Where it was never set
// and nothing is asked for, it is the world's. Cases that have lived by the world's clock
// cannot change to another: lived says that there may be such.
func openClock(dir string, speed float64, from rehab.Date, lived bool, now time.Time) (*devClock, error) {
	c := &devClock{file: filepath.Join(dir, "clock.json")}
	var saved workflows.Clock
	raw, err := os.ReadFile(c.file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if speed == 0 && from == 0 {
			return c, nil
		}
		if lived {
			return nil, tooLate(speed, from)
		}
		saved = workflows.Clock{Case: now, Speed: 1}
		if from != 0 {
			saved.Case = from.Start().Add(8 * time.Hour)
		}
	case err != nil:
		return nil, err
	default:
		if err := json.Unmarshal(raw, &saved); err != nil {
			return nil, fmt.Errorf("the clock of this data directory cannot be read: %w", err)
		}
		if from != 0 && from > rehab.DateOf(saved.Case) {
			return nil, fmt.Errorf("--from %s: the clock of this data directory stands at %s and goes on from there: leave --from out, or choose another directory with --data to begin on that day",
				from, rehab.DateOf(saved.Case))
		}
	}
	if speed > 0 {
		saved.Speed = speed
	}
	c.clock = workflows.Clock{World: now.UTC().Truncate(time.Millisecond), Case: saved.Case.UTC().Truncate(time.Millisecond), Speed: saved.Speed}
	return c, c.save(now)
}

// tooLate says what to do where the cases of the directory have begun on the world's clock.
func tooLate(speed float64, from rehab.Date) error {
	asked := fmt.Sprintf("--speed %g", speed)
	if speed == 0 {
		asked = fmt.Sprintf("--from %s", from)
	}
	return fmt.Errorf("%s: the cases of this data directory have lived by the world's clock since its first start, and cannot change to another: "+
		"leave it out, or choose a new directory with --data (make dev DATA=.guitu/fast ARGS=\"%s\")", asked, asked)
}

// virtual reports whether the clock is not the world's.
func (c *devClock) virtual() bool { return c.clock.Speed > 0 }

func (c *devClock) now() workflows.Clock {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.clock
}

// set moves the clock forward, and keeps its pace. Time that was lived is not lived again.
func (c *devClock) set(world, to time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.virtual() {
		return errors.New("the cases live by the world's clock")
	}
	if now := c.clock.At(world); !to.After(now) {
		return fmt.Errorf("the clock stands at %s already", now.In(rehab.Shanghai).Format("2006-01-02 15:04"))
	}
	c.clock = workflows.Clock{World: world.UTC().Truncate(time.Millisecond), Case: to.UTC().Truncate(time.Millisecond), Speed: c.clock.Speed}
	return nil
}

// save writes down where the clock stands.
func (c *devClock) save(world time.Time) error {
	if !c.virtual() {
		return nil
	}
	clock := c.now()
	raw, err := json.Marshal(workflows.Clock{World: world, Case: clock.At(world), Speed: clock.Speed})
	if err != nil {
		return err
	}
	return writeFile(c.file, raw)
}

// writeFile replaces a file as a whole, readable by its owner alone.
func writeFile(name string, content []byte) error {
	tmp := name + ".new"
	if err := os.WriteFile(tmp, content, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return os.Rename(tmp, name)
}
