package api_test

import (
	"encoding/base64"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/inbox"
	"guitu/rehab"
)

// line is what waits of a case of the street that the worker w-1 has.
func line(step inbox.Step, id string, change func(*inbox.NowItem)) inbox.NowItem {
	i := inbox.NowItem{
		Step: step, Subject: inbox.DutySubject, CaseID: id, Place: street, Worker: "w-1", Risk: rehab.Medium, Policy: "national@2026.1", Kind: rehab.ContactDuty, N: 3,
		Status: rehab.Open, Opens: rehab.DateOf(now), Due: rehab.DateOf(now), Since: now, Cite: "DRR art.18",
	}
	if change != nil {
		change(&i)
	}
	return i
}

// climbing puts an escalation over the line that waits for whoever asks.
func climbing(i *inbox.NowItem) {
	i.Climb, i.Rung, i.Told, i.ToldAt, i.NextAt, i.Mine, i.Status = 17, 1, rehab.StationHead, now, now.Add(time.Hour), true, rehab.Missed
}

// everyLine is one of each that the list can hold.
func everyLine(id string) []inbox.NowItem {
	of := func(s inbox.Subject) func(*inbox.NowItem) {
		return func(i *inbox.NowItem) {
			i.Subject, i.Kind, i.Status, i.N, i.Until, i.Cite = s, "", "", 9, i.Due.AddDays(3), ""
		}
	}
	return []inbox.NowItem{
		line(inbox.CrisisStep, id, func(i *inbox.NowItem) { i.Kind, i.Crisis, i.About = rehab.CrisisFollowUpDuty, "overdose", 12 }),
		line(inbox.CrisisStep, id, func(i *inbox.NowItem) { i.Kind = rehab.CrisisFollowUpDuty }),
		line(inbox.HoursStep, id, func(i *inbox.NowItem) { i.Kind, i.Draft, i.DueAt = rehab.PoliceReportDuty, true, now.Add(time.Hour) }),
		line(inbox.ClimbStep, id, climbing),
		line(inbox.ClimbStep, id, func(i *inbox.NowItem) { climbing(i); i.Status = rehab.Confirmed }),
		line(inbox.MissStep, id, func(i *inbox.NowItem) { i.Status = rehab.Missed }),
		line(inbox.MissStep, id, func(i *inbox.NowItem) { i.Status, i.First = rehab.Missed, 1 }),
		line(inbox.DecisionStep, id, func(i *inbox.NowItem) { i.Kind, i.About = rehab.TestResultDuty, 8 }),
		line(inbox.DecisionStep, id, of(inbox.LeaveSubject)),
		line(inbox.DecisionStep, id, func(i *inbox.NowItem) { of(inbox.TransferSubject)(i); i.Worker, i.From = "", otherStreet }),
		line(inbox.DecisionStep, id, of(inbox.ChangeSubject)),
		line(inbox.TodayStep, id, nil),
		line(inbox.SoonStep, id, func(i *inbox.NowItem) { i.Due += 2 }),
	}
}

// rowsNow are the lines as somebody sees them.
func (b *bench) rowsNow(who string, headers ...string) []map[string]any {
	b.t.Helper()
	a := b.call(who, "GET", "/v1/now", nil, headers...)
	require.Equal(b.t, 200, a.StatusCode, a.text)
	var out []map[string]any
	for _, r := range a.json["items"].([]any) {
		out = append(out, r.(map[string]any))
	}
	return out
}

func TestNowShowsNamesToWhomTheyBelongAndLogsIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.list.Items = []inbox.NowItem{line(inbox.TodayStep, id, nil)}
	full := b.identities[id].Name
	for who, want := range map[string]any{"worker": full, "head": full, "colleague": "赵**", "district": "赵**", "admin": "赵**", "city": nil} {
		row := b.rowsNow(who)[0]
		require.Equal(t, want, row["name"], who)
		require.Equal(t, want == full, row["phone"] == "12000000000", who)
		require.Equal(t, id, row["case_id"], who)
		require.Regexp(t, "^C-[0-9A-Z]{1,4}$", row["short"])
	}
	b.list.Items = []inbox.NowItem{line(inbox.DecisionStep, id, func(i *inbox.NowItem) { i.Subject, i.Kind, i.Worker = inbox.TransferSubject, "", "" })}
	require.Equal(t, "赵**", b.rowsNow("head")[0]["name"], "what another station sends is nobody's here yet")

	last := b.reads.list[len(b.reads.list)-1]
	require.Equal(t, "list-now", last.Operation)
	require.Equal(t, []string{id}, last.Cases)
	b.call("integration", "GET", "/v1/now", nil).problem(t, 403, "forbidden", "")
}

