package documents_test

import (
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/documents"
	"guitu/rehab"
	"guitu/rehab/policy"
)

var update = flag.Bool("update", false, "write the golden papers anew")

// styleOf finds the style sheet: a golden paper has its sum alone.
var styleOf = regexp.MustCompile(`(?s)<style>.*</style>`)

// file is a case file that is being written.
type file struct {
	t    testing.TB
	c    *rehab.Case
	env  rehab.Env
	set  *policy.Set
	told rehab.History
	in   documents.Input
	note string
	by   rehab.Actor

	papers *documents.Set
}

func setup(t testing.TB) *file {
	t.Helper()
	set, err := policy.Load()
	require.NoError(t, err)
	ref, ok := set.Latest("beijing")
	require.True(t, ok)
	papers, err := documents.Load()
	require.NoError(t, err)
	return &file{
		papers: papers,
		t:      t, c: &rehab.Case{ID: "c-1"}, set: set, told: rehab.History{CaseID: "c-1"}, by: rehab.Actor{ID: "head-1", Role: rehab.StationHead, Place: "110101001"}, env: rehab.Env{Policy: set.Policy(ref), Calendar: set.Calendar()},
		in: documents.Input{
			CaseID: "c-1",
			Identity: board.Identity{
				OrderNo: "京公戒字〔2026〕1号", Name: "甲<b>某</b>", Sex: "female", IDNumber: "110199199002100022", Phone: "12000000000",
				HouseholdStreet: "110101001", ResidenceStreet: "110101002",
			},
			Place: func(code string) string {
				return map[string]string{"110101": "东城区", "110101001": "东华门街道", "110101002": "景山街道"}[code]
			},
			Name: func(id string) string {
				return map[string]string{"w-7": "社工甲", "head-1": "负责人甲", "head-2": "负责人乙", "office-1": "区办人员"}[id]
			},
			Policy: set.Policy,
		},
	}
}

// on gives the command at noon of the day, with the note that stands in the file.
func (f *file) on(day string, body rehab.CommandBody) {
	f.t.Helper()
	d, err := rehab.ParseDate(day)
	require.NoError(f.t, err)
	f.env.Now = d.Start().Add(12 * time.Hour)
	f.at(f.env.Now, body)
}

// at gives the command for what happened at the instant.
func (f *file) at(happened time.Time, body rehab.CommandBody) {
	f.t.Helper()
	cmd := rehab.Command{ID: fmt.Sprint("x-", len(f.told.Events)), Actor: f.by, OccurredAt: happened, Body: body}
	events, err := f.told.Tell(f.c, cmd, f.set, f.env.Now)
	require.NoError(f.t, err)
	f.c.Fold(events)
	f.told.Add(cmd, events)
	for _, e := range events {
		entry := board.TimelineEntry{Event: e}
		if f.note != "" {
			entry.Texts = map[string]string{"note": f.note}
		}
		f.in.History = append(f.in.History, entry)
	}
}

func (f *file) events() []rehab.Event {
	out := make([]rehab.Event, len(f.in.History))
	for i, e := range f.in.History {
		out[i] = e.Event
	}
	return out
}

func (f *file) list() []documents.Entry { return documents.List("c-1", f.events(), f.in.Books) }

// last paper of the kind.
func (f *file) last(k documents.Kind) documents.Paper {
	f.t.Helper()
	list := f.list()
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Kind == k {
			p, err := f.papers.Render(f.in, list[i].Seq, k)
			require.NoError(f.t, err)
			return p
		}
	}
	require.Fail(f.t, "no document "+string(k))
	return documents.Paper{}
}

func id(t testing.TB, s string) (o rehab.ObligationID) {
	t.Helper()
	require.NoError(t, o.UnmarshalText([]byte(s)))
	return o
}

