package api

import "guitu/rehab"

// The bodies of hand-over, suspension, termination and leave (DRR art.19, 24, 34).
type (
	recordHandOver struct {
		rehab.RecordHandOver
		Facts
	}
	suspend struct {
		rehab.Suspend
		Reasoned
	}
	reviewSuspension struct {
		rehab.ReviewSuspension
		Facts
	}
	resume struct {
		rehab.Resume
		Facts
	}
	confirmTerm struct {
		rehab.ConfirmTerm
		Facts
	}
	terminate struct {
		rehab.Terminate
		Reasoned
	}
	reportLeave struct {
		rehab.ReportLeave
		Reasoned
	}
	decideLeave struct {
		rehab.DecideLeave
		Facts
	}
	extendLeave struct {
		rehab.ExtendLeave
		Reasoned
	}
	returnFromLeave struct {
		rehab.ReturnFromLeave
		Facts
	}
)

func (b recordHandOver) command() rehab.CommandBody   { return b.RecordHandOver }
func (b suspend) command() rehab.CommandBody          { return b.Suspend }
func (b reviewSuspension) command() rehab.CommandBody { return b.ReviewSuspension }
func (b resume) command() rehab.CommandBody           { return b.Resume }
func (b confirmTerm) command() rehab.CommandBody      { return b.ConfirmTerm }
func (b terminate) command() rehab.CommandBody        { return b.Terminate }
func (b reportLeave) command() rehab.CommandBody      { return b.ReportLeave }
func (b decideLeave) command() rehab.CommandBody      { return b.DecideLeave }
func (b extendLeave) command() rehab.CommandBody      { return b.ExtendLeave }
func (b returnFromLeave) command() rehab.CommandBody  { return b.ReturnFromLeave }

// rarerRoutes lists the commands that most cases never see.
func (s *server) rarerRoutes() {
	command[recordHandOver](s, "record-hand-over", "Record the isolation centre's word of the coming release into rehabilitation")
	command[suspend](s, "suspend", "Stop the clock: the client was detained or arrested")
	command[reviewSuspension](s, "review-suspension", "Say that the client is still in custody")
	command[resume](s, "resume", "End the oldest custody that lasts; with the last of them the clock runs on")
	command[confirmTerm](s, "confirm-term", "Record the police's word on the end of the term")
	command[terminate](s, "terminate", "End the measure without release")
	command[reportLeave](s, "report-leave", "Record the client's written report of a leave")
	command[decideLeave](s, "decide-leave", "Approve a leave, or not")
	command[extendLeave](s, "extend-leave", "Move the last day of a leave")
	command[returnFromLeave](s, "return-from-leave", "Record the return from a leave")
}
