package forms

import (
	"math"
	"slices"
	"strconv"
)

// Score is a sum over fields, or a profile of several.
type Score struct {
	Name   string   `json:"name"`
	Label  Words    `json:"label"`
	Fields []string `json:"fields,omitempty"`
	// Points by field and code; a field without them counts as the number it is.
	Points map[string]map[string]int `json:"points,omitempty"`
	Range  []int                     `json:"range"`
	// LeftOut is how many answers may be missing or declined until there is no sum. With
	// Impute "mean" they count as the mean of the others, otherwise as nothing.
	LeftOut int    `json:"left_out,omitempty"`
	Impute  string `json:"impute,omitempty"`
	Bands   []Band `json:"bands,omitempty"`

	// Profile are the names of what is shown side by side: NAME_now and NAME_wish. First come
	// those from FirstFrom on where the client wishes a change.
	Profile   []string `json:"profile,omitempty"`
	FirstFrom int      `json:"first_from,omitempty"`
}

// Band is a stretch of a score, from its first value on.
type Band struct {
	From int    `json:"from"`
	Code string `json:"code"`
	Words
}

// Result is what a score comes to. Value is missing where too much was left out.
type Result struct {
	Name      string         `json:"name"`
	Label     string         `json:"label,omitempty"`
	Value     *int           `json:"value,omitempty"`
	Range     []int          `json:"range,omitempty"`
	Band      string         `json:"band,omitempty"`
	BandLabel string         `json:"band_label,omitempty"`
	LeftOut   int            `json:"left_out,omitempty"`
	Profile   map[string]int `json:"profile,omitempty"`
	First     []string       `json:"first,omitempty"`
}

// leftOut are answers that are answers and never raise a score.
var leftOut = []string{"declined", "unknown", "not_rated"}

// bounds are the least and the most that the field adds; missing is a code without points.
func (s Score) bounds(name string, f field) (lo, hi int, missing string) {
	if f.kind == intField {
		return f.min, f.max, ""
	}
	lo, hi = math.MaxInt, math.MinInt
	for _, code := range f.codes {
		n, ok := s.points(name, code)
		if !ok && !slices.Contains(leftOut, code) {
			missing = code
		}
		if ok {
			lo, hi = min(lo, n), max(hi, n)
		}
	}
	if lo > hi {
		return 0, 0, missing
	}
	return lo, hi, missing
}

func (s Score) points(name, code string) (int, bool) {
	if table, ok := s.Points[name]; ok {
		n, ok := table[code]
		return n, ok
	}
	n, err := strconv.Atoi(code)
	return n, err == nil
}

// scores of the answers, with words in the language. Those of questions that nobody answered
// are left out.
func (d *Definition) scores(a map[string]any, lang string) []Result {
	var out []Result
	for _, s := range d.Scores {
		r, ok := s.of(a)
		if !ok {
			continue
		}
		r.Label = s.Label.In(lang)
		for _, b := range s.Bands {
			if b.Code == r.Band {
				r.BandLabel = b.In(lang)
			}
		}
		out = append(out, r)
	}
	return out
}

func (s Score) of(a map[string]any) (Result, bool) {
	r := Result{Name: s.Name, Range: s.Range}
	if len(s.Profile) > 0 {
		return s.profile(a, r)
	}
	sum, answered := 0, false
	for _, name := range s.Fields {
		code, ok := text(a[name])
		answered = answered || ok
		if n, ok := s.points(name, code); ok {
			sum += n
		} else {
			r.LeftOut++
		}
	}
	if !answered {
		return r, false
	}
	if counted := len(s.Fields) - r.LeftOut; r.LeftOut <= s.LeftOut && counted > 0 {
		if s.Impute == "mean" {
			sum = int(math.Round(float64(sum) * float64(len(s.Fields)) / float64(counted)))
		}
		r.Value = &sum
		for _, b := range s.Bands {
			if sum >= b.From {
				r.Band = b.Code
			}
		}
	}
	return r, true
}

func (s Score) profile(a map[string]any, r Result) (Result, bool) {
	r.Profile = make(map[string]int)
	for _, name := range s.Profile {
		code, _ := text(a[name+"_now"])
		n, err := strconv.Atoi(code)
		if err != nil {
			continue
		}
		r.Profile[name] = n
		if wish, _ := text(a[name+"_wish"]); wish == "yes" && n >= s.FirstFrom {
			r.First = append(r.First, name)
		}
	}
	slices.SortStableFunc(r.First, func(x, y string) int { return r.Profile[y] - r.Profile[x] })
	return r, len(r.Profile) > 0
}
