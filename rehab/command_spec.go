package rehab

import "slices"

// CommandSpec is what a command says about itself, once, in the list of its topic. The
// routes and their schema, the batch, the permissions, the inbox, what a released or
// suspended case takes and the tables of the documentation come from it.
type CommandSpec struct {
	Type   string      // the name on the wire
	ZH, EN string      // what it is for, as a title of its form and as the summary of its route
	By     []Role      // who may give it
	Body   CommandBody // the zero value of its type

	Subject string // under which it stands in the document of the API: that of its topic
	Example string // the fields of a body as they are sent, JSON

	// Reason says that the command needs a note: why, or what will be done.
	Reason bool
	// Settles are the duties that the command is the answer to, Confirms those that are a
	// draft until it is given. A duty has one command that settles it: the one it is offered with.
	Settles, Confirms []Kind

	AfterRelease bool // a released case takes it (DRR art.7)
	AfterEnd     bool // a case that has ended takes it, as long as it owes something
	Amends       bool // it puts the record right: it acts on the history, and a closed case takes it (PIPL art.46)
	MovesClock   bool // it would move the clock: a suspended case does not take it (DRR art.24)
	Witnessed    bool // it records what its giver saw or did: who had the case then gives it, later too
	OnceADay     bool // it is one occasion however often one person writes it down on a day

	read func([]byte) (CommandBody, error)
}

// commandOption says one thing more about a command.
type commandOption func(*CommandSpec)

// The groups of roles that give commands.
var (
	authorities = []Role{DistrictOffice, CityOffice, Admin}
	offices     = []Role{StationHead, DistrictOffice, CityOffice, Admin, IntegrationRole}
	station     = []Role{WorkerRole, StationHead}
	everyone    = []Role{WorkerRole, StationHead, DistrictOffice, CityOffice, Admin, IntegrationRole}
	withPolice  = append(slices.Clone(everyone), PoliceRole)
)

func by(roles []Role) commandOption { return func(s *CommandSpec) { s.By = roles } }

func settles(kinds ...Kind) commandOption { return func(s *CommandSpec) { s.Settles = kinds } }

func confirms(kinds ...Kind) commandOption { return func(s *CommandSpec) { s.Confirms = kinds } }

func under(subject string) commandOption { return func(s *CommandSpec) { s.Subject = subject } }

func example(fields string) commandOption { return func(s *CommandSpec) { s.Example = fields } }

func reason(s *CommandSpec)       { s.Reason = true }
func afterRelease(s *CommandSpec) { s.AfterRelease = true }
func afterEnd(s *CommandSpec)     { s.AfterEnd = true }
func amending(s *CommandSpec)     { s.Amends = true }
func movesClock(s *CommandSpec)   { s.MovesClock = true }
func onceADay(s *CommandSpec)     { s.OnceADay = true }
func witnessed(s *CommandSpec)    { s.Witnessed = true }

func command[T CommandBody](zh, en string, options ...commandOption) CommandSpec {
	var v T
	s := CommandSpec{Type: v.CommandType(), ZH: zh, EN: en, Body: v, Example: `{}`, read: readCommand[T]}
	for _, say := range options {
		say(&s)
	}
	return s
}

// Commands lists every command a case takes, in the order of a life.
func Commands() []CommandSpec { return slices.Clone(commandList) }

// CommandTypes lists the names of the commands a case takes, in the order of a life.
func CommandTypes() []string {
	out := make([]string, len(commandList))
	for i := range commandList {
		out[i] = commandList[i].Type
	}
	return out
}

// SpecOf is what the command of the name says about itself.
func SpecOf(commandType string) (CommandSpec, bool) {
	if s, ok := commandKinds[commandType]; ok {
		return *s, true
	}
	return CommandSpec{}, false
}

// MayGive reports whether the role may give the command.
func (s *CommandSpec) MayGive(r Role) bool { return slices.Contains(s.By, r) }

// Permit refuses a command that the actor's role may not give: Forbidden. A command that
// is in no table is nobody's.
func Permit(a Actor, body CommandBody) *Error {
	name := ""
	if body != nil {
		name = body.CommandType()
	}
	return PermitType(a, name)
}

// PermitType is Permit for a command by its name.
func PermitType(a Actor, commandType string) *Error {
	if s, ok := commandKinds[commandType]; ok && s.MayGive(a.Role) {
		return nil
	}
	return &Error{Code: Forbidden, Message: "the role " + string(a.Role) + " may not give the command " + commandType}
}

// specOf is SpecOf for a body, which belongs to a topic always.
func specOf(body CommandBody) *CommandSpec { return commandKinds[body.CommandType()] }

// SettledBy is the command that a duty of the kind is offered with: the one that confirms
// it while it is a draft, or the one that settles it. It is empty for a kind that there is not.
func SettledBy(k Kind, draft bool) CommandSpec {
	if s, ok := confirmedBy[k]; ok && draft {
		return s
	}
	return settledBy[k]
}

// DutySpec is what a kind of duty says about itself.
type DutySpec struct {
	Kind      Kind
	ZH, EN    string
	Client    bool // the client owes it: in custody its clock stands still (DRR art.24)
	Recurring bool // it comes in windows
	Elsewhere bool // the station of the case does not decide it

	limit func(*Policy) *Limit
}

// Limit is the length of time that the policy gives for the duty; nil where its days come
// from elsewhere: a window, a leave, a step of the outreach.
func (d DutySpec) Limit(p *Policy) *Limit {
	if d.limit == nil {
		return nil
	}
	return d.limit(p)
}

// Duties lists the kinds of duties, in the order of a life.
func Duties() []DutySpec {
	var out []DutySpec
	for _, t := range topicList {
		for _, d := range t.duties {
			out = append(out, DutySpec{d.kind, d.zh, d.en, d.client, d.recurring, d.elsewhere, d.limit})
		}
	}
	return out
}

// settling tables the commands by the duties that one column of theirs names. A duty that
// two commands answer is a fault of the program.
func settling(column func(CommandSpec) []Kind) map[Kind]CommandSpec {
	out := make(map[Kind]CommandSpec)
	for _, s := range commandList {
		for _, k := range column(s) {
			if was, twice := out[k]; twice {
				panic("the duty " + string(k) + " is settled by " + was.Type + " and by " + s.Type)
			}
			out[k] = s
		}
	}
	return out
}
