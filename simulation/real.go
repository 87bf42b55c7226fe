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
		st.takeUp(cl, &cl.c.Obligations[i], st.s.Start)
	}
	for i := range cl.c.Escalations {
		st.planAnswer(cl, cl.c.Escalations[i].ID, eve)
	}
	for i := range cl.c.Leaves {
		if l := &cl.c.Leaves[i]; !l.Approved {
			cl.plans = append(cl.plans, plan{on: st.s.Start, due: l.To + 60, do: letGo, esc: l.ID})
		}
	}
	if cl.c.Phase == rehab.Suspended {
		out := st.s.Start.AddDays(upTo(180, cl.seed, resumes, 0))
		cl.plans = append(cl.plans, plan{on: out, due: out, do: letOut})
	}
	st.rearm(cl)
}

// move puts the case under the scenario's policy, by the decision that a person would
// take; where it is refused the case keeps the policy it was signed under, and the result
// says so.
func (st *street) move(cl *client, eve rehab.Date) {
	at := noon(eve)
	if cl.c.LivedTo.After(at) {
		at = cl.c.LivedTo
	}
	env := st.env(cl, at)
	env.Target = st.s.Policy
	cmd := rehab.Command{ID: "s", Actor: clerk, OccurredAt: at, Body: rehab.MigratePolicy{To: st.s.Policy.Ref()}}
	if _, err := st.core.Play(&cl.c, cmd, env); err != nil {
		st.refused.refused(cmd.Body.CommandType(), err)
		return
	}
	cl.policy = st.s.Policy
}
