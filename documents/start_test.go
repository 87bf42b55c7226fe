package documents_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/documents"
	"guitu/office"
	"guitu/rehab"
)

// kinds of the papers that are listed, drafts or not.
func (f *file) kinds(draft bool) (out []documents.Kind) {
	for _, x := range f.list() {
		if x.Draft == draft && x.Kind != documents.CaseFile {
			out = append(out, x.Kind)
		}
	}
	return out
}

// served is the file of a case whose order was served and whose client has not reported in.
func served(t testing.TB, m rehab.Measure) *file {
	f := setup(t)
	on := rehab.NewDate(2026, 3, 10)
	f.on("2026-03-10", rehab.OpenCase{
		Measure: m, TermMonths: 36, DecidedOn: on, ServedOn: on, Method: rehab.ServedDirect,
		Place: "110101001", Worker: "w-7", Risk: rehab.Medium, Sex: rehab.Female, Policy: f.env.Policy.Ref(),
	})
	return f
}

func TestDRR14TheReportInIsRegisteredAndProvedToTheClient(t *testing.T) {
	t.Parallel()
	f := served(t, rehab.Treatment)
	golden(t, "report_register_draft", f.last(documents.ReportRegister).HTML)
	draft := f.last(documents.ReportRegister)
	require.True(t, draft.Draft)
	require.Contains(t, string(draft.HTML), "<th>应报到日期</th><td>2026年3月25日</td><th>实际报到日期</th><td>____年__月__日</td>")
	x := f.book(documents.ReportRegister, "东社戒登〔2026〕1号", nil)
	f.on("2026-03-28", rehab.ReportIn{})
	done := f.last(documents.ReportRegister)
	golden(t, "report_register_late", done.HTML)
	require.False(t, done.Draft)
	require.Equal(t, []any{x.Origin, "东社戒登〔2026〕1号"}, []any{done.Origin, done.Number}, "the paper of the act has the number of its draft")
	for _, words := range []string{"补打", "<td>2026年3月28日</td>", "逾期原因", "签名见原件", "《戒毒条例》第十四条"} {
		require.Contains(t, string(done.HTML), words)
	}
	require.NotContains(t, string(done.HTML), "拒绝")
	require.Equal(t, 1, count(f.kinds(false), documents.ReportRegister))
	require.Zero(t, count(f.kinds(true), documents.ReportRegister))
}

func count(list []documents.Kind, k documents.Kind) (n int) {
	for _, x := range list {
		if x == k {
			n++
		}
	}
	return n
}

func TestPIPL17TheNoticeOfRightsIsGivenOutUnderItsNumberAndStaysInTheFile(t *testing.T) {
	t.Parallel()
	f := opened(t, rehab.Treatment, 36)
	golden(t, "rights_notice_draft", f.last(documents.RightsNotice).HTML)
	draft := f.html(documents.RightsNotice)
	for _, words := range []string{
		"草稿", "《戒毒条例》第七条", "《个人信息保护法》第十七条、第三十条", "《个人信息保护法》第四十四条至第四十八条", "《吸毒检测程序规定》第十条", "□ 同意　□ 不同意",
	} {
		require.Contains(t, draft, words)
	}
	require.NotContains(t, draft, "110199199002100022", "a letter to the client names the client alone")

	never := opened(t, rehab.Treatment, 36)
	never.on("2026-03-13", rehab.SignAgreement{})
	require.NotContains(t, append(never.kinds(true), never.kinds(false)...), documents.RightsNotice, "what was not given out is not in the file")

	x := f.last(documents.RightsNotice).Entry
	f.in.Books = append(f.in.Books, office.Paper{PaperKey: x.Key("c-1"), Number: "东社戒知〔2026〕1号", Version: "v2", AsOf: int64(len(f.in.History)), At: time.Date(2026, 3, 12, 6, 0, 0, 0, time.UTC)})
	given := f.last(documents.RightsNotice)
	require.NotContains(t, string(given.HTML), "草稿")
	f.on("2026-03-13", rehab.SignAgreement{})
	kept := f.last(documents.RightsNotice)
	require.Equal(t, string(given.HTML), string(kept.HTML), "it says what it said when it was given out")
	require.False(t, kept.Draft)
	require.Equal(t, rehab.NewDate(2026, 3, 12), kept.On)
	require.Contains(t, f.html(documents.CaseFile), "<td>权利义务和个人信息处理告知书</td><td>2026年3月12日</td><td>东社戒知〔2026〕1号</td>")
}

