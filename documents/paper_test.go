package documents_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"guitu/documents"
	"guitu/office"
	"guitu/rehab"
)

// opened is the file of a case whose client has reported in.
func opened(t testing.TB, m rehab.Measure, months int) *file {
	f := setup(t)
	served := rehab.NewDate(2026, 3, 10)
	f.on("2026-03-10", rehab.OpenCase{
		Measure: m, TermMonths: months, DecidedOn: served, ServedOn: served, Method: rehab.ServedDirect,
		Place: "110101001", Worker: "w-7", Risk: rehab.Medium, Sex: rehab.Female, Policy: f.env.Policy.Ref(),
	})
	f.on("2026-03-12", rehab.ReportIn{})
	return f
}

// book takes the last paper of the kind into the books.
func (f *file) book(k documents.Kind, number string, words map[string]string) documents.Entry {
	x := f.last(k).Entry
	f.in.Books = append(f.in.Books, office.Paper{PaperKey: x.Key("c-1"), Number: number, Version: "v2", AsOf: int64(len(f.in.History)), Words: words})
	return x
}

func (f *file) html(k documents.Kind) string { return string(f.last(k).HTML) }

func TestDRR16TheAgreementIsADraftBeforeItIsSigned(t *testing.T) {
	t.Parallel()
	f := opened(t, rehab.Treatment, 36)
	f.note = "内部说明"
	golden(t, "agreement_draft", f.last(documents.Agreement).HTML)
	draft := f.html(documents.Agreement)
	for _, words := range []string{
		"草稿", "甲方：东城区东华门街道办事处", "社工甲", "第1个月至第12个月每月1次，共12次", "（合计22次）", "每2周不少于1次", "社区民警____",
		"《戒毒条例》第二十条", "《戒毒条例》第二十一条", "《禁毒法》第三十八条", "____年__月__日</p>",
	} {
		require.Contains(t, draft, words)
	}
	require.NotContains(t, draft, "工作站")
	require.NotContains(t, draft, "监护人")

	x := f.book(documents.Agreement, "东社戒协〔2026〕3号", map[string]string{"words": "每周三见面。\n\n<i>另有约定</i>"})
	signing := f.html(documents.Agreement)
	require.NotContains(t, signing, "草稿")
	require.Contains(t, signing, "东社戒协〔2026〕3号")
	require.Contains(t, signing, "&lt;i&gt;另有约定")
	f.on("2026-03-12", rehab.ChangeRisk{Risk: rehab.High})
	require.Equal(t, signing, f.html(documents.Agreement), "what has a number does not change")
	f.on("2026-03-13", rehab.SignAgreement{})
	signed := f.last(documents.Agreement)
	golden(t, "agreement_signed", signed.HTML)
	require.Equal(t, x.Origin, signed.Origin)
	require.Equal(t, "东社戒协〔2026〕3号", signed.Number)
	for _, words := range []string{"补打", "2026年3月13日签订", "每2周不少于1次", "每周三见面。"} {
		require.Contains(t, string(signed.HTML), words)
	}
	require.NotContains(t, string(signed.HTML), "内部说明")
	f.on("2026-07-01", rehab.Suspend{Ground: rehab.Arrest})
	require.Equal(t, string(signed.HTML), f.html(documents.Agreement))
}

func TestDRR38TheAgreementOfRehabilitationHasItsOwnMeasuresAndConsequences(t *testing.T) {
	t.Parallel()
	f := opened(t, rehab.Rehabilitation, 12)
	f.in.Identity.IDNumber = "110199201001010023" // sixteen years old
	golden(t, "agreement_rehabilitation_minor", f.last(documents.Agreement).HTML)
	draft := f.html(documents.Agreement)
	for _, words := range []string{"第1个月至第12个月每2个月1次，共6次（合计6次）", "第三十八条第二款", "第四十条", "第四十八条第二款参照适用", "监护人"} {
		require.Contains(t, draft, words)
	}
	require.NotContains(t, draft, "可以依法决定强制隔离戒毒")
}

