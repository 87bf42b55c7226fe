package rehab

// What the terms are called. Each list is the enum of its type: what a command may say of
// it, what the document of the API shows, and what GET /v1/codes answers.
var (
	measures = codes[Measure]{{Treatment, "社区戒毒", "community treatment"}, {Rehabilitation, "社区康复", "community rehabilitation"}}

	risks = codes[Risk]{{High, "高", "high"}, {Medium, "中", "medium"}, {Low, "低", "low"}}

	serviceMethods = codes[ServiceMethod]{
		{ServedDirect, "直接送达", "handed over"},
		{ServedEntrusted, "委托送达", "by another office"},
		{ServedSubstituted, "代收", "to a relative"},
		{ServedByPost, "邮寄送达", "by post"},
		{ServedWithWitness, "留置送达", "left before a witness"},
		{ServedElectronically, "电子送达", "electronically"},
		{ServedByNotice, "公告送达", "by public notice"},
	}

	channels = codes[Channel]{
		{Phone, "电话", "phone"},
		{SMS, "短信", "message"},
		{Video, "视频", "video"},
		{Talk, "谈话", "talk at the station"},
		{HomeVisit, "走访", "home visit"},
		{FamilyVisit, "走访家属", "visit to the family"},
		{JointVisit, "联合走访", "joint visit"},
	}

	outcomes = codes[Outcome]{
		{Met, "见到本人", "met"},
		{NoAnswer, "无人应答", "no answer"},
		{Declined, "拒绝见面", "declined"},
		{WrongNumber, "号码有误", "wrong number"},
		{FamilyMet, "见到家属", "family met"},
		{NotAtHome, "不在家", "not at home"},
		{MovedAway, "已搬走", "moved away"},
		{Sent, "已发送", "sent"},
		{Replied, "已回复", "replied"},
	}

	excuses = codes[Excuse]{{ExcuseWork, "工作", "work"}, {ExcuseIllness, "生病", "illness"}, {ExcuseAway, "外出", "away"}, {ExcuseOther, "其他", "other"}}

	met = codes[Who]{
		{ClientAlone, "服务对象", "client"},
		{ClientWithFamily, "服务对象和家属", "client and family"},
		{FamilyAlone, "家属", "family"},
		{Neighbour, "邻居或者居委会", "neighbour or residents' committee"},
	}

	moods = codes[Mood]{{Calm, "平静", "calm"}, {MoodLow, "低落", "low"}, {Anxious, "焦虑", "anxious"}, {Agitated, "激动", "agitated"}, {Hopeful, "有信心", "hopeful"}}

	sexes = codes[Sex]{{Male, "男", "male"}, {Female, "女", "female"}}

	testMethods = codes[TestMethod]{{Urine, "尿液", "urine"}, {Saliva, "唾液", "saliva"}, {Blood, "血液", "blood"}, {Hair, "毛发", "hair"}}

	testResults = codes[TestResult]{
		{Negative, "阴性", "negative"},
		{PositiveProvisional, "阳性（待确认）", "positive, provisional"},
		{PositiveConfirmed, "阳性", "positive, confirmed"},
		{TestRefused, "拒绝检测", "refused"},
		{TestEvaded, "逃避检测", "evaded"},
	}

	testSites = codes[TestSite]{{AtStation, "工作站", "station"}, {AtPolice, "公安机关", "police"}, {AtLaboratory, "实验室", "laboratory"}}

	phases = codes[Phase]{
		{AwaitingReportIn, "待报到", "awaiting report-in"},
		{AwaitingAgreement, "待签协议", "awaiting the agreement"},
		{InExecution, "执行中", "in execution"},
		{TermEnded, "期限届满", "term ended"},
		{Released, "已解除", "released"},
		{Suspended, "中止", "suspended"},
		{Terminated, "终止、结案", "closed without release"},
		{AwaitingSealing, "待封存", "awaiting sealing"},
		{Sealed, "已封存", "sealed"},
		{TransferredAway, "已转出", "transferred out"},
		{Void, "误立案撤销", "void"},
	}

	roles = codes[Role]{
		{WorkerRole, "禁毒专职社工", "worker"},
		{StationHead, "工作站负责人", "station head"},
		{DistrictOffice, "区禁毒办", "district office"},
		{CityOffice, "市禁毒办", "city office"},
		{Admin, "管理员", "admin"},
		{SystemRole, "系统", "the engine itself"},
		{IntegrationRole, "外部系统", "another system"},
		{PartnerRole, "合作机构", "partner organisation"},
	}

	grounds = codes[Ground]{
		{TestEvasion, "逃避或者拒绝接受检测", "evading or refusing tests"},
		{UnauthorisedLeaving, "擅自离开", "unauthorised leaving"},
		{Absence, "擅自离开累计超期", "days of unauthorised absence"},
		{DeemedRefusal, "逾期未报到，视为拒绝接受", "deemed refusal"},
		{Overdue, "逾期未报到", "report-in overdue"},
		{Relapse, "再次吸毒", "relapse"},
		{LostToSupervision, "脱失", "lost to supervision"},
		{Detention, "拘留", "detention"},
		{Arrest, "逮捕", "arrest"},
		{Imprisonment, "收监执行刑罚", "imprisonment"},
		{CompulsoryEducation, "强制性教育措施", "compulsory education"},
		{CompulsoryIsolation, "强制隔离戒毒", "compulsory isolation"},
		{Death, "死亡", "death"},
		{NewMeasure, "被责令新的措施", "a new measure"},
	}

	justifiedReasons = codes[JustifiedReason]{
		{InCustody, "被羁押", "custody"},
		{Illness, "疾病", "illness"},
		{Bereaved, "丧亲", "bereavement"},
		{Disaster, "灾害", "disaster"},
		{WorkReason, "工作", "work"},
		{OtherCause, "其他", "other"},
	}

	// leaveReasons are the engine's own.
	leaveReasons = codes[JustifiedReason]{{LeaveExtension, "续假", "extension of a leave"}}

	signatures = codes[Signature]{{Signed, "已签字", "signed"}, {SignatureRefused, "拒绝签字", "refused to sign"}, {NotPresent, "不在场", "not present"}}

	skipReasons = codes[SkipReason]{{SkipSerious, "情节严重", "serious violation"}, {SkipRepeated, "屡次发生", "repeated"}, {SkipRelapse, "再次吸毒", "relapse"}, {SkipOther, "其他", "other"}}

	helpAnswers = codes[HelpAnswer]{{HelpAccepted, "接受", "accepted"}, {HelpConsidered, "考虑中", "considering"}, {HelpDeclined, "不接受", "declined"}}

	circumstances = codes[Circumstance]{{Pregnant, "怀孕", "pregnant"}, {Nursing, "哺乳不满一周岁婴儿", "nursing a baby under 1"}, {Under16, "不满十六周岁", "under 16"}}

	statuses = codes[Status]{
		{Open, "待办", "open"},
		{Missed, "逾期（待确认）", "missed, provisional"},
		{Confirmed, "逾期已确认", "missed, confirmed"},
		{Done, "已完成", "done"},
		{Dismissed, "已排除", "dismissed"},
		{Excused, "有正当理由", "excused"},
		{Superseded, "不再适用", "superseded"},
	}

	closings = codes[Closing]{
		{ByEvidence, "已补办", "done, late"},
		{ByRetraction, "实为按期完成", "done in time after all"},
		{ByJustification, "有正当理由", "justified"},
		{ByDismissal, "逾期被排除", "dismissed"},
		{BySupersession, "不再适用", "superseded"},
	}

	marks = codes[Mark]{{Law, "法定", "law"}, {Practice, "惯例", "practice"}, {Design, "自定", "design"}}

	units = codes[Unit]{{CalendarDays, "日", "days"}, {WorkingDays, "工作日", "working days"}, {Months, "个月", "months"}, {Hours, "小时", "hours"}}
)