func TestDRR14And38AnOverdueReportInIsStatedToThePoliceByItsMeasure(t *testing.T) {
	t.Parallel()
	for measure, says := range map[rehab.Measure]string{rehab.Treatment: "第十四条规定，无正当理由在规定时间内不报到的", rehab.Rehabilitation: "逾期未报到属于何种情形，由你局依法认定"} {
		f := served(t, measure)
		require.NotContains(t, f.kinds(true), documents.OverdueStatement)
		f.on("2026-03-27", rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer})
		f.passed("2026-03-28")
		require.NotContains(t, f.kinds(true), documents.OverdueStatement, "nobody has confirmed it")
		f.on("2026-04-10", rehab.ConfirmMiss{Obligation: id(t, "report_in-1")})
		text := f.html(documents.OverdueStatement)
		golden(t, "overdue_statement_"+string(measure), f.last(documents.OverdueStatement).HTML)
		for _, words := range []string{says, "期限计算至2026年3月25日", "2026年3月27日电话：", "北京市公安局东城分局：", "<td>负责人甲<br>2026年4月10日</td>"} {
			require.Contains(t, text, words)
		}
		f.on("2026-04-10", rehab.ConfirmPoliceReport{Obligation: id(t, "police_report-1")})
		f.on("2026-04-10", rehab.SendPoliceReport{Obligation: id(t, "police_report-1")})
		require.NotContains(t, append(f.kinds(true), f.kinds(false)...), documents.OverdueStatement, "it was not given out")
	}
}

func TestDRR17TheGroupIsListedAsItIsAndDRR18ThePlanByItsStages(t *testing.T) {
	t.Parallel()
	f := opened(t, rehab.Treatment, 36)
	f.on("2026-03-13", rehab.SignAgreement{})
	golden(t, "group_list_draft", f.last(documents.GroupList).HTML)
	require.Contains(t, f.html(documents.GroupList), "<td>社区民警</td><td></td>", "a line for who is missing")
	golden(t, "help_plan_draft", f.last(documents.HelpPlan).HTML)
	f.on("2026-03-14", rehab.JoinGroup{Members: []rehab.NewMember{{Role: rehab.GroupPolice, ID: "p-1"}, {Role: rehab.GroupMedical, ID: "m-1"}}})
	require.Contains(t, f.kinds(true), documents.GroupList)
	f.on("2026-03-15", rehab.WaiveFamily{})
	require.NotContains(t, f.kinds(true), documents.GroupList)
	list := f.html(documents.GroupList)
	golden(t, "group_list_made", f.last(documents.GroupList).HTML)
	for _, words := range []string{"社区戒毒工作小组名单", "<td>禁毒专职社工</td><td>社工甲</td>", "没有可以参加小组的家庭成员", "日期：2026年3月15日"} {
		require.Contains(t, list, words)
	}

	f.on("2026-03-20", rehab.MakePlan{Goals: []rehab.NewGoal{
		{Stage: rehab.Detoxification, Code: "health", Target: rehab.NewDate(2026, 9, 1)}, {Stage: rehab.Recovery, Code: "counselling", Target: rehab.NewDate(2027, 3, 1)},
		{Stage: rehab.ReturnHome, Code: "employment", Target: rehab.NewDate(2028, 3, 1)}, {Stage: rehab.ReturnHome, Code: "skills_training", Target: rehab.NewDate(2027, 9, 1), Of: 3},
	}})
	plan := f.html(documents.HelpPlan)
	golden(t, "help_plan_made", f.last(documents.HelpPlan).HTML)
	for _, words := range []string{"社区戒毒计划", "<td>生理脱毒</td><td>身体健康</td><td>2026年9月1日</td>", "<td>回归社会</td><td>其中：技能培训</td>", "不属于违反协议"} {
		require.Contains(t, plan, words)
	}
	require.NotContains(t, f.kinds(true), documents.HelpPlan)
}

