package documents

import (
	"fmt"

	"guitu/rehab"
)

// Fact is one confirmed fact of a table: no count stands on a paper without the days behind it.
type Fact struct {
	On, To rehab.Date
	What   string
	By     string     // who found it to be so
	ByOn   rehab.Date // and when
	Basis  string     // what it is proved by
	Group  FactGroup
	Days   int

	duty rehab.ObligationID
}

// FactGroup is which of the grounds a fact belongs to.
type FactGroup string

// The groups of facts.
const (
	Evasion  FactGroup = "evasion"   // DRR art.20: evaded or refused tests
	Leaving  FactGroup = "leaving"   // DRR art.20: unauthorised leavings and their days
	NoReport FactGroup = "no_report" // did not report in
	Renewed  FactGroup = "renewed"   // confirmed renewed use
)

// factsOf are the facts of a life that a person confirmed. Missed contacts are none: no
// article makes them one.
func factsOf(life []rehab.Event, name func(string) string) []Fact {
	r := factReader{name: name, tests: map[int64]rehab.TestRecorded{}, duties: map[rehab.ObligationID]rehab.Obligation{}}
	for _, e := range life {
		r.read(e)
	}
	return r.facts
}

type factReader struct {
	name   func(string) string
	tests  map[int64]rehab.TestRecorded
	duties map[rehab.ObligationID]rehab.Obligation
	facts  []Fact
}

func (r *factReader) add(e rehab.Event, f Fact) {
	f.By, f.ByOn = r.name(e.Actor.ID), rehab.DateOf(e.OccurredAt)
	r.facts = append(r.facts, f)
}

func (r *factReader) drop(id rehab.ObligationID) {
	for i := range r.facts {
		if r.facts[i].duty == id {
			r.facts = append(r.facts[:i:i], r.facts[i+1:]...)
			return
		}
	}
}

func (r *factReader) read(e rehab.Event) {
	switch d := e.Data.(type) {
	case rehab.ObligationOpened:
		r.duties[d.Obligation.ID] = d.Obligation
	case rehab.TestRecorded:
		r.tests[e.Seq] = d
		if d.Counts {
			r.add(e, refusal(d))
		}
		if d.Relapse {
			r.add(e, positive(d))
		}
	case rehab.RefusalDecided:
		if d.Confirmed && d.Counts {
			if d.Instead != (rehab.ObligationID{}) {
				r.drop(d.Instead)
			}
			r.add(e, refusal(r.tests[d.Test]))
		}
	case rehab.TestResolved:
		if d.Relapse {
			r.add(e, positive(r.tests[d.Test]))
		}
	case rehab.LeavingRecorded:
		r.add(e, Fact{On: d.From, To: d.To, Days: d.Days, What: fmt.Sprintf("未经报告离开执行地所在县（市、区）%d日", d.Days), Basis: "核实记录", Group: Leaving})
	case rehab.MissConfirmed:
		r.miss(e, d)
	case rehab.MissRetracted:
		r.drop(d.ID)
	case rehab.CarriedOver:
		r.carried(e, d)
	}
}

func refusal(t rehab.TestRecorded) Fact {
	return Fact{On: t.On, What: resultName(t.Result), Basis: "检测登记、拒检情况记录", Group: Evasion}
}

func positive(t rehab.TestRecorded) Fact {
	return Fact{On: t.On, What: methodName(t.Method) + "检测结果阳性，已确认", Basis: "检测报告", Group: Renewed}
}

func (r *factReader) miss(e rehab.Event, d rehab.MissConfirmed) {
	o := r.duties[d.ID]
	switch {
	case d.ID.Kind == rehab.TestDuty && d.Counts:
		r.add(e, Fact{On: o.Opens, To: o.Due, What: "期间未接受检测，核实为逃避检测", Basis: "检测通知及送达材料、核实记录", Group: Evasion, duty: d.ID})
	case d.Ground == rehab.DeemedRefusal || d.Ground == rehab.Overdue:
		r.add(e, Fact{On: o.Due, What: "至该日期限届满未报到", Basis: "送达证明、联系记录", Group: NoReport, duty: d.ID})
	}
}

// carried are the counts of the paper file from before the case was kept here: their days
// stand there.
func (r *factReader) carried(e rehab.Event, d rehab.CarriedOver) {
	if d.TestBreaches > 0 {
		r.add(e, Fact{On: d.AsOf, What: fmt.Sprintf("此前纸质档案记载逃避或者拒绝检测%d次，日期见原件", d.TestBreaches), Basis: "纸质档案", Group: Evasion})
	}
	if d.Leavings > 0 || d.AbsenceDays > 0 {
		r.add(e, Fact{On: d.AsOf, Days: d.AbsenceDays, What: fmt.Sprintf("此前纸质档案记载擅自离开%d次、累计%d日，日期见原件", d.Leavings, d.AbsenceDays), Basis: "纸质档案", Group: Leaving})
	}
	if d.Relapses > 0 {
		r.add(e, Fact{On: d.AsOf, What: fmt.Sprintf("此前纸质档案记载检测结果已确认%d次，日期见原件", d.Relapses), Basis: "纸质档案", Group: Renewed})
	}
}

// factsIn are the facts of the groups, in the order in which they were confirmed.
func factsIn(all []Fact, groups ...FactGroup) (out []Fact) {
	for _, f := range all {
		for _, g := range groups {
			if f.Group == g {
				out = append(out, f)
			}
		}
	}
	return out
}
