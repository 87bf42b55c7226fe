package documents

import (
	"fmt"
	"strings"

	"guitu/rehab"
)

// page is what the paper says.
func (r *reader) page(rules Rules) page {
	k, c := r.entry.Kind, r.c
	series := rules.Series[k]
	p := page{
		Kind: k, ID: r.entry.ID, Letter: k.letter(), Copy: r.Copy, Withdrawn: r.entry.WithdrawnOn,
		Draft: r.entry.Draft && (r.book == nil || series == "") && !k.ofClient(), Before: r.entry.Draft || k.issued(), On: r.on(),
		Reprint: !r.entry.Draft && r.entry.Origin != r.entry.Seq && !k.ofClient(),
		Office:  rules.office(c.Place, r.Place), Measure: measureName(c.Measure), Treatment: c.Measure != rehab.Rehabilitation, Person: measureName(c.Measure) + "人员",
		Case: c, Worker: r.Name(c.Worker), Client: clientOf(r.Identity, r.Place, rehab.DateOf(r.last.RecordedAt)),
	}
	p.Title = p.titleOf(k)
	words := r.Draft
	if r.book != nil {
		p.Number, words = r.book.Number, r.book.Words
	}
	if k == CaseFile {
		p.Contents = r.contents()
		return p
	}
	r.letters(&p)
	r.event(&p, rules)
	p.written(words)
	return p
}

// on is the day of the act; before it there is none.
func (r *reader) on() rehab.Date {
	if r.entry.Draft || r.entry.Kind.issued() {
		return 0
	}
	return r.entry.On
}

// titleOf is the title with the name of the measure where it belongs to it.
func (p *page) titleOf(k Kind) string {
	switch k {
	case Agreement, Termination, ReleaseNotice, OrderNotice, ReportRegister, ReleaseFile, SuspensionNotice, Resumption, TermConfirmation, Closing, GroupList:
		return p.Measure + titles[k]
	case HelpPlan:
		return p.Measure + "计划"
	case Certificate:
		return "严重违反" + p.Measure + "协议证明"
	}
	return titles[k]
}

// letters fills what the agreement and the papers of a breach say.
func (r *reader) letters(p *page) {
	switch r.entry.Kind {
	case Agreement, GroupList, HelpPlan:
		var policy *rehab.Policy
		if r.Policy != nil {
			policy = r.Policy(r.c.Policy)
		}
		p.Measures, p.Group = measuresOf(policy, r.c), groupOf(r.c, r.Name)
		return
	}
	p.Facts = factsOf(r.life, r.person)
	for _, f := range p.Facts {
		p.AwayDays += f.Days
	}
	p.Evasions, p.Leavings = r.c.Counters.TestBreaches, r.c.Counters.Leavings
	for _, e := range r.life {
		if d, ok := e.Data.(rehab.MeasureIssued); ok && e.Seq != r.last.Seq {
			p.Done = append(p.Done, fmt.Sprintf("%s%s", day(d.On), done(d.Step)))
			if d.Step == rehab.LetterOfAdvice {
				p.Advised = advice{On: d.On, After: after(p.Facts, d.On)}
			}
		}
		if d, ok := e.Data.(rehab.HelpOffered); ok {
			p.Done = append(p.Done, day(d.On)+"提供帮扶")
		}
	}
	if r.entry.Kind == LetterOfAdvice || r.entry.Kind == WarningLetter || r.entry.Kind == Education || r.entry.Kind == Certificate {
		p.Facts = factsIn(p.Facts, Evasion, Leaving)
	}
}

func done(step rehab.Kind) string {
	if step == rehab.EducationDuty {
		return "进行批评教育"
	}
	return "出具" + titles[Kind(step)]
}

// after are the facts that lie after the day.
func after(facts []Fact, on rehab.Date) (out []Fact) {
	for _, f := range factsIn(facts, Evasion, Leaving) {
		if f.On > on {
			out = append(out, f)
		}
	}
	return out
}