func TestATestIsCalledForARefusalIsKeptAndAResultIsObjectedTo(t *testing.T) {
	t.Parallel()
	f := opened(t, rehab.Treatment, 36)
	f.on("2026-03-13", rehab.SignAgreement{})
	f.passed("2026-03-16")
	notice := f.last(documents.TestNotice)
	golden(t, "test_notice_draft", notice.HTML)
	for _, words := range []string{"定期检测", "费用由公安机关承担", "另约时间"} {
		require.Contains(t, string(notice.HTML), words)
	}
	for _, words := range []string{"严重违反", "强制", "110199199002100022"} {
		require.NotContains(t, string(notice.HTML), words, "a call to a test threatens nobody")
	}
	require.NotContains(t, f.kinds(false), documents.RefusalRecord)
	f.on("2026-03-17", rehab.RecordTest{Method: rehab.Urine, Result: rehab.TestRefused, Staff: []string{"w-7", "p-1"}})
	refusal := f.html(documents.RefusalRecord)
	golden(t, "refusal_record_provisional", f.last(documents.RefusalRecord).HTML)
	for _, words := range []string{"拒绝检测（待核实）", "不便排尿", "社工甲、工号p-1"} {
		require.Contains(t, refusal, words)
	}
	require.NotContains(t, f.kinds(true), documents.ObjectionForm)
	f.on("2026-03-20", rehab.RecordTest{Method: rehab.Urine, Result: rehab.PositiveProvisional, Staff: []string{"w-7", "p-1"}, CollectorSex: rehab.Female})
	form := f.last(documents.ObjectionForm)
	golden(t, "objection_form_draft", form.HTML)
	require.True(t, form.Draft)
	require.NotContains(t, string(form.HTML), "草稿", "it is the client's")
	require.Contains(t, string(form.HTML), "（至2026年3月23日）")
	require.NotContains(t, f.kinds(true), documents.TestNotice, "the window was kept")
	f.on("2026-03-22", rehab.ObjectToTest{Test: f.c.Pending[0].Test})
	made := f.last(documents.ObjectionForm)
	golden(t, "objection_form_made", made.HTML)
	require.Equal(t, []any{false, form.Seq}, []any{made.Draft, made.Origin})
	require.Equal(t, 1, count(append(f.kinds(true), f.kinds(false)...), documents.ObjectionForm))
}

func TestALetterToTheClientHasItsReceiptWithItsNumber(t *testing.T) {
	t.Parallel()
	f := opened(t, rehab.Treatment, 36)
	f.on("2026-03-13", rehab.SignAgreement{})
	f.on("2026-03-31", rehab.RecordTest{Method: rehab.Urine, Result: rehab.TestRefused, Staff: []string{"w-7", "p-1"}})
	f.on("2026-03-31", rehab.DecideRefusal{Test: f.c.Refusals[0].Test, Confirmed: true})
	require.Contains(t, f.kinds(true), documents.Education)
	require.NotContains(t, append(f.kinds(true), f.kinds(false)...), documents.ServiceReceipt, "a talk is not served")
	f.on("2026-04-01", rehab.IssueMeasure{Step: rehab.EducationDuty, Signature: rehab.Signed})
	f.on("2026-04-02", rehab.RecordTest{Method: rehab.Urine, Result: rehab.TestRefused, Staff: []string{"w-7", "p-1"}})
	f.on("2026-04-02", rehab.DecideRefusal{Test: f.c.Refusals[0].Test, Confirmed: true})
	f.book(documents.LetterOfAdvice, "东社戒劝〔2026〕7号", nil)
	golden(t, "service_receipt_draft", f.last(documents.ServiceReceipt).HTML)
	require.Contains(t, f.html(documents.ServiceReceipt), "<td>劝诫书</td><th>文号</th><td>东社戒劝〔2026〕7号</td>")
	f.on("2026-04-03", rehab.IssueMeasure{Step: rehab.LetterOfAdvice, Signature: rehab.SignatureRefused})
	at := slices.IndexFunc(f.list(), func(x documents.Entry) bool { return x.Kind == documents.ServiceReceipt && !x.Draft })
	require.GreaterOrEqual(t, at, 0)
	receipt, err := f.papers.Render(f.in, f.list()[at].Seq, documents.ServiceReceipt)
	require.NoError(t, err)
	golden(t, "service_receipt_refused", receipt.HTML)
	require.Contains(t, string(receipt.HTML), "东社戒劝〔2026〕7号")
	require.Contains(t, string(receipt.HTML), "本人拒绝签收")
}

