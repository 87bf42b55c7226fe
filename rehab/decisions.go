package rehab

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Decision is what a person decided about the case. Seq is the sequence of its event, so
// that it can be looked up in the history; Policy is the version in force for the case
// at that moment. Of names the obligation, escalation or leave it is about.
type Decision struct {
	Seq int64 `json:"seq"`
	Line
	By         Actor     `json:"by"`
	OccurredAt time.Time `json:"occurred_at"`
	RecordedAt time.Time `json:"recorded_at"`
	Command    string    `json:"command,omitempty"` // its texts are kept under this id
	Policy     PolicyRef `json:"policy"`
}

// decided is an event by which a person decides, as against one that only keeps a fact.
// The line says what was decided; before is the case as it stood then.
type decided interface {
	decided(before *Case) Line
}

// Decisions finds the last n decisions in the history of a case, the latest first. What
// was taken back is none.
func Decisions(history []Event, n int) []Decision {
	var out []Decision
	c, h := &Case{}, History{Events: history}
	for _, l := range h.lived() {
		e := l.Event
		d, ok := e.Data.(decided)
		if !ok {
			c.Apply(e)
			continue
		}
		line := d.decided(c)
		under := c.Policy
		c.Apply(e)
		if under == (PolicyRef{}) {
			under = c.Policy
		}
		if line.Code == "" {
			line.Code = e.Data.EventType()
		}
		if line.On == 0 {
			line.On = DateOf(e.OccurredAt)
		}
		out = append(out, Decision{l.at, line, e.Actor, e.OccurredAt, e.RecordedAt, e.Command, under})
	}
	slices.SortFunc(out, func(a, b Decision) int { return cmp.Compare(b.Seq, a.Seq) })
	return out[:min(n, len(out))]
}

func (d CaseOpened) decided(*Case) Line {
	return Line{Citation: "NCL art.33; DRR art.13", ZH: fmt.Sprintf("立案,适用政策%s", d.Policy), EN: fmt.Sprintf("opened the case under policy %s", d.Policy)}
}

func (d MissConfirmed) decided(before *Case) Line {
	l := about(before, d.ID, "确认%s(%s)逾期", "confirmed that %s (%s) was missed")
	switch {
	case d.Ground == DeemedRefusal && !d.ID.Kind.ofReport():
		l.ZH, l.EN, l.Citation = l.ZH+",视为拒绝", l.EN+": deemed refusal", refusalCite(d.ID.Kind)
	case d.Ground == Overdue:
		l.ZH, l.EN, l.Citation = l.ZH+",是否属于拒绝接受社区康复由人认定", l.EN+": a person decides whether it is a refusal", overdueCite(d.ID.Kind)
	case d.Counts:
		l.ZH, l.EN, l.Citation = l.ZH+",计入逃避检测", l.EN+": it counts as evading a test", "DRR art.20"
	}
	return l
}

func (d MissDismissed) decided(before *Case) Line {
	return about(before, d.ID, "排除%s(%s)逾期", "found that %s (%s) was not missed")
}

func (d MissJustified) decided(before *Case) Line {
	l := about(before, d.ID, "认定%s(%s)有正当理由", "accepted a justified reason for %s (%s)")
	l.Citation = "DRR art.14"
	if d.Until != 0 {
		l.ZH, l.EN = fmt.Sprintf("%s,期限改至%s", l.ZH, d.Until), fmt.Sprintf("%s: the new last day is %s", l.EN, d.Until)
	}
	return l
}

// about is a line about an obligation of the case.
func about(c *Case, id ObligationID, zh, en string) Line {
	nameZH, nameEN := kindName(id.Kind)
	l := Line{Of: id.String(), ZH: fmt.Sprintf(zh, nameZH, id), EN: fmt.Sprintf(en, nameEN, id)}
	if o := c.Obligation(id); o != nil {
		l.Citation = o.Citation
	}
	return l
}

func (d EscalationAcknowledged) decided(before *Case) Line {
	over := ""
	if esc := before.Escalation(d.ID); esc != nil {
		over = esc.Obligation.String()
	}
	return Line{Of: fmt.Sprintf("escalation-%d", d.ID), ZH: fmt.Sprintf("签收%s的预警,承诺于%s前办结", over, d.Promise),
		EN: fmt.Sprintf("answered for the escalation over %s and promised by %s", over, d.Promise)}
}

func (d RiskChanged) decided(*Case) Line {
	return Line{On: d.On, ZH: fmt.Sprintf("风险等级由%s改为%s", d.From, d.To), EN: fmt.Sprintf("changed the risk class from %s to %s", d.From, d.To)}
}

func (d WorkerAssigned) decided(*Case) Line {
	return Line{Citation: "DRR art.17", ZH: "指派禁毒专职社工" + d.Worker, EN: "gave the case to worker " + d.Worker}
}

func (d LeavingRecorded) decided(*Case) Line {
	return Line{Citation: "DRR art.19, 20", ZH: fmt.Sprintf("认定%s至%s擅自离开", d.From, d.To), EN: fmt.Sprintf("found an unauthorised leaving from %s to %s", d.From, d.To)}
}

func (d ReleaseFileSubmitted) decided(*Case) Line {
	return Line{On: d.On, Citation: "DRR art.23", ZH: "已报送解除材料", EN: "sent the release file to the police"}
}

func (d CaseReleased) decided(*Case) Line {
	return Line{On: d.On, Citation: "DRR art.23, 40", ZH: "登记解除通知书,结案", EN: "recorded the notice of release and closed the case"}
}

func (d CaseSuspended) decided(*Case) Line {
	return Line{On: d.On, Citation: "DRR art.24", ZH: "中止", EN: "suspended the measure: " + string(d.Ground)}
}

func (d CaseResumed) decided(*Case) Line {
	return Line{On: d.On, Citation: "DRR art.24", ZH: fmt.Sprintf("继续执行,期限顺延%d日", d.Days), EN: fmt.Sprintf("resumed the measure: every later day moves by %d days", d.Days)}
}

func (d LeaveDecided) decided(*Case) Line {
	l := Line{Of: fmt.Sprintf("leave-%d", d.Leave), Citation: "DRR art.19", ZH: "不批准请假", EN: "refused the leave"}
	if d.Approved {
		l.ZH, l.EN = "批准请假", "approved the leave"
	}
	return l
}

func (d LeaveExtended) decided(*Case) Line {
	return Line{Of: fmt.Sprintf("leave-%d", d.Leave), Citation: "DRR art.19", ZH: fmt.Sprintf("续假至%s", d.To), EN: fmt.Sprintf("extended the leave until %s", d.To)}
}
