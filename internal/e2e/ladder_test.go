package e2e_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// rungs are the roles of the ladder, the lowest first.
var rungs = []string{"worker", "station_head", "district", "city"}

// escalation is a row of /v1/escalations and of a case.
type escalation struct {
	CaseID     string     `json:"case_id"`
	ID         int64      `json:"id"`
	Obligation string     `json:"obligation"`
	Rung       int        `json:"rung"`
	Role       string     `json:"role"`
	ToldAt     time.Time  `json:"told_at"`
	NextAt     time.Time  `json:"next_at"`
	Promise    rehab.Date `json:"promise"`
	AckedBy    string     `json:"acked_by"`
	ClosedAt   time.Time  `json:"closed_at"`
	Closing    string     `json:"closing"`
}

// view is what /v1/cases/{id} shows.
type view struct {
	Summary     caseRow `json:"summary"`
	Obligations []struct {
		ID     string     `json:"id"`
		Due    rehab.Date `json:"due"`
		Status string     `json:"status"`
		MetOn  rehab.Date `json:"met_on"`
	} `json:"obligations"`
	Escalations []escalation `json:"escalations"`
}

// offices is a world that runs fast, with a token for each rung of the ladder.
type offices struct {
	*world
	tokens map[string]string
	served rehab.Date
	orders int
}

// TestTheLadderIsClimbedThroughTheAPI is not parallel: it answers while the cases' time
// runs twenty thousand times as fast as ours.
func TestTheLadderIsClimbedThroughTheAPI(t *testing.T) { //nolint:paralleltest // says why
	from := rehab.NewDate(2026, time.January, 5)
	o := &offices{
		world:  newWorld(t, "--speed", "20000", "--from", from.String()),
		served: from.AddDays(-14), // so that report-in is due the next day
	}
	o.tokens = map[string]string{
		"worker":       o.tokenFor(t, "w-1", "worker", "110101001"),
		"station_head": o.tokenFor(t, "head-1", "station_head", "110101001"),
		"district":     o.tokenFor(t, "district-1", "district", "110101"),
		"city":         o.tokenFor(t, "city-1", "city", "11"),
		"admin":        o.tokenFor(t, "admin-1", "admin", ""),
	}
	everything, worker := o.listen(t, o.tokens["admin"]), o.listen(t, o.tokens["worker"])

	contact := o.newCase(t) // alone, for the machine may be slow: the outreach begins days after the miss
	o.contactIsLate(t, contact)
	silent, promised, late, excused := o.newCase(t), o.newCase(t), o.newCase(t), o.newCase(t)
	o.evidenceFromInTimeRetracts(t, late)
	o.aReasonCloses(t, excused)
	o.aBrokenPromiseGoesOneRungHigher(t, promised)
	o.silenceClimbsToTheCity(t, silent)

	for _, c := range []struct{ path, line string }{
		{silent, "change escalation_opened"},
		{silent, "notice escalation_opened to worker"},
		{silent, "notice escalation_climbed to station_head"},
		{silent, "notice escalation_climbed to district"},
		{silent, "notice escalation_climbed to city"},
		{promised, "change escalation_acknowledged"},
		{late, "notice escalation_retracted to worker"},
		{contact, "notice escalation_retracted to worker"},
		{excused, "notice escalation_closed to worker"},
	} {
		await(t, 10*time.Second, c.line+" on the live stream", func() bool { return everything.has(idOf(c.path), c.line) })
	}
	await(t, 10*time.Second, "the worker's own stream", func() bool { return worker.has(idOf(silent), "notice escalation_opened to worker") })
	require.False(t, worker.has(idOf(silent), "notice escalation_climbed to city"), "a worker heard what was told to the city")
	o.verify(t)
}

func idOf(path string) string { return path[len("/v1/cases/"):] }

// newCase opens a case of the one worker at the one street, of high risk.
func (o *offices) newCase(t *testing.T) string {
	t.Helper()
	o.orders++
	order := newOrder(o.orders, o.served, "w-1")
	order["household_street"], order["execution_street"], order["risk"] = "110101001", "110101001", "high"
	return o.open(t, order)
}

// escalated waits for an escalation of the case to be as asked, and takes the latest that is.
func (o *offices) escalated(t *testing.T, path, what string, is func(escalation) bool) escalation {
	t.Helper()
	var found escalation
	await(t, time.Minute, "an escalation of "+path+" "+what, func() bool {
		all := get[view](t, o.world, path).Escalations
		for i := len(all) - 1; i >= 0; i-- {
			if found = all[i]; is(found) {
				return true
			}
		}
		return false
	})
	return found
}

func isOpen(e escalation) bool   { return e.ClosedAt.IsZero() }
func isClosed(e escalation) bool { return !e.ClosedAt.IsZero() }

