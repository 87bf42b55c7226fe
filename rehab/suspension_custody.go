package rehab

import (
	"fmt"
	"slices"
	"time"
)

// Custody is a stretch of custody. ID is the sequence of its event. Until is the day of
// release from it, zero while it lasts. Several may last at once: an arrest follows a
// detention, or another office tells of another one. Their days count once.
type Custody struct {
	ID     int64  `json:"id"`
	Ground Ground `json:"ground"`
	From   Date   `json:"from"`
	Until  Date   `json:"until,omitzero"`

	Told time.Time `json:"told,omitzero"` // when somebody told of it, where that was later
}

// holds reports whether the client was in custody on the day, or on a part of it.
func (k Custody) holds(on Date) bool { return k.From <= on && (k.Until == 0 || on <= k.Until) }

// CustodyEnded ends one of several custodies that last at once: the measure stays suspended.
type CustodyEnded struct {
	Custody int64 `json:"custody"`
	On      Date  `json:"on"`
}

func (CustodyEnded) EventType() string { return "custody_ended" }

func (d CustodyEnded) apply(c *Case, _ *Event) {
	for i := range c.Custodies {
		if k := &c.Custodies[i]; k.ID == d.Custody {
			k.Until = d.On
		}
	}
}

func (d CustodyEnded) decided(*Case) Line {
	return Line{On: d.On, Of: fmt.Sprintf("custody-%d", d.Custody), Citation: "DRR art.24", ZH: "登记解除一项羁押，仍在羁押中",
		EN: "recorded the end of one custody: another lasts"}
}

// lasting are the custodies that last, the oldest first.
func (c *Case) lasting() []Custody {
	var out []Custody
	for _, k := range c.Custodies {
		if k.Until == 0 {
			out = append(out, k)
		}
	}
	slices.SortStableFunc(out, func(a, b Custody) int { return int(a.From - b.From) })
	return out
}

// endedBy are the custodies that last when a release is told: those are what it can mean. One
// that has its own release already, or of which somebody tells later, is another one.
func (c *Case) endedBy(body CommandBody) []int64 {
	if _, ok := body.(Resume); !ok {
		return nil
	}
	out := []int64{}
	for _, k := range c.lasting() {
		out = append(out, k.ID)
	}
	return out
}

// meant are the lasting custodies that the release ends: the one that it names, else those
// that lasted when it was told. Others reports whether there are more.
func (d *decision) meant(b Resume) (out []Custody, others bool) {
	for _, k := range d.c.lasting() {
		if b.Custody == k.ID || b.Custody == 0 && (d.again == nil || slices.Contains(d.ends, k.ID)) {
			out = append(out, k)
		} else {
			others = true
		}
	}
	return out, others
}

// inCustody reports whether the client was in custody on the day, or on a part of it.
func (c *Case) inCustody(on Date) bool {
	return slices.ContainsFunc(c.Custodies, func(k Custody) bool { return k.holds(on) })
}

// custodyDays are the days of custody up to today, each once: what the clock stood still.
func (c *Case) custodyDays(today Date) int {
	list := slices.Clone(c.Custodies)
	slices.SortStableFunc(list, func(a, b Custody) int { return int(a.From - b.From) })
	days, counted := 0, Date(0)
	for _, k := range list {
		until := k.Until
		if until == 0 {
			until = today
		}
		if from := max(k.From, counted); until > from {
			days += int(until - from)
			counted = until
		}
	}
	return days
}

// movesWith reports whether the day of the obligation moves with a suspension from the day.
func (o *Obligation) movesWith(on Date) bool { return o.ID.Kind.owedByClient() && o.Due >= on }

// limitOf is the limit behind an obligation that comes once, or nil. In rehabilitation the
// first agreement is signed within the days of the report-in (DRR art.38).
func (c *Case) limitOf(p *Policy, o *Obligation) *Limit {
	if o.ID.Kind == AgreementDuty && o.Citation == citeRehabilitation {
		return &p.ReportIn
	}
	return p.limitOf(o.ID.Kind)
}

// citedBy is what an obligation cites once the limit is counted anew: the article that the
// code names stays, whatever a version of the policy says.
func (o *Obligation) citedBy(l *Limit) string {
	if o.Citation == citeRehabilitation || o.Citation == citeReport {
		return o.Citation
	}
	return l.Cite
}

// shifted are the last days that a release from custody on the day brings beside the mere
// span. A limit that so ends on a day off rolls like any other, and one that began in
// custody has all its days from the release on (APR art.35, CC art.203). The release file
// is due before the new end of the term. Windows keep to the span: they never roll.
func (d *decision) shifted(on Date) []Move {
	c, p, cal := d.c, d.env.Policy, d.env.Calendar
	days := on - c.SuspendedOn
	var out []Move
	for i := range c.Obligations {
		o := &c.Obligations[i]
		if o.Status != Open || !o.movesWith(c.SuspendedOn) {
			continue
		}
		l := c.limitOf(p, o)
		m := Move{ID: o.ID, Was: o.Due, Due: o.Due + days, Citation: o.Citation}
		switch {
		case l == nil:
			continue
		case o.ID.Kind == ReleaseFileDuty && c.TermHeld:
			m.Due = l.Before(c.TermEnd, cal)
		case o.ID.Kind == ReleaseFileDuty:
			m.Due = l.Before(c.TermEnd+days, cal)
		case o.From >= c.SuspendedOn && !o.Fixed:
			m.Plain, m.Due = l.plain(on, cal), l.After(on, cal)
		case l.Roll || l.Unit == WorkingDays:
			m.Plain, m.Due = m.Due, cal.Roll(m.Due)
		}
		out = append(out, m)
	}
	return out
}

// plain is the last day of the limit before it is rolled.
func (l Limit) plain(start Date, cal *Calendar) Date {
	l.Roll = false
	return l.After(start, cal)
}

type custodyWhy struct{}

// explain says which custodies keep the measure suspended, where there are several.
func (custodyWhy) explain(c *Case, _ Env, x *Explanation) {
	list := c.lasting()
	if len(list) < 2 {
		return
	}
	for _, k := range list {
		x.Waiting = append(x.Waiting, Line{
			Code: "custody", On: k.From, Of: fmt.Sprintf("custody-%d", k.ID), Citation: "DRR art.24",
			ZH: fmt.Sprintf("自%s起羁押；多项羁押并存，重叠日数只计一次", k.From),
			EN: fmt.Sprintf("in custody since %s (%s): several last at once; their days count once", k.From, k.Ground),
		})
	}
}
