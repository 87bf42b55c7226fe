package rehab

import "slices"

// Help goes on after the release for as long as the case lives. What only a measure under
// way asks of the offices ends with it.

func (ChangeWorkIntent) afterRelease()    {}
func (Refer) afterRelease()               {}
func (RecordReferralReply) afterRelease() {}
func (WithdrawReferral) afterRelease()    {}
func (RecordPlacement) afterRelease()     {}
func (FollowUpPlacement) afterRelease()   {}
func (EndPlacement) afterRelease()        {}
func (OfferToVolunteer) afterRelease()    {}
func (DecideVolunteer) afterRelease()     {}
func (StopVolunteering) afterRelease()    {}

// ofMeasure are the duties of help that end with the measure. A referral, a placement and
// a volunteer are seen through.
var ofMeasure = []Kind{WorkingGroupDuty, PlanDuty, PlanReviewDuty, WorkReferralDuty}

// owed reports whether the offices owe help of the kind as the case stands.
func (c *Case) owed(k Kind) bool {
	return c.IsOpen() || c.Phase == Released && !slices.Contains(ofMeasure, k)
}

// endHelpOfMeasure voids what ends with the measure.
func (d *decision) endHelpOfMeasure() {
	for _, k := range ofMeasure {
		d.supersede(k, 0)
	}
}