func TestDRR20APaperNamesConfirmedFactsWithTheirDaysAlone(t *testing.T) {
	t.Parallel()
	f := opened(t, rehab.Treatment, 36)
	f.on("2026-03-13", rehab.SignAgreement{})
	f.on("2026-03-31", rehab.RecordTest{Method: rehab.Urine, Result: rehab.TestRefused, Staff: []string{"w-7", "p-1"}})
	f.on("2026-04-01", rehab.DecideRefusal{Test: f.c.Refusals[0].Test, Confirmed: true})
	f.on("2026-04-02", rehab.RecordTest{Method: rehab.Urine, Result: rehab.TestRefused, Staff: []string{"w-7", "p-1"}})
	education := f.html(documents.Education)
	require.Contains(t, education, "2026年3月31日")
	require.NotContains(t, education, "2026年4月2日", "nobody has confirmed it")
	require.Contains(t, education, "《禁毒法》第三十五条第二款")
	require.Contains(t, f.html(documents.TestRecord), "社工甲、工号p-1")
	f.note = "内部说明"
	f.on("2026-04-03", rehab.IssueMeasure{Step: rehab.LetterOfAdvice, Signature: rehab.Signed, Skip: rehab.SkipRepeated})
	advice := f.html(documents.LetterOfAdvice)
	golden(t, "letter_of_advice_skipped", f.last(documents.LetterOfAdvice).HTML)
	require.NotContains(t, advice, "内部说明")
	require.Contains(t, advice, "本人已于2026年4月3日签名")
	require.Contains(t, advice, "未经批评教育直接出具")
	require.NotContains(t, advice, "110199199002100022", "a letter to the client names the client alone")

	f.on("2026-04-05", rehab.DecideRefusal{Test: f.c.Refusals[0].Test, Confirmed: true})
	warning := f.html(documents.WarningLetter)
	require.True(t, f.last(documents.WarningLetter).Draft)
	require.NotContains(t, warning, "劝诫书，其后仍有", "both lie before the letter of advice")
	f.on("2026-04-06", rehab.RecordTest{Method: rehab.Urine, Result: rehab.TestRefused, Staff: []string{"w-7", "p-1"}})
	f.on("2026-04-06", rehab.DecideRefusal{Test: f.c.Refusals[0].Test, Confirmed: true})
	require.Contains(t, f.html(documents.WarningLetter), "于2026年4月3日送达劝诫书，其后仍有2026年4月6日拒绝检测")
	golden(t, "warning_letter_draft", f.last(documents.WarningLetter).HTML)
	require.Contains(t, f.html(documents.PoliceReport), "北京市公安局东城分局：")
	golden(t, "police_report_draft", f.last(documents.PoliceReport).HTML)
}

func TestTheSignatureBlockAgreesWithWhatHappened(t *testing.T) {
	t.Parallel()
	for signature, says := range map[rehab.Signature]string{
		rehab.Signed: "签名见原件", rehab.SignatureRefused: "由两名在场工作人员注明", rehab.NotPresent: "见送达回证",
	} {
		f := opened(t, rehab.Treatment, 36)
		f.on("2026-03-13", rehab.SignAgreement{})
		f.on("2026-03-31", rehab.RecordTest{Method: rehab.Urine, Result: rehab.TestRefused, Staff: []string{"w-7", "p-1"}})
		f.on("2026-03-31", rehab.DecideRefusal{Test: f.c.Refusals[0].Test, Confirmed: true})
		require.Contains(t, f.html(documents.Education), "本人签名：____", "before it happened there is a line")
		f.on("2026-04-01", rehab.IssueMeasure{Step: rehab.EducationDuty, Signature: signature})
		paper := f.html(documents.Education)
		require.Contains(t, paper, says)
		require.NotContains(t, paper, "本人签名：____")
	}
}

func TestDRR23AReleaseIsFromTheEndOfTheTermAndClosingIsNoTermination(t *testing.T) {
	t.Parallel()
	require.Contains(t, serious(t).html(documents.ReleaseNotice), "自期满之日起解除（《戒毒条例》第二十三条）")
	require.Contains(t, moved(t).html(documents.ReleaseNotice), "自期满之日起解除（《戒毒条例》第四十条）")
	require.Contains(t, moved(t).html(documents.ReleaseFile), "《戒毒条例》第四十条")
	for ground, kind := range map[rehab.Ground]documents.Kind{rehab.Imprisonment: documents.Termination, rehab.Death: documents.Closing, rehab.CompulsoryIsolation: documents.Closing} {
		f := opened(t, rehab.Treatment, 36)
		f.on("2026-05-01", rehab.Terminate{Ground: ground})
		require.Equal(t, kind == documents.Termination, strings.Contains(f.html(kind), "第二十四条"), ground)
		golden(t, "end_"+string(ground), f.last(kind).HTML)
	}
}

func TestATransferIsWrittenBeforeTheFileGoes(t *testing.T) {
	t.Parallel()
	f := opened(t, rehab.Treatment, 36)
	f.on("2026-03-13", rehab.SignAgreement{})
	f.note = "天津市某区某街道办事处"
	f.on("2026-06-01", rehab.RequestTransfer{Outside: true, Reason: rehab.ResidenceMoved})
	f.note = ""
	draft := f.last(documents.TransferCover)
	require.True(t, draft.Draft)
	require.Contains(t, string(draft.HTML), "天津市某区某街道办事处：")
	golden(t, "transfer_cover_draft", draft.HTML)
	f.book(documents.TransferCover, "东社戒函〔2026〕1号", map[string]string{"addressee": "天津市某区甲街道办事处", "enclosed": "协议\n检测登记"})
	f.on("2026-06-02", rehab.ForwardFile{})
	sent := f.last(documents.TransferCover)
	require.False(t, sent.Draft)
	require.Equal(t, draft.Seq, sent.Origin)
	for _, words := range []string{"东社戒函〔2026〕1号", "天津市某区甲街道办事处（印章）", "2. 检测登记"} {
		require.Contains(t, string(sent.HTML), words)
	}
}

const day1 = "东城@2027-01-01/"

