// Package evaluation measures the work (评估): indicators as data, each a formula over
// named metrics. The metrics are a closed set, counted from the ledger and from the
// records of package registers; what counts them is the store. Every number is the sum of
// facts, each with the case or the record behind it.
package evaluation

import (
	"time"

	"guitu/rehab"
)

// Level is who is evaluated.
type Level string

// The levels.
const (
	Worker   Level = "worker"
	Street   Level = "street"
	District Level = "district"
	City     Level = "city"
)

// Levels from the lowest to the highest.
func Levels() []Level { return []Level{Worker, Street, District, City} }

// Below reports whether the level lies inside a place of the code: streets lie in a
// district, and workers everywhere.
func (l Level) Below(place string) bool {
	return l == Worker || rehab.PlaceCode(place).Level() <= l.Places()
}

// Places is the level of the places that are units of this one; 0 for workers.
func (l Level) Places() rehab.PlaceLevel {
	return map[Level]rehab.PlaceLevel{Street: rehab.StreetLevel, District: rehab.DistrictLevel, City: rehab.CityLevel}[l]
}

// UnitOf is the unit of the level that a fact of the place and the worker belongs to;
// empty where there is none.
func (l Level) UnitOf(place, worker string) string {
	if l == Worker {
		return worker
	}
	return string(rehab.PlaceCode(place).At(l.Places()))
}

// Query asks for what was counted in a period.
type Query struct {
	Place    string // a place and all below it
	Level    Level
	Unit     string // one worker or place of the level; all where it is empty
	From, To rehab.Date
	Now      time.Time // as of when; a window that is not over then is not due
	Metrics  []string
	After    string // key of the last fact seen
	Limit    int    // of facts
}

// Tally is the sum of one metric for one worker at one place; the worker is empty where
// nobody had the case, and for what is not counted for workers.
type Tally struct {
	Metric string
	Place  string
	Worker string
	Value  int64
}

// Fact is one entry behind a number: the case or the record, and what it adds.
type Fact struct {
	Key    string     `json:"-"` // sorts the facts of a query
	Metric string     `json:"measure"`
	CaseID string     `json:"case_id,omitempty"`
	Record string     `json:"record,omitempty" doc:"Id of a supervision, training session or publicity activity."`
	Detail string     `json:"detail,omitempty" doc:"The obligation, the sequence of the event, or the worker."`
	Place  string     `json:"place"`
	Worker string     `json:"worker,omitempty" doc:"Who had the case then."`
	On     rehab.Date `json:"on"`
	Value  int64      `json:"value"`
}

// Metric is one thing that is counted.
type Metric struct {
	Name  string `json:"name"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
	Of    string `json:"of" doc:"Where it is counted: cases or records."`
	Named bool   `json:"worker" doc:"Whether it is counted for single workers too."`
}

// cases and records are where a metric is counted.
const (
	ofCases   = "cases"
	ofRecords = "records"
)

// duties are the kinds of obligations whose last days are counted.
var duties = []struct{ kind, plural, zh, en string }{
	{"report_in", "report_ins", "报到", "report-ins"},
	{"agreement", "agreements", "协议", "agreements"},
	{"contact", "contacts", "联系", "contacts"},
	{"home_visit", "home_visits", "走访", "home visits"},
	{"test", "tests", "检测", "tests"},
	{"assessment", "assessments", "阶段评估", "assessments"},
	{"police_report", "police_reports", "报告公安", "reports to the police"},
	{"release_file", "release_files", "解除材料", "release files"},
	{"release_notice", "releases", "解除", "notices of release"},
}

// Duties maps the kind of an obligation to the beginning of its two metrics.
func Duties() (kinds, names []string) {
	for _, d := range duties {
		kinds, names = append(kinds, d.kind), append(names, d.plural)
	}
	return kinds, names
}

// Metrics lists all there are.
func Metrics() []Metric {
	var out []Metric
	of := ofCases
	add := func(named bool, name, zh, en string) { out = append(out, Metric{name, zh, en, of, named}) }
	add(true, "cases_open", "在册人数", "cases open at the end of the period")
	add(true, "cases_opened", "新增人数", "cases opened")
	add(true, "cases_released", "解除人数", "cases released")
	add(true, "cases_terminated", "终止（结案）人数", "cases terminated")
	for _, d := range duties {
		add(true, d.plural+"_due", "应"+d.zh+"次数", d.en+" whose last day lay in the period; not the void, excused and dismissed ones")
		add(true, d.plural+"_in_time", "按期"+d.zh+"次数", "of these, those done by their last day")
	}
	add(true, "contact_attempts", "联系尝试次数", "attempts to reach a client")
	add(true, "contacts_made", "有效联系次数", "contacts in the sense of the policy")
	add(true, "home_visits_made", "走访次数", "home visits")
	add(true, "tests_taken", "检测次数", "tests taken")
	add(true, "tests_unscheduled", "抽检次数", "of these, unscheduled ones")
	add(true, "test_breaches", "拒检逃检次数", "tests refused or evaded that count")
	add(true, "relapses", "复吸次数", "confirmed relapses")
	add(true, "misses_confirmed", "确认逾期次数", "misses that a person confirmed and nothing retracted")
	add(true, "deemed_refusals", "视为拒绝次数", "of these, deemed refusals")
	add(true, "leavings", "擅自离开次数", "unauthorised leavings")
	add(true, "violations", "严重违反协议次数", "thresholds of serious violation reached and not withdrawn")
	add(true, "escalations_opened", "预警次数", "escalations opened")
	add(true, "escalations_answered", "已回应预警次数", "of these, those a person has answered: acknowledged, or ended by what was due")
	add(true, "escalations_answered_first", "首级回应预警次数", "of these, those answered before the second rung was told")
	add(true, "answer_minutes", "回应预警用时（分钟）", "minutes from the telling to the answer, of those answered")
	add(true, "engagements_stalled", "联系受阻次数", "engagements that stalled")
	add(true, "re_engagements", "恢复联系次数", "clients won back")
	add(true, "lost_contacts", "确认脱失次数", "losses of contact confirmed")
	add(true, "case_supervisions", "个案督导次数", "supervisions of stalled engagements recorded in the case")
	add(true, "help_given", "帮扶次数", "help given")
	add(true, "positive_events", "积极事件数", "positive events")
	add(true, "referrals_made", "转介次数", "referrals made")
	add(true, "referrals_answered", "转介回复次数", "referrals answered")
	add(true, "placements", "就业安置人次", "placements in work")
	add(true, "placements_other", "其他安置人次", "placements in training, assistance or treatment")
	of = ofRecords
	add(false, "supervisions_requested", "督导申请次数", "supervisions asked for")
	add(false, "supervisions_held", "督导次数", "supervisions held")
	add(false, "supervision_minutes", "督导用时（分钟）", "minutes of supervisions held")
	add(false, "supervisions_of_cases", "涉个案督导次数", "of the supervisions held, those about a case")
	add(true, "supervised", "受督导人次", "workers supervised")
	add(false, "training_sessions", "培训场次", "training sessions")
	add(true, "training_invited", "培训应到人次", "invitations to training sessions")
	add(true, "training_attended", "培训实到人次", "attendances at training sessions")
	add(true, "training_minutes", "培训时长（分钟）", "minutes of training attended")
	add(false, "publicity_activities", "宣传活动场次", "publicity activities")
	add(false, "publicity_reached", "宣传受众人次", "people reached by publicity")
	return out
}
