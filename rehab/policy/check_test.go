package policy_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
	"guitu/rehab/policy"
)

// national is the text of the embedded policy.
func national(t testing.TB) string {
	t.Helper()
	raw, err := os.ReadFile("data/national@2026.1.yaml")
	require.NoError(t, err)
	return string(raw)
}

// with is the national policy with one line changed.
func with(t testing.TB, old, changed string) []byte {
	t.Helper()
	text := national(t)
	require.Equal(t, 1, strings.Count(text, old), "%q", old)
	return []byte(strings.Replace(text, old, changed, 1))
}

func TestAPolicyLaxerThanTheStatuteIsRefusedWithTheArticle(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ old, laxer, article string }{
		{"report_in:      {n: 15, unit: days", "report_in:      {n: 16, unit: days", "report_in: laxer than DRR art.14"},
		{"report_in:      {n: 15, unit: days", "report_in:      {n: 15, unit: workdays", "report_in: laxer than DRR art.14"},
		{"term:           {n: 36", "term:           {n: 24", "term: DRR art.14"},
		{"term:           {n: 36", "term:           {n: 37", "term: DRR art.14"},
		{"max_rehab_term: {n: 36", "max_rehab_term: {n: 37", "max_rehab_term: laxer than DRR art.37"},
		{"transfer_report_in: {n: 15, unit: days", "transfer_report_in: {n: 16, unit: days", "transfer_report_in: laxer than DRR art.22"},
		{"transfer_report_in: {n: 15, unit: days", "transfer_report_in: {n: 15, unit: workdays", "transfer_report_in: laxer than DRR art.22"},
		{"release_notice:    {n: 7, unit: days", "release_notice:    {n: 8, unit: days", "release_notice: laxer than DRR art.23"},
		{"release_notice:    {n: 7, unit: days", "release_notice:    {n: 7, unit: workdays", "release_notice: laxer than DRR art.23"},
		{"test_confirmation: {n: 3, unit: days", "test_confirmation: {n: 2, unit: days", "test_confirmation: DTP"},
		{"sample_retention:  {n: 2", "sample_retention:  {n: 1", "sample_retention: laxer than DTP art.8"},
		{"sample_retention:  {n: 2", "sample_retention:  {n: 5", "sample_retention: laxer than DTP art.8"},
		{`cite: "DTP (A/B samples sealed 2 months)"`, `cite: "DTP"`, "sample_retention: laxer than DTP art.8"},
		{"{step: certificate, test_breaches: 3, ", "{step: certificate, test_breaches: 2, ", "measures.certificate: DRR art.20"},
		{"{step: certificate, test_breaches: 3, ", "{step: certificate, missed_contacts: 9, test_breaches: 3, ", "measures.certificate: DRR art.20"},
		{"test_breaches:    {n: 3", "test_breaches:    {n: 4", "test_breaches: DRR art.20"},
		{"test_breaches:    {n: 3", "test_breaches:    {n: 2", "test_breaches: DRR art.20"},
		{"leaving_breaches: {n: 3", "leaving_breaches: {n: 4", "leaving_breaches: DRR art.20"},
		{"absence_days:     {n: 31", "absence_days:     {n: 32", "absence_days: DRR art.20"},
		{"absence_days:     {n: 31", "absence_days:     {n: 30", "absence_days: DRR art.20"},
	} {
		_, err := policy.Parse(with(t, row.old, row.laxer))
		require.ErrorContains(t, err, row.article, "%s", row.laxer)
	}
}

func TestAPolicyMayBeStricterThanTheStatute(t *testing.T) {
	t.Parallel()
	for old, stricter := range map[string]string{
		"report_in:      {n: 15, unit: days":       "report_in:      {n: 10, unit: days",
		"transfer_report_in: {n: 15, unit: days":   "transfer_report_in: {n: 7, unit: days",
		"max_rehab_term: {n: 36":                   "max_rehab_term: {n: 24",
		"release_notice:    {n: 7, unit: days":     "release_notice:    {n: 3, unit: days",
		"test_confirmation: {n: 3, unit: days":     "test_confirmation: {n: 5, unit: days",
		"police_report:     {n: 24, unit: hours":   "police_report:     {n: 12, unit: hours",
		"sample_retention:  {n: 2":                 "sample_retention:  {n: 6",
		"agreement:      {n: 7, unit: days, roll:": "agreement:      {n: 3, unit: days, roll:",
	} {
		_, err := policy.Parse(with(t, old, stricter))
		require.NoError(t, err, "%s", stricter)
	}
}

