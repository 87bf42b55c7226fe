package rehab

import (
	"fmt"
	"slices"
	"strings"
)

// WorkingGroupDuty is the station's to have a working group with every role that the law
// names (DRR art.17).
const WorkingGroupDuty Kind = "working_group"

func workingGroupTopic() topic {
	return topic{
		subject: "help",
		commands: []CommandSpec{
			command[JoinGroup]("加入小组", "Name members of the working group", by(everyone), settles(WorkingGroupDuty), afterRelease, example(`{"members":[{"role":"police_officer","member":"p-1"},{"role":"medical_worker","member":"m-1"},{"role":"family","member":"family-1"}]}`)),
			command[LeaveGroup]("退出小组", "Say that a member has left the working group", by(everyone), afterRelease, example(`{"role":"police_officer","member":"p-1"}`)),
			command[WaiveFamily]("不设家庭成员", "Find that there is no family that can take part in the working group, and why", by(offices), reason, afterRelease),
		},
		events: []eventKind{eventOf[GroupJoined](), eventOf[GroupLeft](), eventOf[FamilyWaived]()},
		duties: []duty{{kind: WorkingGroupDuty, zh: "组成工作小组", en: "forming of the working group", limit: func(p *Policy) *Limit { return &p.WorkingGroup }}},
		why:    groupWhy{},
	}
}

// GroupRole is what a member is to the working group.
type GroupRole string

// The roles that the law names (DRR art.17). The full-time worker is the worker of the
// case and is not named a second time.
const (
	GroupWorker    GroupRole = "worker"
	GroupPolice    GroupRole = "police_officer" // 社区民警
	GroupMedical   GroupRole = "medical_worker" // 社区医务人员
	GroupFamily    GroupRole = "family"         // 家庭成员
	GroupVolunteer GroupRole = "volunteer"      // 禁毒志愿者
)

// GroupRoles lists the roles of members who are named.
func GroupRoles() []GroupRole { return groupRoles.values() }

var groupRoles = codes[GroupRole]{
	{GroupPolice, "社区民警", "police officer"},
	{GroupMedical, "社区医务人员", "medical worker"},
	{GroupFamily, "家庭成员", "family member"},
	{GroupVolunteer, "禁毒志愿者", "volunteer"},
}

// Member of a working group. ID is of a register or a mere reference such as "family-1":
// names are personal data and stay outside.
type Member struct {
	Role  GroupRole `json:"role"`
	ID    string    `json:"member"`
	Since Date      `json:"since"`
}

// Group is the working group of a case. NoFamily: a person found that there is no family
// that can take part.
type Group struct {
	Members  []Member `json:"members,omitempty"`
	NoFamily bool     `json:"no_family,omitempty"`
}

func (g *Group) has(r GroupRole) bool {
	return slices.ContainsFunc(g.Members, func(m Member) bool { return m.Role == r })
}

func (g *Group) index(r GroupRole, id string) int {
	return slices.IndexFunc(g.Members, func(m Member) bool { return m.Role == r && m.ID == id })
}

// GroupLacks are the roles that the law names and that nobody fills. A volunteer is
// welcome and not waited for: who is one cannot be ordered.
func (c *Case) GroupLacks() []GroupRole {
	var out []GroupRole
	if c.Worker == "" {
		out = append(out, GroupWorker)
	}
	for _, r := range []GroupRole{GroupPolice, GroupMedical, GroupFamily} {
		if !c.Help.Group.has(r) && !(r == GroupFamily && c.Help.Group.NoFamily) {
			out = append(out, r)
		}
	}
	return out
}

// NewMember is who joins a group, and as what.
type NewMember struct {
	Role GroupRole `json:"role"`
	ID   string    `json:"member"`
}

// JoinGroup names members of the group from the day of OccurredAt.
type JoinGroup struct {
	Members []NewMember `json:"members"`
}

// LeaveGroup says that a member is none any more from the day of OccurredAt.
type LeaveGroup struct {
	Role GroupRole `json:"role"`
	ID   string    `json:"member"`
}

// WaiveFamily is a person's finding that there is no family that can take part; why is
// the command's text.
type WaiveFamily struct{}

func (JoinGroup) CommandType() string   { return "join-working-group" }
func (LeaveGroup) CommandType() string  { return "leave-working-group" }
func (WaiveFamily) CommandType() string { return "waive-family-member" }

func (b JoinGroup) check() *Error {
	if n := len(b.Members); n < 1 || n > 20 {
		return InvalidField("members", "1 to 20 members join at a time")
	}
	for i, m := range b.Members {
		if err := m.check(); err != nil {
			return err.in("members", i)
		}
		if slices.Contains(b.Members[:i], m) {
			return InvalidField(fmt.Sprintf("members[%d]", i), "is there twice")
		}
	}
	return nil
}

func (b LeaveGroup) check() *Error { return NewMember(b).check() }
func (WaiveFamily) check() *Error  { return nil }
func (m NewMember) check() *Error {
	if err := groupRoles.check("role", m.Role); err != nil {
		return err
	}
	if !isReference(m.ID) {
		return InvalidField("member", "is an id of 1 to 64 letters, digits and - _ . with a number in it, such as family-1: never a name, a phone or an ID number")
	}
	return nil
}

// isReference reports whether the text can be an id of a register. A digit is asked for,
// and no more than ten in a row, so that names, phones and ID numbers do not pass for one.
func isReference(s string) bool {
	digits, run := false, 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits = true
			if run++; run > 10 {
				return false
			}
			continue
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', strings.ContainsRune("-_.", r):
			run = 0
		default:
			return false
		}
	}
	return digits && len(s) <= 64
}

