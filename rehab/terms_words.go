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
		{Talk, "到站谈话", "talk at the station"},
		{HomeVisit, "入户走访", "home visit"},
		{FamilyVisit, "家属走访", "visit to the family"},
		{JointVisit, "联合走访", "joint visit"},
	}

	outcomes = codes[Outcome]{
		{Met, "见到本人", "met"},
		{NoAnswer, "未接通", "no answer"},
		{Declined, "不愿见面", "declined"},
		{WrongNumber, "号码有误", "wrong number"},
		{FamilyMet, "见到家人", "family met"},
		{NotAtHome, "家中无人", "not at home"},
		{MovedAway, "已搬离", "moved away"},
		{Sent, "已发送", "sent"},
		{Replied, "已回复", "replied"},
	}

	excuses = codes[Excuse]{{ExcuseWork, "工作", "work"}, {ExcuseIllness, "身体不适", "illness"}, {ExcuseAway, "在外地", "away"}, {ExcuseOther, "其他", "other"}}

	met = codes[Who]{
		{ClientAlone, "本人", "client"},
		{ClientWithFamily, "本人和家人", "client and family"},
		{FamilyAlone, "家人", "family"},
		{Neighbour, "邻居、居委会", "neighbour or residents' committee"},
	}

	moods = codes[Mood]{{Calm, "平静", "calm"}, {MoodLow, "低落", "low"}, {Anxious, "焦虑", "anxious"}, {Agitated, "激动", "agitated"}, {Hopeful, "积极", "hopeful"}}

	sexes = codes[Sex]{{Male, "男", "male"}, {Female, "女", "female"}}

	testMethods = codes[TestMethod]{{Urine, "尿液", "urine"}, {Saliva, "唾液", "saliva"}, {Blood, "血液", "blood"}, {Hair, "毛发", "hair"}}

	testResults = codes[TestResult]{
		{Negative, "阴性", "negative"},
		{PositiveProvisional, "阳性（待确认）", "positive, provisional"},
		{PositiveConfirmed, "阳性（已确认）", "positive, confirmed"},
		{TestRefused, "拒绝检测", "refused"},
		{TestEvaded, "逃避检测", "evaded"},
	}

	testSites = codes[TestSite]{{AtStation, "工作站", "station"}, {AtPolice, "公安机关", "police"}, {AtLaboratory, "实验室", "laboratory"}}

	phases = codes[Phase]{
		{AwaitingReportIn, "待报到", "awaiting report-in"},
		{AwaitingAgreement, "待签协议", "awaiting the agreement"},
		{InExecution, "执行中", "in execution"},
		{TermEnded, "期满待通知", "term ended"},
		{Released, "已解除（巩固期）", "released"},
		{Suspended, "中止执行", "suspended"},
		{Terminated, "已终止（结案）", "closed without release"},
		{AwaitingSealing, "待封存", "awaiting sealing"},
		{Sealed, "已封存", "sealed"},
		{TransferredAway, "已转出（系统外）", "transferred out"},
		{Void, "立案已撤销", "void"},
	}

	roles = codes[Role]{
		{WorkerRole, "禁毒专职社工", "worker"},
		{StationHead, "工作站负责人", "station head"},
		{DistrictOffice, "区禁毒办", "district office"},
		{CityOffice, "市禁毒办", "city office"},
		{Admin, "管理员（仅安装调试）", "admin (installation only)"},
		{SystemRole, "系统自动", "the engine itself"},
		{IntegrationRole, "对接系统", "another system"},
		{PartnerRole, "培训协作单位", "partner organisation"},
		{PoliceRole, "公安机关", "police"},
		{SystemAdmin, "系统管理员", "system administrator"},
		{SecurityAdmin, "安全管理员", "security administrator"},
		{Auditor, "审计管理员", "auditor"},
	}

	grounds = codes[Ground]{
		{TestEvasion, "逃避或者拒绝接受检测", "evading or refusing tests"},
		{UnauthorisedLeaving, "擅自离开", "unauthorised leaving"},
		{Absence, "擅自离开累计超期", "days of unauthorised absence"},
		{DeemedRefusal, "逾期未报到，视为拒绝接受", "deemed refusal"},
		{Overdue, "逾期未报到", "report-in overdue"},
		{Relapse, "再次吸毒", "relapse"},
		{LostToSupervision, "脱失", "lost to supervision"},
		{Detention, "被依法拘留", "detention"},
		{Arrest, "被依法逮捕", "arrest"},
		{Imprisonment, "收监执行刑罚", "imprisonment"},
		{CompulsoryEducation, "采取强制性教育措施", "compulsory education"},
		{CompulsoryIsolation, "被决定强制隔离戒毒", "compulsory isolation"},
		{Death, "死亡", "death"},
		{NewMeasure, "被责令新的措施", "a new measure"},
	}

	justifiedReasons = codes[JustifiedReason]{
		{InCustody, "被羁押", "custody"},
		{Illness, "疾病", "illness"},
		{Bereaved, "亲属病故", "bereavement"},
		{Disaster, "自然灾害", "disaster"},
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
		{Open, "待完成", "open"},
		{Missed, "逾期，待核实", "missed, provisional"},
		{Confirmed, "已确认逾期", "missed, confirmed"},
		{Done, "已完成", "done"},
		{Dismissed, "不属逾期", "dismissed"},
		{Excused, "有正当理由", "excused"},
		{Superseded, "已失效", "superseded"},
	}

	closings = codes[Closing]{
		{ByEvidence, "已补做", "done, late"},
		{ByRetraction, "实为按期", "done in time after all"},
		{ByJustification, "理由成立", "justified"},
		{ByDismissal, "不属逾期", "dismissed"},
		{BySupersession, "事项失效", "superseded"},
	}

	marks = codes[Mark]{{Law, "法定", "law"}, {Practice, "惯例", "practice"}, {Design, "本系统设定", "design"}}

	units = codes[Unit]{{CalendarDays, "日", "days"}, {WorkingDays, "工作日", "working days"}, {Months, "个月", "months"}, {Hours, "小时", "hours"}}
)
