package rehab

// Player plays many cases one after the other and reuses what one decision needs: the
// events that its methods return stand until the next call alone.
type Player struct{ d decision }

// Play is Case.Play.
func (p *Player) Play(c *Case, cmd Command, env Env) ([]Event, error) {
	p.d = decision{c: c, env: env, events: p.d.events[:0]}
	return p.d.play(cmd)
}

// PlayTime is Case.PlayTime.
func (p *Player) PlayTime(c *Case, env Env) []Event {
	p.d = decision{c: c, env: env, events: p.d.events[:0]}
	p.d.advance(env.Now)
	return p.d.events
}
