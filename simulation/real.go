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

// move puts the case under the scenario's policy, by the decision that a person would
// take; where it is refused the case keeps the policy it was signed under.
func (st *street) move(cl *client, eve rehab.Date) {
	at := noon(eve)
	env := st.env(cl, at)
	env.Target = st.s.Policy
	cmd := rehab.Command{ID: "s", Actor: clerk, OccurredAt: at, Body: rehab.MigratePolicy{To: st.s.Policy.Ref()}}
	if _, err := st.core.Play(&cl.c, cmd, env); err == nil {
		cl.policy = st.s.Policy
	}
}
