package rehab

import (
	"fmt"
	"slices"
)

// PlanDuty is the worker's to make the three-stage plan after the agreement;
// PlanReviewDuty to look at it again, half a year after it was made or last looked at.
const (
	PlanDuty       Kind = "help_plan"
	PlanReviewDuty Kind = "plan_review"
)

func planOfHelpTopic() topic {
	return topic{
		subject: "help",
		commands: []CommandSpec{
			command[MakePlan]("制定计划", "Make the three-stage plan of help", by(everyone), settles(PlanDuty), afterRelease, example(`{"goals":[{"stage":"detoxification","code":"clean_tests","target":"2027-04-20"},{"stage":"recovery","code":"counselling","target":"2027-10-20"},{"stage":"return","code":"employment","target":"2028-10-20"}]}`)),
			command[AddGoal]("增加目标", "Set one more goal or milestone of the plan", by(everyone), afterRelease, example(`{"stage":"return","code":"papers","target":"2027-01-20","of":3}`)),
			command[MoveGoal]("调整目标期限", "Set another day for a goal", by(everyone), afterRelease, example(`{"goal":1,"target":"2027-05-20"}`)),
			command[MeetGoal]("达成目标", "Say that a goal was reached", by(everyone), afterRelease, example(`{"goal":1}`)),
			command[DropGoal]("放弃目标", "Give a goal up, and why", by(everyone), reason, afterRelease, example(`{"goal":2}`)),
			command[ChangeStage]("进入下一阶段", "Take the client into another stage of the plan", by(everyone), afterRelease, example(`{"stage":"recovery"}`)),
			command[ReviewPlan]("登记计划复核", "Say that the plan was looked at with the client", by(everyone), settles(PlanReviewDuty), afterRelease),
		},
		events: []eventKind{
			eventOf[PlanMade](), eventOf[GoalAdded](), eventOf[GoalMoved](), eventOf[GoalMet](), eventOf[GoalDropped](), eventOf[StageChanged](), eventOf[PlanReviewed](),
		},
		duties: []duty{
			{kind: PlanDuty, zh: "制定戒毒（康复）计划", en: "plan of help", limit: func(p *Policy) *Limit { return &p.HelpPlan }},
			{kind: PlanReviewDuty, zh: "复核计划", en: "review of the plan of help", limit: func(p *Policy) *Limit { return &p.PlanReview }},
		},
		why: planWhy{},
	}
}

// Stage of the way back.
type Stage string

// The three stages.
const (
	Detoxification Stage = "detoxification" // 生理脱毒
	Recovery       Stage = "recovery"       // 身心康复
	ReturnHome     Stage = "return"         // 回归家庭和社会
)

// Stages lists them in their order.
func Stages() []Stage { return stages.values() }

var stages = codes[Stage]{
	{Detoxification, "生理脱毒", "detoxification"},
	{Recovery, "身心康复", "recovery"},
	{ReturnHome, "回归社会", "return to family and society"},
}

// GoalCode is what a goal is about; its words are the note of the command.
type GoalCode string

// GoalCodes lists them. Any of them may stand in any stage.
func GoalCodes() []GoalCode {
	return goalCodes.values()
}

var goalCodes = codes[GoalCode]{
	{"abstinence", "戒断毒瘾", "abstinence"},
	{"clean_tests", "检测阴性", "clean tests"},
	{"withdrawal_treated", "戒断症状治疗", "withdrawal treated"},
	{"health", "身体健康", "health"},
	{"maintenance_stable", "维持治疗稳定", "maintenance stable"},
	{"counselling", "心理辅导", "counselling"},
	{"craving_control", "控制渴求", "craving control"},
	{"mental_health", "心理健康", "mental health"},
	{"family_relations", "家庭关系", "family relations"},
	{"peer_support", "同伴支持", "peer support"},
	{"papers", "证件办理", "papers"},
	{"housing", "住房", "housing"},
	{"social_assistance", "社会救助", "social assistance"},
	{"schooling", "就学", "schooling"},
	{"skills_training", "技能培训", "skills training"},
	{"employment", "就业", "employment"},
	{"family_reunion", "家庭团聚", "family reunion"},
	{"volunteering", "志愿服务", "volunteering"},
	{"other", "其他", "other"},
}

// GoalStatus is how a goal stands.
type GoalStatus string

// The statuses of a goal.
const (
	GoalOpen      GoalStatus = "open"
	GoalReached   GoalStatus = "met"
	GoalAbandoned GoalStatus = "dropped"
)

var goalStatuses = codes[GoalStatus]{
	{GoalOpen, "进行中", "open"},
	{GoalReached, "已达成", "met"},
	{GoalAbandoned, "已放弃", "dropped"},
}

