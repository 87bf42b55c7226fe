package rehab

import (
	"fmt"
	"slices"
)

// PlanMade is the three-stage plan.
type PlanMade struct {
	On    Date   `json:"on"`
	Stage Stage  `json:"stage"`
	Goals []Goal `json:"goals"`
}

// GoalAdded puts one more goal into the plan.
type GoalAdded struct {
	On   Date `json:"on"`
	Goal Goal `json:"goal"`
}

// GoalMoved gives a goal another day.
type GoalMoved struct {
	Goal   int  `json:"goal"`
	Target Date `json:"target"`
}

// GoalMet says that a goal was reached.
type GoalMet struct {
	On   Date `json:"on"`
	Goal int  `json:"goal"`
	Late bool `json:"late,omitempty"`
}

// GoalDropped gives a goal up.
type GoalDropped struct {
	On   Date `json:"on"`
	Goal int  `json:"goal"`
}

// StageChanged is the client's step into another stage.
type StageChanged struct {
	On   Date  `json:"on"`
	From Stage `json:"from"`
	To   Stage `json:"to"`
}

// PlanReviewed says that the plan was looked at with the client.
type PlanReviewed struct {
	On Date `json:"on"`
}

func (PlanMade) EventType() string     { return "plan_made" }
func (GoalAdded) EventType() string    { return "goal_added" }
func (GoalMoved) EventType() string    { return "goal_moved" }
func (GoalMet) EventType() string      { return "goal_met" }
func (GoalDropped) EventType() string  { return "goal_dropped" }
func (StageChanged) EventType() string { return "stage_changed" }
func (PlanReviewed) EventType() string { return "plan_reviewed" }

func (d PlanMade) apply(c *Case, _ *Event) {
	c.Help.Plan = PlanOfHelp{MadeOn: d.On, Stage: d.Stage, StageSince: d.On, Goals: slices.Clone(d.Goals)}
}

func (d GoalAdded) apply(c *Case, _ *Event)   { c.Help.Plan.Goals = append(c.Help.Plan.Goals, d.Goal) }
func (d GoalMoved) apply(c *Case, _ *Event)   { c.Help.Plan.Goals[d.Goal-1].Target = d.Target }
func (d GoalMet) apply(c *Case, _ *Event)     { c.Help.Plan.close(d.Goal, GoalReached, d.On) }
func (d GoalDropped) apply(c *Case, _ *Event) { c.Help.Plan.close(d.Goal, GoalAbandoned, d.On) }
func (d StageChanged) apply(c *Case, _ *Event) {
	c.Help.Plan.Stage, c.Help.Plan.StageSince = d.To, d.On
}
func (d PlanReviewed) apply(c *Case, _ *Event) {
	c.Help.Plan.ReviewedOn = max(c.Help.Plan.ReviewedOn, d.On)
}

func (p *PlanOfHelp) close(n int, s GoalStatus, on Date) {
	p.Goals[n-1].Status, p.Goals[n-1].On = s, on
}

// reachable refuses a target that no case lives to see: three years of the measure, three
// clean years, and what either may be late.
func reachable(field string, target, on Date) *Error {
	if last := on.AddMonths(36 + 36 + lateness); target > last {
		return refuse(field, "DRR art.7, 14", "%s lies after %s: no case lasts so long", target, last)
	}
	return nil
}

func (b MakePlan) decide(d *decision, on Date) *Error {
	if p := &d.c.Help.Plan; p.MadeOn != 0 {
		return refuse("", d.env.Policy.HelpPlan.Cite, "the plan was made on %s: add, move, meet or drop its goals", p.MadeOn)
	}
	goals := make([]Goal, len(b.Goals))
	for i, g := range b.Goals {
		if g.Target < on {
			return refuse(fmt.Sprintf("goals[%d].target", i), "", "%s lies before the plan of %s", g.Target, on)
		}
		if err := reachable(fmt.Sprintf("goals[%d].target", i), g.Target, on); err != nil {
			return err
		}
		goals[i] = Goal{N: i + 1, Stage: g.Stage, Code: g.Code, Target: g.Target, Of: g.Of, Status: GoalOpen}
	}
	stage := b.Stage
	if stage == "" {
		stage = Detoxification
	}
	d.emit(PlanMade{on, stage, goals})
	if duty := d.first(PlanDuty); duty != nil {
		d.meet(*duty, on)
	}
	d.obligeHelp(PlanReviewDuty, on, on, d.env.Policy.PlanReview, 0)
	return nil
}