// silenceClimbsToTheCity: nobody answers, so every rung is told in its turn.
func (o *offices) silenceClimbsToTheCity(t *testing.T, path string) {
	t.Helper()
	above := o.escalated(t, path, "above the worker", func(e escalation) bool { return e.Rung > 0 })
	require.True(t, o.isListed(t, path))
	refusal := o.post(t, o.tokens["worker"], path+"/acknowledge-escalation", "", object{
		"escalation": above.ID, "promise": o.day(t, path).AddDays(2).String(), "note": "too late",
	})
	require.Equal(t, http.StatusUnprocessableEntity, refusal.status, refusal)
	require.Equal(t, "escalation", decode[problem](t, refusal).Field, refusal)

	top := o.escalated(t, path, "at the city", func(e escalation) bool { return e.Role == "city" })
	require.Equal(t, 3, top.Rung)
	o.explains(t, path, "awaiting_report_in", []string{"report_in_missed", "escalation"}, []string{"escalation_climbs"})
	require.Equal(t, "city", get[view](t, o.world, path).Summary.TopRung)
	told := o.told(t, path)
	require.GreaterOrEqual(t, len(told), 4)
	for i, role := range rungs {
		require.Equal(t, role, told[i].role)
		if i == 0 {
			continue
		}
		hour := told[i].at.In(rehab.Shanghai).Hour()
		require.True(t, hour >= 8 && hour < 20, "the %s was told at %s", role, told[i].at.In(rehab.Shanghai))
		least := []time.Duration{0, 8 * time.Hour, 24 * time.Hour, 24 * time.Hour}[i]
		require.GreaterOrEqual(t, told[i].at.Sub(told[i-1].at), least, "the %s had no time to answer", rungs[i-1])
	}
}

// aBrokenPromiseGoesOneRungHigher: an answer stops the climb for as long as it promises,
// and what was promised and not done goes to the rung above.
func (o *offices) aBrokenPromiseGoesOneRungHigher(t *testing.T, path string) {
	t.Helper()
	answered := o.answer(t, path)
	require.Less(t, answered.Rung, 3, "the answer came too late for this test")
	o.explains(t, path, "awaiting_report_in", []string{"report_in_missed", "escalation"}, []string{"promise_ends"})
	held := o.escalated(t, path, "with the answer", func(e escalation) bool { return e.AckedBy != "" || e.Rung > answered.Rung })
	require.Equal(t, answered.Rung, held.Rung, "it climbed although it was answered")

	broken := o.escalated(t, path, "after the promise", func(e escalation) bool { return e.Rung > answered.Rung })
	require.Equal(t, answered.ID, broken.ID)
	require.False(t, broken.ToldAt.Before(answered.Promise.End()), "it climbed at %s, though the promise ran until %s", broken.ToldAt, answered.Promise.End())
	var climbs []rehab.EscalationClimbed
	afterwards := false
	for _, e := range o.timeline(t, path) {
		if e.Type == "escalation_acknowledged" {
			afterwards = true
		}
		if e.Type == "escalation_climbed" && afterwards {
			var c rehab.EscalationClimbed
			e.read(t, &c)
			climbs = append(climbs, c)
		}
	}
	require.NotEmpty(t, climbs)
	require.True(t, climbs[0].Broken)
	require.Equal(t, answered.Rung+1, climbs[0].Rung, "a broken promise goes one rung higher")

	o.do(t, o.tokens["city"], path+"/report-in", "late-"+idOf(path), object{}) // the client came after all
	closed := o.escalated(t, path, "closed", isClosed)
	require.Equal(t, "evidence", closed.Closing)
	o.explains(t, path, "awaiting_agreement", []string{"agreement_open"}, []string{"term_ends", "miss"})
}

// answer acknowledges by whoever was told last, for two days.
func (o *offices) answer(t *testing.T, path string) escalation {
	t.Helper()
	for range 10 {
		e := o.escalated(t, path, "open", isOpen)
		e.Promise = o.day(t, path).AddDays(2)
		res := o.post(t, o.tokens[e.Role], path+"/acknowledge-escalation", "", object{
			"escalation": e.ID, "promise": e.Promise.String(), "note": "a visit to the family",
		})
		if res.status == http.StatusOK {
			return e
		}
		require.Equal(t, "escalation", decode[problem](t, res).Field, "%s", res) // it climbed meanwhile
	}
	require.FailNow(t, "the ladder is climbed faster than anybody can answer")
	return escalation{}
}

// evidenceFromInTimeRetracts: the report in time, written down after the miss.
func (o *offices) evidenceFromInTimeRetracts(t *testing.T, path string) {
	t.Helper()
	e := o.escalated(t, path, "open", isOpen)
	require.Equal(t, "report_in-1", e.Obligation)
	o.do(t, o.tokens["worker"], path+"/report-in", "", object{"occurred_at": "2026-01-05"})
	require.Equal(t, "retraction", o.escalated(t, path, "closed", isClosed).Closing)
	for _, ob := range get[view](t, o.world, path).Obligations {
		if ob.ID == e.Obligation {
			require.Equal(t, "met", ob.Status)
			require.Equal(t, "2026-01-05", ob.MetOn.String())
		}
	}
	require.False(t, o.isListed(t, path))
}

