package rehab

import (
	"fmt"
	"slices"
)

// After the release the case lives on: dynamic control ends after three clean years, by
// a decision of the police (DRR art.7). Then the record is sealed, unless a hold keeps it
// readable.

// The duties of after-care. None is the client's to do: whoever was released owes nothing.
const (
	FollowUpDuty       Kind = "follow_up"                // the worker looks after the client now and then
	DynamicControlDuty Kind = "dynamic_control_decision" // to obtain the police's decision on the end of dynamic control
	HoldReviewDuty     Kind = "hold_review"              // is the hold on the record still needed
	SealingDuty        Kind = "sealing"                  // the day has come: a person seals the record
)

// The alarms of after-care: three clean years are over; the record has been kept long enough.
const (
	cleanYearsAlarm AlarmKind = "clean_years"
	sealingAlarm    AlarmKind = "sealing"
)

type (
	cleanYears   struct{}
	sealing      struct{}
	afterCareWhy struct{}
)

func (cleanYears) name() AlarmKind { return cleanYearsAlarm }
func (sealing) name() AlarmKind    { return sealingAlarm }

func afterCareTopic() topic {
	return topic{
		subject: "release",
		commands: []CommandSpec{
			command[EndDynamicControl]("登记动态管控解除", "Record the police's decision to end dynamic control after three clean years", by(offices), settles(DynamicControlDuty), afterRelease),
			command[CloseAfterCare]("提前结束巩固期", "End after-care: the client died or is under a new measure", by(offices), reason, afterRelease, example(`{"ground":"death"}`)),
			command[PlaceHold]("暂缓封存", "Keep the record from being sealed, and say by whose order", by(offices), reason, afterRelease, example(`{"reason":"audit"}`)),
			command[ReviewHold]("复核暂缓事由", "Say that a hold is still needed", by(offices), reason, settles(HoldReviewDuty), afterRelease, example(`{"hold":1}`)),
			command[LiftHold]("解除暂缓", "Lift a hold", by(authorities), reason, afterRelease, example(`{"hold":1}`)),
			command[Seal]("封存档案", "Seal the record: one person proposes it, the same command of another closes the case for good", by(authorities), settles(SealingDuty), afterRelease),
		},
		events: []eventKind{
			eventOf[AfterCareRestarted](), eventOf[CleanYearsPassed](), eventOf[DynamicControlEnded](),
			eventOf[HoldPlaced](), eventOf[HoldReviewed](), eventOf[HoldLifted](), eventOf[SealingFellDue](), eventOf[SealingProposed](), eventOf[CaseSealed](),
		},
		duties: []duty{
			{kind: FollowUpDuty, zh: "回访", en: "follow-up contact", recurring: true, mark: func(p *Policy) Mark { return p.FollowUp.Every.Mark }},
			{kind: DynamicControlDuty, zh: "动态管控解除", en: "decision on the end of dynamic control", limit: func(p *Policy) *Limit { return &p.DynamicControlDecision }},
			{kind: HoldReviewDuty, zh: "复核暂缓封存", en: "review of the hold on the record", limit: func(p *Policy) *Limit { return &p.HoldReview }},
			{kind: SealingDuty, zh: "档案封存", en: "sealing of the record", limit: func(p *Policy) *Limit { return &p.Sealing }},
		},
		alarms: []alarmKind{cleanYears{}, sealing{}},
		why:    afterCareWhy{},
	}
}

// Hold keeps the record from being sealed. ID is the sequence of its event.
type Hold struct {
	ID     int64      `json:"id"`
	On     Date       `json:"on"`
	Reason HoldReason `json:"reason"`
}

// HoldReason is why a record must stay readable.
type HoldReason string

// The reasons of a hold.
const (
	Litigation HoldReason = "litigation"
	Petition   HoldReason = "petition" // a complaint or petition that is being looked into
	Audit      HoldReason = "audit"
	Inquiry    HoldReason = "inquiry" // of a supervisory or judicial organ
)

var holdReasons = codes[HoldReason]{
	{Litigation, "诉讼", "litigation"},
	{Petition, "投诉、信访", "complaint or petition"},
	{Audit, "审计", "audit"},
	{Inquiry, "监察、司法调查", "inquiry"},
}

// The grounds on which after-care ends without a decision of the police on three clean years.
const NewMeasure Ground = "new_measure" // a new order was served: the new case goes on

// EndDynamicControl records the decision of the police of the day of OccurredAt.
type EndDynamicControl struct{}

// CloseAfterCare ends after-care on the day of OccurredAt: death, or a new measure.
type CloseAfterCare struct {
	Ground Ground `json:"ground"`
}

// PlaceHold keeps the record from being sealed; by whose order is the command's text.
type PlaceHold struct {
	Reason HoldReason `json:"reason"`
}

