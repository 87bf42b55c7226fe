package api

import "guitu/rehab"

// The bodies of the breach ladder and the report to the police (DRR art.20, NCL art.38).
type (
	issueMeasure struct {
		rehab.IssueMeasure
		Facts
	}
	waiveMeasure struct {
		rehab.WaiveMeasure
		Reasoned
	}
	confirmPoliceReport struct {
		rehab.ConfirmPoliceReport
		Facts
	}
	sendPoliceReport struct {
		rehab.SendPoliceReport
		Facts
	}
	recordReceipt struct {
		rehab.RecordReceipt
		Facts
	}
	recordHelpOffer struct {
		rehab.RecordHelpOffer
		Facts
	}
	recordCircumstance struct {
		rehab.RecordCircumstance
		Facts
	}
)

func (b issueMeasure) command() rehab.CommandBody        { return b.IssueMeasure }
func (b waiveMeasure) command() rehab.CommandBody        { return b.WaiveMeasure }
func (b confirmPoliceReport) command() rehab.CommandBody { return b.ConfirmPoliceReport }
func (b sendPoliceReport) command() rehab.CommandBody    { return b.SendPoliceReport }
func (b recordReceipt) command() rehab.CommandBody       { return b.RecordReceipt }
func (b recordHelpOffer) command() rehab.CommandBody     { return b.RecordHelpOffer }
func (b recordCircumstance) command() rehab.CommandBody  { return b.RecordCircumstance }

func (s *server) breachRoutes() {
	command[issueMeasure](s, "issue-measure", "Issue a step of the breach ladder to the client")
	command[waiveMeasure](s, "waive-measure", "Leave a step that is due out this time, and say why")
	command[confirmPoliceReport](s, "confirm-police-report", "Confirm the drafted report to the police")
	command[sendPoliceReport](s, "send-police-report", "Say that a confirmed report was sent to the police")
	command[recordReceipt](s, "record-receipt", "Record the police's receipt of a report")
	command[recordHelpOffer](s, "record-help-offer", "Record that help was offered after a relapse")
	command[recordCircumstance](s, "record-circumstance", "Record a fact the police have to know: pregnancy, nursing, youth")
}
