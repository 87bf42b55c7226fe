package rehab

import (
	"fmt"
	"slices"
)

// WorkReferralDuty is the worker's to refer a client who wants work to human resources
// (NCL art.34); ReferralReplyDuty to have the agency's answer.
const (
	WorkReferralDuty  Kind = "work_referral"
	ReferralReplyDuty Kind = "referral_reply"
)

func referralTopic() topic {
	return topic{
		subject: "help",
		commands: []CommandSpec{
			command[ChangeWorkIntent]("登记就业意愿", "Say whether the client wants work", by(everyone), afterRelease, example(`{"employment_intent":true}`)),
			command[Refer]("转介", "Refer the client to an agency", by(everyone), settles(WorkReferralDuty), afterRelease, example(`{"agency":"human_resources","kind":"job"}`)),
			command[RecordReferralReply]("登记转介答复", "Record the agency's answer to a referral", by(everyone), settles(ReferralReplyDuty), afterRelease, example(`{"referral":1,"reply":"declined","reason":"no_vacancy"}`)),
			command[WithdrawReferral]("撤回转介", "Take a referral back, and why", by(everyone), reason, afterRelease, example(`{"referral":1}`)),
		},
		events: []eventKind{eventOf[WorkIntentChanged](), eventOf[ReferralMade](), eventOf[ReferralReplied](), eventOf[ReferralWithdrawn]()},
		duties: []duty{
			{kind: WorkReferralDuty, zh: "向人力社保部门转介", en: "referral of a client who wants work", limit: func(p *Policy) *Limit { return &p.WorkReferral }},
			{kind: ReferralReplyDuty, zh: "转介答复", en: "reply to a referral", limit: func(p *Policy) *Limit { return &p.ReferralReply }},
		},
	}
}

// Agency is whom a client is referred to.
type Agency string

// The agencies.
const (
	HumanResources Agency = "human_resources" // 人力社保
	CivilAffairs   Agency = "civil_affairs"   // 民政
	Medical        Agency = "medical"         // 医疗机构
	Psychological  Agency = "psychological"   // 心理服务机构
)

// ReferralKind is what a client is referred for.
type ReferralKind string

// Agencies lists whom a client can be referred to.
func Agencies() []Agency { return agencies.values() }

var agencies = codes[Agency]{
	{HumanResources, "人力社保", "human resources"},
	{CivilAffairs, "民政", "civil affairs"},
	{Medical, "医疗机构", "medical institution"},
	{Psychological, "心理服务机构", "psychological service"},
}

// ReferralKinds lists what the agency can be asked for; nil for an agency that there is not.
func ReferralKinds(a Agency) []ReferralKind { return referralKinds(a).values() }

func referralKinds(agencies ...Agency) (out codes[ReferralKind]) {
	for _, a := range agencies {
		out = append(out, referralKindsOf[a]...)
	}
	return out
}

var referralKindsOf = map[Agency]codes[ReferralKind]{
	HumanResources: {{"job", "就业", "job"}, {"skills_training", "技能培训", "skills training"}},
	CivilAffairs:   {{"social_assistance", "社会救助", "social assistance"}, {"temporary_aid", "临时救助", "temporary aid"}, {"housing", "住房", "housing"}},
	Medical:        {{"treatment", "治疗", "treatment"}, {"maintenance_therapy", "药物维持治疗", "maintenance therapy"}},
	Psychological:  {{"counselling", "心理辅导", "counselling"}},
}

// ReferralState is how a referral stands.
type ReferralState string

// The states. WaitsForReply and WaitingList are open: an answer is due by a day.
const (
	WaitsForReply     ReferralState = "waits_for_reply"
	WaitingList       ReferralState = "waiting_list"
	ReferralAccepted  ReferralState = "accepted"
	ReferralDeclined  ReferralState = "declined"
	ReferralPlaced    ReferralState = "placed" // accepted, and it led to a placement
	ReferralCancelled ReferralState = "withdrawn"
)

// ReferralStates lists them.
func ReferralStates() []ReferralState { return referralStates.values() }

var referralStates = codes[ReferralState]{
	{WaitsForReply, "待答复", "waits for a reply"},
	{WaitingList, "排队等候", "on a waiting list"},
	{ReferralAccepted, "已接受", "accepted"},
	{ReferralDeclined, "未接受", "declined"},
	{ReferralPlaced, "已安置", "placed"},
	{ReferralCancelled, "已撤回", "withdrawn"},
}

// DeclineReason is why an agency declined.
type DeclineReason string

// DeclineReasons lists them.
func DeclineReasons() []DeclineReason { return declineReasons.values() }

var declineReasons = codes[DeclineReason]{
	{"not_eligible", "不符合条件", "not eligible"},
	{"no_vacancy", "无名额", "no vacancy"},
	{"no_funds", "无经费", "no funds"},
	{"not_responsible", "不属其职责", "not responsible"},
	{"client_did_not_come", "本人未到", "the client did not come"},
	{"other", "其他", "other"},
}