// serious is the file of a client who refused three tests, was reported and released.
func serious(t testing.TB) *file {
	f := setup(t)
	ref := f.env.Policy.Ref()
	served := rehab.NewDate(2026, 3, 10)
	f.on("2026-03-10", rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: served, ServedOn: served, Method: rehab.ServedDirect,
		Place: "110101001", Worker: "w-7", Risk: rehab.Medium, Sex: rehab.Female, Policy: ref,
	})
	f.on("2026-03-12", rehab.ReportIn{})
	f.on("2026-03-13", rehab.SignAgreement{})
	f.on("2026-03-20", rehab.RecordTest{Method: rehab.Urine, Result: rehab.PositiveProvisional, Staff: []string{"w-7", "p-1"}, CollectorSex: rehab.Female})
	f.note = "去外地<探亲>"
	f.on("2026-03-21", rehab.ReportLeave{From: rehab.NewDate(2026, 3, 25), To: rehab.NewDate(2026, 3, 30)})
	f.note = ""
	f.on("2026-03-22", rehab.DecideLeave{Leave: f.c.Leaves[0].ID, Approved: true})
	f.on("2026-03-30", rehab.ReturnFromLeave{Leave: f.c.Leaves[0].ID})
	for range 3 {
		f.on("2026-04-02", rehab.RecordTest{Method: rehab.Urine, Result: rehab.TestRefused, Staff: []string{"w-7", "p-1"}, Another: rehab.Another{Another: true}})
		f.on("2026-04-02", rehab.DecideRefusal{Test: f.c.Refusals[0].Test, Confirmed: true})
	}
	f.on("2026-04-02", rehab.RecordCircumstance{Circumstance: rehab.Pregnant, From: rehab.NewDate(2026, 2, 1)})
	for _, s := range rehab.BreachSteps() {
		f.on("2026-04-03", rehab.IssueMeasure{Step: s, Signature: rehab.SignatureRefused})
	}
	f.on("2026-04-03", rehab.ConfirmPoliceReport{Obligation: id(t, "police_report-1")})
	f.on("2026-04-03", rehab.SendPoliceReport{Obligation: id(t, "police_report-1")})
	f.on("2026-05-01", rehab.Suspend{Ground: rehab.Detention})
	f.on("2026-05-11", rehab.Resume{})
	f.on("2026-05-12", rehab.ConfirmTerm{TermEnd: f.c.TermEnd})
	f.on("2029-03-10", rehab.SubmitReleaseFile{})
	f.on("2029-03-25", rehab.Release{})
	return f
}

// moved is the file of a client who moved to another street, was released there, stayed
// clean for three years, and whose record may be sealed.
func moved(t testing.TB) *file {
	f := setup(t)
	served := rehab.NewDate(2026, 3, 10)
	f.on("2026-03-10", rehab.OpenCase{
		Measure: rehab.Rehabilitation, TermMonths: 12, DecidedOn: served, ServedOn: served, Method: rehab.ServedDirect,
		Place: "110101001", Worker: "w-7", Risk: rehab.Low, Sex: rehab.Female, Policy: f.env.Policy.Ref(),
	})
	f.on("2026-03-12", rehab.ReportIn{})
	f.on("2026-03-13", rehab.SignAgreement{})
	f.on("2026-06-01", rehab.RequestTransfer{To: "110101002", Reason: rehab.ResidenceMoved})
	f.note = "协议、检测记录<各一份>"
	f.on("2026-06-02", rehab.ForwardFile{})
	f.note, f.by = "", rehab.Actor{ID: "head-2", Role: rehab.StationHead, Place: "110101002"}
	f.on("2026-06-04", rehab.AcceptTransfer{Transfer: f.c.Transfer.ID})
	f.on("2026-06-08", rehab.ReportIn{})
	f.on("2026-06-09", rehab.SignAgreement{})
	f.on("2027-03-11", rehab.SubmitReleaseFile{})
	f.on("2027-03-15", rehab.Release{})
	f.on("2030-03-20", rehab.EndDynamicControl{})
	return f
}

// passed are the events that time brings by the day.
func (f *file) passed(day string) {
	f.t.Helper()
	d, err := rehab.ParseDate(day)
	require.NoError(f.t, err)
	f.env.Now = d.Start().Add(12 * time.Hour)
	events := f.c.Advance(f.env)
	f.told.Add(rehab.Command{}, events)
	for _, e := range events {
		f.c.Apply(e)
		f.in.History = append(f.in.History, board.TimelineEntry{Event: e})
	}
}

func TestEveryDocumentIsAsItWasWritten(t *testing.T) {
	t.Parallel()
	seen := map[documents.Kind]bool{}
	late := moved(t)
	late.passed(late.c.KeepUntil.AddDays(1).String())
	for _, f := range []*file{serious(t), late} {
		f.asWritten(seen)
	}
	require.Len(t, seen, 23)
	corrected, void := withdrawn(t), voided(t)
	for _, f := range []*file{corrected, void} {
		f.asWritten(seen)
	}
	require.Len(t, seen, 29)
}

