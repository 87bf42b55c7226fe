package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"guitu/rehab"
	"guitu/simulation"
)

// call runs the program with nothing in the environment.
func call(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return callIn(t, nil, args...)
}

// callIn runs the program in the environment.
func callIn(t *testing.T, environ []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, environ, &out, &errs)
	return code, out.String(), errs.String()
}

func TestAPlanGivesEveryLimitWithItsCitation(t *testing.T) {
	t.Parallel()
	code, out, _ := call(t, "plan", "--measure", "treatment", "--served", "2026-09-16", "--reported", "2026-10-08", "--json")
	require.Zero(t, code)
	var plan rehab.Plan
	require.NoError(t, json.Unmarshal([]byte(out), &plan))
	n := map[string]int{}
	for _, l := range plan.Lines {
		n[l.Step]++
		require.NotEmpty(t, l.Citation, l.Step)
		require.NotEmpty(t, l.Mark, l.Step)
	}
	require.Equal(t, rehab.NewDate(2026, 10, 8), plan.Lines[0].Due)
	require.Equal(t, "DRR art.14", plan.Lines[0].Citation)
	require.Equal(t, 22, n["test"])
	require.Equal(t, 6, n["assessment"])
	for _, step := range []string{"agreement", "term_end", "release_reminder", "release_file", "release_notice"} {
		require.Equal(t, 1, n[step], step)
	}
	require.NotEmpty(t, plan.Warnings, "2029 has no calendar yet")
}

// TestCC203ALimitEndsOnAWorkingDayOfTheCalendarsOfTheOffice plans orders under the folders
// of testdata/calendars.
func TestCC203ALimitEndsOnAWorkingDayOfTheCalendarsOfTheOffice(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ folder, served, ends, why string }{
		{"cal-partial", "2026-09-16", "2026-10-08", "one more day off does not empty the year"},
		{"cal-partial", "2026-08-19", "2026-09-04", "the day more is off"},
		{"cal-next-year", "2018-12-14", "2018-12-29", "a Saturday that is worked"},
		{"cal-next-year", "2018-12-16", "2019-01-02", "31 December is off"},
		{"", "2026-12-17", "2027-01-04", "New Year's Day is off in every year"},
	} {
		args := []string{"plan", "--served", row.served, "--json"}
		if row.folder != "" {
			args = append(args, "--policy-dir", filepath.Join("../../testdata/calendars", row.folder))
		}
		code, out, errs := call(t, args...)
		require.Zero(t, code, errs)
		var plan rehab.Plan
		require.NoError(t, json.Unmarshal([]byte(out), &plan))
		require.Equal(t, row.ends, plan.Lines[0].Due.String(), "%s, served on %s: %s", row.folder, row.served, row.why)
	}
	_, out, _ := call(t, "plan", "--served", "2026-12-17")
	require.Contains(t, out, "warning: the holidays of 2027 are not loaded")
	require.Contains(t, out, "2027年放假安排尚未录入")
}

func TestACommandNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want string
		args []string
	}{
		{"served", []string{"plan"}},
		{"--served", []string{"plan", "--served", "16.9.2026"}},
		{"DRR art.14", []string{"plan", "--served", "2026-09-16", "--reported", "2026-09-15"}},
		{"term_months", []string{"plan", "--served", "2026-09-16", "--term-months", "24"}},
		{"mars", []string{"plan", "--served", "2026-09-16", "--policy", "mars"}},
		{"--served", []string{"plan", "--served", ""}},
		{"--reported", []string{"plan", "--served", "2026-09-16", "--agreement", "2026-10-09"}},
		{"/nowhere: no such file", []string{"plan", "--served", "2026-09-16", "--policy-dir", "/nowhere"}},
		{`unknown command "shred"`, []string{"policy", "shred"}},
		{`unknown command "shred"`, []string{"workers", "shred"}},
		{"--days", []string{"token", "--id", "w-1", "--role", "worker", "--place", "110101001", "--days", "0"}},
		{"--streets", []string{"simulate", "--streets", "1000000"}},
		{"places", []string{"simulate", "--cases", "1000000"}},
		{"places", []string{"simulate", "--arrivals", "NaN"}},
		{"does not end in .xlsx", []string{"simulate", "--xlsx", "whatif.txt"}},
		{`"x" is not a whole number`, []string{"simulate", "--change", "workers=x"}},
		{"secrets.payload", []string{"verify"}},
		{"database.dsn", []string{"migrate"}},
	} {
		code, out, errs := call(t, c.args...)
		require.Equal(t, 1, code, c.args)
		require.Empty(t, out)
		require.Contains(t, errs, c.want, c.args)
	}
}