// person is the name of a person, or the number by which the registry knows them.
func (r *reader) person(id string) string {
	if name := r.Name(id); name != "" || id == "" {
		return name
	}
	return "工号" + id
}

// event takes out of the event what its document needs.
func (r *reader) event(p *page, rules Rules) {
	switch d := r.last.Data.(type) {
	case rehab.TestRecorded:
		r.test(p, d)
	case rehab.TestObjected:
		t, _ := r.standing(d.Test).Data.(rehab.TestRecorded)
		r.test(p, t)
	case rehab.MeasureIssued:
		p.Signature, p.Served = d.Signature, cited{Title: titles[Kind(d.Step)], Number: r.numberOf(r.entry.Seq, Kind(d.Step))}
		if len(d.Skipped) > 0 {
			p.Skip = skipName(d.Skip)
		}
		for _, s := range d.Skipped {
			p.Skipped = append(p.Skipped, strings.TrimSuffix(titles[Kind(s)], "记录"))
		}
	case rehab.LeaveReported, rehab.LeaveDecided:
		r.leave(p)
	case rehab.ObligationOpened:
		r.due(p, d.Obligation)
	case rehab.ReportedIn:
		p.Late, p.Due = d.Late, r.limitOf(rehab.ReportInDuty).Due
	case rehab.PlanMade:
		p.Stages = stagesOf(d.Goals)
	case rehab.ReferralMade:
		p.Agency, p.Need = wordOf(d.Agency), wordOf(d.Kind)
	case rehab.PoliceReportSent:
		r.ground(p, d.Ground)
	case rehab.CorrectionSent:
		r.correcting(p, d.Report, d.Ground)
	case rehab.TransferRequested:
		r.moving(p, rules, r.last.Seq, r.c.Place, d.To)
	case rehab.FileForwarded:
		p.Enclosed = lines(r.last.Texts["note"]) // the note of the command is the list of what is enclosed
		r.moving(p, rules, d.Transfer, r.c.Place, r.c.Transfer.To)
	case rehab.TransferArrived:
		p.Late, p.Due = d.Late, r.limitOf(rehab.TransferReportInDuty).Due
		r.moving(p, rules, d.Transfer, d.From, r.c.Place)
	default:
		r.ending(p)
	}
	if len(p.Enclosed) == 0 {
		p.Enclosed = enclosed(r.entry.Kind)
	}
}

// ending is what papers of a pause, of an end and of the time after it say.
func (r *reader) ending(p *page) {
	switch d := r.last.Data.(type) {
	case rehab.CaseSuspended:
		p.Ground = groundName(d.Ground)
	case rehab.CaseResumed:
		p.Days, p.Kept = d.Days, d.Kept
		if r.before != nil {
			p.PausedOn, p.PrevEnd = r.before.SuspendedOn, r.before.TermEnd
		}
	case rehab.CaseTerminated:
		p.Ground = groundName(d.Ground)
	case rehab.TermConfirmed:
		if r.before != nil {
			p.PrevEnd = r.before.TermEnd
		}
	case rehab.DynamicControlEnded:
		p.Keep = d.Keep
	case rehab.CaseVoided:
		p.Duplicate, p.Proposer, p.Confirmer = d.DuplicateOf, r.person(r.standing(d.Amendment).Actor.ID), r.person(r.last.Actor.ID)
	case rehab.LifeRevised:
		r.withdrawing(p, d.Taken)
	case rehab.ViolationReached:
		r.withdrawing(p, nil)
	}
}

// enclosed is what goes with a letter where nothing else was written.
func enclosed(k Kind) []string {
	switch k {
	case TransferCover:
		return []string{"决定书及送达材料", "协议", "检测登记及报告", "谈话走访记录", "戒毒（康复）计划"}
	case PoliceReport:
		return []string{"协议", "事实清单及证明材料", "检测通知及送达材料", "已出具的文书及送达回证"}
	case ReleaseFile:
		return []string{"协议", "执行情况材料"}
	case OverdueStatement:
		return []string{"决定书及送达材料", "联系记录"}
	case ReferralLetter:
		return []string{"本人同意转介的书面意见"}
	}
	return nil
}