// obligePlan makes the plan due within the limit from the day, where there is none yet.
func (d *decision) obligePlan(from Date) {
	if d.c.Help.Plan.MadeOn == 0 && d.first(PlanDuty) == nil {
		d.obligeHelp(PlanDuty, min(from, d.env.Today()), from, d.env.Policy.HelpPlan, 0)
	}
}

func (b AddGoal) decide(d *decision, on Date) *Error {
	p, err := d.plan(on)
	switch {
	case err != nil:
		return err
	case len(p.Goals) >= maxGoals:
		return refuse("", "", "a plan has at most %d goals", maxGoals)
	case b.Target < on:
		return refuse("target", "", "%s is over", b.Target)
	case reachable("target", b.Target, on) != nil:
		return reachable("target", b.Target, on)
	}
	if b.Of != 0 {
		parent, err := d.openGoal("of", b.Of, on)
		switch {
		case err != nil:
			return err
		case parent.Of != 0 || parent.Stage != b.Stage:
			return refuse("of", "", "goal %d is a milestone itself or belongs to another stage", b.Of)
		}
	}
	d.emit(GoalAdded{on, Goal{N: len(p.Goals) + 1, Stage: b.Stage, Code: b.Code, Target: b.Target, Of: b.Of, Status: GoalOpen}})
	return nil
}

func (b MoveGoal) decide(d *decision, on Date) *Error {
	g, err := d.openGoal("goal", b.Goal, on)
	switch {
	case err != nil:
		return err
	case b.Target == g.Target:
		return refuse("target", "", "%s is its day already", b.Target)
	case b.Target < on:
		return refuse("target", "", "%s is over", b.Target)
	case reachable("target", b.Target, on) != nil:
		return reachable("target", b.Target, on)
	}
	d.emit(GoalMoved{b.Goal, b.Target})
	return nil
}

// decide reaches the goal; the milestones that were left on the way to it fall away.
func (b MeetGoal) decide(d *decision, on Date) *Error {
	g, err := d.openGoal("goal", b.Goal, on)
	if err != nil {
		return err
	}
	d.emit(GoalMet{on, b.Goal, on > g.Target})
	d.dropMilestones(b.Goal, on)
	return nil
}

func (b DropGoal) decide(d *decision, on Date) *Error {
	if _, err := d.openGoal("goal", b.Goal, on); err != nil {
		return err
	}
	d.emit(GoalDropped{on, b.Goal})
	d.dropMilestones(b.Goal, on)
	return nil
}

func (d *decision) dropMilestones(of int, on Date) {
	for _, g := range slices.Clone(d.c.Help.Plan.Goals) {
		if g.Of == of && g.Status == GoalOpen {
			d.emit(GoalDropped{on, g.N})
		}
	}
}

func (b ChangeStage) decide(d *decision, on Date) *Error {
	p, err := d.plan(on)
	switch {
	case err != nil:
		return err
	case p.Stage == b.Stage:
		return refuse("stage", "", "the client has been in this stage since %s", p.StageSince)
	case on < p.StageSince:
		return refuse("occurred_at", "", "%s lies before the stage the client is in, which began on %s", on, p.StageSince)
	}
	d.emit(StageChanged{on, p.Stage, b.Stage})
	return nil
}

