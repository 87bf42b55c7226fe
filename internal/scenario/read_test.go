package scenario_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/internal/scenario"
	"guitu/rehab/policy"
)

// short is a life of one day; its last line is the 24th.
const short = `title: {zh: 短, en: short}
story: He reports in.
policy: national@2026.1
order:
  on: 2026-03-10 09:00
  by: station_head
  fields:
    measure: treatment
    term_months: 36
    decided_on: 2026-03-10
    served_on: 2026-03-10
    service_method: direct
    place: "110101001"
    worker: w-1
    risk: medium
life:
  - on: 2026-03-11 10:00
    do: report-in
    expect:
      phase: awaiting_agreement
      gone: [report_in-1]
  - on: 2026-03-12
    do: {record-contact: {channel: talk, outcome: met}}
    expect: {counters: {contacts: 1}, next: 2026-03-19 00:00}
`

func TestWhatALifeDoesNotKnowIsAnErrorWithFileAndLine(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ what, old, new, want string }{
		{"an unknown key", "    do: report-in", "    doo: report-in", "short.yaml: yaml: unmarshal errors:\n  line 18: field doo not found"},
		{"an unknown expectation", "      phase: ", "      fase: ", "line 20: field fase not found"},
		{"an unknown command", "do: report-in", "do: report-inn", `short.yaml:18: there is no command "report-inn"`},
		{"a key that is there twice", "{channel: talk, outcome: met}", "{channel: talk, channel: sms}", `short.yaml:23: "channel" is there twice`},
		{"an impossible day", "on: 2026-03-12", "on: 2026-02-30", `line 22: "2026-02-30" is neither`},
		{"a step out of order", "on: 2026-03-12", "on: 2026-03-10", "short.yaml:22: it was told before the step above it"},
		{"a policy without its version", "national@2026.1", "national", "short.yaml:1: the policy is named as national@2026.1"},
		{"a step that says nothing", "    do: {record-contact: {channel: talk, outcome: met}}\n    expect: {counters: {contacts: 1}, next: 2026-03-19 00:00}\n", "", "short.yaml:22: a step does something or expects something"},
		{"a notice no State Council gives", "    do: report-in", "    notice: {year: 2026, source: x, off: [], working: [2026-03-13]}\n    do: report-in", "short.yaml:17: notice: working: 2026-03-13 is a Friday"},
		{"a rhythm nobody keeps", "    do: report-in", "    every: 2 years\n    until: 2027-01-01\n    do: report-in", `short.yaml:17: every: "2 years" is not in days, weeks or months`},
	} {
		require.Contains(t, short, row.old, row.what)
		_, err := scenario.Parse("short.yaml", []byte(strings.Replace(short, row.old, row.new, 1)))
		require.ErrorContains(t, err, row.want, row.what)
	}
}

func TestALifeThatDoesNotComeOutAsToldSaysWhere(t *testing.T) {
	t.Parallel()
	rules, err := policy.Load()
	require.NoError(t, err)
	for _, row := range []struct{ what, old, new, want string }{
		{"nothing", "", "", ""},
		{"the phase", "phase: awaiting_agreement", "phase: in_execution", "short.yaml:17: 2026-03-11 10:00: phase: in_execution was expected, it is awaiting_agreement"},
		{"a duty", "gone: [report_in-1]", "obligations: {report_in-1: open due 2026-03-25}", "short.yaml:17: 2026-03-11 10:00: report_in-1: open due 2026-03-25 was expected, it is none"},
		{"a count", "contacts: 1", "contacts: 2", "short.yaml:22: 2026-03-12 12:00: counters.contacts: 2 was expected, it is 1"},
		{"what comes next", "next: 2026-03-19", "next: 2026-03-20", "next: 2026-03-20 00:00 was expected, it is 2026-03-19 00:00"},
		{"an event there is not", "{counters: {contacts: 1}", "{happened: {reported_inn: 1}", `happened: unknown event type "reported_inn"`},
		{"an alarm", "{counters: {contacts: 1}", "{escalations: {contact: worker}", "escalations: contact: worker was expected, it is none"},
		{"a refusal that did not come", "    expect:\n      phase", "    refused: {code: refused}\n    expect:\n      phase", "short.yaml:18: 2026-03-11 10:00: report-in was not refused"},
		{"a command that is refused", "do: report-in", "do: sign-agreement", "short.yaml:18: 2026-03-11 10:00: sign-agreement: refused: the client has not reported in"},
		{"a name nobody gave", "do: report-in", "do: {close-crisis: {crisis: $crisis}}", "nothing is called $crisis"},
		{"somebody unknown", "    do: report-in", "    by: mayor\n    do: report-in", `nobody acts as "mayor"`},
	} {
		s, err := scenario.Parse("short.yaml", []byte(strings.Replace(short, row.old, row.new, 1)))
		require.NoError(t, err, row.what)
		err = s.Play(t.Context(), scenario.NewCore(s.Name, rules))
		if row.want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, row.want, row.what)
	}
}
