package rehab

// Engagement is how the client stands to those who help.
type Engagement string

// The engagements, in the order in which one is lost.
const (
	Engaged     Engagement = "engaged"
	ReachingOut Engagement = "reaching_out" // attempts in vain: the outreach climbs its steps
	Stalled     Engagement = "stalled"      // 帮教陷入僵局
	LostContact Engagement = "lost"         // 脱失, confirmed by a person
)

var engagements = codes[Engagement]{
	{Engaged, "联系正常", "engaged"},
	{ReachingOut, "主动联络中", "reaching out"},
	{Stalled, "陷入僵局", "stalled"},
	{LostContact, "脱失", "lost"},
}

// Engagement of an open case; none once the case is closed.
func (c *Case) Engagement() Engagement {
	switch {
	case !c.IsOpen():
		return ""
	case c.Outreach.Lost != 0:
		return LostContact
	case c.Outreach.StalledOn != 0:
		return Stalled
	case c.Outreach.Active():
		return ReachingOut
	}
	return Engaged
}

// reachable reports whether the client is to be reached: not in custody, and the term runs.
func (c *Case) reachable() bool {
	return c.Phase == AwaitingReportIn || c.Phase == AwaitingAgreement || c.Phase == InExecution
}

// follow answers what a command brought with what it means to outreach and risk watch.
// A client who reports in, signs or is assessed has been met; one who is tested was seen.
func (d *decision) follow(from int) {
	for i, n := from, len(d.events); i < n; i++ {
		switch e := d.events[i].Data.(type) {
		case CaseOpened:
			if e.Measure == Rehabilitation {
				d.watchFrom(AfterIsolation, e.ServedOn)
			}
		case CaseSuspended:
			d.endOutreach(OutreachSuspended)
			d.endWatch()
		case CaseResumed:
			d.openWatch(AfterCustody)
		case ReportedIn:
			d.metAt(e.On)
			d.watchedContact(e.On)
		case AgreementSigned:
			d.metAt(e.On)
		case AssessmentRecorded:
			d.metAt(e.On)
		case TestRecorded:
			if e.Result != TestRefused && e.Result != TestEvaded {
				d.seen(e.On)
			}
			if e.Relapse {
				d.openWatch(AfterPositive)
			}
		case TestResolved:
			if e.Relapse {
				d.openWatch(AfterPositive)
			}
		case LaboratoryReported:
			if e.Relapse {
				d.openWatch(AfterPositive)
			}
		case MaintenanceStopped:
			d.openWatch(AfterTherapy)
		case MissDismissed:
			d.reviewOutreach()
		case MissJustified:
			d.reviewOutreach()
		}
	}
}