func TestAnOfficePutsItsOwnTextsBeforeTheBuiltIn(t *testing.T) {
	t.Parallel()
	f := opened(t, rehab.Treatment, 36)
	builtin := f.html(documents.Agreement)
	own := fstest.MapFS{
		day1 + "own.html":   {Data: []byte(`{{define "agreement"}}<p>本街道的文本，{{.Office.Name}}，{{.Client.Name}}</p>{{end}}`)},
		day1 + "rules.yaml": {Data: []byte("police: 某公安局\nseries: {education: 教}\noffices:\n  \"110101001\": {letters: 东, name: 东城区人民政府东华门街道办事处, phone: 010-1}\n")},
	}
	var err error
	f.papers, err = documents.Load(own)
	require.NoError(t, err)
	require.Equal(t, builtin, f.html(documents.Agreement), "before its day it is not in use")
	f.book(documents.Agreement, "东社戒协〔2026〕1号", nil)
	old := f.html(documents.Agreement)
	f.on("2027-02-01", rehab.SignAgreement{})
	require.Contains(t, f.html(documents.Agreement), "一、期限和执行地", "what was drawn with a version is printed with it")
	require.Contains(t, old, "东社戒协〔2026〕1号")
	f.in.Books = nil
	require.Contains(t, f.html(documents.Agreement), "本街道的文本，东城区人民政府东华门街道办事处")
	n := f.papers.Numbering(documents.Agreement, "110101001", rehab.NewDate(2027, 2, 1), f.in.Place)
	require.Equal(t, "东社戒协〔2027〕3号", n.Number(2027, 3))
	require.Equal(t, "东城@2027-01-01", n.Version)
	require.Equal(t, "教", f.papers.Numbering(documents.Education, "110101001", rehab.NewDate(2027, 2, 1), f.in.Place).Series)
	require.Empty(t, f.papers.Numbering(documents.Education, "110101001", rehab.NewDate(2026, 2, 1), f.in.Place).Series)

	f.book(documents.Agreement, "1", nil)
	f.in.Books[0].Version = "gone@2026-01-01"
	x := f.list()[slices.IndexFunc(f.list(), func(x documents.Entry) bool { return x.Kind == documents.Agreement })]
	_, err = f.papers.Render(f.in, x.Seq, x.Kind)
	require.ErrorContains(t, err, "gone@2026-01-01")
}

func TestATemplateThatCannotBeUsedIsRefusedWithItsFileAndLine(t *testing.T) {
	t.Parallel()
	for says, files := range map[string]map[string]string{
		day1 + "a.html:2: ":               {day1 + "a.html": "{{define \"agreement\"}}\n{{if .On}}{{end}"},
		day1 + "a.html:3:":                {day1 + "a.html": "{{define \"agreement\"}}\n\n{{.NoSuchField}}{{end}}"},
		day1 + "a.html:1: there is no":    {day1 + "a.html": `{{define "agrement"}}{{end}}`},
		day1 + "rules.yaml: yaml":         {day1 + "rules.yaml": "serie: {}"},
		"lacks {n}":                       {day1 + "rules.yaml": `number: "{office}{series}{year}"`},
		`there is no paper "agrement"`:    {day1 + "rules.yaml": "series: {agrement: 协}"},
		"have the same letters":           {day1 + "rules.yaml": `offices: {"110101001": {letters: 东}, "110101002": {letters: 东}}`},
		"templates are *.html":            {day1 + "agreement.docx": "x"},
		"is named NAME@DAY":               {"东城/a.html": ""},
		"another version begins that day": nil,
	} {
		folder := fstest.MapFS{}
		for name, text := range files {
			folder[name] = &fstest.MapFile{Data: []byte(text)}
		}
		if files == nil {
			folder["甲@2027-01-01/x.html"], folder["乙@2027-01-01/x.html"] = &fstest.MapFile{}, &fstest.MapFile{}
			says = "another version begins on that day"
		}
		_, err := documents.Load(folder)
		require.ErrorContains(t, err, says)
	}
	_, err := documents.Load(fstest.MapFS{"README.md": {Data: []byte("x")}, day1 + "README.md": {Data: []byte("x")}})
	require.NoError(t, err)
}

func TestEveryOfficeHasLettersOfItsOwnAndTheNameOfItsKind(t *testing.T) {
	t.Parallel()
	set, err := documents.Load()
	require.NoError(t, err)
	for street, want := range map[string]string{"东四街道": "东城东四社戒函〔2026〕1号", "宋庄镇": "东城宋庄镇社戒函〔2026〕1号", "上庄地区": "东城上庄地区社戒函〔2026〕1号"} {
		place := func(code string) string { return map[bool]string{true: "东城区", false: street}[len(code) == 6] }
		require.Equal(t, want, set.Numbering(documents.PoliceReport, "110101006", rehab.NewDate(2026, 1, 1), place).Number(2026, 1))
		f := opened(t, rehab.Treatment, 36)
		f.in.Place = place
		require.Contains(t, f.html(documents.Agreement), fmt.Sprintf("甲方：东城区%s", map[string]string{"东四街道": "东四街道办事处", "宋庄镇": "宋庄镇人民政府", "上庄地区": "上庄地区办事处"}[street]))
	}
}
