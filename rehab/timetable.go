package rehab

import (
	"slices"
	"time"
)

// PlanInput is an order, as far as it is known.
type PlanInput struct {
	Measure     Measure
	TermMonths  int
	ServedOn    Date
	ReportedOn  Date // zero: the plan ends with the report-in limit
	AgreementOn Date // zero: not signed yet
	PrintedEnd  Date
	CreditDays  int
	Risk        Risk
}

// PlanLine is a limit or a window. Opens and Due are days in Shanghai, both included;
// a limit has no Opens but the day it starts from.
type PlanLine struct {
	Step     string `json:"step"` // "report_in", "test", "term_end", …
	N        int    `json:"n,omitempty"`
	Opens    Date   `json:"opens,omitzero"`
	Due      Date   `json:"due"`
	Citation string `json:"cite"`
	Mark     Mark   `json:"mark"`
}

// Plan is every limit and window of an order under a policy, in the order in which they
// fall due. Warnings name the years whose calendar is missing.
type Plan struct {
	Policy   PolicyRef  `json:"policy"`
	Measure  Measure    `json:"measure"`
	ServedOn Date       `json:"served_on"`
	TermEnd  Date       `json:"term_end,omitzero"`
	Lines    []PlanLine `json:"lines"`
	Warnings []Line     `json:"warnings,omitempty"`
}

// NewPlan computes the limits and windows with the rules of the running case: it opens
// one, reports it in and lets three years pass. Errors are Invalid or Refused.
func NewPlan(in PlanInput, p *Policy, cal *Calendar) (Plan, error) {
	c := &Case{ID: "plan"}
	plan := Plan{Policy: p.Ref(), Measure: in.Measure, ServedOn: in.ServedOn}
	clerk := Actor{ID: "plan", Role: StationHead}
	play := func(on Date, body CommandBody) error {
		at := on.Start().Add(12 * time.Hour)
		events, err := c.Play(Command{ID: "plan", Actor: clerk, OccurredAt: at, Body: body}, Env{Now: at, Policy: p, Calendar: cal})
		plan.add(events, p)
		return err
	}
	err := play(in.ServedOn, OpenCase{
		Measure: in.Measure, TermMonths: in.TermMonths, DecidedOn: in.ServedOn, ServedOn: in.ServedOn, Method: ServedDirect,
		PrintedEnd: in.PrintedEnd, CreditDays: in.CreditDays, Place: "-", Worker: "plan", Risk: in.Risk, Policy: p.Ref(),
	})
	if err == nil && in.ReportedOn != 0 {
		if in.ReportedOn < in.ServedOn {
			return plan, &Error{Code: Invalid, Message: "report-in lies before service of the order", Field: "reported_on", Citation: "DRR art.14"}
		}
		err = play(in.ReportedOn, ReportIn{})
		if err == nil && in.AgreementOn != 0 {
			err = play(in.AgreementOn, SignAgreement{})
		}
		if err == nil {
			plan.run(c, p, cal)
		}
	}
	slices.SortStableFunc(plan.Lines, func(a, b PlanLine) int { return int(a.Due) - int(b.Due) })
	plan.warn(p, cal)
	return plan, err
}

// run lets the whole term pass.
func (plan *Plan) run(c *Case, p *Policy, cal *Calendar) {
	plan.TermEnd = c.TermEnd
	plan.add(c.PlayTime(Env{Now: c.TermEnd.End(), Policy: p, Calendar: cal}), p)
	for i, l := range plan.Lines {
		if l.Step == string(ReleaseFileDuty) {
			plan.Lines = slices.Insert(plan.Lines, i, PlanLine{
				Step: "release_reminder", Due: l.Opens, Citation: p.ReleaseReminder.Cite, Mark: p.ReleaseReminder.Mark,
			})
			break
		}
	}
	plan.Lines = append(plan.Lines, PlanLine{Step: "term_end", Opens: c.ReportedOn, Due: c.TermEnd, Citation: "DRR art.14, 37; " + p.TermEnd.Cite, Mark: Law})
}

func (plan *Plan) add(events []Event, p *Policy) {
	for _, e := range events {
		if d, ok := e.Data.(ObligationOpened); ok {
			o := d.Obligation
			if o.ID.Kind == OutreachDuty || o.ID.Kind == SupervisionDuty || o.ID.Kind == LostContactDuty {
				continue // they follow from what the client of a plan does not do
			}
			plan.Lines = append(plan.Lines, PlanLine{string(o.ID.Kind), o.ID.N, o.Opens, o.Due, o.Citation, p.markBehind(&o)})
		}
	}
}

func (plan *Plan) warn(p *Policy, cal *Calendar) {
	var years []int
	for _, l := range plan.Lines {
		if p.needsCalendar(Kind(l.Step)) && !cal.Has(l.Due) && !slices.Contains(years, l.Due.Year()) {
			years = append(years, l.Due.Year())
			plan.Warnings = append(plan.Warnings, missingYear(l.Due.Year()))
		}
	}
}
