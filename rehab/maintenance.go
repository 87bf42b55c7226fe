package rehab

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

func (d MaintenanceStarted) apply(c *Case, _ *Event) {
	c.Maintenance, c.MaintainedFrom, c.MaintainedUntil = true, d.On, 0
}

func (d MaintenanceStopped) apply(c *Case, _ *Event) { c.Maintenance, c.MaintainedUntil = false, d.On }

// maintained reports whether the client was in maintenance therapy on the day.
func (c *Case) maintained(on Date) bool {
	return on >= c.MaintainedFrom && (c.Maintenance || c.MaintainedUntil != 0 && on <= c.MaintainedUntil)
}

func (StartMaintenance) decide(d *decision, on Date) *Error {
	switch {
	case d.c.Maintenance:
		return refuse("", "DTP", "the client is in maintenance therapy already")
	case on <= d.c.MaintainedUntil:
		return refuse("occurred_at", "DTP", "%s lies before the end of the therapy on %s", on, d.c.MaintainedUntil)
	}
	d.emit(MaintenanceStarted{on})
	return nil
}

func (StopMaintenance) decide(d *decision, on Date) *Error {
	switch {
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
