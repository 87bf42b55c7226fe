package workflows

import "time"

// Clock maps the time of the world to the time of the cases. The zero Clock is the
// world's own; another one runs Speed times as fast, from Case at the instant World.
// Demonstrations use it, scenarios let it stand (Standing) and set it; production never
// does, and the core does not know.
type Clock struct {
	World time.Time `json:"world,omitzero"`
	Case  time.Time `json:"case,omitzero"`
	Speed float64   `json:"speed,omitempty"`
}

// At is the time of the cases at an instant of the world.
func (c Clock) At(world time.Time) time.Time {
	if c.Speed == 0 {
		return world
	}
	return c.Case.Add(time.Duration(float64(world.Sub(c.World)) * c.Speed))
}

// farAway is the longest wait on a clock of its own: one that nearly stands takes
// longer than a duration can say.
const farAway = 100 * 365 * 24 * time.Hour

// Until is how long the world takes from an instant of its own to a time of the cases.
func (c Clock) Until(world, at time.Time) time.Duration {
	if c.Speed == 0 {
		return at.Sub(world)
	}
	return time.Duration(min(float64(at.Sub(c.At(world)))/c.Speed, float64(farAway)))
}

// Standing is a clock that stands at the instant.
func Standing(at time.Time) Clock {
	return Clock{World: time.Unix(0, 0).UTC(), Case: at.UTC(), Speed: 1e-20}
}
