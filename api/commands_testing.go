package api

import "guitu/rehab"

// The bodies of what follows a test (DTP).
type (
	objectToTest struct {
		rehab.ObjectToTest
		Facts
	}
	recordLaboratoryResult struct {
		rehab.RecordLaboratoryResult
		Facts
	}
	resolveTest struct {
		rehab.ResolveTest
		Facts
	}
	destroySamples struct {
		rehab.DestroySamples
		Facts
	}
	decideRefusal struct {
		rehab.DecideRefusal
		Facts
	}
	startMaintenance struct {
		rehab.StartMaintenance
		Facts
	}
	stopMaintenance struct {
		rehab.StopMaintenance
		Facts
	}
)

func (b objectToTest) command() rehab.CommandBody           { return b.ObjectToTest }
func (b recordLaboratoryResult) command() rehab.CommandBody { return b.RecordLaboratoryResult }
func (b resolveTest) command() rehab.CommandBody            { return b.ResolveTest }
func (b destroySamples) command() rehab.CommandBody         { return b.DestroySamples }
func (b decideRefusal) command() rehab.CommandBody          { return b.DecideRefusal }
func (b startMaintenance) command() rehab.CommandBody       { return b.StartMaintenance }
func (b stopMaintenance) command() rehab.CommandBody        { return b.StopMaintenance }

func (s *server) testingRoutes() {
	command[objectToTest](s, "object-to-test", "Record the client's objection to a provisional positive, or to the laboratory's result")
	command[recordLaboratoryResult](s, "record-laboratory-result", "Record the laboratory's result on a positive, the first or that of the second examination")
	command[resolveTest](s, "resolve-test", "Settle a provisional positive that nobody objected to")
	command[destroySamples](s, "destroy-samples", "Say that sealed A/B samples were disposed of")
	command[decideRefusal](s, "decide-refusal", "Confirm that a test was refused or evaded, or find that it was not")
	command[startMaintenance](s, "start-maintenance", "Record the start of maintenance therapy")
	command[stopMaintenance](s, "stop-maintenance", "Record the end of maintenance therapy")
}
