package forms

import (
	"slices"
	"strconv"

	"guitu/rehab"
)

// Danger is an answer at which 120 or 110 comes before everything else: one of the codes, or
// a number from From on.
type Danger struct {
	Field  string           `json:"field"`
	Codes  []string         `json:"codes,omitempty"`
	From   *int             `json:"from,omitempty"`
	Crisis rehab.CrisisKind `json:"crisis"`
}

// Proposal says that the bands of a score are classes of risk, and that one yes to a hard
// question is high. It is proposed, and decided by a person.
type Proposal struct {
	Score string   `json:"score"`
	Hard  []string `json:"hard,omitempty"`
	// LowerAfterDays is how far two screenings lie apart that together propose a lower class.
	LowerAfterDays int `json:"lower_after_days,omitempty"`
}

// Sooner says when a contact sooner than planned is proposed: an answer that rose by Rise
// since the last time, or one that is at least so much.
type Sooner struct {
	Rise    int            `json:"rise,omitempty"`
	Fields  []string       `json:"fields,omitempty"`
	AtLeast map[string]int `json:"at_least,omitempty"`
}

// Dangers are the kinds of crisis that the answers show, each once.
func (f *Filled) Dangers() []rehab.CrisisKind {
	var out []rehab.CrisisKind
	for _, d := range f.def.Danger {
		for _, answer := range each(f.answers[d.Field]) {
			n, err := strconv.Atoi(answer)
			if slices.Contains(d.Codes, answer) || d.From != nil && err == nil && n >= *d.From {
				if !slices.Contains(out, d.Crisis) {
					out = append(out, d.Crisis)
				}
			}
		}
	}
	return out
}

// Past is the form as it was filled in before, on a day.
type Past struct {
	On rehab.Date
	*Filled
}

// Proposed is a class of risk, and why. Without a class too little is known.
type Proposed struct {
	Risk  rehab.Risk `json:"risk,omitempty"`
	Why   string     `json:"why" enum:"hard,score,second_screening,one_class,too_little_known"`
	Hard  []string   `json:"hard,omitempty" doc:"The questions that speak for high by themselves."`
	Score *int       `json:"score,omitempty"`
}

func rank(r rehab.Risk) int {
	return 1 + slices.Index([]rehab.Risk{rehab.Low, rehab.Medium, rehab.High}, r)
}

// Propose a class of risk, given the class of now and the earlier screenings: a higher one at
// once, a lower one by one class and after two screenings far enough apart without a hard
// question. Nil where the form proposes none.
func (f *Filled) Propose(now rehab.Risk, on rehab.Date, earlier []Past) *Proposed {
	p := f.def.Proposes
	if p == nil {
		return nil
	}
	if hard := f.hard(); len(hard) > 0 {
		return &Proposed{Risk: rehab.High, Why: "hard", Hard: hard}
	}
	band, value := f.band()
	switch have, want := rank(now), rank(band); {
	case want == 0:
		return &Proposed{Why: "too_little_known"}
	case have == 0 || want >= have:
		return &Proposed{Risk: band, Why: "score", Score: value}
	case !f.lowerBefore(now, on, earlier):
		return &Proposed{Risk: now, Why: "second_screening", Score: value}
	case want < have-1:
		return &Proposed{Risk: rehab.Medium, Why: "one_class", Score: value}
	default:
		return &Proposed{Risk: band, Why: "score", Score: value}
	}
}

// lowerBefore reports whether an earlier screening, far enough back, was below the class too,
// and none since then spoke against it.
func (f *Filled) lowerBefore(now rehab.Risk, on rehab.Date, earlier []Past) bool {
	first := rehab.Date(0)
	for _, e := range earlier {
		band, _ := e.band()
		if len(e.hard()) > 0 || rank(band) == 0 || rank(band) >= rank(now) {
			first = 0 // the count begins again
		} else if first == 0 {
			first = e.On
		}
	}
	return first != 0 && first.AddDays(f.def.Proposes.LowerAfterDays) <= on
}

func (f *Filled) hard() []string {
	var out []string
	for _, name := range f.def.Proposes.Hard {
		if f.answers[name] == "yes" {
			out = append(out, name)
		}
	}
	return out
}

func (f *Filled) band() (rehab.Risk, *int) {
	for _, r := range f.Scores("zh") {
		if r.Name == f.def.Proposes.Score {
			return rehab.Risk(r.Band), r.Value
		}
	}
	return "", nil
}

// Sooner reports whether a contact sooner than planned is proposed. before is nil where the
// form was not filled in before.
func (f *Filled) Sooner(before *Filled) bool {
	s := f.def.Sooner
	if s == nil {
		return false
	}
	for name, least := range s.AtLeast {
		if n, ok := f.number(name); ok && n >= least {
			return true
		}
	}
	if before == nil || s.Rise == 0 {
		return false
	}
	return slices.ContainsFunc(s.Fields, func(name string) bool {
		n, ok := f.number(name)
		was, known := before.number(name)
		return ok && known && n-was >= s.Rise
	})
}

func (f *Filled) number(name string) (int, bool) {
	t, _ := text(f.answers[name])
	n, err := strconv.Atoi(t)
	return n, err == nil
}
