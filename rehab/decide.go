package rehab

import "time"

// clockSkew is how far ahead of ours the clock of a phone may be.
const clockSkew = 2 * time.Minute

// Env is what a decision may know besides the case: the present instant, the version
// of the policy the case was signed under, and the calendar of days off.
type Env struct {
	Now      time.Time
	Policy   *Policy
	Calendar *Calendar
	Target   *Policy // the policy that a migrate-policy command names; nil where it names none that is known
}

// Rules are the policies by version, nil where one is not known, and the calendar of days off.
type Rules interface {
	Policy(ref PolicyRef) *Policy
	Calendar() *Calendar
}

// NewEnv is what the case may know about the command at the instant. The policy is the
// one the case was signed under, or is about to be opened under; it is nil where the rules
// do not have it.
func NewEnv(rules Rules, c *Case, body CommandBody, now time.Time) Env {
	env := Env{Now: now, Policy: rules.Policy(c.Policy), Calendar: rules.Calendar()}
	switch b := body.(type) {
	case OpenCase:
		if c.Phase == "" {
			env.Policy = rules.Policy(b.Policy)
		}
	case MigratePolicy:
		env.Target = rules.Policy(b.To)
	}
	return env
}

// Today is the day in Shanghai.
func (env *Env) Today() Date { return DateOf(env.Now) }

// Decide answers a command with the events that it brings, after those that time had
// brought before it. The case is not changed. The error is always a *Error: Invalid for
// bad input, Refused where a rule says no, Conflict for a case opened twice, NotFound;
// ErrHistory where the command tells of what lies before something that was decided, or
// amends the record: History.Decide takes it.
func (c *Case) Decide(cmd Command, env Env) ([]Event, error) {
	events, err := c.Clone().Play(cmd, env)
	if err != nil {
		return nil, err
	}
	return events, nil
}

// Advance answers with what the mere passing of time brings up to env.Now, oldest
// first, each with its legal instant. It is empty before Wake.
func (c *Case) Advance(env Env) []Event {
	if wake := c.Wake(); wake.IsZero() || wake.After(env.Now) {
		return nil
	}
	d := decision{c: c.Clone(), env: env}
	d.advance(env.Now)
	return d.events
}

// Play is Decide on the case itself, for those who own it: the events it returns are
// already folded. When the command is refused, these are what time brought before it.
func (c *Case) Play(cmd Command, env Env) ([]Event, error) {
	d := decision{c: c, env: env}
	return d.play(cmd)
}

func (d *decision) play(cmd Command) ([]Event, error) {
	if err := cmd.Check(); err != nil {
		return nil, err
	}
	occurred := happened(cmd.Body, cmd.OccurredAt, d.env.Now)
	if d.c.needsHistory(cmd, occurred) {
		return nil, ErrHistory
	}
	d.advance(occurred)
	if err := d.tell(cmd, occurred); err != nil {
		return d.events, err
	}
	d.advance(d.env.Now)
	return d.events, nil
}

// spanning is a command about a stretch of days: it takes its place on the last of them,
// whichever day somebody wrote on it, since what happened on the days before bears on it.
type spanning interface{ lastDay() Date }

// happened is when a thing that was told at the instant took its place in the life.
func happened(body CommandBody, occurred, told time.Time) time.Time {
	at := instant(occurred)
	if b, ok := body.(spanning); ok {
		at = b.lastDay().Start()
	}
	if now := instant(told); at.After(now) {
		return now // a fast clock moves nothing into tomorrow
	}
	return at
}

// tell decides the command on the case as it stood when the thing happened.
func (d *decision) tell(cmd Command, occurred time.Time) error {
	d.actor, d.command, d.occurred = cmd.Actor, cmd.ID, occurred
	if err := d.handle(cmd); err != nil {
		return err
	}
	d.checkStanding()
	return nil
}

// PlayTime is Advance on the case itself: the events it returns are already folded.
func (c *Case) PlayTime(env Env) []Event {
	d := decision{c: c, env: env}
	d.advance(env.Now)
	return d.events
}

// decision builds events one by one and folds each at once, so that every rule sees
// the case as the rules before it left it.
type decision struct {
	c           *Case
	env         Env
	actor       Actor
	command     string
	occurred    time.Time
	events      []Event
	correctedAt time.Time // of a fact that was corrected: when it was, later than Now; what it tells may lie until then
	ends        []int64   // while a case is lived again: the custodies that lasted when the release was told
	again       *relive   // while a case is lived again; nil: it is lived for the first time
}

