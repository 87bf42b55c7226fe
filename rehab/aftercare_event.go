package rehab

import (
	"fmt"
	"slices"
)

// AfterCareRestarted counts three clean years anew from a relapse (DRR art.7).
type AfterCareRestarted struct {
	On  Date `json:"on"`
	End Date `json:"end"` // last day of the clean years
}

// CleanYearsPassed says that three clean years are over; the police decide.
type CleanYearsPassed struct {
	On Date `json:"on"`
}

// DynamicControlEnded is the decision of the police, or the end of after-care on Ground.
// The record may be sealed after the day Keep.
type DynamicControlEnded struct {
	On     Date   `json:"on"`
	Ground Ground `json:"ground,omitempty"`
	Keep   Date   `json:"keep"`
}

// HoldPlaced keeps the record from being sealed.
type HoldPlaced struct {
	On     Date       `json:"on"`
	Reason HoldReason `json:"reason"`
}

// HoldReviewed says that the hold is still needed.
type HoldReviewed struct {
	Hold int64 `json:"hold"`
	On   Date  `json:"on"`
}

// HoldLifted ends a hold.
type HoldLifted struct {
	Hold int64 `json:"hold"`
	On   Date  `json:"on"`
}

// SealingFellDue says that the record has been kept long enough and no hold stands.
type SealingFellDue struct{}

// CaseSealed closes the case for good.
type CaseSealed struct {
	On Date `json:"on"`
}

func (AfterCareRestarted) EventType() string  { return "after_care_restarted" }
func (CleanYearsPassed) EventType() string    { return "clean_years_passed" }
func (DynamicControlEnded) EventType() string { return "dynamic_control_ended" }
func (HoldPlaced) EventType() string          { return "hold_placed" }
func (HoldReviewed) EventType() string        { return "hold_reviewed" }
func (HoldLifted) EventType() string          { return "hold_lifted" }
func (SealingFellDue) EventType() string      { return "sealing_fell_due" }
func (CaseSealed) EventType() string          { return "case_sealed" }

func (d AfterCareRestarted) apply(c *Case, _ *Event) {
	c.AfterCareEnd = d.End
	c.setAlarm(Alarm{Kind: cleanYearsAlarm, At: d.End.End()})
}

func (CleanYearsPassed) apply(c *Case, _ *Event) { c.clearAlarm(cleanYearsAlarm, 0) }

// apply leaves the holds and what keeps them in sight: they end by a person's word alone.
func (d DynamicControlEnded) apply(c *Case, _ *Event) {
	c.Phase, c.KeepUntil = AwaitingSealing, d.Keep
	c.Pending, c.Series, c.Crises = nil, nil, nil
	c.Confirmed, c.Refusals = nil, nil
	c.clearAlarm(cleanYearsAlarm, 0)
	if len(c.Holds) == 0 {
		c.setAlarm(Alarm{Kind: sealingAlarm, At: d.Keep.End()})
	}
}

func (d HoldPlaced) apply(c *Case, e *Event) {
	c.Holds, c.SealingBy = append(c.Holds, Hold{e.Seq, d.On, d.Reason}), ""
	c.clearAlarm(sealingAlarm, 0)
}

func (HoldReviewed) apply(*Case, *Event) {}

// apply sets the day of sealing again when the last hold is lifted.
func (d HoldLifted) apply(c *Case, _ *Event) {
	c.Holds = slices.DeleteFunc(c.Holds, func(h Hold) bool { return h.ID == d.Hold })
	if len(c.Holds) == 0 && c.Phase == AwaitingSealing {
		c.setAlarm(Alarm{Kind: sealingAlarm, At: max(c.KeepUntil, d.On-1).End()})
	}
}

func (SealingFellDue) apply(c *Case, _ *Event) { c.clearAlarm(sealingAlarm, 0) }

func (d CaseSealed) apply(c *Case, _ *Event) {
	c.SealedOn, c.SealingBy = d.On, ""
	if c.Phase != Void { // there never was such a case, sealed or not
		c.Phase = Sealed
	}
	c.close()
}

// startAfterCare sets the clean years and the follow-up on their way.
func (c *Case) startAfterCare(d CaseReleased) {
	if d.AfterCareEnd == 0 {
		c.close() // the oldest ledgers end with the release
		return
	}
	c.AfterCareEnd, c.Leaves = d.AfterCareEnd, nil
	c.setAlarm(Alarm{Kind: cleanYearsAlarm, At: d.AfterCareEnd.End()})
	c.Series = []Series{d.FollowUp}
}

func (d DynamicControlEnded) decided(*Case) Line {
	return Line{On: d.On, Citation: "DRR art.7", ZH: "登记解除动态管控", EN: "recorded the end of dynamic control"}
}

func (d HoldPlaced) decided(*Case) Line {
	return Line{On: d.On, ZH: "暂缓封存", EN: "placed a hold on the record: " + string(d.Reason)}
}

func (d HoldReviewed) decided(*Case) Line {
	return Line{On: d.On, Of: fmt.Sprintf("hold-%d", d.Hold), ZH: "复核暂缓封存", EN: "reviewed the hold and kept it"}
}

func (d HoldLifted) decided(*Case) Line {
	return Line{On: d.On, Of: fmt.Sprintf("hold-%d", d.Hold), ZH: "解除暂缓封存", EN: "lifted the hold"}
}

func (d CaseSealed) decided(*Case) Line {
	return Line{On: d.On, ZH: "封存", EN: "sealed the record"}
}
