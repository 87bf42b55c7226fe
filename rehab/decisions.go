package rehab

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Decision is what a person decided about the case. Seq is the sequence of its event, so
// that it can be looked up in the history; Policy is the version in force for the case
// at that moment. Of names the obligation, escalation or leave it is about.
type Decision struct {
	Seq int64 `json:"seq"`
	Line
	By         Actor     `json:"by"`
	OccurredAt time.Time `json:"occurred_at"`
	RecordedAt time.Time `json:"recorded_at"`
	Command    string    `json:"command,omitempty"` // its texts are kept under this id
	Policy     PolicyRef `json:"policy"`
}

// decided is an event by which a person decides, as against one that only keeps a fact.
// The line says what was decided; before is the case as it stood then.
type decided interface {
	decided(before *Case) Line
}

// Decisions finds the last n decisions in the history of a case, the latest first. What
// was taken back is none.
func Decisions(history []Event, n int) []Decision {
	var out []Decision
	c, h := &Case{}, History{Events: history}
	for _, l := range h.lived() {
		e := l.Event
		d, ok := e.Data.(decided)
		if !ok {
			c.Apply(e)
			continue
		}
		line := d.decided(c)
		under := c.Policy
		c.Apply(e)
		if under == (PolicyRef{}) {
			under = c.Policy
		}
		if line.Code == "" {
			line.Code = e.Data.EventType()
		}
		if line.On == 0 {
			line.On = DateOf(e.OccurredAt)
		}
		line.ZH = sentence(line.ZH)
		out = append(out, Decision{l.at, line, e.Actor, e.OccurredAt, e.RecordedAt, e.Command, under})
	}
	slices.SortFunc(out, func(a, b Decision) int { return cmp.Compare(b.Seq, a.Seq) })
	return out[:min(n, len(out))]
}

// about is a line about an obligation of the case.
func about(c *Case, id ObligationID, zh, en string) Line {
	nameZH, nameEN := kindName(id.Kind)
	l := Line{Of: id.String(), ZH: fmt.Sprintf(zh, nameZH, id), EN: fmt.Sprintf(en, nameEN, id)}
	if o := c.Obligation(id); o != nil {
		l.Citation = o.Citation
	}
	return l
}
