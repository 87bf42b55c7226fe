package rehab

import "fmt"

// WatchContactDuty is a contact beside those of the risk class, while the risk of relapse
// and overdose is higher.
const WatchContactDuty Kind = "watch_contact"

const watchAlarm AlarmKind = "risk_watch"

func watchTopic() topic {
	return topic{
		events: []eventKind{eventOf[RiskWatchOpened](), eventOf[RiskWatchEnded]()},
		duties: []duty{
			{kind: WatchContactDuty, zh: "风险期联系", en: "contact of the risk watch", limit: func(p *Policy) *Limit { return &p.WatchContact }},
		},
		alarms: []alarmKind{watchEnd{}},
		why:    watchWhy{},
	}
}

// WatchReason is why the risk is higher (docs/law.md).
type WatchReason string

// The reasons of a risk watch.
const (
	AfterCustody  WatchReason = "custody"
	AfterLoss     WatchReason = "loss_of_contact"
	AfterPositive WatchReason = "positive_test"
	AfterTherapy  WatchReason = "maintenance_stopped"

	AfterIsolation WatchReason = "isolation" // rehabilitation follows it (NCL art.48)
)

var watchReasons = codes[WatchReason]{
	{AfterCustody, "解除羁押", "release from custody"},
	{AfterLoss, "脱失后恢复联系", "contact after a loss"},
	{AfterPositive, "检测阳性", "positive test"},
	{AfterTherapy, "停止维持治疗", "maintenance therapy stopped"},
	{AfterIsolation, "强制隔离戒毒期满", "release from isolation"},
}

// RiskWatch is a time of higher risk of relapse and overdose. Until is its last day.
type RiskWatch struct {
	Reason WatchReason `json:"reason"`
	From   Date        `json:"from"`
	Until  Date        `json:"until"`
}

// RiskWatchOpened begins a risk watch, or prolongs the one that runs.
type RiskWatchOpened struct {
	Reason WatchReason `json:"reason"`
	On     Date        `json:"on"`
	Until  Date        `json:"until"`
}

// RiskWatchEnded ends it.
type RiskWatchEnded struct {
	On Date `json:"on"`
}

func (RiskWatchOpened) EventType() string { return "risk_watch_opened" }
func (RiskWatchEnded) EventType() string  { return "risk_watch_ended" }

func (RiskWatchOpened) tells() []Role { return []Role{WorkerRole} }

func (d RiskWatchOpened) apply(c *Case, _ *Event) {
	c.Watch = RiskWatch{d.Reason, d.On, d.Until}
	c.setAlarm(Alarm{Kind: watchAlarm, At: d.Until.End()})
}

func (RiskWatchEnded) apply(c *Case, _ *Event) {
	c.Watch = RiskWatch{}
	c.clearAlarm(watchAlarm, 0)
}

// openWatch begins from today: late news of a positive still has its time ahead.
func (d *decision) openWatch(why WatchReason) {
	from := d.env.Today()
	if was, ok := d.came(RiskWatchOpened{}.EventType()).(RiskWatchOpened); ok {
		from = was.On
	} else if d.again != nil && d.command != "" {
		from = max(from, DateOf(d.again.now))
	}
	d.watchFrom(why, from)
}

// watchFrom begins on the day, which may lie ahead or have passed.
func (d *decision) watchFrom(why WatchReason, from Date) {
	p, today := d.env.Policy, d.env.Today()
	until := p.RiskWatch.After(from, d.env.Calendar)
	if !d.c.reachable() || until < today {
		return
	}
	d.emit(RiskWatchOpened{why, from, until})
	if d.first(WatchContactDuty) == nil {
		d.obligeWatch(max(from, today), p.WatchContact)
	}
}

func (d *decision) obligeWatch(from Date, l Limit) {
	d.oblige(Obligation{ID: d.number(WatchContactDuty), Opens: from, Due: l.After(from, d.env.Calendar), From: from, Citation: l.Cite})
}

// watchedContact meets the contact of the watch and makes the next one due, while there
// is room for it.
func (d *decision) watchedContact(on Date) {
	if d.c.Watch.Until == 0 {
		return
	}
	duty := d.first(WatchContactDuty)
	if duty == nil || on < duty.Opens {
		return
	}
	d.meet(*duty, on)
	if l := d.env.Policy.WatchEvery; l.After(on, d.env.Calendar) <= d.c.Watch.Until {
		d.obligeWatch(on, l)
	}
}

func (d *decision) endWatch() {
	if d.c.Watch.Until != 0 {
		d.emit(RiskWatchEnded{DateOf(d.occurred)})
		d.void(BySupersession, WatchContactDuty)
	}
}

type watchWhy struct{}

func (watchWhy) explain(c *Case, env Env, x *Explanation) {
	if c.Watch.Until == 0 {
		return
	}
	zh := map[WatchReason]string{AfterCustody: "解除羁押后", AfterLoss: "失联恢复后", AfterPositive: "检测阳性后", AfterTherapy: "停止药物维持治疗后", AfterIsolation: "强制隔离戒毒出所后"}[c.Watch.Reason]
	en := map[WatchReason]string{AfterCustody: "after custody", AfterLoss: "after a loss of contact", AfterPositive: "after a positive test", AfterTherapy: "after the end of maintenance therapy", AfterIsolation: "after isolation"}[c.Watch.Reason]
	l := env.Policy.RiskWatch
	x.Waiting = append(x.Waiting, Line{Code: "risk_watch", On: c.Watch.From, Citation: l.Cite, Mark: l.Mark,
		ZH: fmt.Sprintf("%s复吸和用药过量风险较高，加密联系至%s", zh, c.Watch.Until), EN: fmt.Sprintf("the risk of relapse and overdose is higher %s: contacts are closer until %s", en, c.Watch.Until)})
	x.Next = append(x.Next, Line{Code: "risk_watch_ends", On: c.Watch.Until, Citation: l.Cite, Mark: l.Mark,
		ZH: fmt.Sprintf("%s风险期结束", c.Watch.Until), EN: fmt.Sprintf("the risk watch ends on %s", c.Watch.Until)})
}

// watchEnd is the alarm of a watch that has run its days.
type watchEnd struct{}

func (watchEnd) name() AlarmKind           { return watchAlarm }
func (watchEnd) ring(d *decision, _ Alarm) { d.endWatch() }
