package rehab

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Explanation says why a case is as it is and what happens next, each line with the
// article or the policy it rests on.
type Explanation struct {
	CaseID   string    `json:"case_id"`
	AsOf     time.Time `json:"as_of"`
	Phase    Phase     `json:"phase"`
	State    Line      `json:"state"`
	Waiting  []Line    `json:"waiting_for"` // what has to be done, overdue first
	Next     []Line    `json:"next"`        // what time brings, soonest first
	Counters []Line    `json:"counters"`    // against the thresholds of DRR art.20
	Policy   PolicyRef `json:"policy"`
	Warnings []Line    `json:"warnings,omitempty"`
}

// Line is one sentence in both languages.
type Line struct {
	Code     string `json:"code"`
	ZH       string `json:"zh"`
	EN       string `json:"en"`
	On       Date   `json:"on,omitzero"` // the day it is about, in Shanghai
	Of       string `json:"of,omitempty"`
	Citation string `json:"cite,omitempty"`
	Mark     Mark   `json:"mark,omitempty"` // how sure the number behind the line is
}

// Explain answers "why is it so, and what happens next" at env.Now. env holds the
// policy the case was signed under.
func (c *Case) Explain(env Env) Explanation {
	x := Explanation{CaseID: c.ID, AsOf: instant(env.Now), Phase: c.Phase, Policy: c.Policy, State: c.stateLine()}
	x.State.ZH = sentence(x.State.ZH)
	if !c.IsLive() {
		return x
	}
	for i := range c.Obligations {
		x.Waiting = append(x.Waiting, obligationLine(&c.Obligations[i], env.Policy))
	}
	for i := range c.Escalations {
		x.Waiting = append(x.Waiting, escalationLine(&c.Escalations[i]))
		x.Next = append(x.Next, climbLine(&c.Escalations[i])...)
	}
	x.Next = append(x.Next, c.nextLines(env)...)
	for _, t := range topicList {
		if t.why != nil {
			t.why.explain(c, env, &x)
		}
	}
	x.Counters = c.counterLines(env.Policy)
	x.Warnings = append(x.Warnings, c.calendarWarnings(env)...)
	for _, lines := range [][]Line{x.Waiting, x.Next, x.Counters, x.Warnings} {
		for i := range lines {
			lines[i].ZH = sentence(lines[i].ZH)
		}
	}
	slices.SortStableFunc(x.Next, func(a, b Line) int { return cmp.Compare(a.On, b.On) })
	return x
}

func (c *Case) stateLine() Line {
	switch c.Phase {
	case AwaitingReportIn:
		return Line{Code: "awaiting_report_in", On: c.ServedOn, Citation: "DRR art.13, 14",
			ZH: fmt.Sprintf("决定书已于%s送达，等待报到", c.ServedOn), EN: fmt.Sprintf("the order was served on %s; the client has not reported in", c.ServedOn)}
	case AwaitingAgreement:
		return Line{Code: "awaiting_agreement", On: c.ReportedOn, Citation: "DRR art.16",
			ZH: fmt.Sprintf("已于%s报到，协议尚未签订", c.ReportedOn), EN: fmt.Sprintf("reported in on %s; the agreement is not signed", c.ReportedOn)}
	case InExecution:
		return Line{Code: "in_execution", On: c.AgreementOn, Citation: "DRR art.16, 18",
			ZH: fmt.Sprintf("执行中，期限至%s", c.TermEnd), EN: fmt.Sprintf("in execution; the term ends on %s", c.TermEnd)}
	case TermEnded:
		return Line{Code: "term_ended", On: c.TermEnd, Citation: "DRR art.23",
			ZH: fmt.Sprintf("期限已于%s届满，等待解除通知书", c.TermEnd), EN: fmt.Sprintf("the term ended on %s; the notice of release is not out", c.TermEnd)}
	case Suspended:
		return Line{Code: "suspended", On: c.SuspendedOn, Citation: "DRR art.24",
			ZH: fmt.Sprintf("自%s起执行中止，期限以公安机关意见为准", c.SuspendedOn), EN: fmt.Sprintf("suspended since %s; the clock stands still", c.SuspendedOn)}
	case Terminated:
		return c.endLine()
	case AwaitingSealing:
		return Line{Code: "awaiting_sealing", On: c.KeepUntil, Citation: "DRR art.7",
			ZH: fmt.Sprintf("动态管控已解除，档案保留至%s", c.KeepUntil), EN: fmt.Sprintf("dynamic control has ended; the record is kept until %s", c.KeepUntil)}
	case Sealed:
		return Line{Code: "sealed", On: c.SealedOn, Citation: "DRR art.7", ZH: fmt.Sprintf("已于%s封存", c.SealedOn), EN: fmt.Sprintf("sealed on %s", c.SealedOn)}
	case TransferredAway:
		return Line{Code: "transferred_out", On: c.TransferredOn, Citation: "DRR art.22",
			ZH: fmt.Sprintf("已于%s转出，在系统外继续执行", c.TransferredOn), EN: fmt.Sprintf("has gone on outside the system since %s", c.TransferredOn)}
	case Released:
		return Line{Code: "released", On: c.ReleasedOn, Citation: "DRR art.23",
			ZH: fmt.Sprintf("已于%s解除", c.ReleasedOn), EN: fmt.Sprintf("released on %s", c.ReleasedOn)}
	}
	return Line{Code: "unopened", ZH: "尚未立案", EN: "the case was never opened"}
}