func TestNowAsksForTheScopeOfTheActor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for who, want := range map[string]struct {
		worker, place  string
		leaves, change bool
	}{"worker": {worker: "w-1"}, "head": {"", street, true, true}, "district": {"", "110101", false, true}, "city": {"", "11", false, true}, "admin": {"", "", true, false}} {
		b.rowsNow(who)
		require.Equal(t, want.worker, b.listed.Worker, who)
		require.Equal(t, want.place, b.listed.Place, who)
		require.Equal(t, want.leaves, b.listed.Leaves, who)
		require.Equal(t, want.change, b.listed.Changes, who)
		require.Equal(t, who == "worker", len(b.listed.Decides) == 0, who)
		require.Contains(t, b.listed.Statutory, "national@2026.1/report_in")
	}
	b.call("district", "GET", "/v1/now?place=110102", nil).problem(t, 403, "forbidden", "place")
	b.call("head", "GET", "/v1/now?step=later", nil).problem(t, 422, "invalid", "step")
	b.call("head", "GET", "/v1/now?after=x", nil).problem(t, 422, "invalid", "after")
	b.rowsNow("district")
	b.call("district", "GET", "/v1/now?place="+street+"&worker=w-1&step=miss", nil)
	require.Equal(t, []any{street, "w-1", inbox.MissStep}, []any{b.listed.Place, b.listed.Of, b.listed.Step})
}

func TestNowNamesTheCommandThatSettles(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.list.Items = everyLine(id)
	rows := b.rowsNow("head")
	for n, want := range []struct {
		command string
		field   string
		value   any
	}{
		{"close-crisis", "crisis", 12.0}, {"close-crisis", "", nil}, {"confirm-police-report", "obligation", "police_report-3"},
		{"acknowledge-escalation", "escalation", 17.0}, {"acknowledge-escalation", "escalation", 17.0},
		{"confirm-miss", "obligation", "contact-3"}, {"confirm-miss", "obligation", "contact-3"}, {"resolve-test", "test", 8.0},
		{"decide-leave", "leave", 9.0}, {"accept-transfer", "transfer", 9.0}, {"confirm-client-change", "change", 9.0},
		{"record-contact", "", nil}, {"record-contact", "", nil},
	} {
		c := rows[n]["command"].(map[string]any)
		require.Equal(t, want.command, c["type"], n)
		require.Equal(t, "/v1/cases/"+id+"/"+want.command, c["route"])
		if want.field != "" {
			require.Equal(t, want.value, c["fields"].(map[string]any)[want.field], n)
		}
		require.NotEqual(t, 404, b.call("head", "POST", c["route"].(string), `{"foo":1}`).StatusCode, "there is such a route")
	}
	worker := b.rowsNow("worker")
	require.Equal(t, "record-contact", worker[5]["command"].(map[string]any)["type"], "a worker confirms no miss")
	require.Nil(t, worker[2]["command"], "nor a report")
	require.Equal(t, "design", rows[7]["mark"], "the mark of the limit, by the policy of the case")
}

func TestNowSpeaksBothLanguages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.opened(1)
	b.list = inbox.NowList{Items: everyLine(id), Counts: map[inbox.Step]int{inbox.CrisisStep: 2, inbox.MissStep: 3}, Snoozed: 2, Handled: 6}
	english := regexp.MustCompile("[A-Za-z]{2,}")
	english2, chinese := b.rowsNow("head"), b.rowsNow("head", "Accept-Language", "zh-CN")
	for n := range chinese {
		for _, field := range []string{"what", "rank_reason", "cite"} {
			zh, _ := chinese[n][field].(string)
			require.NotRegexp(t, english, zh, "%d %s", n, field)
			if field != "cite" {
				require.NotEmpty(t, zh)
				require.NotEqual(t, english2[n][field], zh)
			}
		}
	}
	a := b.call("head", "GET", "/v1/now?limit=2", nil)
	require.EqualValues(t, 5, a.json["total"])
	require.EqualValues(t, 6, a.json["handled_today"])
	require.EqualValues(t, 2, a.json["snoozed"])
	next := a.json["next"].(string)
	raw, err := base64.RawURLEncoding.DecodeString(next)
	require.NoError(t, err)
	require.NotContains(t, string(raw), "赵")
	b.call("head", "GET", "/v1/now?limit=2&after="+next, nil)
	require.Equal(t, b.list.Items[1].Key().CaseID, b.listed.Key.CaseID)
	require.Equal(t, 1, b.listed.Key.Step)
}

func TestTheBoardOfTodayReadsNoHistory(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.opened(1)
	b.opened(2, "risk", "high")
	today := b.call("head", "GET", "/v1/board", nil)
	folded := b.call("head", "GET", "/v1/board?known=now", nil)
	require.Equal(t, 200, today.StatusCode, today.text)
	require.Equal(t, folded.json["total"], today.json["total"])
	require.Equal(t, folded.json["streets"], today.json["streets"])
	require.Equal(t, folded.json["workers"], today.json["workers"])
	require.Equal(t, folded.json["rows"], today.json["rows"])
	b.fail["PlaceHistories"] = &rehab.Error{Code: rehab.Unavailable, Message: "down"}
	require.Equal(t, 200, b.call("head", "GET", "/v1/board", nil).StatusCode)
	require.NotEqual(t, 200, b.call("head", "GET", "/v1/board?known=now", nil).StatusCode)
}
