package rehab

import (
	"slices"
	"time"
)

// AlarmKind is what an alarm is about.
type AlarmKind string

// Alarm is an instant at which a topic has something to say that is nobody's duty: a
// stretch of time is over. Ref is what it is about within its kind. Alarms are set and
// cleared by apply, from the days in the events.
type Alarm struct {
	Kind AlarmKind `json:"kind"`
	At   time.Time `json:"at"`
	Ref  int64     `json:"ref,omitempty"`
}

// setAlarm puts the alarm in the place of the one of the same kind about the same.
func (c *Case) setAlarm(a Alarm) {
	c.clearAlarm(a.Kind, a.Ref)
	c.Alarms = append(c.Alarms, a)
}

func (c *Case) clearAlarm(kind AlarmKind, ref int64) {
	c.Alarms = slices.DeleteFunc(c.Alarms, func(a Alarm) bool { return a.Kind == kind && a.Ref == ref })
}