// ReviewHold says that a hold is still needed.
type ReviewHold struct {
	Hold int64 `json:"hold"`
}

// LiftHold ends a hold.
type LiftHold struct {
	Hold int64 `json:"hold"`
}

// Seal is a named person's word that the record is to be sealed from the day of OccurredAt: the
// first proposes it, and that of another person seals it.
type Seal struct{}

func (EndDynamicControl) CommandType() string { return "end-dynamic-control" }
func (CloseAfterCare) CommandType() string    { return "close-after-care" }
func (PlaceHold) CommandType() string         { return "place-hold" }
func (ReviewHold) CommandType() string        { return "review-hold" }
func (LiftHold) CommandType() string          { return "lift-hold" }
func (Seal) CommandType() string              { return "seal" }

func (EndDynamicControl) check() *Error { return nil }
func (b CloseAfterCare) check() *Error  { return notOneOf("ground", b.Ground, Death, NewMeasure) }
func (b PlaceHold) check() *Error {
	return holdReasons.check("reason", b.Reason)
}
func (b ReviewHold) check() *Error { return checkHold(b.Hold) }
func (b LiftHold) check() *Error   { return checkHold(b.Hold) }
func (Seal) check() *Error         { return nil }

func checkHold(id int64) *Error {
	if id < 1 {
		return missing("hold")
	}
	return nil
}

// admitAfterRelease refuses what only a measure under way takes.
func (c *Case) admitAfterRelease(body CommandBody) *Error {
	switch c.Phase {
	case Sealed:
		return refuse("", "DRR art.7", "the record was sealed on %s", c.SealedOn)
	case Released, AwaitingSealing:
		if !specOf(body).AfterRelease || c.AfterCareEnd == 0 {
			return refuse("", "DRR art.23", "the measure was ended by the release of %s", c.ReleasedOn)
		}
	}
	return nil
}

// voidClientDuties voids what the client owed. What the offices owe goes on after the release.
func (d *decision) voidClientDuties() {
	d.voidWhere(Kind.owedByClient)
}

// cleanYearsEnd is the last of the clean years. They count from the day of the notice, or from
// the start of execution, and anew from the latest relapse; they are not over before the
// notice is out.
func (d *decision) cleanYearsEnd(notice Date) (from, end Date) {
	from = notice
	if d.env.Policy.CleanYearsFrom.Rule == FromExecution {
		from = d.c.ReportedOn
	}
	from = max(from, d.c.Counters.LastRelapse)
	return from, max(notice, d.env.Policy.AfterCare.After(from, d.env.Calendar))
}

// afterCare is what a release brings: the clean years and the follow-up.
func (d *decision) afterCare(on Date) (end Date, followUp Series) {
	_, end = d.cleanYearsEnd(on)
	d.c.AfterCareEnd = end // the windows of this very after-care are cut by it
	followUp = Series{Kind: FollowUpDuty, Anchor: on}
	if w, ok := d.window(followUp, 1); ok {
		followUp.Next = w.opens
	}
	return end, followUp
}

// relapsed counts the clean years anew from the latest use, and asks the police nothing
// any more before. A relapse older than that, or than the release, moves nothing (DRR art.7).
func (d *decision) relapsed(on Date) {
	if d.c.Phase != Released {
		return
	}
	end := d.env.Policy.AfterCare.After(on, d.env.Calendar)
	if end <= d.c.AfterCareEnd {
		return // a later relapse counts, or the years from the release last longer
	}
	d.emit(AfterCareRestarted{on, end})
	if duty := d.first(DynamicControlDuty); duty != nil {
		d.emit(ObligationSuperseded{duty.ID})
		d.settle(DynamicControlDuty, BySupersession)
	}
}

// cleanAgain counts the clean years from what is left when a relapse turned out to be none:
// the release, or the latest relapse after it.
func (d *decision) cleanAgain() {
	if d.c.Phase != Released {
		return
	}
	if from, end := d.cleanYearsEnd(d.c.ReleasedOn); end < d.c.AfterCareEnd {
		d.emit(AfterCareRestarted{from, end})
	}
}

func (cleanYears) ring(d *decision, _ Alarm) {
	d.emit(CleanYearsPassed{d.c.AfterCareEnd})
	d.obligeWithin(DynamicControlDuty, d.c.AfterCareEnd)
}

func (sealing) ring(d *decision, _ Alarm) {
	d.emit(SealingFellDue{})
	d.obligeWithin(SealingDuty, DateOf(d.occurred))
}