func TestAReferralSaysWhatIsNeededAndNothingOfTheMeasure(t *testing.T) {
	t.Parallel()
	f := opened(t, rehab.Treatment, 36)
	f.on("2026-03-13", rehab.SignAgreement{})
	f.on("2026-03-14", rehab.ChangeWorkIntent{Wants: true})
	require.True(t, f.last(documents.ReferralLetter).Draft)
	f.on("2026-03-15", rehab.Refer{Agency: rehab.HumanResources, Kind: "skills_training"})
	letter := f.html(documents.ReferralLetter)
	golden(t, "referral_letter", f.last(documents.ReferralLetter).HTML)
	require.Contains(t, letter, "技能培训方面的帮助")
	for _, words := range []string{"戒毒", "康复", "检测", "110199199002100022", "决定书"} {
		require.NotContains(t, letter, words, "the employer's office has no need of it")
	}
	require.Equal(t, 1, count(append(f.kinds(true), f.kinds(false)...), documents.ReferralLetter))
}

func TestDRR24AMeasureThatGoesOnIsRegisteredWithItsPause(t *testing.T) {
	t.Parallel()
	f := opened(t, rehab.Treatment, 36)
	f.on("2026-05-01", rehab.Suspend{Ground: rehab.Detention})
	f.on("2026-05-11", rehab.Resume{})
	text := f.html(documents.Resumption)
	golden(t, "resumption_detention", f.last(documents.Resumption).HTML)
	for _, words := range []string{"自2026年5月1日起中止社区戒毒", "自2026年5月11日起继续执行", "原期限为至2029年3月11日", "以公安机关意见为准"} {
		require.Contains(t, text, words)
	}
}

// TestOneEventThatIsTakenBackHasOneNotice: the letter and its receipt come from one event.
func TestOneEventThatIsTakenBackHasOneNotice(t *testing.T) {
	t.Parallel()
	f := opened(t, rehab.Treatment, 36)
	f.on("2026-03-13", rehab.SignAgreement{})
	f.on("2026-03-31", rehab.RecordTest{Method: rehab.Urine, Result: rehab.TestRefused, Staff: []string{"w-7", "p-1"}})
	f.on("2026-03-31", rehab.DecideRefusal{Test: f.c.Refusals[0].Test, Confirmed: true})
	f.on("2026-04-03", rehab.IssueMeasure{Step: rehab.LetterOfAdvice, Signature: rehab.Signed, Skip: rehab.SkipRepeated})
	f.amend("2026-04-04", rehab.WithdrawRecord{Record: f.seqs("measure_issued")[0]})
	withdrawn, notices := map[documents.Kind]bool{}, 0
	for _, x := range f.list() {
		switch {
		case x.Kind == documents.Withdrawal && x.Of == documents.LetterOfAdvice:
			notices++
		case x.WithdrawnOn != 0 && x.Kind != documents.Withdrawal:
			withdrawn[x.Kind] = true
		}
	}
	require.Equal(t, map[documents.Kind]bool{documents.LetterOfAdvice: true, documents.ServiceReceipt: true}, withdrawn)
	require.Equal(t, 1, notices)
}