// Referral of the client to an agency. ID is the sequence of its event; ReplyBy the day by
// which the agency answers, while it owes an answer.
type Referral struct {
	ID        int64         `json:"id"`
	Agency    Agency        `json:"agency"`
	Kind      ReferralKind  `json:"kind"`
	State     ReferralState `json:"state"`
	On        Date          `json:"on"`
	ReplyBy   Date          `json:"reply_by,omitzero"`
	RepliedOn Date          `json:"replied_on,omitzero"`
	Reason    DeclineReason `json:"reason,omitempty"`
}

// IsOpen reports whether the agency still owes an answer.
func (r *Referral) IsOpen() bool { return r.State == WaitsForReply || r.State == WaitingList }

// ChangeWorkIntent says whether the client wants work, from the day of OccurredAt.
type ChangeWorkIntent struct {
	Wants bool `json:"employment_intent"`
}

// Refer refers the client to the agency on the day of OccurredAt.
type Refer struct {
	Agency Agency       `json:"agency"`
	Kind   ReferralKind `json:"kind"`
}

// RecordReferralReply is the agency's answer: ReferralAccepted, ReferralDeclined with its
// reason, or WaitingList, upon which another answer is due later.
type RecordReferralReply struct {
	Referral int64         `json:"referral"`
	Reply    ReferralState `json:"reply"`
	Reason   DeclineReason `json:"reason,omitempty"`
}

// WithdrawReferral takes a referral back before it led to anything; why is the command's text.
type WithdrawReferral struct {
	Referral int64 `json:"referral"`
}

func (ChangeWorkIntent) CommandType() string    { return "change-work-intent" }
func (Refer) CommandType() string               { return "refer" }
func (RecordReferralReply) CommandType() string { return "record-referral-reply" }
func (WithdrawReferral) CommandType() string    { return "withdraw-referral" }

func (ChangeWorkIntent) check() *Error { return nil }

func (b Refer) check() *Error {
	if err := agencies.check("agency", b.Agency); err != nil {
		return err
	}
	return referralKindsOf[b.Agency].check("kind", b.Kind)
}

func (b RecordReferralReply) check() *Error {
	if b.Referral < 1 {
		return missing("referral")
	}
	if err := notOneOf("reply", b.Reply, ReferralAccepted, ReferralDeclined, WaitingList); err != nil {
		return err
	}
	if b.Reply == ReferralDeclined {
		return declineReasons.check("reason", b.Reason)
	}
	if b.Reason != "" {
		return InvalidField("reason", "belongs to a referral that was declined")
	}
	return nil
}

func (b WithdrawReferral) check() *Error {
	if b.Referral < 1 {
		return missing("referral")
	}
	return nil
}

// WorkIntentChanged is the client's word on work.
type WorkIntentChanged struct {
	On    Date `json:"on"`
	Wants bool `json:"employment_intent"`
}

// ReferralMade is a referral. ReplyBy is the day by which the agency answers.
type ReferralMade struct {
	On      Date         `json:"on"`
	Agency  Agency       `json:"agency"`
	Kind    ReferralKind `json:"kind"`
	ReplyBy Date         `json:"reply_by"`
}

// ReferralReplied is the agency's answer. ReplyBy is when a client on the waiting list
// hears more.
type ReferralReplied struct {
	On       Date          `json:"on"`
	Referral int64         `json:"referral"`
	Reply    ReferralState `json:"reply"`
	Reason   DeclineReason `json:"reason,omitempty"`
	ReplyBy  Date          `json:"reply_by,omitzero"`
}

// ReferralWithdrawn takes a referral back.
type ReferralWithdrawn struct {
	On       Date  `json:"on"`
	Referral int64 `json:"referral"`
}

func (WorkIntentChanged) EventType() string { return "work_intent_changed" }
func (ReferralMade) EventType() string      { return "referral_made" }
func (ReferralReplied) EventType() string   { return "referral_replied" }
func (ReferralWithdrawn) EventType() string { return "referral_withdrawn" }

func (d WorkIntentChanged) apply(c *Case, _ *Event) { c.WantsWork = d.Wants }

func (d ReferralMade) apply(c *Case, e *Event) {
	c.Help.Referrals = append(c.Help.Referrals, Referral{ID: e.Seq, Agency: d.Agency, Kind: d.Kind, State: WaitsForReply, On: d.On, ReplyBy: d.ReplyBy})
}

func (d ReferralReplied) apply(c *Case, _ *Event) {
	r := c.Help.referral(d.Referral)
	r.State, r.RepliedOn, r.Reason, r.ReplyBy = d.Reply, d.On, d.Reason, d.ReplyBy
}

func (d ReferralWithdrawn) apply(c *Case, _ *Event) {
	r := c.Help.referral(d.Referral)
	r.State, r.ReplyBy = ReferralCancelled, 0
}

func (h *Help) referral(id int64) *Referral {
	for i := range h.Referrals {
		if h.Referrals[i].ID == id {
			return &h.Referrals[i]
		}
	}
	return nil
}

// maxReferrals and maxPlacements of one case are more than any life has seen.
const (
	maxReferrals  = 200
	maxPlacements = 200
)

