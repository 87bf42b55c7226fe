package rehab

import "fmt"

type outreachWhy struct{}

func (outreachWhy) explain(c *Case, env Env, x *Explanation) {
	o, p := &c.Outreach, &env.Policy.Outreach
	if !o.Active() {
		return
	}
	line := func(code string, on Date, s Source, zh, en string) Line {
		return Line{Code: code, On: on, Citation: s.Cite, Mark: s.Mark, ZH: zh, EN: en}
	}
	switch c.Engagement() {
	case LostContact:
		x.Waiting = append(x.Waiting, line("contact_lost", o.Lost, p.LostAfter.Source,
			fmt.Sprintf("已于%s确认脱失，有效联系即恢复", o.Lost), fmt.Sprintf("contact was confirmed as lost on %s; a contact that counts ends it", o.Lost)))
	case Stalled:
		x.Waiting = append(x.Waiting, line("engagement_stalled", o.StalledOn, p.StalledAfter.Source,
			fmt.Sprintf("自%s起联系受阻，已尝试%d次", o.StalledOn, o.Attempts), fmt.Sprintf("the engagement has stalled since %s, after %d attempts", o.StalledOn, o.Attempts)))
	}
	if c.outreachStep() != "" {
		x.Waiting = append(x.Waiting, line("outreach_step", o.StepOn, p.Source,
			fmt.Sprintf("自%s起主动联络，现为：%s，已尝试%d/%d次", o.Since, channelZH(o.Step), o.Tries, o.Needed),
			fmt.Sprintf("reaching out since %s; now %s: %d of %d attempts", o.Since, channelEN(o.Step), o.Tries, o.Needed)))
	}
	for _, a := range c.Alarms {
		switch on := DateOf(a.At) - 1; a.Kind {
		case stallAlarm:
			x.Next = append(x.Next, line("engagement_stalls", on, p.StalledAfter.Source,
				fmt.Sprintf("至%s仍无有效联系则为联系受阻，转请督导", on), fmt.Sprintf("without a contact by %s the engagement has stalled and is supervised", on)))
		case lossAlarm:
			x.Next = append(x.Next, line("contact_is_lost", on, p.LostAfter.Source,
				fmt.Sprintf("至%s仍无音讯则请人工核实是否脱失", on), fmt.Sprintf("without a sign by %s a person is asked whether contact is lost", on)))
		}
	}
}

func channelZH(c Channel) string {
	switch c {
	case Phone:
		return "电话"
	case SMS:
		return "短信"
	case Video:
		return "视频"
	case Talk:
		return "谈话"
	case HomeVisit:
		return "入户走访"
	case FamilyVisit:
		return "走访家属"
	case JointVisit:
		return "工作小组联合走访"
	}
	return string(c)
}

func channelEN(c Channel) string {
	switch c {
	case Phone:
		return "a call"
	case SMS:
		return "a message"
	case Video:
		return "a video call"
	case Talk:
		return "a talk"
	case HomeVisit:
		return "a home visit"
	case FamilyVisit:
		return "a visit to the family"
	case JointVisit:
		return "a joint visit with the working group"
	}
	return string(c)
}