func (d *decision) emit(data EventData) {
	if d.events == nil {
		d.events = make([]Event, 0, 2) // most steps bring one or two
	}
	d.events = append(d.events, Event{
		Seq: d.c.Seq + 1, RecordedAt: instant(d.env.Now), OccurredAt: d.occurred,
		Actor: d.actor, Command: d.command, Data: data,
	})
	e := &d.events[len(d.events)-1]
	if d.again != nil {
		d.again.place(e)
	}
	d.c.apply(e)
}

// instant is the precision of the ledger: milliseconds in UTC.
func instant(t time.Time) time.Time { return time.UnixMilli(t.UnixMilli()).UTC() }

// handle decides one command. Every decide checks all it needs before it emits the
// first event, so that a refusal leaves nothing half done. What its events mean to outreach
// and risk watch is in reactToEvents.
func (d *decision) handle(cmd Command) error {
	if err := d.admit(cmd); err != nil {
		return err
	}
	if err := d.known(cmd.Body, DateOf(d.occurred)); err != nil {
		return err
	}
	before := len(d.events)
	if err := cmd.Body.decide(d, DateOf(d.occurred)); err != nil {
		return err
	}
	d.reactToEvents(before)
	return nil
}

// admit refuses what no command may do: act on a case that is not there or is closed,
// or tell of the future or of what was before the order reached the client.
func (d *decision) admit(cmd Command) *Error {
	_, opening := cmd.Body.(OpenCase)
	switch {
	case opening && d.c.Phase != "":
		return &Error{Code: Conflict, Field: "order_no", Message: "this case is open already", Citation: "NCL art.33"}
	case opening:
		return d.notFuture(cmd.OccurredAt)
	case d.c.Phase == "":
		return &Error{Code: NotFound, Message: "there is no such case"}
	case d.c.sealsWhatEnded(cmd.Body):
		return d.notFuture(cmd.OccurredAt)
	case amends(cmd.Body) || d.c.Phase == Void || isForm(cmd.Body) && d.c.isOver():
		if err := d.c.closedForGood(cmd.Body); err != nil {
			return err
		}
		return d.notFuture(cmd.OccurredAt)
	case d.c.isOver() && d.c.IsLive() && putsRight(cmd.Body):
		return d.notFuture(cmd.OccurredAt)
	case d.c.Phase == Terminated:
		l := d.c.endLine()
		if b, ok := cmd.Body.(Terminate); ok && b.Ground == d.c.TerminatedBy && DateOf(cmd.OccurredAt) == d.c.TerminatedOn {
			return &Error{Code: Known, Citation: l.Citation, Message: "this is in the record already"}
		}
		return refuse("", l.Citation, "the case is closed: %s", l.EN)
	case d.c.Phase == TransferredAway:
		return refuse("", "DRR art.22", "the measure has gone on outside the system since %s", d.c.TransferredOn)
	case DateOf(cmd.OccurredAt) < d.c.ServedOn:
		return refuse("occurred_at", "DRR art.14", "%s lies before the order was served on %s", DateOf(cmd.OccurredAt), d.c.ServedOn)
	}
	if err := d.c.admitAfterRelease(cmd.Body); err != nil {
		return err
	}
	if err := d.c.standsStill(cmd.Body); err != nil {
		return err
	}
	return d.notFuture(cmd.OccurredAt)
}

// horizon is the instant up to which something can have happened.
func (d *decision) horizon() time.Time {
	if d.correctedAt.After(d.env.Now) {
		return d.correctedAt
	}
	return d.env.Now
}

func (d *decision) notFuture(at time.Time) *Error {
	if at.After(d.horizon().Add(clockSkew)) {
		return InvalidField("occurred_at", "%s lies in the future", at.In(Shanghai).Format(time.RFC3339))
	}
	return nil
}

func (d *decision) dayNotFuture(field string, day Date) *Error {
	if day > DateOf(d.horizon()) {
		return InvalidField(field, "%s lies in the future", day)
	}
	return nil
}

// Refusal keeps a command that nobody waits for, a signal, as refused with its reason.
func (c *Case) Refusal(cmd Command, why *Error, env Env) []Event {
	typ := ""
	if cmd.Body != nil {
		typ = cmd.Body.CommandType()
	}
	return []Event{{
		Seq: c.Seq + 1, RecordedAt: instant(env.Now), OccurredAt: instant(cmd.OccurredAt),
		Actor: cmd.Actor, Command: cmd.ID, Data: CommandRefused{typ, *why},
	}}
}

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
