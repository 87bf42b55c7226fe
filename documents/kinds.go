package documents

// Kind of a document.
type Kind string

// The kinds, in the order of a life.
const (
	OrderNotice      Kind = "order_notice"      // 决定书送达登记表
	ReportRegister   Kind = "report_register"   // 报到登记表
	OverdueStatement Kind = "overdue_statement" // 逾期未报到情况说明
	RightsNotice     Kind = "rights_notice"     // 权利义务和个人信息处理告知书
	Agreement        Kind = "agreement"         // 协议
	GroupList        Kind = "group_list"        // 工作小组名单
	HelpPlan         Kind = "help_plan"         // 戒毒（康复）计划
	ReferralLetter   Kind = "referral_letter"   // 转介函
	TestNotice       Kind = "test_notice"       // 检测通知书
	TestRecord       Kind = "test_record"       // 吸毒检测登记表
	RefusalRecord    Kind = "refusal_record"    // 拒绝、逃避检测情况记录
	ObjectionForm    Kind = "objection_form"    // 检测结果异议申请书
	LeaveForm        Kind = "leave_form"        // 外出报告表
	Education        Kind = "education"         // 批评教育记录
	LetterOfAdvice   Kind = "letter_of_advice"  // 劝诫书
	WarningLetter    Kind = "warning_letter"    // 告诫书
	ServiceReceipt   Kind = "service_receipt"   // 送达回证
	Certificate      Kind = "certificate"       // 严重违反协议证明
	PoliceReport     Kind = "police_report"     // 关于报告有关情况的函
	SuspensionNotice Kind = "suspension_notice" // 中止执行登记表
	Resumption       Kind = "resumption"        // 继续执行登记表
	TermConfirmation Kind = "term_confirmation" // 期限确认登记
	ReleaseFile      Kind = "release_file"      // 期满材料报送函
	ReleaseNotice    Kind = "release_notice"    // 期满告知
	Termination      Kind = "termination"       // 终止登记表
	Closing          Kind = "closing"           // 结案登记表
	TransferCover    Kind = "transfer_cover"    // 转送材料函
	TransferArrival  Kind = "transfer_arrival"  // 报到回函
	ControlEnd       Kind = "control_end"       // 动态管控情况告知
	Sealing          Kind = "sealing"           // 档案封存登记
	Correction       Kind = "correction"        // 更正函
	Withdrawal       Kind = "withdrawal"        // 撤销通知
	VoidRecord       Kind = "void_record"       // 误立案撤销登记
	CaseFile         Kind = "case_file"         // 一人一档封面、目录、备考表
)

// titles as they stand on the paper; the measure's own name replaces the braces.
var titles = map[Kind]string{
	OrderNotice: "决定书送达登记表", Agreement: "协议", TestRecord: "吸毒检测登记表", LeaveForm: "外出报告表", Education: "批评教育记录",
	LetterOfAdvice: "劝诫书", WarningLetter: "告诫书", Certificate: "严重违反协议证明", PoliceReport: "关于报告有关情况的函",
	SuspensionNotice: "中止执行登记表", TermConfirmation: "期限确认登记", ReleaseFile: "期满材料报送函", ReleaseNotice: "期满告知", Termination: "终止登记表",
	Closing: "结案登记表", TransferCover: "转送材料函", TransferArrival: "报到回函", ControlEnd: "动态管控情况告知", Sealing: "档案封存登记",
	Correction: "更正函", Withdrawal: "撤销通知", VoidRecord: "误立案撤销登记",
	ReportRegister: "报到登记表", OverdueStatement: "逾期未报到情况说明", RightsNotice: "权利义务和个人信息处理告知书", GroupList: "工作小组名单", HelpPlan: "戒毒（康复）计划",
	ReferralLetter: "转介函", TestNotice: "检测通知书", RefusalRecord: "拒绝、逃避检测情况记录", ObjectionForm: "检测结果异议申请书", ServiceReceipt: "送达回证", Resumption: "继续执行登记表",
	CaseFile: "一人一档",
}

// Kinds lists them all.
func Kinds() []Kind {
	return []Kind{
		OrderNotice, ReportRegister, OverdueStatement, RightsNotice, Agreement, GroupList, HelpPlan, ReferralLetter, TestNotice, TestRecord, RefusalRecord, ObjectionForm,
		LeaveForm, Education, LetterOfAdvice, WarningLetter, ServiceReceipt, Certificate, PoliceReport, SuspensionNotice, Resumption, TermConfirmation,
		ReleaseFile, ReleaseNotice, Termination, Closing, TransferCover, TransferArrival, ControlEnd, Sealing, Correction, Withdrawal, VoidRecord, CaseFile,
	}
}

// issued are the papers that no command records: they are given out under their number, and
// stay in the file from then on.
func (k Kind) issued() bool { return k == RightsNotice || k == TestNotice || k == OverdueStatement }

// letters are the papers in the form of a letter (函), under the name of the office.
func (k Kind) letter() bool {
	switch k {
	case PoliceReport, Correction, ReleaseFile, TransferCover, TransferArrival, ReferralLetter:
		return true
	}
	return false
}

// ofClient are the papers that the client fills in and hands over: never a draft of the office.
func (k Kind) ofClient() bool { return k == LeaveForm || k == ObjectionForm }
