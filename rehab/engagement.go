package rehab

// Engagement is how the client stands to those who help.
type Engagement string

// The engagements, in the order in which one is lost.
const (
	Engaged     Engagement = "engaged"
	ReachingOut Engagement = "reaching_out" // attempts in vain: the outreach climbs its steps
	Stalled     Engagement = "stalled"      // 联系受阻
	LostContact Engagement = "lost"         // 脱失, confirmed by a person
)

var engagements = codes[Engagement]{
	{Engaged, "联系正常", "engaged"},
	{ReachingOut, "正在主动联络", "reaching out"},
	{Stalled, "联系受阻", "stalled"},
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
