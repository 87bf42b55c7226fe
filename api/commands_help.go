package api

import (
	"github.com/danielgtaylor/huma/v2"

	"guitu/rehab"
)

// The bodies of the helping side: working group, plan, help given (DRR art.17, 18).
type (
	joinGroup struct {
		rehab.JoinGroup
		Facts
	}
	leaveGroup struct {
		rehab.LeaveGroup
		Facts
	}
	waiveFamily struct {
		rehab.WaiveFamily
		Reasoned
	}
	makePlan struct {
		rehab.MakePlan
		Facts
	}
	addGoal struct {
		rehab.AddGoal
		Facts
	}
	moveGoal struct {
		rehab.MoveGoal
		Facts
	}
	meetGoal struct {
		rehab.MeetGoal
		Facts
	}
	dropGoal struct {
		rehab.DropGoal
		Reasoned
	}
	changeStage struct {
		rehab.ChangeStage
		Facts
	}
	reviewPlan struct {
		rehab.ReviewPlan
		Facts
	}
	giveHelp struct {
		rehab.GiveHelp
		Facts
	}
	recordPositiveEvent struct {
		rehab.RecordPositiveEvent
		Facts
	}
)

func (b joinGroup) command() rehab.CommandBody           { return b.JoinGroup }
func (b leaveGroup) command() rehab.CommandBody          { return b.LeaveGroup }
func (b waiveFamily) command() rehab.CommandBody         { return b.WaiveFamily }
func (b makePlan) command() rehab.CommandBody            { return b.MakePlan }
func (b addGoal) command() rehab.CommandBody             { return b.AddGoal }
func (b moveGoal) command() rehab.CommandBody            { return b.MoveGoal }
func (b meetGoal) command() rehab.CommandBody            { return b.MeetGoal }
func (b dropGoal) command() rehab.CommandBody            { return b.DropGoal }
func (b changeStage) command() rehab.CommandBody         { return b.ChangeStage }
func (b reviewPlan) command() rehab.CommandBody          { return b.ReviewPlan }
func (b giveHelp) command() rehab.CommandBody            { return b.GiveHelp }
func (b recordPositiveEvent) command() rehab.CommandBody { return b.RecordPositiveEvent }

// helpCommandRoutes lists the commands of the helping side.
func (s *server) helpCommandRoutes() {
	command[joinGroup](s, "join-working-group", "Name members of the working group")
	command[leaveGroup](s, "leave-working-group", "Say that a member has left the working group")
	command[waiveFamily](s, "waive-family-member", "Find that there is no family that can take part in the working group, and why")
	command[makePlan](s, "make-plan", "Make the three-stage plan of help")
	command[addGoal](s, "add-goal", "Set one more goal or milestone of the plan")
	command[moveGoal](s, "move-goal", "Set another day for a goal")
	command[meetGoal](s, "meet-goal", "Say that a goal was reached")
	command[dropGoal](s, "drop-goal", "Give a goal up, and why")
	command[changeStage](s, "change-stage", "Take the client into another stage of the plan")
	command[reviewPlan](s, "review-plan", "Say that the plan was looked at with the client")
	command[giveHelp](s, "give-help", "Record help that was given: rehabilitation service, assistance or publicity")
	command[recordPositiveEvent](s, "record-positive-event", "Record a good turn in the client's life")
}

// helpSchemas are the words of the helping side.
func helpSchemas(r huma.Registry) {
	alias[rehab.GroupRole, groupRoleSchema](r)
	alias[rehab.Stage, stageSchema](r)
	alias[rehab.GoalCode, goalCodeSchema](r)
	alias[rehab.GoalStatus, goalStatusSchema](r)
	alias[rehab.HelpClass, helpClassSchema](r)
	alias[rehab.HelpKind, helpKindSchema](r)
	alias[rehab.PositiveKind, positiveKindSchema](r)
}

type (
	groupRoleSchema    struct{}
	stageSchema        struct{}
	goalCodeSchema     struct{}
	goalStatusSchema   struct{}
	helpClassSchema    struct{}
	helpKindSchema     struct{}
	positiveKindSchema struct{}
)

func (groupRoleSchema) Schema(huma.Registry) *huma.Schema {
	return enum(append(rehab.GroupRoles(), rehab.GroupWorker)...)
}
func (stageSchema) Schema(huma.Registry) *huma.Schema    { return enum(rehab.Stages()...) }
func (goalCodeSchema) Schema(huma.Registry) *huma.Schema { return enum(rehab.GoalCodes()...) }
func (goalStatusSchema) Schema(huma.Registry) *huma.Schema {
	return enum(rehab.GoalOpen, rehab.GoalReached, rehab.GoalAbandoned)
}
func (helpClassSchema) Schema(huma.Registry) *huma.Schema    { return enum(rehab.HelpClasses()...) }
func (positiveKindSchema) Schema(huma.Registry) *huma.Schema { return enum(rehab.PositiveKinds()...) }
func (helpKindSchema) Schema(huma.Registry) *huma.Schema {
	var all []rehab.HelpKind
	for _, c := range rehab.HelpClasses() {
		all = append(all, rehab.HelpKinds(c)...)
	}
	return enum(all...)
}
