package inbox

import (
	"slices"
	"time"

	"guitu/rehab"
)

// Step is a part of the list "now": all of one stand before all of the next.
type Step string

// The steps, the most urgent first.
const (
	CrisisStep   Step = "crisis"   // an open crisis
	HoursStep    Step = "hours"    // a limit in hours
	ClimbStep    Step = "climb"    // an escalation that waits for the actor
	MissStep     Step = "miss"     // a provisional miss
	DecisionStep Step = "decision" // what the actor decides
	TodayStep    Step = "today"    // due today
	SoonStep     Step = "soon"     // due in the next days
)

// Steps in their order.
func Steps() []Step {
	return []Step{CrisisStep, HoursStep, ClimbStep, MissStep, DecisionStep, TodayStep, SoonStep}
}

// Rank is the place of the step in their order, from 1; 0 for none.
func (s Step) Rank() int { return slices.Index(Steps(), s) + 1 }

// SoonDays is how many days ahead a duty stands in the list that waits for no decision.
const SoonDays = 3

// Subject is what a line of the list is about.
type Subject string

// The subjects.
const (
	DutySubject     Subject = "duty"
	LeaveSubject    Subject = "leave"         // reported, and decided by nobody
	TransferSubject Subject = "transfer"      // before the receiving station
	ChangeSubject   Subject = "client_change" // of name or document, before another person
)

// NowItem is one thing that waits, once: a miss with the climb over it is one.
type NowItem struct {
	Step    Step         `json:"step"`
	Subject Subject      `json:"subject"`
	CaseID  string       `json:"case_id"`
	Place   string       `json:"place"`
	Worker  string       `json:"worker"`
	Risk    rehab.Risk   `json:"risk"`
	Policy  string       `json:"policy"` // id@version
	Kind    rehab.Kind   `json:"kind"`   // of a duty
	N       int64        `json:"n"`      // of the duty, or the number of what it is about instead
	Status  rehab.Status `json:"status"`
	Opens   rehab.Date   `json:"opens"`
	Due     rehab.Date   `json:"due"` // last day
	DueAt   time.Time    `json:"due_at"`
	About   int64        `json:"about"` // the event that the duty is about
	Cite    string       `json:"cite"`
	Draft   bool         `json:"draft"`      // a person has to confirm it before it is sent
	From    string       `json:"from_place"` // of a transfer
	Until   rehab.Date   `json:"until"`      // of a leave
	Since   time.Time    `json:"since"`
	Crisis  string       `json:"crisis"`  // its kind
	Pending int64        `json:"pending"` // the transfer of the case that waits for its file or an answer

	Climb   int64      `json:"climb"` // the escalation over it
	Rung    int        `json:"rung"`
	Told    rehab.Role `json:"told"`
	ToldAt  time.Time  `json:"told_at"`
	NextAt  time.Time  `json:"next_at"`
	Promise rehab.Date `json:"promise"`
	AckedBy string     `json:"acked_by"`
	Mine    bool       `json:"mine"` // it waits for the actor

	First int64 `json:"first"` // the order within the step
}

// Obligation of an item about a duty.
func (i *NowItem) Obligation() rehab.ObligationID {
	return rehab.ObligationID{Kind: i.Kind, N: int(i.N)}
}

// NowKey is where a page of the list ended: the values of its order.
type NowKey struct {
	Step   int       `json:"s"` // its place among the steps, from 1
	First  int64     `json:"f"`
	Risk   int       `json:"r"`
	Since  time.Time `json:"t"`
	CaseID string    `json:"c"`
	Kind   string    `json:"k"`
	N      int64     `json:"n"`
}

// Key of the item.
func (i *NowItem) Key() NowKey {
	return NowKey{Step: i.Step.Rank(), First: i.First, Risk: riskRank(i.Risk), Since: i.Since, CaseID: i.CaseID, Kind: string(i.Subject) + string(i.Kind), N: i.N}
}

func riskRank(r rehab.Risk) int {
	switch r {
	case rehab.High:
		return 0
	case rehab.Medium:
		return 1
	}
	return 2
}

// NowFilter selects a page of the list of an actor. The scope is that of the inbox; Area,
// Of and Step narrow it: to a place, a worker, a part.
type NowFilter struct {
	Filter
	Area string
	Of   string
	Step Step
	Key  NowKey
	By   rehab.Actor // whose acts of today are counted

	Decides []string // kinds that the role decides while they are open
	Drafts  []string // those of them that are decided as a draft alone
	Leaves  bool     // whether the role decides leaves and answers transfers
	Changes bool     // and confirms changes of clients
	// Proposers are the roles whose changes wait for this one; nil: all.
	Proposers []string

	Statutory []string // policy and kind, as "id@version/kind", where the statute sets the limit
}

// NowList is a page of what waits, with the counts of the whole list.
type NowList struct {
	Items      []NowItem
	Counts     map[Step]int
	Snoozed    int
	NextReturn rehab.Date // of what was put off
	Handled    int        // commands of the actor today that settled something
	Coverage   *NowCoverage
}

// NowCoverage is how the coverage of the place was when it last changed.
type NowCoverage struct {
	Open    int       `json:"open"`
	Covered int       `json:"covered"`
	Since   time.Time `json:"since" doc:"When the figures were found so first."`
}