// decide meets the review that is due and makes the next one due, counted from this one.
func (ReviewPlan) decide(d *decision, on Date) *Error {
	if _, err := d.plan(on); err != nil {
		return err
	}
	d.emit(PlanReviewed{on})
	if duty := d.first(PlanReviewDuty); duty != nil {
		d.meet(*duty, on)
	}
	d.obligeHelp(PlanReviewDuty, on, on, d.env.Policy.PlanReview, 0)
	return nil
}

// plan that was made by the day.
func (d *decision) plan(on Date) (*PlanOfHelp, *Error) {
	p := &d.c.Help.Plan
	switch {
	case p.MadeOn == 0:
		return p, refuse("", d.env.Policy.HelpPlan.Cite, "there is no plan yet: make it first")
	case on < p.MadeOn:
		return p, refuse("occurred_at", "", "%s lies before the plan was made on %s", on, p.MadeOn)
	}
	return p, nil
}

func (d *decision) openGoal(field string, n int, on Date) (Goal, *Error) {
	p, err := d.plan(on)
	switch {
	case err != nil:
		return Goal{}, err
	case n > len(p.Goals):
		return Goal{}, &Error{Code: NotFound, Field: field, Message: fmt.Sprintf("the plan has no goal %d", n)}
	case p.Goals[n-1].Status != GoalOpen:
		return Goal{}, refuse(field, "", "goal %d was %s on %s", n, p.Goals[n-1].Status, p.Goals[n-1].On)
	}
	return p.Goals[n-1], nil
}

// explainPlan tells the goals whose day is over, and the one that comes next.
type planWhy struct{}

func (planWhy) explain(c *Case, env Env, x *Explanation) {
	p, source := &c.Help.Plan, env.Policy.HelpPlan.Source
	var next *Goal
	for i := range p.Goals {
		g := &p.Goals[i]
		switch {
		case g.Status != GoalOpen:
		case g.Target < env.Today():
			x.Waiting = append(x.Waiting, Line{Code: "goal_late", On: g.Target, Of: g.name(), Citation: source.Cite, Mark: source.Mark,
				ZH: fmt.Sprintf("计划目标%d（%s）原定%s达成，待达成、改期或放弃", g.N, goalCodes.zh(g.Code), g.Target),
				EN: fmt.Sprintf("goal %d (%s) was to be reached by %s: meet, move or drop it", g.N, g.Code, g.Target)})
		case next == nil || g.Target < next.Target:
			next = g
		}
	}
	if next != nil {
		x.Next = append(x.Next, Line{Code: "goal", On: next.Target, Of: next.name(), Citation: source.Cite, Mark: source.Mark,
			ZH: fmt.Sprintf("计划处于%s阶段（自%s），下一目标%d（%s）应于%s达成", stageZH(p.Stage), p.StageSince, next.N, goalCodes.zh(next.Code), next.Target),
			EN: fmt.Sprintf("in the stage %s since %s: the next goal, %d (%s), is to be reached by %s", p.Stage, p.StageSince, next.N, next.Code, next.Target)})
	}
}

func (g *Goal) name() string { return fmt.Sprintf("goal-%d", g.N) }

func stageZH(s Stage) string {
	switch s {
	case Detoxification:
		return "生理脱毒"
	case Recovery:
		return "身心康复"
	}
	return "回归社会"
}

func (d StageChanged) decided(*Case) Line {
	return Line{On: d.On, ZH: fmt.Sprintf("计划由%s进入%s阶段", stageZH(d.From), stageZH(d.To)), EN: fmt.Sprintf("took the plan from the stage %s into %s", d.From, d.To)}
}

func (d GoalDropped) decided(*Case) Line {
	return Line{On: d.On, Of: fmt.Sprintf("goal-%d", d.Goal), ZH: fmt.Sprintf("放弃计划目标%d", d.Goal), EN: fmt.Sprintf("gave up goal %d", d.Goal)}
}

func (d PlanMade) decided(*Case) Line {
	return Line{On: d.On, Citation: "DRR art.18", ZH: "制定戒毒康复计划", EN: "made the plan of help"}
}
