package office

import (
	"cmp"
	"slices"

	"guitu/bulk"
	"guitu/rehab"
)

// Load is what a worker carries: open cases by risk class, and what they weigh together
// by the weights of the policy. Limit is how many open cases the worker should have at
// most; it warns and never blocks.
type Load struct {
	Worker     string             `json:"worker"`
	Places     []string           `json:"places" nullable:"false"` // where the worker may take cases
	Registered bool               `json:"registered"`
	Post       Post               `json:"post,omitempty"`
	Until      rehab.Date         `json:"until,omitzero"` // last day there, where it is known
	ByRisk     map[rehab.Risk]int `json:"by_risk"`
	Cases      int                `json:"cases"`
	Weight     int                `json:"weight"`
	Limit      int                `json:"limit"`
	Over       int                `json:"over,omitempty"` // cases above the limit
	Room       int                `json:"room,omitempty"` // cases below it
}

// Add puts n cases of the risk class on the worker.
func (l *Load) Add(risk rehab.Risk, n int, p *rehab.Policy) {
	if l.ByRisk == nil {
		l.ByRisk = make(map[rehab.Risk]int)
	}
	l.ByRisk[risk] += n
	l.Cases += n
	l.Weight += n * p.Caseload.Weight(risk)
	l.level()
}

func (l *Load) level() {
	l.Over, l.Room = max(0, l.Cases-l.Limit), max(0, l.Limit-l.Cases)
}

// Weigh completes a load of which the cases were counted: the weight, and the limit of
// the policy where the worker has none.
func (l *Load) Weigh(p *rehab.Policy) {
	if l.Limit == 0 {
		l.Limit = p.Caseload.N
	}
	l.Weight = 0
	for r, n := range l.ByRisk {
		l.Weight += n * p.Caseload.Weight(r)
	}
	l.level()
}

// LoadFilter selects whose load is counted: the workers of a place and all below it, or
// those who may take cases of the streets. After and Limit page by key: the id last seen.
type LoadFilter struct {
	Place   string
	Streets []string
	Worker  string
	On      rehab.Date
	After   string
	Limit   int
}

func (l *Load) covers(street string) bool {
	return slices.ContainsFunc(l.Places, func(p string) bool { return rehab.PlaceCode(p).Contains(rehab.PlaceCode(street)) })
}

// UnassignedCase is a case that needs a worker. From is who has it now, and does not get it again.
type UnassignedCase struct {
	CaseID string
	Place  string
	Risk   rehab.Risk
	From   string
}

// Assignment gives one case to a worker.
type Assignment struct {
	CaseID string     `json:"case_id"`
	Place  string     `json:"place"`
	Risk   rehab.Risk `json:"risk"`
	From   string     `json:"from,omitempty"`
	To     string     `json:"to"`
}

// Unplaced is a case the suggestion found nobody for.
type Unplaced struct {
	CaseID string `json:"case_id"`
	Reason string `json:"reason" enum:"no_worker,all_full,no_open_case"`
}

// LoadChange is a worker's load before and after the moves.
type LoadChange struct {
	Worker       string `json:"worker"`
	CasesBefore  int    `json:"cases_before"`
	CasesAfter   int    `json:"cases_after"`
	WeightBefore int    `json:"weight_before"`
	WeightAfter  int    `json:"weight_after"`
	Limit        int    `json:"limit"`
}

// AssignmentPlan is a suggestion: nothing is changed by it. Assignments is the same as plain
// data, ready to be carried out: case id -> worker id.
type AssignmentPlan struct {
	Moves       []Assignment      `json:"moves" nullable:"false"`
	Unplaced    []Unplaced        `json:"unplaced" nullable:"false"`
	Loads       []LoadChange      `json:"loads" nullable:"false"` // of everybody the plan touches
	Assignments map[string]string `json:"assignments"`

	// Order is the body of POST /v1/fleets that carries the plan out as it is.
	Order *bulk.Order `json:"order,omitempty"`
}

// Suggest gives each case to the worker of its place who carries the least then, the
// heaviest cases first, and to nobody above the limit unless beyond is set. The same
// input in any order gives the same plan.
func Suggest(cases []UnassignedCase, loads []Load, p *rehab.Policy, beyond bool) AssignmentPlan {
	plan := AssignmentPlan{Moves: []Assignment{}, Unplaced: []Unplaced{}, Loads: []LoadChange{}, Assignments: make(map[string]string)}
	order := slices.SortedFunc(slices.Values(cases), func(a, b UnassignedCase) int {
		return cmp.Or(cmp.Compare(p.Caseload.Weight(b.Risk), p.Caseload.Weight(a.Risk)), cmp.Compare(a.CaseID, b.CaseID))
	})
	now := make([]Load, len(loads))
	for i, l := range loads {
		now[i] = l
		now[i].ByRisk = nil // what follows counts, and must not touch the caller's map
	}
	slices.SortFunc(now, func(a, b Load) int { return cmp.Compare(a.Worker, b.Worker) })
	before := slices.Clone(now)
	touched := make(map[string]bool)
	for _, c := range order {
		to, reason := lightest(now, c, beyond)
		if to == nil {
			plan.Unplaced = append(plan.Unplaced, Unplaced{c.CaseID, reason})
			continue
		}
		to.Add(c.Risk, 1, p)
		if i, ok := find(now, c.From); ok {
			now[i].Add(c.Risk, -1, p)
			touched[c.From] = true
		}
		touched[to.Worker] = true
		plan.Moves = append(plan.Moves, Assignment{c.CaseID, c.Place, c.Risk, c.From, to.Worker})
		plan.Assignments[c.CaseID] = to.Worker
	}
	if len(plan.Moves) > 0 {
		plan.Order = &bulk.Order{Kind: bulk.Reassign}
		for _, m := range plan.Moves {
			plan.Order.Assignments = append(plan.Order.Assignments, bulk.Assignment{CaseID: m.CaseID, Worker: m.To})
		}
	}
	for i, l := range now {
		if touched[l.Worker] {
			plan.Loads = append(plan.Loads, LoadChange{l.Worker, before[i].Cases, l.Cases, before[i].Weight, l.Weight, l.Limit})
		}
	}
	return plan
}

func find(sorted []Load, worker string) (int, bool) {
	return slices.BinarySearchFunc(sorted, worker, func(l Load, id string) int { return cmp.Compare(l.Worker, id) })
}

// lightest is the worker for the case: the least weight, then the fewest cases, then the id.
func lightest(loads []Load, c UnassignedCase, beyond bool) (best *Load, reason string) {
	reason = "no_worker"
	for i := range loads {
		l := &loads[i]
		switch {
		case l.Worker == c.From || !l.covers(c.Place) || !l.Post.TakesCases():
		case l.Cases >= l.Limit && !beyond:
			reason = "all_full"
		case best == nil || cmp.Or(cmp.Compare(l.Weight, best.Weight), cmp.Compare(l.Cases, best.Cases)) < 0:
			best = l
		}
	}
	return best, reason
}
