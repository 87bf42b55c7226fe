package documents_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/documents"
	"guitu/rehab"
)

var second = rehab.Actor{ID: "office-1", Role: rehab.DistrictOffice, Place: "110101"}

// amend proposes what the station head says, and has another person confirm it.
func (f *file) amend(day string, body rehab.CommandBody) {
	f.t.Helper()
	head := f.by
	f.on(day, body)
	if len(f.c.Amendments) > 0 {
		f.by = second
		f.on(day, rehab.ConfirmAmendment{Amendment: f.c.Amendments[0].ID})
		f.by = head
	}
}

// seqs are the sequences of the events of the type, in order.
func (f *file) seqs(typ string) (out []int64) {
	for _, e := range f.told.Events {
		if e.Data.EventType() == typ {
			out = append(out, e.Seq)
		}
	}
	return out
}

// withdrawn is the file of a client who was reported for three refusals, one of which
// turned out to have been another client's; the police are told.
func withdrawn(t testing.TB) *file {
	f := reported(t)
	f.amend("2026-04-10", rehab.WithdrawRecord{Record: f.seqs("test_recorded")[2]})
	f.on("2026-04-10", rehab.SendCorrection{Obligation: id(t, "police_correction-1")})
	return f
}

func reported(t testing.TB) *file {
	f := setup(t)
	served := rehab.NewDate(2026, 3, 10)
	f.on("2026-03-10", rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: served, ServedOn: served, Method: rehab.ServedDirect,
		Place: "110101001", Worker: "w-7", Risk: rehab.Medium, Sex: rehab.Female, Policy: f.env.Policy.Ref(),
	})
	f.on("2026-03-12", rehab.ReportIn{})
	f.on("2026-03-13", rehab.SignAgreement{})
	for _, day := range []string{"2026-03-31", "2026-04-01", "2026-04-02"} {
		f.on(day, rehab.RecordTest{Method: rehab.Urine, Result: rehab.TestRefused, Staff: []string{"w-7", "p-1"}})
		f.on(day, rehab.DecideRefusal{Test: f.c.Refusals[0].Test, Confirmed: true})
	}
	for _, s := range rehab.BreachSteps() {
		f.on("2026-04-03", rehab.IssueMeasure{Step: s, Signature: rehab.SignatureRefused})
	}
	f.on("2026-04-03", rehab.ConfirmPoliceReport{Obligation: id(t, "police_report-1")})
	f.on("2026-04-03", rehab.SendPoliceReport{Obligation: id(t, "police_report-1")})
	return f
}

// voided is the file of a case that was opened twice.
func voided(t testing.TB) *file {
	f := setup(t)
	served := rehab.NewDate(2026, 3, 10)
	f.on("2026-03-10", rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: served, ServedOn: served, Method: rehab.ServedDirect,
		Place: "110101001", Worker: "w-7", Risk: rehab.Medium, Sex: rehab.Female, Policy: f.env.Policy.Ref(),
	})
	f.on("2026-03-12", rehab.ReportIn{})
	f.on("2026-03-13", rehab.SignAgreement{})
	f.amend("2026-03-20", rehab.VoidCase{DuplicateOf: "c-0"})
	return f
}

func (f *file) entry(k documents.Kind, of func(documents.Entry) bool) documents.Entry {
	f.t.Helper()
	for _, x := range f.list() {
		if x.Kind == k && of(x) {
			return x
		}
	}
	require.Fail(f.t, "no such document", string(k))
	return documents.Entry{}
}

func isWithdrawn(x documents.Entry) bool { return x.WithdrawnOn != 0 }