func (b Refer) decide(d *decision, on Date) *Error {
	limit := d.env.Policy.ReferralReply
	switch {
	case len(d.c.Help.Referrals) >= maxReferrals:
		return refuse("", "", "a case has at most %d referrals", maxReferrals)
	case slices.ContainsFunc(d.c.Help.Referrals, func(r Referral) bool { return r.IsOpen() && r.Agency == b.Agency && r.Kind == b.Kind }):
		return refuse("kind", limit.Cite, "the same was asked of this agency already and is not answered")
	}
	by := limit.After(on, d.env.Calendar)
	d.emit(ReferralMade{on, b.Agency, b.Kind, by})
	d.obligeHelp(ReferralReplyDuty, on, on, limit, d.c.Seq)
	if b.Agency == HumanResources {
		if duty := d.first(WorkReferralDuty); duty != nil {
			d.meet(*duty, on)
		}
	}
	return nil
}

// decide takes the client's word: who does not want work any more is not referred.
func (b ChangeWorkIntent) decide(d *decision, on Date) *Error {
	if d.c.WantsWork == b.Wants {
		return refuse("employment_intent", "", "this is known already")
	}
	d.emit(WorkIntentChanged{on, b.Wants})
	if !b.Wants {
		d.supersede(WorkReferralDuty, 0)
	} else if d.c.AgreementOn != 0 {
		d.obligeWorkReferral(d.env.Today())
	}
	return nil
}

// obligeWorkReferral makes a referral of a client who wants work due within the limit
// from the day, where there was none yet and the client is in no job.
func (d *decision) obligeWorkReferral(from Date) {
	asked := slices.ContainsFunc(d.c.Help.Referrals, func(r Referral) bool {
		return r.Agency == HumanResources && (r.IsOpen() || r.State == ReferralAccepted || r.State == ReferralPlaced)
	})
	if d.c.WantsWork && !asked && !d.c.Help.InWork() && d.first(WorkReferralDuty) == nil {
		d.obligeHelp(WorkReferralDuty, min(from, d.env.Today()), from, d.env.Policy.WorkReferral, 0)
	}
}

// decide takes the answer. A waiting list is one, and makes the next one due; a yes makes
// the outcome due.
func (b RecordReferralReply) decide(d *decision, on Date) *Error {
	r, err := d.openReferral(b.Referral, on)
	if err != nil {
		return err
	}
	e := ReferralReplied{On: on, Referral: r.ID, Reply: b.Reply, Reason: b.Reason}
	if b.Reply == WaitingList {
		e.ReplyBy = d.env.Policy.ReferralWaiting.After(on, d.env.Calendar)
	}
	d.emit(e)
	if duty := d.aboutSame(ReferralReplyDuty, r.ID); duty != nil {
		d.meet(*duty, on)
	}
	switch b.Reply {
	case WaitingList:
		d.obligeHelp(ReferralReplyDuty, on, on, d.env.Policy.ReferralWaiting, r.ID)
	case ReferralAccepted:
		d.obligeHelp(PlacementDuty, on, on, d.env.Policy.Placement, r.ID)
	}
	return nil
}

func (b WithdrawReferral) decide(d *decision, on Date) *Error {
	r := d.c.Help.referral(b.Referral)
	switch {
	case r == nil:
		return noReferral()
	case !r.IsOpen() && r.State != ReferralAccepted:
		return refuse("referral", "", "the referral is %s", r.State)
	case on < r.On:
		return refuse("occurred_at", "", "%s lies before the referral of %s", on, r.On)
	}
	d.emit(ReferralWithdrawn{on, b.Referral})
	d.supersede(ReferralReplyDuty, b.Referral)
	d.supersede(PlacementDuty, b.Referral)
	return nil
}

func (d *decision) openReferral(id int64, on Date) (Referral, *Error) {
	r := d.c.Help.referral(id)
	switch {
	case r == nil:
		return Referral{}, noReferral()
	case !r.IsOpen():
		return *r, refuse("referral", "", "the referral is %s", r.State)
	case on < max(r.On, r.RepliedOn):
		return *r, refuse("occurred_at", "", "%s lies before what is known of the referral, of %s", on, max(r.On, r.RepliedOn))
	}
	return *r, nil
}

func noReferral() *Error {
	return &Error{Code: NotFound, Field: "referral", Message: "the case has no such referral"}
}

func agencyZH(a Agency) string {
	switch a {
	case HumanResources:
		return "人力社保部门"
	case CivilAffairs:
		return "民政部门"
	case Medical:
		return "医疗机构"
	}
	return "心理服务机构"
}

func (d ReferralReplied) decided(before *Case) Line {
	agency := before.Help.referral(d.Referral).Agency
	return Line{On: d.On, Of: fmt.Sprintf("referral-%d", d.Referral),
		ZH: fmt.Sprintf("登记%s对转介的答复：%s", agencyZH(agency), referralStates.zh(d.Reply)), EN: fmt.Sprintf("recorded the answer of %s to the referral: %s", agency, d.Reply)}
}
