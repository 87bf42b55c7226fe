package api

import "guitu/rehab"

// The bodies of after-care and sealing (DRR art.7).
type (
	endDynamicControl struct {
		rehab.EndDynamicControl
		Facts
	}
	closeAfterCare struct {
		rehab.CloseAfterCare
		Reasoned
	}
	placeHold struct {
		rehab.PlaceHold
		Reasoned
	}
	reviewHold struct {
		rehab.ReviewHold
		Reasoned
	}
	liftHold struct {
		rehab.LiftHold
		Reasoned
	}
	seal struct {
		rehab.Seal
		Facts
	}
)

func (b endDynamicControl) command() rehab.CommandBody { return b.EndDynamicControl }
func (b closeAfterCare) command() rehab.CommandBody    { return b.CloseAfterCare }
func (b placeHold) command() rehab.CommandBody         { return b.PlaceHold }
func (b reviewHold) command() rehab.CommandBody        { return b.ReviewHold }
func (b liftHold) command() rehab.CommandBody          { return b.LiftHold }
func (b seal) command() rehab.CommandBody              { return b.Seal }

// afterCareRoutes lists what a released case takes beside contacts and tests.
func (s *server) afterCareRoutes() {
	command[endDynamicControl](s, "end-dynamic-control", "Record the police's decision to end dynamic control after three clean years")
	command[closeAfterCare](s, "close-after-care", "End after-care: the client died or is under a new measure")
	command[placeHold](s, "place-hold", "Keep the record from being sealed, and say by whose order")
	command[reviewHold](s, "review-hold", "Say that a hold is still needed")
	command[liftHold](s, "lift-hold", "Lift a hold")
	command[seal](s, "seal", "Seal the record: the case is closed for good")
}