func TestPIPL46APaperWhoseEventWasTakenBackIsWithdrawnAndSaysSo(t *testing.T) {
	t.Parallel()
	f := reported(t)
	tests := f.seqs("test_recorded")
	before, err := f.papers.Render(f.in, tests[2], documents.TestRecord)
	require.NoError(t, err)
	require.NotContains(t, string(before.HTML), "已撤销")
	f.amend("2026-04-10", rehab.WithdrawRecord{Record: tests[2]})
	revision := f.seqs("life_revised")
	by := revision[len(revision)-1]

	x := f.entry(documents.TestRecord, isWithdrawn)
	require.Equal(t, tests[2], x.Seq)
	require.Equal(t, rehab.NewDate(2026, 4, 10), x.WithdrawnOn)
	require.Equal(t, by, x.WithdrawnBy)
	after, err := f.papers.Render(f.in, tests[2], documents.TestRecord)
	require.NoError(t, err)
	require.Contains(t, string(after.HTML), "已撤销　2026年4月10日")
	require.Equal(t, string(before.HTML), strings.Replace(string(after.HTML), "\n<p class=\"to\"><span class=\"draft\">已撤销　2026年4月10日</span></p>", "", 1), "but for the mark it is as it was")

	notice := f.entry(documents.Withdrawal, func(x documents.Entry) bool { return x.Of == documents.TestRecord })
	p, err := f.papers.Render(f.in, notice.Seq, documents.Withdrawal)
	require.NoError(t, err)
	require.Equal(t, notice.ID, p.ID)
	for _, words := range []string{"撤销通知", "2026年4月2日出具的《吸毒检测登记表》", "所依据的记录系误录，已予撤销", "《个人信息保护法》第四十六条", "2026年4月10日"} {
		require.Contains(t, string(p.HTML), words)
	}
	require.NotContains(t, string(p.HTML), "草稿")
	_, err = f.papers.Render(f.in, tests[1], documents.Withdrawal)
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err), "the second test stands")
	require.Contains(t, string(f.last(documents.CaseFile).HTML), "<td>吸毒检测登记表（已撤销）</td>")
}

func TestACorrectedPaperIsReplacedByANewOne(t *testing.T) {
	t.Parallel()
	f := reported(t)
	test := f.seqs("test_recorded")[0]
	f.amend("2026-04-10", rehab.CorrectRecord{Record: test, Fields: []byte(`{"result":"negative","collector_sex":"female"}`)})
	old := f.entry(documents.TestRecord, isWithdrawn)
	require.Equal(t, test, old.Seq)
	notice, err := f.papers.Render(f.in, test, documents.Withdrawal)
	require.NoError(t, err)
	require.Contains(t, string(notice.HTML), "已予更正")
	found := 0
	for _, x := range f.list() {
		if x.Kind == documents.TestRecord && x.On == old.On && x.WithdrawnOn == 0 {
			found++
			p, err := f.papers.Render(f.in, x.Seq, x.Kind)
			require.NoError(t, err)
			require.Contains(t, string(p.HTML), "阴性")
			require.Contains(t, string(notice.HTML), "更正后的文书另行出具：日期", "the notice names the paper that takes its place")
		}
	}
	require.Equal(t, 1, found)
}

func TestNCL35TheCorrectionToThePoliceIsADraftUntilItIsSent(t *testing.T) {
	t.Parallel()
	f := reported(t)
	report := f.seqs("police_report_sent")[0]
	f.amend("2026-04-10", rehab.WithdrawRecord{Record: f.seqs("test_recorded")[2]})
	draft := f.last(documents.Correction)
	require.True(t, draft.Draft)
	for _, words := range []string{"草稿", "更正函", "2026年4月3日", "逃避或者拒绝接受检测三次以上", "所依据的记录系误录", "予以撤回", "回执"} {
		require.Contains(t, string(draft.HTML), words)
	}
	sent := f.entry(documents.PoliceReport, isWithdrawn)
	require.Equal(t, report, sent.Seq)
	for _, x := range f.list() {
		require.False(t, x.Kind == documents.Withdrawal && x.Of == documents.PoliceReport, "a letter to the police puts it right")
		require.False(t, x.Kind == documents.PoliceReport && x.WithdrawnOn == 0, "what was sent without a ground is no new report")
	}
	f.on("2026-04-11", rehab.SendCorrection{Obligation: id(t, "police_correction-1")})
	letter := f.last(documents.Correction)
	require.False(t, letter.Draft)
	require.NotContains(t, string(letter.HTML), "草稿")
	require.Contains(t, string(letter.HTML), "2026年4月11日")
	n := 0
	for _, x := range f.list() {
		if x.Kind == documents.Correction {
			n++
		}
	}
	require.Equal(t, 1, n, "the draft is gone")
}

func TestAVoidCaseHasNoPaperOfAnEnd(t *testing.T) {
	t.Parallel()
	f := voided(t)
	for _, x := range f.list() {
		p, err := f.papers.Render(f.in, x.Seq, x.Kind)
		require.NoError(t, err)
		require.NotContains(t, string(p.HTML), "终止", x.Kind)
		require.NotContains(t, []documents.Kind{documents.Termination, documents.Closing, documents.ReleaseNotice}, x.Kind)
		switch x.Kind {
		case documents.VoidRecord:
			for _, words := range []string{"误立案撤销登记", "c-0", "负责人甲", "区办人员", "2026年3月20日"} {
				require.Contains(t, string(p.HTML), words)
			}
			require.Zero(t, x.WithdrawnOn)
		case documents.CaseFile:
			require.Contains(t, string(p.HTML), "误立案撤销　2026年3月20日")
		default:
			require.NotZero(t, x.WithdrawnOn, x.Kind)
			require.Contains(t, string(p.HTML), "已撤销")
		}
	}
}

