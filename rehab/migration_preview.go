package rehab

import (
	"cmp"
	"slices"
)

// PreviewOrder asks what another version of a policy would bring to the open cases of a
// place. From is the version they are under now (empty: any other). Limit cases that it
// changes are listed, from the one after After on.
type PreviewOrder struct {
	From  PolicyRef
	To    PolicyRef
	Place string
	After string
	Limit int
}

// PolicyPreview is the answer: sums per street, and a page of the cases that change.
type PolicyPreview struct {
	To      PolicyRef      `json:"to"`
	Place   string         `json:"place"`
	Total   PreviewTally   `json:"total"`
	Streets []PreviewTally `json:"streets"`
	Rows    []PreviewRow   `json:"rows"`
	Next    string         `json:"next,omitempty"` // the value of after for the next page
}

// PreviewTally is what a change would bring to a street.
type PreviewTally struct {
	Place   string `json:"place,omitempty"`
	Cases   int    `json:"cases"`   // open ones that would move to the policy
	Kept    int    `json:"kept"`    // open ones that cannot or need not: under it already, or under another than asked for
	Changed int    `json:"changed"` // in which a limit moves, the term moves, or something is overdue at once
	Moves   int    `json:"moves"`   // limits that end on another day
	Overdue int    `json:"overdue"` // obligations that would be missed at once
	Terms   int    `json:"terms"`   // terms that end on another day
}

// PreviewRow is what a change would bring to one case.
type PreviewRow struct {
	CaseID string    `json:"case_id"`
	Place  string    `json:"place"`
	Worker string    `json:"worker,omitempty"`
	Phase  Phase     `json:"phase"`
	Policy PolicyRef `json:"policy"`

	Moves   []MovedLimit   `json:"moves,omitempty"`    // limits that would end on another day
	Overdue []ObligationID `json:"overdue,omitempty"`  // obligations that would be missed at once
	TermEnd *MovedLimit    `json:"term_end,omitempty"` // the last day of the term, where it moves; its id is empty
}

// MovedLimit is a Move as an answer shows it.
type MovedLimit Move

// Add looks at one open case, in the order of their ids, by the very decision of
// migrate-policy on a copy. env holds the case's policy and, as its target, the policy to come.
func (p *PolicyPreview) Add(c *Case, o PreviewOrder, env Env) {
	i, known := slices.BinarySearchFunc(p.Streets, c.Place, func(t PreviewTally, place string) int { return cmp.Compare(t.Place, place) })
	if !known {
		p.Streets = slices.Insert(p.Streets, i, PreviewTally{Place: c.Place})
	}
	v, err := c.PreviewMigration(env)
	kept := err != nil || o.From != (PolicyRef{}) && c.Policy != o.From
	for _, t := range []*PreviewTally{&p.Total, &p.Streets[i]} {
		t.add(v, kept)
	}
	if kept || !v.changes() || c.ID <= o.After {
		return
	}
	if len(p.Rows) < o.Limit {
		row := PreviewRow{CaseID: c.ID, Place: c.Place, Worker: c.Worker, Phase: c.Phase, Policy: c.Policy, Overdue: v.Overdue, TermEnd: (*MovedLimit)(v.TermEnd)}
		for _, m := range v.Moves {
			row.Moves = append(row.Moves, MovedLimit(m))
		}
		p.Rows = append(p.Rows, row)
	} else if p.Next == "" && o.Limit > 0 {
		p.Next = p.Rows[o.Limit-1].CaseID
	}
}

func (t *PreviewTally) add(v Preview, kept bool) {
	if kept {
		t.Kept++
		return
	}
	t.Cases++
	t.Moves += len(v.Moves)
	t.Overdue += len(v.Overdue)
	if v.TermEnd != nil {
		t.Terms++
	}
	if v.changes() {
		t.Changed++
	}
}

func (v *Preview) changes() bool { return len(v.Moves) > 0 || len(v.Overdue) > 0 || v.TermEnd != nil }