func TestAPolicyThatCannotWorkIsRefusedWithItsKey(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ old, broken, key string }{
		{"id: national", "id: ''", "id, version"},
		{"agreement:      {n: 7", "agreement:      {n: 0", "agreement"},
		{"agreement:      {n: 7, unit: days", "agreement:      {n: 7, unit: weeks", "agreement"},
		{`cite: "DRR art.17"`, `cite: ""`, "assign_worker"},
		{"police_report:     {n: 24, unit: hours, mark: practice", "police_report:     {n: 24, unit: hours, mark: guess", "police_report"},
		{"rule: corresponding_day", "rule: whenever", "term_end"},
		{"test_breaches:    {n: 3, mark: law", "test_breaches:    {n: 3, mark: ''", "test_breaches"},
		{"{periods: 4, months: 3}]\n    mark: practice\n    cite: \"DTP (22", "{periods: 3, months: 3}]\n    mark: practice\n    cite: \"DTP (22", "treatment_tests: the segments cover 33 months"},
		{"segments: [{periods: 6, months: 2}, {periods: 6, months: 2}]", "segments: [{periods: 6, months: 2}]", "rehabilitation_tests"},
		{"segments: [{periods: 12, months: 1}", "segments: [{periods: 12, months: 1, split: 5}", "treatment_tests"},
		{"segments: [{periods: 12, months: 1}", "segments: [{periods: -12, months: 1}", "treatment_tests"},
		{"  - segments: [{periods: 12", "  - term_months: 12\n    segments: [{periods: 12", "treatment_tests: a schedule for any term"},
		{"  high:   {every: {n: 7", "  highest:   {every: {n: 7", "contact.high"},
		{"  high:   {every: {n: 7, unit: days", "  high:   {every: {n: 7, unit: hours", "contact.high"},
		{"contact:\n", "surprise_tests: {every: {n: 12, unit: hours, mark: practice, cite: x}}\ncontact:\n", "surprise_tests.every"},
		{"{step: education, ", "{step: admonition, ", "measures.admonition: step 1 is education"},
		{"test_breaches: 2, leavings: 2, absence_days: 16", "test_breaches: 2, leavings: 2, absence_days: 7", "measures.warning_letter: a count does not fall"},
		{"  - {step: letter_of_advice, test_breaches: 1, leavings: 1, absence_days: 8, missed_contacts: 2, mark: practice, cite: \"DRR art.20 (letter of advice)\"}\n", "", "measures: the steps are"},
		{"lead_days: 30", "lead_days: -1", "assessment"},
		{"contact_channels: [phone, video, talk, home_visit, joint_visit]", "contact_channels: []", "contact_channels"},
		{"  default:\n", "  usual:\n", "ladders.default"},
		{"{report_in: urgent", "{report_in: pressing", "ladder_for.report_in"},
		{"{role: station_head, after_hours: 24", "{role: mayor, after_hours: 24", `the role "mayor"`},
		{"{role: station_head, after_hours: 24", "{role: city, after_hours: 24", "ladders.default: rung 3: a ladder goes up"},
		{"{role: station_head, after_hours: 24", "{role: station_head, after_hours: 0", "ladders.default"},
		{"after_hours: 48, channel: inbox, answer_required: true, hours: {from: 8, to: 18", "after_hours: 48, channel: inbox, answer_required: true, hours: {from: 18, to: 8", "ladders.default"},
		{"after_hours: 48, channel: inbox", "after_hours: 48, channel: ''", "ladders.default"},
		{"repeat_hours: 168", "repeat_hours: 0", "ladders.default: rung 4: the top rung"},
		{"after_hours: 72, channel: inbox, answer_required: true", "after_hours: 72, channel: inbox, answer_required: false", "ladders.default: rung 4: the top rung"},
		{"missed_windows: 1", "missed_windows: 0", "outreach: missed_windows"},
		{"{step: sms, by: worker", "{step: phone, by: worker", "outreach.steps: step 2: \"phone\" is there twice"},
		{"{step: sms, by: worker", "{step: sms, by: mayor", "outreach.steps: step 2: by"},
		{"{step: sms, by: worker, attempts: 1", "{step: sms, by: worker, attempts: 0", "outreach.steps: step 2: attempts"},
		{"channels: [joint_visit]}", "channels: [talk]}", "outreach.steps: step 5"},
		{"channels: [joint_visit]}", "channels: [joint_visit, fax]}", "outreach.steps: step 5: the channel \"fax\""},
		{"after_supervision: family_visit", "after_supervision: talk", "outreach.after_supervision"},
		{"lost_after:    {n: 60, unit: days", "lost_after:    {n: 20, unit: days", "outreach.lost_after"},
		{"lost_after:    {n: 60, unit: days", "lost_after:    {n: 60, unit: workdays", "outreach.lost_after"},
		{"crisis_follow_up: {n: 24, unit: hours", "crisis_follow_up: {n: 0, unit: hours", "crisis_follow_up"},
		{"placement_months:    [3, 6]", "placement_months:    [6, 3]", "placement_months"},
		{"placement_months:    [3, 6]", "placement_months:    []", "placement_months"},
		{"sweep: {n: 6", "sweeep: {n: 6", "sweeep"},
		{"caseload:  {n: 30", "caseload:  {n: 0", "caseload"},
		{"weights: {high: 4", "weights: {high: 0", "caseload.weights.high"},
		{"low: 1}, mark: practice", "low: 1}, mark: rumour", "caseload"},
		{"weights: {high: 4", "weights: {extreme: 9, high: 4", "caseload.weights"},
		{"reminders: {days: 3", "reminders: {days: -3", "reminders.days"},
		{"for: {test: 7", "for: {test: -7", "reminders.for.test"},
	} {
		_, err := policy.Parse(with(t, row.old, row.broken))
		require.ErrorContains(t, err, row.key, "%s", row.broken)
	}
}

func TestAllThatIsWrongIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("n: 15, unit: days", "n: 16, unit: days", "absence_days:     {n: 31", "absence_days:     {n: 60").Replace(national(t))
	_, err := policy.Parse([]byte(text))
	require.ErrorContains(t, err, "DRR art.14")
	require.ErrorContains(t, err, "DRR art.20")
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(national(f)))
	f.Add([]byte("id: x\nterm: {n: 1e9, unit: months}\nladders: {a: {rungs: [{}]}}\ncontact: {high: {every: {n: -1}}}"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := policy.Parse(raw)
		if err != nil {
			require.Nil(t, p)
			return
		}
		require.LessOrEqual(t, p.ReportIn.N, 15)
		require.Equal(t, 36, p.Term.N)
		require.Equal(t, [3]int{3, 3, 31}, [3]int{p.TestBreaches.N, p.LeavingBreaches.N, p.AbsenceDays.N})
		require.Equal(t, rehab.PolicyRef{ID: p.ID, Version: p.Version}, p.Ref())
	})
}