// asWritten compares the first paper of each kind that was not seen before.
func (f *file) asWritten(seen map[documents.Kind]bool) {
	t := f.t
	for _, x := range f.list() {
		if seen[x.Kind] {
			continue
		}
		seen[x.Kind] = true
		p, err := f.papers.Render(f.in, x.Seq, x.Kind)
		require.NoError(t, err)
		golden(t, string(x.Kind), p.HTML)
	}
}

// golden compares the paper with its text.
func golden(t testing.TB, name string, html []byte) {
	t.Helper()
	path := filepath.Join("testdata", "v2", name+".html")
	html = styleOf.ReplaceAllFunc(html, func(css []byte) []byte { return fmt.Appendf(nil, "<style>%x</style>", sha256.Sum256(css)) })
	if *update {
		require.NoError(t, os.WriteFile(path, html, 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(html), "a version of a template never changes: %s", name)
}

func TestThePapersOfAMoveNameBothStations(t *testing.T) {
	t.Parallel()
	f := moved(t)
	cover := string(f.last(documents.TransferCover).HTML)
	for _, words := range []string{"东城区景山街道办事处：", "现居住地发生变化", "回执", "&lt;各一份&gt;"} {
		require.Contains(t, cover, words)
	}
	answer := string(f.last(documents.TransferArrival).HTML)
	require.Contains(t, answer, "东城区东华门街道办事处：")
	require.Contains(t, answer, "2026年6月8日")

	out := setup(t)
	served := rehab.NewDate(2026, 3, 10)
	out.on("2026-03-10", rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: served, ServedOn: served, Method: rehab.ServedDirect,
		Place: "110101001", Risk: rehab.Low, Policy: out.env.Policy.Ref(),
	})
	out.on("2026-03-12", rehab.ReportIn{})
	out.note = "天津市某街道工作站"
	out.on("2026-06-01", rehab.RequestTransfer{Outside: true, Reason: rehab.HouseholdMoved})
	out.note = ""
	out.on("2026-06-02", rehab.ForwardFile{})
	require.Contains(t, string(out.last(documents.TransferCover).HTML), `<p class="to">天津市某街道工作站：</p>`)
}

func TestASealingCertificateIsADraftAsLongAsTheRecordCanBeRead(t *testing.T) {
	t.Parallel()
	f := moved(t)
	kinds := func() (out []documents.Kind) {
		for _, x := range f.list() {
			out = append(out, x.Kind)
		}
		return out
	}
	require.Contains(t, string(f.last(documents.ControlEnd).HTML), "三年未复吸")
	require.NotContains(t, kinds(), documents.Sealing)
	f.passed(f.c.KeepUntil.AddDays(1).String())
	require.True(t, f.last(documents.Sealing).Draft)
	f.on(f.c.KeepUntil.AddDays(2).String(), rehab.PlaceHold{Reason: rehab.Audit})
	require.NotContains(t, kinds(), documents.Sealing, "a hold keeps the record from being sealed")
}

func TestTheSameDocumentIsTheSameByteForByte(t *testing.T) {
	t.Parallel()
	f := setup(t)
	served := rehab.NewDate(2026, 3, 10)
	f.on("2026-03-10", rehab.OpenCase{
		Measure: rehab.Rehabilitation, TermMonths: 24, DecidedOn: served, ServedOn: served, Method: rehab.ServedByPost,
		Place: "110101001", Risk: rehab.Low, Policy: f.env.Policy.Ref(),
	})
	f.on("2026-03-12", rehab.ReportIn{})
	f.on("2026-03-13", rehab.SignAgreement{})
	before := f.last(documents.Agreement)
	require.Equal(t, fmt.Sprintf("c-1/%d/agreement", before.Seq), before.ID)
	require.Equal(t, "v2", before.Version)
	f.on("2026-06-01", rehab.ChangeRisk{Risk: rehab.High})
	f.on("2026-07-01", rehab.Suspend{Ground: rehab.Arrest})
	require.Equal(t, string(before.HTML), string(f.last(documents.Agreement).HTML), "whatever came after it")
	require.Contains(t, string(before.HTML), "社区康复协议")
	require.Contains(t, string(before.HTML), "2026年3月12日")
	_, err := f.papers.Render(f.in, before.Seq, documents.WarningLetter)
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
	_, err = f.papers.Render(f.in, 9999, documents.CaseFile)
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
}

func TestAPaperEscapesWhatPeopleWroteAndLoadsNothing(t *testing.T) {
	t.Parallel()
	f := serious(t)
	for _, x := range f.list() {
		p, err := f.papers.Render(f.in, x.Seq, x.Kind)
		require.NoError(t, err)
		html := string(p.HTML)
		require.NotContains(t, html, "<b>")
		require.NotContains(t, html, "<探亲>")
		require.NotRegexp(t, `(?i)<script|<img|<link|src=|href=|url\(|@import|javascript:`, html)
		require.NotRegexp(t, `吸毒人员|瘾君子|移交公安|自即日起解除|审批|责令强制隔离|ZgotmplZ|%!`, html, "neutral words")
		css := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(html)[1]
		sum := sha256.Sum256([]byte(css))
		require.Contains(t, p.Policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'", "the style that is allowed is the one in the paper")
		require.True(t, strings.HasPrefix(p.Policy, "default-src 'none'"))
	}
}

func TestADraftIsMarkedAndLeavesTheListWhenItIsDone(t *testing.T) {
	t.Parallel()
	f := setup(t)
	served := rehab.NewDate(2026, 3, 10)
	f.on("2026-03-10", rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: served, ServedOn: served, Method: rehab.ServedDirect,
		Place: "110101001", Risk: rehab.Low, Policy: f.env.Policy.Ref(),
	})
	f.on("2026-04-10", rehab.ConfirmMiss{Obligation: id(t, "report_in-1")})
	draft := f.last(documents.PoliceReport)
	require.True(t, draft.Draft)
	require.Contains(t, string(draft.HTML), "草稿")
	require.Contains(t, string(draft.HTML), "至今未报到")
	f.on("2026-04-10", rehab.ConfirmPoliceReport{Obligation: id(t, "police_report-1")})
	f.on("2026-04-10", rehab.SendPoliceReport{Obligation: id(t, "police_report-1")})
	var kinds []string
	for _, x := range f.list() {
		kinds = append(kinds, string(x.Kind))
		require.Equal(t, x.Kind == documents.ReportRegister, x.Draft, "the client may still come")
	}
	require.Equal(t, []string{"order_notice", "report_register", "police_report", "case_file"}, kinds)
	require.NotContains(t, string(f.last(documents.PoliceReport).HTML), "草稿")
	again, err := f.papers.Render(f.in, draft.Seq, documents.PoliceReport)
	require.NoError(t, err)
	require.Equal(t, string(draft.HTML), string(again.HTML), "what was a draft then is shown as one")
}

func TestNCL39TheReportNamesTheFactsAndDRR38TellsTheMeasuresApart(t *testing.T) {
	t.Parallel()
	report := string(serious(t).last(documents.PoliceReport).HTML)
	for _, words := range []string{"逃避或者拒绝接受检测三次以上", "怀孕：不适用强制隔离戒毒", "《禁毒法》第三十八条", "《禁毒法》第三十九条", "《戒毒条例》第二十一条", "回执", "<td>2026年4月2日</td><td>拒绝检测</td><td>负责人甲<br>2026年4月2日</td>"} {
		require.Contains(t, report, words)
	}
	require.NotContains(t, report, "不得提前解除")
}

func TestTheCaseFileListsItsPapers(t *testing.T) {
	t.Parallel()
	f := serious(t)
	cover := string(f.last(documents.CaseFile).HTML)
	for _, title := range []string{"协议", "劝诫书", "告诫书", "严重违反协议证明", "关于报告有关情况的函", "期满告知"} {
		require.Contains(t, cover, "<td>"+title+"</td>")
	}
}

func TestDRR38TheNoticeOfAnOrderOfRehabilitationDeemsNobodyToHaveRefused(t *testing.T) {
	t.Parallel()
	served := rehab.NewDate(2026, 3, 10)
	for measure, deems := range map[rehab.Measure]bool{rehab.Treatment: true, rehab.Rehabilitation: false} {
		f := setup(t)
		f.on("2026-03-10", rehab.OpenCase{
			Measure: measure, TermMonths: 36, DecidedOn: served, ServedOn: served, Method: rehab.ServedDirect,
			Place: "110101001", Risk: rehab.Low, Policy: f.env.Policy.Ref(),
		})
		notice := string(f.last("order_notice").HTML)
		require.Equal(t, deems, strings.Contains(notice, "视为拒绝"), measure)
		require.Equal(t, !deems, strings.Contains(notice, "第三十八条"), measure)
	}
}
