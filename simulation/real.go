package simulation

import "guitu/rehab"

// adopt takes a real case in as it stands on the eve of the start: what is open will be
// done or not, misses are looked at, escalations answered, custody and leave end.
func (st *street) adopt(c *rehab.Case, eve rehab.Date) {
	cl := &client{c: *c.Clone(), policy: st.s.policyOf(c), seed: mix(st.seed ^ hash(c.ID))}
	cl.c.ID = "simulation"
	if st.s.Move && c.Policy != st.s.Policy.Ref() {
		st.move(cl, eve)
	}
	st.cases = append(st.cases, cl)
	cl.plans = cl.plans[:0]
	for i := range cl.c.Obligations {
		switch o := &cl.c.Obligations[i]; {
		case o.Status == rehab.Open:
			st.planFor(cl, o, st.s.Start)
		case recurs(o.ID.Kind):
			st.planMiss(cl, o.ID, eve)
		default: // it still has to be done
			cl.plans = append(cl.plans, plan{on: st.s.Start.AddDays(upTo(20, cl.seed, lateBy, key(o.ID))), due: st.s.Start + 60, id: o.ID, test: o.Test})
		}
	}
	for i := range cl.c.Escalations {
		st.planAnswer(cl, cl.c.Escalations[i].ID, eve)
	}
	for i := range cl.c.Leaves {
		l := &cl.c.Leaves[i]
		cl.plans = append(cl.plans, plan{on: max(l.To, st.s.Start), due: l.To + 60, do: letBack, esc: l.ID})
	}
	if cl.c.Phase == rehab.Suspended {
		out := st.s.Start.AddDays(upTo(180, cl.seed, resumes, 0))
		cl.plans = append(cl.plans, plan{on: out, due: out, do: letOut})
	}
	st.rearm(cl)
}

// move carries the case over into the scenario's policy, with its counters. A case that
// is suspended or whose term is over keeps the policy it was signed under.
func (st *street) move(cl *client, eve rehab.Date) {
	c := &cl.c
	order := rehab.OpenCase{
		Measure: c.Measure, TermMonths: c.TermMonths, DecidedOn: c.DecidedOn, ServedOn: c.ServedOn, Method: c.Method, PrintedEnd: c.TermEnd,
		CreditDays: c.CreditDays, Place: c.Place, Worker: c.Worker, Risk: c.Risk, Maintenance: c.Maintenance, Policy: st.s.Policy.Ref(),
	}
	switch c.Phase {
	case rehab.AwaitingReportIn:
	case rehab.AwaitingAgreement, rehab.InExecution:
		order.Carried = &rehab.Carried{ReportedOn: c.ReportedOn, AgreementOn: c.AgreementOn, Tests: c.Counters.Tests, Contacts: c.Counters.Contacts}
	default:
		return
	}
	moved := &client{c: rehab.Case{ID: c.ID}, policy: st.s.Policy, seed: cl.seed}
	at := noon(eve)
	if _, err := moved.c.Play(rehab.Command{ID: "s", Actor: clerk, OccurredAt: at, Body: order}, st.env(moved, at)); err != nil {
		return // it cannot be carried over: it stays where it is
	}
	moved.c.Counters = c.Counters
	*cl = *moved
}
