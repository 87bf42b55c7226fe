package rehab

import "slices"

// StartMaintenance begins maintenance therapy (药物维持治疗) on the day of OccurredAt.
type StartMaintenance struct{}

// StopMaintenance ends it; the day of OccurredAt is its last.
type StopMaintenance struct{}

func (StartMaintenance) CommandType() string { return "start-maintenance" }
func (StopMaintenance) CommandType() string  { return "stop-maintenance" }
func (StartMaintenance) check() *Error       { return nil }
func (StopMaintenance) check() *Error        { return nil }

// MaintenanceStarted is the first day of the therapy.
type MaintenanceStarted struct {
	On Date `json:"on"`
}

// MaintenanceStopped is its last day. The time around it carries a higher risk of overdose.
type MaintenanceStopped struct {
	On Date `json:"on"`
}

func (MaintenanceStarted) EventType() string { return "maintenance_started" }
func (MaintenanceStopped) EventType() string { return "maintenance_stopped" }

func (MaintenanceStopped) tells() []Role { return []Role{WorkerRole} }

// Therapy is a maintenance therapy that ended, with both its days. From is zero where it
// began before the case.
type Therapy struct {
	From  Date `json:"from,omitzero"`
	Until Date `json:"until"`
}

// apply keeps the therapy before: what it explained stays explained.
func (d MaintenanceStarted) apply(c *Case, _ *Event) {
	if c.MaintainedUntil != 0 {
		c.PastTherapies = append(c.PastTherapies, Therapy{c.MaintainedFrom, c.MaintainedUntil})
	}
	c.Maintenance, c.MaintainedFrom, c.MaintainedUntil = true, d.On, 0
}

func (d MaintenanceStopped) apply(c *Case, _ *Event) { c.Maintenance, c.MaintainedUntil = false, d.On }

// maintained reports whether the client was in any maintenance therapy on the day.
func (c *Case) maintained(on Date) bool {
	if on >= c.MaintainedFrom && (c.Maintenance || c.MaintainedUntil != 0 && on <= c.MaintainedUntil) {
		return true
	}
	return slices.ContainsFunc(c.PastTherapies, func(t Therapy) bool { return t.From <= on && on <= t.Until })
}

// decide begins a therapy where none runs: each has its own days.
func (StartMaintenance) decide(d *decision, on Date) *Error {
	switch {
	case d.c.Maintenance && d.c.MaintainedFrom == on:
		return &Error{Code: Known, Citation: "DTP", Message: "the client's therapy since " + on.String() + " is in the record already"}
	case d.c.Maintenance && d.c.MaintainedFrom == 0:
		return refuse("", "DTP", "the client has been in maintenance therapy since before the case: it has to end before another one begins")
	case d.c.Maintenance:
		return refuse("", "DTP", "the client has been in maintenance therapy since %s: it has to end before another one begins", d.c.MaintainedFrom)
	case on <= d.c.MaintainedUntil:
		return refuse("occurred_at", "DTP", "%s is a day of the therapy that ended on %s, or lies before it", on, d.c.MaintainedUntil)
	}
	d.emit(MaintenanceStarted{on})
	return nil
}

func (StopMaintenance) decide(d *decision, on Date) *Error {
	switch {
	case !d.c.Maintenance && d.c.MaintainedUntil != 0:
		return refuse("", "DTP", "the last maintenance therapy ended on %s", d.c.MaintainedUntil)
	case !d.c.Maintenance:
		return refuse("", "DTP", "the client is not in maintenance therapy")
	case on < d.c.MaintainedFrom:
		return refuse("occurred_at", "DTP", "%s lies before the start of the therapy on %s", on, d.c.MaintainedFrom)
	}
	d.emit(MaintenanceStopped{on})
	return nil
}

func (d MaintenanceStarted) decided(*Case) Line {
	return Line{On: d.On, Citation: "DTP", ZH: "开始药物维持治疗", EN: "recorded the start of maintenance therapy"}
}

func (d MaintenanceStopped) decided(*Case) Line {
	return Line{On: d.On, Citation: "DTP", ZH: "停止药物维持治疗", EN: "recorded the end of maintenance therapy"}
}
