package api

import "guitu/rehab"

// The bodies of a transfer between stations (DRR art.22).
type (
	requestTransfer struct {
		rehab.RequestTransfer
		Facts
	}
	forwardFile struct {
		rehab.ForwardFile
		Facts
	}
	acceptTransfer struct {
		rehab.AcceptTransfer
		Facts
	}
	refuseTransfer struct {
		rehab.RefuseTransfer
		Reasoned
	}
	returnTransfer struct {
		rehab.ReturnTransfer
		Facts
	}
	withdrawTransfer struct {
		rehab.WithdrawTransfer
		Reasoned
	}
	reportArrival struct {
		rehab.ReportArrival
		Facts
	}
)

func (b requestTransfer) command() rehab.CommandBody  { return b.RequestTransfer }
func (b forwardFile) command() rehab.CommandBody      { return b.ForwardFile }
func (b acceptTransfer) command() rehab.CommandBody   { return b.AcceptTransfer }
func (b refuseTransfer) command() rehab.CommandBody   { return b.RefuseTransfer }
func (b returnTransfer) command() rehab.CommandBody   { return b.ReturnTransfer }
func (b withdrawTransfer) command() rehab.CommandBody { return b.WithdrawTransfer }
func (b reportArrival) command() rehab.CommandBody    { return b.ReportArrival }

// transferCommands lists the commands of a transfer. The receiving station gives two of
// them to a case that is not its own yet: accept-transfer and refuse-transfer.
func (s *server) transferCommands() {
	command[requestTransfer](s, "request-transfer", "Ask for another place of execution: the client's household or residence moved")
	command[forwardFile](s, "forward-file", "Say that the file went to the receiving street")
	command[acceptTransfer](s, "accept-transfer", "Take the case over, as the receiving station; from outside the system: record the receipt")
	command[refuseTransfer](s, "refuse-transfer", "Send the file back, as the receiving station")
	command[returnTransfer](s, "return-transfer", "Take back a file that was not answered in time; the engine does it by itself")
	command[withdrawTransfer](s, "withdraw-transfer", "Say that the place stays: before it was accepted, or after it came back")
	command[reportArrival](s, "report-arrival", "Say that the new street told the police of the arrival")
}
