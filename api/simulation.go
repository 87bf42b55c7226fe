package api

import "guitu/rehab"

// SimulationOrder is what is to be played. Shares are in per cent.
type SimulationOrder struct {
	Place    string      `json:"place,omitempty" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it, with its live cases as they stand, in after-care too; the actor's own by default."`
	MadeUp   *MadeUp     `json:"made_up,omitempty" doc:"Made-up caseloads in the place of real ones."`
	Start    rehab.Date  `json:"start,omitzero" doc:"The first day; today by default. Where a real case has been worked on after noon of it, the day after."`
	Months   int         `json:"months,omitempty" minimum:"1" maximum:"60" default:"12"`
	Runs     int         `json:"runs,omitempty" minimum:"1" maximum:"30" default:"3" doc:"How often it is played, for the confidence intervals."`
	Seed     int         `json:"seed,omitempty" minimum:"0" default:"1" doc:"The same seed gives the same answer."`
	Capacity int         `json:"capacity,omitempty" minimum:"0" maximum:"50" default:"8" doc:"Contacts, visits, tests and assessments a worker does in a day."`
	Assume   Assumption  `json:"assume,omitempty"`
	Change   *Assumption `json:"change,omitempty" doc:"Play it again with this changed, with the same chances, and compare."`
}

// MadeUp are streets that are all alike.
type MadeUp struct {
	Streets int `json:"streets" minimum:"1" maximum:"400"`
	Cases   int `json:"cases" minimum:"0" maximum:"1000" doc:"Open cases of a street at the start."`
	Workers int `json:"workers" minimum:"0" maximum:"100" doc:"Workers of a street."`
}

// Assumption is how people act and what is in force. What is left out stays as it is.
type Assumption struct {
	Policy       string        `json:"policy,omitempty" maxLength:"80" doc:"Of new orders: id@version." example:"beijing@2026.1"`
	MoveCases    bool          `json:"move_cases,omitempty" doc:"Open cases move to the policy too; otherwise each keeps what it was signed under."`
	Workers      int           `json:"workers,omitempty" minimum:"-100" maximum:"100" doc:"Workers more in every street; negative: fewer."`
	Staff        []StaffChange `json:"staff,omitempty" maxItems:"200" doc:"Who comes and who leaves on a day."`
	Arrivals     *int          `json:"arrivals_per_year,omitempty" minimum:"0" maximum:"10000" doc:"New orders of every street in a year."`
	KeepsTest    *int          `json:"keeps_test,omitempty" minimum:"0" maximum:"100" doc:"Per cent of the test windows that are kept."`
	KeepsContact *int          `json:"keeps_contact,omitempty" minimum:"0" maximum:"100" doc:"Per cent of the contact windows that are kept, worker permitting."`
	Answers      *int          `json:"answers,omitempty" minimum:"0" maximum:"100" doc:"Per cent of the escalations that are answered within a day."`
	Evades       *int          `json:"evades,omitempty" minimum:"0" maximum:"100" doc:"Per cent of the missed tests that are confirmed as evasion."`
}

// StaffChange is a change of the number of workers of one street from a day on.
type StaffChange struct {
	Place string     `json:"place" maxLength:"12"`
	On    rehab.Date `json:"on"`
	By    int        `json:"by" minimum:"-100" maximum:"100"`
}

// SimulationResult holds no case and no person: counts per place and month, and charts.
type SimulationResult struct {
	Cases      int               `json:"cases" doc:"Per run, on average."`
	Events     int64             `json:"events" doc:"That the rules decided, over all runs."`
	Took       float64           `json:"took_seconds"`
	Names      []string          `json:"names" nullable:"false" doc:"Of the counts, in the order of every list of values."`
	Before     SimulationOutput  `json:"before" doc:"As assumed."`
	After      *SimulationOutput `json:"after,omitempty" doc:"With the change."`
	Difference *SimulationOutput `json:"difference,omitempty" doc:"After less before, with the interval of the difference."`
}

// SimulationOutput is what came of one scenario, for charts: a list of months, and for
// each count a list of means beside one of half widths of the 95 % confidence interval.
type SimulationOutput struct {
	Policy string             `json:"policy"`
	Months []string           `json:"months" nullable:"false"`
	Total  SimulationSeries   `json:"total"`
	Places []SimulationSeries `json:"places" nullable:"false"`
	Whole  SimulationSums     `json:"whole"`

	Refused []SimulationRefusal `json:"refused" nullable:"false" doc:"Commands of the simulation that the rules refused, the most frequent first. There should be none: the counts lack what they would have brought. Always empty in a difference."`
}

// SimulationRefusal is a command that was refused, and how often. It names no case.
type SimulationRefusal struct {
	Command string     `json:"command" doc:"none: the simulation does not know how the duty in field is done."`
	Code    rehab.Code `json:"code"`
	Field   string     `json:"field,omitempty"`
	Message string     `json:"message" doc:"With # in the place of each number."`
	Times   int        `json:"times" doc:"Over all runs."`
}

// SimulationSeries is a place, by count and month.
type SimulationSeries struct {
	Place string      `json:"place,omitempty"`
	Mean  [][]float64 `json:"mean" nullable:"false"`
	Error [][]float64 `json:"error" nullable:"false"`
}

// SimulationSums are the whole time in all places: of open cases the end, of the load the mean.
type SimulationSums struct {
	Mean  []float64 `json:"mean" nullable:"false"`
	Error []float64 `json:"error" nullable:"false"`
}