// Goal of a plan, to be reached by Target. N counts from 1 within the plan. Of is the goal
// towards which this one is a milestone; 0: it is a goal of its own. On is the day on which
// it was met or dropped. A target that passes is no breach and nobody's miss: it is shown
// until somebody moves, meets or drops the goal.
type Goal struct {
	N      int        `json:"n"`
	Stage  Stage      `json:"stage"`
	Code   GoalCode   `json:"code"`
	Target Date       `json:"target"`
	Of     int        `json:"of,omitempty"`
	Status GoalStatus `json:"status"`
	On     Date       `json:"on,omitzero"`
}

// PlanOfHelp is the three-stage plan of a case; the zero plan was not made.
type PlanOfHelp struct {
	MadeOn     Date   `json:"made_on,omitzero"`
	Stage      Stage  `json:"stage,omitempty"`
	StageSince Date   `json:"stage_since,omitzero"`
	ReviewedOn Date   `json:"reviewed_on,omitzero"`
	Goals      []Goal `json:"goals,omitempty"`
}

// maxGoals of one plan.
const maxGoals = 100

// NewGoal is a goal as it is set.
type NewGoal struct {
	Stage  Stage    `json:"stage"`
	Code   GoalCode `json:"code"`
	Target Date     `json:"target"`
	Of     int      `json:"of,omitempty"`
}

// MakePlan makes the plan: at least one goal in each stage. The stage the client stands in
// is Stage, detoxification where it is empty. A milestone's Of is the place of its goal in
// the list, counted from 1.
type MakePlan struct {
	Stage Stage     `json:"stage,omitempty"`
	Goals []NewGoal `json:"goals"`
}

// AddGoal sets one more goal or milestone.
type AddGoal struct {
	Stage  Stage    `json:"stage"`
	Code   GoalCode `json:"code"`
	Target Date     `json:"target"`
	Of     int      `json:"of,omitempty"`
}

// MoveGoal sets another day for a goal.
type MoveGoal struct {
	Goal   int  `json:"goal"`
	Target Date `json:"target"`
}

// MeetGoal says that a goal was reached on the day of OccurredAt.
type MeetGoal struct {
	Goal int `json:"goal"`
}

// DropGoal gives a goal up; why is the command's text.
type DropGoal struct {
	Goal int `json:"goal"`
}

// ChangeStage is a person's finding that the client has come into another stage.
type ChangeStage struct {
	Stage Stage `json:"stage"`
}

// ReviewPlan says that the plan was looked at with the client on the day of OccurredAt.
type ReviewPlan struct{}

func (MakePlan) CommandType() string    { return "make-plan" }
func (AddGoal) CommandType() string     { return "add-goal" }
func (MoveGoal) CommandType() string    { return "move-goal" }
func (MeetGoal) CommandType() string    { return "meet-goal" }
func (DropGoal) CommandType() string    { return "drop-goal" }
func (ChangeStage) CommandType() string { return "change-stage" }
func (ReviewPlan) CommandType() string  { return "review-plan" }

func (b MakePlan) check() *Error {
	if n := len(b.Goals); n < 1 || n > maxGoals {
		return InvalidField("goals", "a plan has 1 to %d goals", maxGoals)
	}
	if b.Stage != "" {
		if err := stages.check("stage", b.Stage); err != nil {
			return err
		}
	}
	for i, g := range b.Goals {
		if err := g.check(); err != nil {
			return err.in("goals", i)
		}
		if g.Of > i || g.Of > 0 && (b.Goals[g.Of-1].Of != 0 || b.Goals[g.Of-1].Stage != g.Stage) {
			return InvalidField(fmt.Sprintf("goals[%d].of", i), "is the place of a goal that stands before its milestones in the same stage")
		}
	}
	for _, s := range Stages() {
		if !slices.ContainsFunc(b.Goals, func(g NewGoal) bool { return g.Stage == s }) {
			return InvalidField("goals", "a plan has at least one goal in each of its three stages: %s has none", s)
		}
	}
	return nil
}

func (b AddGoal) check() *Error { return NewGoal(b).check() }

func (g NewGoal) check() *Error {
	if err := stages.check("stage", g.Stage); err != nil {
		return err
	}
	if err := goalCodes.check("code", g.Code); err != nil {
		return err
	}
	switch {
	case g.Target == 0:
		return missing("target")
	case g.Of < 0:
		return InvalidField("of", "is not negative")
	}
	return nil
}

func (b MoveGoal) check() *Error {
	if b.Target == 0 {
		return missing("target")
	}
	return checkGoal(b.Goal)
}
func (b MeetGoal) check() *Error    { return checkGoal(b.Goal) }
func (b DropGoal) check() *Error    { return checkGoal(b.Goal) }
func (b ChangeStage) check() *Error { return stages.check("stage", b.Stage) }
func (ReviewPlan) check() *Error    { return nil }

func checkGoal(n int) *Error {
	if n < 1 {
		return missing("goal")
	}
	return nil
}