// Of two reports the first has no ground, so that the second is the first of its kind. The
// letter that the police have of it says the same as before.
func TestAPaperStandsWhereOnlyTheNumberOfADutyChanged(t *testing.T) {
	t.Parallel()
	f := setup(t)
	served := rehab.NewDate(2026, 3, 10)
	f.on("2026-03-10", rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: served, ServedOn: served, Method: rehab.ServedDirect,
		Place: "110101001", Worker: "w-7", Risk: rehab.Medium, Sex: rehab.Female, Policy: f.env.Policy.Ref(),
	})
	f.on("2026-03-12", rehab.ReportIn{})
	f.on("2026-03-13", rehab.SignAgreement{})
	for _, day := range []string{"2026-03-31", "2026-04-01", "2026-04-02"} {
		f.on(day, rehab.RecordTest{Method: rehab.Urine, Result: rehab.TestRefused, Staff: []string{"w-7", "p-1"}})
		f.on(day, rehab.DecideRefusal{Test: f.c.Refusals[0].Test, Confirmed: true})
	}
	f.on("2026-04-03", rehab.RecordTest{Method: rehab.Urine, Result: rehab.PositiveConfirmed, Site: rehab.AtLaboratory, Staff: []string{"w-7", "p-1"}, CollectorSex: rehab.Female})
	f.on("2026-04-03", rehab.ConfirmPoliceReport{Obligation: id(t, "police_report-2")})
	f.on("2026-04-03", rehab.SendPoliceReport{Obligation: id(t, "police_report-2")})
	f.amend("2026-04-10", rehab.WithdrawRecord{Record: f.seqs("test_recorded")[2]})
	require.Len(t, f.seqs("police_report_sent"), 2, "it was told again, under another number")
	var reports []documents.Entry
	for _, x := range f.list() {
		if x.Kind == documents.PoliceReport {
			reports = append(reports, x)
		}
		require.NotEqual(t, documents.PoliceReport, x.Of)
	}
	require.Len(t, reports, 1)
	require.Equal(t, f.seqs("police_report_sent")[0], reports[0].Seq)
	require.Zero(t, reports[0].WithdrawnOn)
}

// A certificate falls with the violation that it certifies, also where no record was put
// right: one of the misses behind it was justified.
func TestDRR20ACertificateIsWithdrawnWhenAMissBehindItIsJustified(t *testing.T) {
	t.Parallel()
	f := setup(t)
	served := rehab.NewDate(2026, 3, 10)
	f.on("2026-03-10", rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: served, ServedOn: served, Method: rehab.ServedDirect,
		Place: "110101001", Worker: "w-7", Risk: rehab.Low, Sex: rehab.Male, Policy: f.env.Policy.Ref(),
	})
	f.on("2026-03-10", rehab.ReportIn{})
	f.on("2026-03-10", rehab.SignAgreement{})
	for n, day := range []string{"2026-04-12", "2026-05-12", "2026-06-12"} {
		f.on(day, rehab.ConfirmMiss{Obligation: id(t, fmt.Sprintf("test-%d", n+1)), Evasion: true})
	}
	for _, s := range rehab.BreachSteps() {
		f.on("2026-06-12", rehab.IssueMeasure{Step: s, Signature: rehab.Signed})
	}
	f.on("2026-06-13", rehab.JustifyMiss{Obligation: id(t, "test-3"), Reason: rehab.Illness})
	x := f.entry(documents.Certificate, isWithdrawn)
	require.Equal(t, rehab.NewDate(2026, 6, 13), x.WithdrawnOn)
	notice := f.entry(documents.Withdrawal, func(x documents.Entry) bool { return x.Of == documents.Certificate })
	p, err := f.papers.Render(f.in, notice.Seq, documents.Withdrawal)
	require.NoError(t, err)
	require.Contains(t, string(p.HTML), "所依据的情形不成立")
	for _, other := range f.list() {
		require.False(t, other.Kind == documents.WarningLetter && other.WithdrawnOn != 0, "the letters stand")
	}
}