func obligationLine(o *Obligation, p *Policy) Line {
	l := Line{Code: string(o.ID.Kind) + "_" + string(o.Status), On: o.Due, Of: o.ID.String(), Citation: o.Citation, Mark: p.markBehind(o)}
	zh, en := kindName(o.ID.Kind)
	switch o.Status {
	case Missed:
		l.ZH = fmt.Sprintf("%s（%s）应于%s前完成，现已超期，待核实", zh, o.ID, o.Due)
		l.EN = fmt.Sprintf("%s (%s) was not done by %s: provisional until a person confirms or dismisses it", en, o.ID, o.Due)
	case Confirmed:
		l.ZH = fmt.Sprintf("%s（%s）逾期已确认（期限%s）", zh, o.ID, o.Due)
		l.EN = fmt.Sprintf("%s (%s) was confirmed as missed; it was due by %s", en, o.ID, o.Due)
	default:
		l.ZH = fmt.Sprintf("%s（%s）应于%s至%s完成", zh, o.ID, o.Opens, o.Due)
		l.EN = fmt.Sprintf("%s (%s) is due between %s and %s", en, o.ID, o.Opens, o.Due)
	}
	return l
}

func escalationLine(e *Escalation) Line {
	l := Line{Code: "escalation", On: DateOf(e.ToldAt), Of: fmt.Sprintf("escalation-%d", e.ID)}
	if e.Acknowledged() {
		l.ZH = fmt.Sprintf("%s的预警已由%s回应，承诺%s前完成", e.Obligation, e.AckedBy, e.Promise)
		l.EN = fmt.Sprintf("the escalation over %s was acknowledged by %s, promised by %s", e.Obligation, e.AckedBy, e.Promise)
		return l
	}
	l.ZH = fmt.Sprintf("%s的预警等待%s回应", e.Obligation, roleNameZH(e.Role))
	l.EN = fmt.Sprintf("the escalation over %s waits for the %s to answer", e.Obligation, e.Role)
	return l
}

func climbLine(e *Escalation) []Line {
	if e.NextAt.IsZero() {
		return nil
	}
	l := Line{Code: "escalation_climbs", On: DateOf(e.NextAt), Of: fmt.Sprintf("escalation-%d", e.ID)}
	at := e.NextAt.In(Shanghai).Format("2006-01-02 15:04")
	l.ZH, l.EN = fmt.Sprintf("%s无人回应则升级至上一级", at), fmt.Sprintf("without an answer the next rung is told at %s", at)
	if e.Acknowledged() {
		l.Code = "promise_ends"
		l.ZH, l.EN = fmt.Sprintf("承诺至%s，未完成则升级至上一级", e.Promise), fmt.Sprintf("the promise runs until the end of %s; if it is not kept the rung above is told", e.Promise)
	}
	return []Line{l}
}

// nextLines are the windows that open, the last days that pass and the end of the term.
func (c *Case) nextLines(env Env) []Line {
	var out []Line
	for i := range c.Obligations {
		if o := &c.Obligations[i]; o.Status == Open && !(c.Phase == Suspended && o.ID.Kind.owedByClient()) {
			zh, en := kindName(o.ID.Kind)
			out = append(out, Line{Code: "miss", On: o.Due, Of: o.ID.String(), Citation: o.Citation, Mark: env.Policy.markBehind(o),
				ZH: fmt.Sprintf("%s日终未完成%s则提示逾期，待核实", o.Due, zh), EN: fmt.Sprintf("at the end of %s, %s becomes a provisional miss", o.Due, en)})
		}
	}
	for _, s := range c.Series {
		if s.Next == 0 || c.Phase == Suspended {
			continue
		}
		zh, en := kindName(s.Kind)
		out = append(out, Line{Code: "window_opens", On: s.Next, Of: ObligationID{s.Kind, s.N + 1}.String(), Mark: env.Policy.markOf(s.Kind),
			ZH: fmt.Sprintf("%s起可进行下一次%s", s.Next, zh), EN: fmt.Sprintf("the next %s can be done from %s", en, s.Next)})
	}
	if c.TermEnd != 0 && (c.Phase == AwaitingAgreement || c.Phase == InExecution) {
		out = append(out, Line{Code: "term_ends", On: c.TermEnd, Citation: "DRR art.14, 23",
			ZH: fmt.Sprintf("%s期限届满", c.TermEnd), EN: fmt.Sprintf("the term ends on %s", c.TermEnd)})
	}
	return out
}

