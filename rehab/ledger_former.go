package rehab

// LateRecord is the type of the notice that somebody who has the case no more recorded
// what happened while they had it.
const LateRecord = "late_record"

// recordedByFormer tells the worker of the case, or the head where it has none, of a
// record that another worker made: one who had the case before, or who stands in.
func (c *Case) recordedByFormer(e Event) []Notice {
	if e.Actor.Role != WorkerRole || e.Actor.ID == c.Worker {
		return nil
	}
	switch e.Data.(type) {
	case ContactRecorded, TestRecorded, AssessmentRecorded, LeavingRecorded, HelpGiven, PositiveEvent, PlacementStarted, PlacementFollowedUp,
		LeaveEnded, CrisisRaised, HelpOffered, CircumstanceRecorded, ReportedIn, AgreementSigned:
	default:
		return nil
	}
	to := WorkerRole
	if c.Worker == "" {
		to = StationHead
	}
	return []Notice{{Role: to, Place: to.PlaceOver(c.Place), Worker: c.Worker, Type: LateRecord, Channel: Inbox}}
}