// ground is why the police are written to, and what it means for the measure.
func (r *reader) ground(p *page, g rehab.Ground) {
	if g == rehab.NoGround {
		return
	}
	p.Ground = groundName(g)
	p.Basis = append(p.Basis, r.c.ReportLines(g, rehab.DateOf(r.last.RecordedAt))...)
}

// leave is what the client reported, and what was said to it.
func (r *reader) leave(p *page) {
	switch d := r.last.Data.(type) {
	case rehab.LeaveReported:
		p.Leave, p.Reason = rehab.Leave{ID: r.last.Seq, From: d.From, To: d.To}, r.last.Texts["note"]
	case rehab.LeaveDecided:
		p.Decision = "不同意"
		if d.Approved {
			p.Decision = "同意"
		}
		p.Decider = r.person(r.last.Actor.ID)
		p.Reason = r.standing(d.Leave).Texts["note"]
		for _, l := range r.before.Leaves {
			if l.ID == d.Leave {
				p.Leave = l
			}
		}
	}
}

// correcting looks up the report to the police whose ground fell.
func (r *reader) correcting(p *page, report int64, g rehab.Ground) {
	p.Ground = groundName(g)
	e := r.History[report-1]
	p.Report = cited{Title: titles[PoliceReport], Number: r.numberOf(report, PoliceReport), Why: reason(r.History, takenBy(r.History[:r.until], report))}
	if d, ok := e.Data.(rehab.PoliceReportSent); ok {
		p.Report.On = d.On
	}
}

// withdrawing looks up the paper that is withdrawn, and what takes its place.
func (r *reader) withdrawing(p *page, taken []rehab.Taken) {
	old, _ := entryOf(r.CaseID, r.History[r.entry.Seq-1].Event, r.entry.Of)
	p.Report = cited{Title: p.titleOf(r.entry.Of), Number: r.numberOf(r.entry.Seq, r.entry.Of), On: old.On, Why: reason(r.History, r.entry.WithdrawnBy)}
	for _, x := range taken {
		if x.Seq == r.entry.Seq && x.Instead > 0 {
			if e, ok := r.insteadOf(x.Instead); ok {
				p.Instead = r.numberOf(x.Instead, e.Kind)
				if p.Instead == "" {
					p.Instead = "日期" + day(e.On)
				}
			}
		}
	}
}

// insteadOf is the paper of the event that stands in the place of a withdrawn one.
func (r *reader) insteadOf(seq int64) (Entry, bool) {
	e := r.History[seq-1].Event
	if x, ok := entryOf(r.CaseID, e, r.entry.Of); ok {
		return x, !x.Draft
	}
	list := entriesOf(r.CaseID, e)
	if len(list) == 0 {
		return Entry{}, false
	}
	return list[0], !list[0].Draft
}

// numberOf is the number of another paper of the case; empty where it has none.
func (r *reader) numberOf(seq int64, k Kind) string {
	x, _ := listed(r.CaseID, r.all, r.Books, seq, k)
	return x.Number
}

// moving names the two offices of a change of place. One outside the system stands in the
// words of who asked for the change.
func (r *reader) moving(p *page, rules Rules, transfer int64, from, to string) {
	asked := r.standing(transfer)
	p.Moved = movedName("")
	if d, ok := asked.Data.(rehab.TransferRequested); ok {
		p.Moved = movedName(d.Reason)
	}
	outside := strings.TrimSpace(asked.Texts["note"])
	name := func(code string) string {
		if code == "" {
			return outside
		}
		return rules.office(code, r.Place).Name
	}
	p.From, p.To = name(from), name(to)
}

// contents are the documents of the file that are no drafts.
func (r *reader) contents() (out []Entry) {
	for _, x := range List(r.CaseID, r.all[:r.until], r.Books) {
		if (!x.Draft || x.Kind.issued() && x.Number != "") && x.Kind != CaseFile {
			out = append(out, x)
		}
	}
	return out
}
