package documents

import (
	"guitu/rehab"
)

// due is what a draft says of the duty that asks for it.
func (r *reader) due(p *page, o rehab.Obligation) {
	p.Opens, p.Due, p.Surprise = o.Opens, o.Due, o.ID.Kind == rehab.SurpriseTestDuty
	switch o.ID.Kind {
	case rehab.CorrectionDuty:
		r.correcting(p, o.About, o.Ground)
	case rehab.PlanDuty:
		p.Stages = stagesOf(nil)
	case rehab.WorkReferralDuty:
		p.Agency, p.Need = wordOf(rehab.HumanResources), wordOf(rehab.ReferralKinds(rehab.HumanResources)[0])
	case rehab.LetterOfAdvice, rehab.WarningLetter:
		p.Served = cited{Title: titles[Kind(o.ID.Kind)], Number: r.numberOf(r.entry.Seq, Kind(o.ID.Kind))}
	}
	r.ground(p, o.Ground)
	if r.entry.Kind == OverdueStatement {
		p.Due, p.Tried = r.limitOf(rehab.ReportInDuty).Due, r.tried()
	}
}

// limitOf is the duty of the kind as it was opened last.
func (r *reader) limitOf(k rehab.Kind) (o rehab.Obligation) {
	for _, e := range r.life {
		if d, ok := e.Data.(rehab.ObligationOpened); ok && d.Obligation.ID.Kind == k {
			o = d.Obligation
		}
	}
	return o
}

// tried are the attempts to reach the client, with their days and what came of each.
func (r *reader) tried() (out []string) {
	for _, e := range r.life {
		if d, ok := e.Data.(rehab.ContactRecorded); ok {
			out = append(out, day(d.On)+wordOf(d.Channel)+"："+wordOf(d.Outcome))
		}
	}
	return out
}

// test is what a paper says of a test.
func (r *reader) test(p *page, d rehab.TestRecorded) {
	p.Test = d
	for _, id := range d.Staff {
		p.Staff = append(p.Staff, r.person(id))
	}
}

// stage of a plan with its goals.
type stage struct {
	Name  string
	Goals []goal
}

// goal of a plan. A milestone is a part of another goal.
type goal struct {
	Name      string
	Target    rehab.Date
	Milestone bool
}

// stagesOf are the three stages with what is to be reached in each.
func stagesOf(goals []rehab.Goal) (out []stage) {
	for _, s := range rehab.Stages() {
		x := stage{Name: wordOf(s)}
		for _, g := range goals {
			if g.Stage == s {
				x.Goals = append(x.Goals, goal{wordOf(g.Code), g.Target, g.Of > 0})
			}
		}
		out = append(out, x)
	}
	return out
}

// wordOf is what the code is called in Chinese.
func wordOf[T ~string](code T) string {
	e, _ := rehab.EnumOf[T]()
	for _, w := range e.Words {
		if w.Code == string(code) {
			return w.ZH
		}
	}
	return string(code)
}