func (EndDynamicControl) decide(d *decision, on Date) *Error {
	switch {
	case d.c.Phase != Released:
		return refuse("", "DRR art.7", "dynamic control has ended")
	case d.first(DynamicControlDuty) == nil:
		return refuse("", "DRR art.7", "three clean years are over after %s; the police decide then", d.c.AfterCareEnd)
	case len(d.c.Pending) > 0:
		return refuse("", "DRR art.7", "the positive of %s is not settled: three clean years are not established", d.c.Pending[0].On)
	case on <= d.c.AfterCareEnd:
		return refuse("occurred_at", "DRR art.7", "%s lies before the end of the clean years on %s", on, d.c.AfterCareEnd)
	}
	duty := *d.first(DynamicControlDuty)
	d.meet(duty, on)
	d.endDynamicControl(on, NoGround)
	return nil
}

func (b CloseAfterCare) decide(d *decision, on Date) *Error {
	switch {
	case d.c.Phase != Released:
		return refuse("", "DRR art.7", "after-care is not under way: the case is %s", d.c.Phase)
	case on < d.c.ReleasedOn:
		return refuse("occurred_at", "DRR art.7", "%s lies before the release of %s", on, d.c.ReleasedOn)
	}
	d.endDynamicControl(on, b.Ground)
	return nil
}

func (d *decision) endDynamicControl(on Date, g Ground) {
	d.voidWhere(func(k Kind) bool { return k != HoldReviewDuty })
	d.emit(DynamicControlEnded{on, g, d.env.Policy.KeepRecord.After(on, d.env.Calendar)})
}

func (b PlaceHold) decide(d *decision, on Date) *Error {
	d.emit(HoldPlaced{on, b.Reason})
	if duty := d.first(SealingDuty); duty != nil {
		d.emit(ObligationSuperseded{duty.ID})
		d.settle(SealingDuty, BySupersession)
	}
	if d.first(HoldReviewDuty) == nil {
		d.obligeWithin(HoldReviewDuty, d.env.Today())
	}
	return nil
}

func (d *decision) findHold(id int64) *Error {
	if slices.ContainsFunc(d.c.Holds, func(h Hold) bool { return h.ID == id }) {
		return nil
	}
	return &Error{Code: NotFound, Field: "hold", Message: "the record has no such hold"}
}

func (b ReviewHold) decide(d *decision, on Date) *Error {
	if err := d.findHold(b.Hold); err != nil {
		return err
	}
	d.emit(HoldReviewed{b.Hold, on})
	if duty := d.first(HoldReviewDuty); duty != nil {
		d.meet(*duty, on)
	}
	d.obligeWithin(HoldReviewDuty, d.env.Today())
	return nil
}

func (b LiftHold) decide(d *decision, on Date) *Error {
	if err := d.findHold(b.Hold); err != nil {
		return err
	}
	d.emit(HoldLifted{b.Hold, on})
	if duty := d.first(HoldReviewDuty); duty != nil && len(d.c.Holds) == 0 {
		d.meet(*duty, on)
	}
	return nil
}

func (afterCareWhy) explain(c *Case, _ Env, x *Explanation) {
	if c.Phase == Released && c.AfterCareEnd != 0 && c.first(DynamicControlDuty) == nil {
		x.Next = append(x.Next, Line{
			Code: "clean_years_end", On: c.AfterCareEnd, Citation: "DRR art.7", Mark: Law,
			ZH: fmt.Sprintf("三年未复吸期至%s，之后由公安机关决定解除动态管控", c.AfterCareEnd),
			EN: fmt.Sprintf("three clean years run until %s; then the police decide on the end of dynamic control", c.AfterCareEnd),
		})
	}
	for _, h := range c.Holds {
		x.Waiting = append(x.Waiting, Line{
			Code: "hold", On: h.On, Of: fmt.Sprintf("hold-%d", h.ID), Citation: "PIPL art.47",
			ZH: fmt.Sprintf("自%s起保留档案，暂不封存（%s）", h.On, holdReasons.zh(h.Reason)), EN: fmt.Sprintf("a hold of %s keeps the record from being sealed (%s)", h.On, h.Reason),
		})
	}
	if c.SealingBy != "" {
		x.Waiting = append(x.Waiting, Line{
			Code: "sealing_proposed", Citation: "PIPL art.47", Mark: Design,
			ZH: "已提请封存档案，待另一人确认", EN: "the sealing of the record was proposed: another person confirms it",
		})
	}
	if c.Phase == AwaitingSealing && len(c.Holds) == 0 {
		x.Next = append(x.Next, Line{
			Code: "sealing", On: c.KeepUntil, Mark: Design,
			ZH: fmt.Sprintf("档案保留至%s，之后由专人封存", c.KeepUntil), EN: fmt.Sprintf("the record is kept until %s; then a person seals it", c.KeepUntil),
		})
	}
}