// GroupJoined is one member's coming.
type GroupJoined struct {
	On   Date      `json:"on"`
	Role GroupRole `json:"role"`
	ID   string    `json:"member"`
}

// GroupLeft is one member's going.
type GroupLeft struct {
	On   Date      `json:"on"`
	Role GroupRole `json:"role"`
	ID   string    `json:"member"`
}

// FamilyWaived says that the group does without family.
type FamilyWaived struct {
	On Date `json:"on"`
}

func (GroupJoined) EventType() string  { return "group_joined" }
func (GroupLeft) EventType() string    { return "group_left" }
func (FamilyWaived) EventType() string { return "family_waived" }

func (d GroupJoined) apply(c *Case, _ *Event) {
	g := &c.Help.Group
	g.Members = append(g.Members, Member{d.Role, d.ID, d.On})
	if d.Role == GroupFamily {
		g.NoFamily = false
	}
}

func (d GroupLeft) apply(c *Case, _ *Event) {
	g := &c.Help.Group
	g.Members = slices.DeleteFunc(g.Members, func(m Member) bool { return m.Role == d.Role && m.ID == d.ID })
}

func (FamilyWaived) apply(c *Case, _ *Event) { c.Help.Group.NoFamily = true }

func (b JoinGroup) decide(d *decision, on Date) *Error {
	g := &d.c.Help.Group
	if len(g.Members)+len(b.Members) > 50 {
		return refuse("members", "DRR art.17", "a working group has at most 50 members")
	}
	for i, m := range b.Members {
		if g.index(m.Role, m.ID) >= 0 {
			return refuse(fmt.Sprintf("members[%d].member", i), "DRR art.17", "%s is in the group as %s already", m.ID, m.Role)
		}
	}
	for _, m := range b.Members {
		d.emit(GroupJoined{on, m.Role, m.ID})
	}
	d.judgeGroup(on)
	return nil
}

func (b LeaveGroup) decide(d *decision, on Date) *Error {
	g := &d.c.Help.Group
	i := g.index(b.Role, b.ID)
	switch {
	case i < 0:
		return &Error{Code: NotFound, Field: "member", Message: "the group has no such member"}
	case on < g.Members[i].Since:
		return refuse("occurred_at", "DRR art.17", "%s lies before %s, the member's first day", on, g.Members[i].Since)
	}
	d.emit(GroupLeft{on, b.Role, b.ID})
	d.judgeGroup(on)
	return nil
}

func (WaiveFamily) decide(d *decision, on Date) *Error {
	g := &d.c.Help.Group
	switch {
	case g.NoFamily:
		return refuse("", "DRR art.17", "the group does without family already")
	case g.has(GroupFamily):
		return refuse("", "DRR art.17", "the family is in the group")
	}
	d.emit(FamilyWaived{on})
	d.judgeGroup(on)
	return nil
}

// judgeGroup meets the duty once every role is filled, and makes it due again, from
// today, when somebody the law names has left. Before report-in nobody owes a group.
func (d *decision) judgeGroup(on Date) {
	duty, lacks := d.first(WorkingGroupDuty), len(d.c.GroupLacks()) > 0
	switch {
	case duty != nil && !lacks:
		d.meet(*duty, d.c.Help.Group.filledOn(on))
	case duty == nil && lacks && d.c.ReportedOn != 0:
		d.obligeGroup(d.env.Today())
	}
}

// filledOn is the first day on which every role was filled, at the earliest the day given.
func (g *Group) filledOn(on Date) Date {
	for _, r := range []GroupRole{GroupPolice, GroupMedical, GroupFamily} {
		if i := slices.IndexFunc(g.Members, func(m Member) bool { return m.Role == r }); i >= 0 {
			on = max(on, g.Members[i].Since)
		}
	}
	return on
}

// obligeGroup makes a group due within the limit from the day, where it lacks somebody.
func (d *decision) obligeGroup(from Date) {
	if len(d.c.GroupLacks()) > 0 {
		d.obligeHelp(WorkingGroupDuty, min(from, d.env.Today()), from, d.env.Policy.WorkingGroup, 0)
	}
}

type groupWhy struct{}

func (groupWhy) explain(c *Case, env Env, x *Explanation) {
	lacks := c.GroupLacks()
	if len(lacks) == 0 || c.ReportedOn == 0 {
		return
	}
	var zh, en []string
	for _, r := range lacks {
		zh, en = append(zh, groupRoleZH(r)), append(en, string(r))
	}
	x.Waiting = append(x.Waiting, Line{Code: "group_lacks", Citation: "DRR art.17", Mark: Law,
		ZH: "工作小组尚缺：" + strings.Join(zh, "、"), EN: "the working group lacks: " + strings.Join(en, ", ")})
}

func groupRoleZH(r GroupRole) string {
	switch r {
	case GroupWorker:
		return "禁毒专职社工"
	case GroupPolice:
		return "社区民警"
	case GroupMedical:
		return "社区医务人员"
	case GroupFamily:
		return "家庭成员"
	}
	return "禁毒志愿者"
}

func (FamilyWaived) decided(*Case) Line {
	return Line{Citation: "DRR art.17", ZH: "认定无家庭成员可参加工作小组", EN: "found that there is no family that can take part in the working group"}
}