func (c *Case) counterLines(p *Policy) []Line {
	line := func(code, zh, en string, n int, t Threshold) Line {
		return Line{Code: code, Citation: t.Cite, Mark: t.Mark,
			ZH: fmt.Sprintf("%s：%d（达到%d为严重违反协议）", zh, n, t.N), EN: fmt.Sprintf("%s: %d (%d is a serious violation)", en, n, t.N)}
	}
	return []Line{
		line("test_breaches", "逃避或拒绝检测次数", "tests evaded or refused", c.Counters.TestBreaches, p.TestBreaches),
		line("leavings", "擅自离开次数", "unauthorised leavings", c.Counters.Leavings, p.LeavingBreaches),
		line("absence_days", "擅自离开累计天数", "days of unauthorised absence", c.Counters.AbsenceDays, p.AbsenceDays),
	}
}

// calendarWarnings names the years without a calendar that a date of the case rests on.
func (c *Case) calendarWarnings(env Env) []Line {
	years := map[int]bool{}
	for i := range c.Obligations {
		if o := &c.Obligations[i]; env.Policy.needsCalendar(o.ID.Kind) && !env.Calendar.Has(o.Due) {
			years[o.Due.Year()] = true
		}
	}
	if c.TermEnd != 0 && c.IsOpen() && !env.Calendar.Has(c.TermEnd) {
		years[c.TermEnd.Year()] = true
	}
	var list []int
	for y := range years {
		list = append(list, y)
	}
	slices.Sort(list)
	var out []Line
	for _, y := range list {
		out = append(out, missingYear(y))
	}
	return out
}

func missingYear(y int) Line {
	return Line{Code: "calendar_missing", On: NewDate(y, 1, 1),
		ZH: fmt.Sprintf("%d年放假安排尚未录入：当年按周末和法定节日推算，日期可能变动", y),
		EN: fmt.Sprintf("the holidays of %d are not loaded: that year counts weekends and the holidays of the regulation, and its days may move", y)}
}

// limitOf is the limit behind obligations of the kind that come once.
func (p *Policy) limitOf(k Kind) *Limit {
	if limit := duties[k].limit; limit != nil {
		return limit(p)
	}
	return nil
}

func (p *Policy) needsCalendar(k Kind) bool {
	l := p.limitOf(k)
	return l != nil && (l.Roll || l.Unit == WorkingDays)
}

func (p *Policy) markOf(k Kind) Mark {
	if l := p.limitOf(k); l != nil {
		return l.Mark
	}
	if mark := duties[k].mark; mark != nil {
		return mark(p)
	}
	return Design
}

// markBehind is the mark of the obligation's own limit: that of a rehabilitation's agreement
// is the statute's.
func (p *Policy) markBehind(o *Obligation) Mark {
	if o.Citation == citeRehabilitation {
		return Law
	}
	return p.markOf(o.ID.Kind)
}

// MarkBehind says how sure the number behind the last day of the obligation is.
func (p *Policy) MarkBehind(o Obligation) Mark { return p.markBehind(&o) }

// StatutoryKinds are the kinds of duties whose limit the statute sets. Beside them stand those
// of any kind that cite StatutoryCitation.
func (p *Policy) StatutoryKinds() []Kind {
	var out []Kind
	for _, d := range Duties() {
		if p.markOf(d.Kind) == Law {
			out = append(out, d.Kind)
		}
	}
	return out
}

// StatutoryCitation is that of duties that are the statute's, whatever their kind.
const StatutoryCitation = citeRehabilitation

// kindName is what an obligation is called, in both languages.
func kindName(k Kind) (zh, en string) {
	if d, ok := duties[k]; ok {
		return d.zh, d.en
	}
	return string(k), string(k)
}

func roleNameZH(r Role) string {
	switch r {
	case WorkerRole:
		return "禁毒专职社工"
	case StationHead:
		return "工作站负责人"
	case DistrictOffice:
		return "区禁毒办"
	case CityOffice:
		return "市禁毒办"
	}
	return string(r)
}