// contactIsLate: a weekly contact that was held in its week and told of after it.
func (o *offices) contactIsLate(t *testing.T, path string) {
	t.Helper()
	reported := rehab.NewDate(2025, time.December, 30) // the first week of contacts ends on 5 January
	o.do(t, o.tokens["worker"], path+"/report-in", "", object{"occurred_at": reported.String()})
	o.do(t, o.tokens["worker"], path+"/sign-agreement", "", object{"occurred_at": reported.String()})
	overContact := func(e escalation) bool { return e.Obligation == "contact-1" }
	require.True(t, isOpen(o.escalated(t, path, "over the contact", overContact)))
	o.explains(t, path, "in_execution", []string{"contact_missed", "escalation"}, []string{"escalation_climbs", "window_opens", "term_ends"})
	o.do(t, o.tokens["worker"], path+"/record-contact", "", object{"channel": "talk", "outcome": "met", "occurred_at": "2026-01-03"})
	require.Equal(t, "retraction", o.escalated(t, path, "closed", func(e escalation) bool { return overContact(e) && isClosed(e) }).Closing)
}

// aReasonCloses: a justified reason gives a new last day and ends the climb.
func (o *offices) aReasonCloses(t *testing.T, path string) {
	t.Helper()
	e := o.escalated(t, path, "open", isOpen)
	until := o.day(t, path).AddDays(60)
	body := object{"obligation": e.Obligation, "reason": "illness", "until": until.String(), "note": "in hospital"}
	refusal := o.post(t, o.tokens["worker"], path+"/justify-miss", "", body)
	require.Equal(t, http.StatusForbidden, refusal.status, "a worker excuses nobody: %s", refusal)
	o.do(t, o.tokens["station_head"], path+"/justify-miss", "", body)
	require.Equal(t, "justification", o.escalated(t, path, "closed", isClosed).Closing)
	for _, ob := range get[view](t, o.world, path).Obligations {
		if ob.ID == e.Obligation {
			require.Equal(t, "open", ob.Status)
			require.Equal(t, until, ob.Due)
		}
	}
	o.explains(t, path, "awaiting_report_in", []string{"report_in_open"}, []string{"miss"})
}

// line is a sentence of /why.
type line struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
	Cite string `json:"cite"`
}

type explanation struct {
	AsOf    time.Time `json:"as_of"`
	State   line      `json:"state"`
	Waiting []line    `json:"waiting_for"`
	Next    []line    `json:"next"`
	Counts  []line    `json:"counters"`
}

// day is the cases' day.
func (o *offices) day(t *testing.T, path string) rehab.Date {
	t.Helper()
	return rehab.DateOf(get[explanation](t, o.world, path+"/why").AsOf)
}

// explains looks at what /why says: the state, what is waited for and what comes next,
// all in both languages, the law's part with its article.
func (o *offices) explains(t *testing.T, path, state string, waiting, next []string) {
	t.Helper()
	x := get[explanation](t, o.world, path+"/why")
	require.Equal(t, state, x.State.Code)
	require.Contains(t, x.State.Cite, "DRR art.")
	codes := func(lines []line) (out []string) {
		for _, l := range lines {
			require.NotEmpty(t, l.ZH, l.Code)
			require.NotEmpty(t, l.EN, l.Code)
			out = append(out, l.Code)
		}
		return out
	}
	require.Subset(t, codes(x.Waiting), waiting)
	require.Subset(t, codes(x.Next), next)
	require.Len(t, codes(x.Counts), 3)
	for _, l := range append(x.Waiting, x.Counts...) {
		if l.Code != "escalation" {
			require.NotEmpty(t, l.Cite, "%s rests on nothing", l.Code)
		}
	}
}

// telling is one rung that was told.
type telling struct {
	role string
	at   time.Time
}

// told is who was told, in the order of the ledger.
func (o *offices) told(t *testing.T, path string) []telling {
	t.Helper()
	var out []telling
	for _, e := range o.timeline(t, path) {
		if e.Type == "escalation_opened" || e.Type == "escalation_climbed" {
			var d struct{ Role string }
			e.read(t, &d)
			out = append(out, telling{d.Role, e.RecordedAt})
		}
	}
	return out
}

// isListed reports whether /v1/escalations shows the case.
func (o *offices) isListed(t *testing.T, path string) bool {
	t.Helper()
	for _, e := range get[struct{ Escalations []escalation }](t, o.world, "/v1/escalations?limit=200").Escalations {
		if "/v1/cases/"+e.CaseID == path {
			return true
		}
	}
	return false
}