func TestASimulationIsPrintedAndSaved(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "whatif.xlsx")
	code, out, errs := call(t, "simulate", "--streets", "2", "--cases", "5", "--months", "3", "--start", "2026-01-05", "--json", "--xlsx", file)
	require.Zero(t, code, errs)
	var r simulation.Result
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	require.Len(t, r.Rows, 6)
	f, err := excelize.OpenFile(file)
	require.NoError(t, err)
	rows, err := f.GetRows("simulation")
	require.NoError(t, err)
	require.Len(t, rows, 7)
	require.Equal(t, "visits ±", rows[0][5])
	rows, err = f.GetRows("refused")
	require.NoError(t, err)
	require.Len(t, rows, 1, "nothing was")
}

func TestASimulationThatWasRefusedCommandsSaysSoAndFails(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "whatif.xlsx")
	before := []string{"simulate", "--streets", "1", "--cases", "4", "--months", "1", "--runs", "1", "--arrivals", "0", "--start", "2006-01-05"} // before the law
	code, out, errs := call(t, append(before, "--xlsx", file, "--change", "workers=1")...)
	require.Equal(t, 1, code)
	require.Contains(t, errs, "the rules refused 8 commands of the simulation")
	require.Contains(t, out, "refused commands: 4\n")
	require.Regexp(t, `\n +4  open-case +invalid +decided_on +the order was decided before the law`, out)
	f, err := excelize.OpenFile(file)
	require.NoError(t, err)
	rows, err := f.GetRows("refused")
	require.NoError(t, err)
	require.Len(t, rows, 3)
	require.Equal(t, []string{"scenario", "command", "code", "field", "message", "times"}, rows[0])
	require.Equal(t, "changed", rows[2][0])
	require.Equal(t, "4", rows[2][5])

	code, out, _ = call(t, append(before, "--json")...)
	require.Equal(t, 1, code)
	var r simulation.Result
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	require.Equal(t, 4, r.RefusedTimes())
}

func TestTwoSimulationsAreComparedWithTheirDifference(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "whatif.xlsx")
	code, out, errs := call(t, "simulate", "--streets", "1", "--cases", "9", "--months", "2", "--start", "2026-01-05", "--xlsx", file,
		"--staff", "street-001:2026-02-01:1", "--change", "workers=-2", "--change", "policy=national@2026.1", "--change", "keeps-test=0.5")
	require.Zero(t, code, errs)
	require.Contains(t, out, "difference")
	require.Contains(t, out, "events/s")
	f, err := excelize.OpenFile(file)
	require.NoError(t, err)
	rows, err := f.GetRows("difference months")
	require.NoError(t, err)
	require.Len(t, rows, 4, "a head, two months, the whole")

	for _, bad := range []string{"luck=1", "workers=x", "policy=mars", "staff=street-001", "staff=nowhere:2026-02-01:1"} {
		code, _, errs := call(t, "simulate", "--streets", "1", "--cases", "1", "--months", "1", "--change", bad)
		require.Equal(t, 1, code, bad)
		require.NotEmpty(t, errs)
	}
	code, _, errs = call(t, "simulate", "--place", "110101")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "database.dsn")
}
