package words

import (
	"slices"

	"guitu/rehab"
)

// Lists are the codes that people read and that are no enum of the core: events of a
// timeline, notices, gaps of coverage, parts of an inbox. GET /v1/codes answers with them.
func Lists() []rehab.Enum {
	told := slices.Clone(notices)
	for _, g := range gaps {
		told = append(told, rehab.Word{Code: "coverage_gap_" + g.Code, ZH: "覆盖缺口：" + g.ZH, EN: "Gap of coverage: " + g.EN, Own: true})
	}
	return []rehab.Enum{
		{Name: "event", Words: events}, {Name: "notice", Words: told}, {Name: "gap", Words: gaps}, {Name: "inbox_part", Words: inboxParts},
	}
}

// Event is what an event is called in a history; its type where it has no name.
func (l Lang) Event(eventType string) string {
	n := slices.IndexFunc(events, func(w rehab.Word) bool { return w.Code == eventType })
	switch {
	case n < 0:
		return eventType
	case l == ZH:
		return events[n].ZH
	}
	return events[n].EN
}

var (
	events = []rehab.Word{
		{Code: "after_care_restarted", ZH: "巩固期重新计算", EN: "After-care counted anew", Own: true},
		{Code: "agreement_signed", ZH: "已签订协议", EN: "Agreement signed", Own: true},
		{Code: "amendment_declined", ZH: "更正未予采纳", EN: "Amendment declined", Own: true},
		{Code: "amendment_proposed", ZH: "提出更正，待另一人确认", EN: "Amendment proposed", Own: true},
		{Code: "arrival_reported", ZH: "已通报公安机关", EN: "Police told of the arrival", Own: true},
		{Code: "assessment_recorded", ZH: "已完成评估", EN: "Assessment done", Own: true},
		{Code: "calendar_applied", ZH: "已应用节假日安排", EN: "Calendar applied", Own: true},
		{Code: "carried_over", ZH: "转入前的执行情况", EN: "Carried over from elsewhere", Own: true},
		{Code: "case_opened", ZH: "立案，决定书已送达", EN: "Case opened", Own: true},
		{Code: "case_released", ZH: "已登记解除通知书", EN: "Notice of release recorded", Own: true},
		{Code: "case_resumed", ZH: "继续执行", EN: "Resumed", Own: true},
		{Code: "case_sealed", ZH: "档案封存", EN: "Sealed", Own: true},
		{Code: "case_suspended", ZH: "中止执行", EN: "Suspended", Own: true},
		{Code: "case_terminated", ZH: "终止（结案）", EN: "Ended", Own: true},
		{Code: "case_voided", ZH: "误立案已撤销", EN: "Case voided", Own: true},
		{Code: "circumstance_recorded", ZH: "特殊情形", EN: "Circumstance", Own: true},
		{Code: "clean_years_passed", ZH: "满三年未复吸", EN: "Three clean years", Own: true},
		{Code: "client_seen", ZH: "见到本人", EN: "Client seen", Own: true},
		{Code: "command_refused", ZH: "未予登记", EN: "Not recorded", Own: true},
		{Code: "contact_recorded", ZH: "登记联系", EN: "Contact recorded", Own: true},
		{Code: "correction_sent", ZH: "更正函已报送", EN: "Correction sent", Own: true},
		{Code: "crisis_closed", ZH: "危机结束", EN: "Crisis closed", Own: true},
		{Code: "crisis_raised", ZH: "危机", EN: "Crisis", Own: true},
		{Code: "custody_ended", ZH: "羁押结束", EN: "Custody ended", Own: true},
		{Code: "dynamic_control_ended", ZH: "动态管控解除（公安机关告知）", EN: "Dynamic control ended", Own: true},
		{Code: "engagement_stalled", ZH: "联系受阻", EN: "Engagement stalled", Own: true},
		{Code: "escalation_acknowledged", ZH: "预警已回应", EN: "Escalation answered", Own: true},
		{Code: "escalation_climbed", ZH: "预警升级", EN: "Escalation climbed", Own: true},
		{Code: "escalation_closed", ZH: "预警结束", EN: "Escalation closed", Own: true},
		{Code: "escalation_moved", ZH: "预警随执行地转移", EN: "Escalation moved with the case", Own: true},
		{Code: "escalation_opened", ZH: "预警已产生", EN: "Escalation opened", Own: true},
		{Code: "family_waived", ZH: "小组不设家庭成员", EN: "Without family", Own: true},
		{Code: "file_forwarded", ZH: "材料已转送", EN: "File forwarded", Own: true},
		{Code: "goal_added", ZH: "增加目标", EN: "Goal added", Own: true},
		{Code: "goal_dropped", ZH: "目标放弃", EN: "Goal dropped", Own: true},
		{Code: "goal_met", ZH: "目标达成", EN: "Goal met", Own: true},
		{Code: "goal_moved", ZH: "目标期限调整", EN: "Goal moved", Own: true},
		{Code: "group_joined", ZH: "加入工作小组", EN: "Joined the group", Own: true},
		{Code: "group_left", ZH: "退出工作小组", EN: "Left the group", Own: true},
		{Code: "hand_over_recorded", ZH: "登记强制隔离戒毒所衔接通知", EN: "Hand-over of the isolation centre recorded", Own: true},
		{Code: "help_given", ZH: "已提供帮扶", EN: "Help given", Own: true},
		{Code: "help_offered", ZH: "已提出帮扶", EN: "Help offered", Own: true},
		{Code: "hold_lifted", ZH: "暂缓解除", EN: "Hold lifted", Own: true},
		{Code: "hold_placed", ZH: "暂缓封存", EN: "Hold placed", Own: true},
		{Code: "hold_reviewed", ZH: "暂缓事由已复核", EN: "Hold reviewed", Own: true},
		{Code: "laboratory_reported", ZH: "实验室结果", EN: "Laboratory result", Own: true},
		{Code: "leave_decided", ZH: "外出意见", EN: "Opinion on a leave", Own: true},
		{Code: "leave_ended", ZH: "已返回", EN: "Back from leave", Own: true},
		{Code: "leave_extended", ZH: "外出延期", EN: "Leave extended", Own: true},
		{Code: "leave_reported", ZH: "外出报告", EN: "Leave reported", Own: true},
		{Code: "leaving_recorded", ZH: "登记擅自离开", EN: "Unauthorised leaving", Own: true},
		{Code: "life_revised", ZH: "依事实重新计算", EN: "Worked out again from the facts", Own: true},
		{Code: "lost_contact_confirmed", ZH: "脱失已确认", EN: "Loss confirmed", Own: true},
		{Code: "lost_contact_dismissed", ZH: "脱失已排除", EN: "Loss dismissed", Own: true},
		{Code: "lost_contact_found", ZH: "疑似脱失，待核实", EN: "Possibly lost", Own: true},
		{Code: "maintenance_started", ZH: "开始维持治疗", EN: "Therapy started", Own: true},
		{Code: "maintenance_stopped", ZH: "停止维持治疗", EN: "Therapy stopped", Own: true},
		{Code: "measure_issued", ZH: "已出具文书", EN: "Paper issued", Own: true},
		{Code: "measure_waived", ZH: "文书不予出具", EN: "Step left out", Own: true},
		{Code: "miss_confirmed", ZH: "已确认逾期", EN: "Miss confirmed", Own: true},
		{Code: "miss_dismissed", ZH: "不属逾期", EN: "No miss", Own: true},
		{Code: "miss_justified", ZH: "理由成立", EN: "Reason accepted", Own: true},
		{Code: "miss_retracted", ZH: "逾期已撤回", EN: "Miss taken back", Own: true},
		{Code: "obligation_met", ZH: "待办已完成", EN: "Task done", Own: true},
		{Code: "obligation_missed", ZH: "逾期，待核实", EN: "Missed, to be looked at", Own: true},
		{Code: "obligation_opened", ZH: "产生待办", EN: "Task opened", Own: true},
		{Code: "obligation_superseded", ZH: "待办已失效", EN: "Task void", Own: true},
		{Code: "outreach_advanced", ZH: "主动联络进入下一步", EN: "Outreach went on", Own: true},
		{Code: "outreach_ended", ZH: "主动联络结束", EN: "Outreach ended", Own: true},
		{Code: "outreach_started", ZH: "开始主动联络", EN: "Outreach started", Own: true},
		{Code: "placement_ended", ZH: "安置结束", EN: "Placement ended", Own: true},
		{Code: "placement_followed_up", ZH: "安置回访", EN: "Placement followed up", Own: true},
		{Code: "placement_started", ZH: "安置开始", EN: "Placement began", Own: true},
		{Code: "plan_made", ZH: "计划已制定", EN: "Plan made", Own: true},
		{Code: "plan_reviewed", ZH: "计划已复核", EN: "Plan reviewed", Own: true},
		{Code: "police_report_confirmed", ZH: "报告内容已确认", EN: "Report confirmed", Own: true},
		{Code: "police_report_sent", ZH: "已向公安机关报送", EN: "Report sent", Own: true},
		{Code: "policy_migrated", ZH: "换用规则版本", EN: "Rules changed", Own: true},
		{Code: "positive_event", ZH: "积极变化", EN: "Good news", Own: true},
		{Code: "re_engaged", ZH: "恢复联系", EN: "Back in contact", Own: true},
		{Code: "receipt_recorded", ZH: "回执已收到", EN: "Receipt received", Own: true},
		{Code: "record_corrected", ZH: "记录已更正", EN: "Record corrected", Own: true},
		{Code: "record_withdrawn", ZH: "误录已撤销", EN: "Record withdrawn", Own: true},
		{Code: "referral_made", ZH: "已转介", EN: "Referred", Own: true},
		{Code: "referral_replied", ZH: "转介答复", EN: "Referral answered", Own: true},
		{Code: "referral_withdrawn", ZH: "转介撤回", EN: "Referral withdrawn", Own: true},
		{Code: "refusal_decided", ZH: "拒绝、逃避检测已认定", EN: "Refusal decided", Own: true},
		{Code: "release_file_submitted", ZH: "期满材料已报送", EN: "File before expiry sent", Own: true},
		{Code: "reported_in", ZH: "已报到", EN: "Reported in", Own: true},
		{Code: "risk_changed", ZH: "风险等级已调整", EN: "Risk class changed", Own: true},
		{Code: "risk_watch_ended", ZH: "风险期结束", EN: "Risk watch ended", Own: true},
		{Code: "risk_watch_opened", ZH: "风险期开始", EN: "Risk watch opened", Own: true},
		{Code: "sample_retention_ended", ZH: "样本保存期满", EN: "Samples may be destroyed", Own: true},
		{Code: "sample_retention_extended", ZH: "样本保存期延长", EN: "Samples kept longer", Own: true},
		{Code: "samples_destroyed", ZH: "样本已销毁", EN: "Samples destroyed", Own: true},
		{Code: "sealing_proposed", ZH: "已提请封存，待另一人确认", EN: "Sealing proposed", Own: true},
		{Code: "sealing_fell_due", ZH: "到达封存日", EN: "Day of sealing", Own: true},
		{Code: "stage_changed", ZH: "进入另一阶段", EN: "Stage changed", Own: true},
		{Code: "station_moved", ZH: "工作站调整", EN: "Station moved", Own: true},
		{Code: "supervision_recorded", ZH: "督导已登记", EN: "Supervision held", Own: true},
		{Code: "suspension_reviewed", ZH: "羁押情况已核实", EN: "Custody checked", Own: true},
		{Code: "term_confirmed", ZH: "期限已由公安机关确认", EN: "Term confirmed by the police", Own: true},
		{Code: "term_passed", ZH: "期限届满", EN: "Term over", Own: true},
		{Code: "test_objected", ZH: "提出检测异议", EN: "Objection to a test", Own: true},
		{Code: "test_recorded", ZH: "登记检测", EN: "Test recorded", Own: true},
		{Code: "test_resolved", ZH: "检测结果已确认", EN: "Result settled", Own: true},
		{Code: "transfer_accepted", ZH: "对方已接收", EN: "Accepted", Own: true},
		{Code: "transfer_arrived", ZH: "已到新执行地报到", EN: "Arrived", Own: true},
		{Code: "transfer_ended", ZH: "变更终结", EN: "Transfer ended", Own: true},
		{Code: "transfer_requested", ZH: "申请变更执行地", EN: "Transfer requested", Own: true},
		{Code: "transfer_returned", ZH: "对方退回", EN: "Returned", Own: true},
		{Code: "transfer_withdrawn", ZH: "变更撤回", EN: "Withdrawn", Own: true},
		{Code: "transferred_in", ZH: "转入本街道", EN: "Transferred in", Own: true},
		{Code: "transferred_out", ZH: "转出（系统外）", EN: "Transferred out", Own: true},
		{Code: "violation_reached", ZH: "达到严重违反协议情形", EN: "Threshold of serious violation reached", Own: true},
		{Code: "volunteer_accepted", ZH: "成为志愿者", EN: "Volunteer", Own: true},
		{Code: "volunteer_ended", ZH: "结束志愿服务", EN: "No more a volunteer", Own: true},
		{Code: "volunteer_offered", ZH: "申请志愿服务", EN: "Offered to volunteer", Own: true},
		{Code: "volunteer_standing_lost", ZH: "不再满足志愿条件", EN: "Standing lost", Own: true},
		{Code: "work_intent_changed", ZH: "就业意愿变化", EN: "Wish for work changed", Own: true},
		{Code: "worker_assigned", ZH: "已指派社工", EN: "Worker assigned", Own: true},
	}

	notices = []rehab.Word{
		{Code: "break_glass_due", ZH: "临时查看身份信息待复核", EN: "A look at an identity waits for its review", Own: true},
		{Code: "break_glass_opened", ZH: "上级机关临时查看了身份信息", EN: "An office looked at an identity", Own: true},
		{Code: "break_glass_overdue", ZH: "临时查看身份信息逾期未复核", EN: "The review of a look at an identity is overdue", Own: true},
		{Code: "amendment_proposed", ZH: "提出更正，请确认", EN: "An amendment waits for you", Own: true},
		{Code: "sealing_proposed", ZH: "提请封存档案，请另一人确认", EN: "A sealing waits for another person", Own: true},
		{Code: "escalation_opened", ZH: "事项逾期，请回应", EN: "A duty was missed: please answer", Own: true},
		{Code: "escalation_climbed", ZH: "预警已升级，请回应", EN: "Escalation climbed: please answer", Own: true},
		{Code: "escalation_repeated", ZH: "预警再次提醒", EN: "Escalation told again", Own: true},
		{Code: "promise_broken", ZH: "承诺未兑现，请回应", EN: "A promise was not kept", Own: true},
		{Code: "escalation_closed", ZH: "预警已结束", EN: "Escalation closed", Own: true},
		{Code: "escalation_retracted", ZH: "预警已撤回：实为按期", EN: "Escalation taken back: it was in time", Own: true},
		{Code: "escalation_moved", ZH: "预警随个案转入", EN: "Escalation came with the case", Own: true},
		{Code: "escalation_left", ZH: "预警已不由本站负责", EN: "Escalation left your area", Own: true},
		{Code: "worker_assigned", ZH: "新指派个案", EN: "A case was assigned to you", Own: true},
		{Code: "station_moved", ZH: "工作站调整", EN: "The station was moved", Own: true},
		{Code: "miss_confirmed", ZH: "逾期已确认", EN: "A miss was confirmed", Own: true},
		{Code: "outreach_advanced", ZH: "主动联络进入下一步", EN: "Outreach: next step", Own: true},
		{Code: "engagement_stalled", ZH: "联系受阻，请安排督导", EN: "Stalled: arrange supervision", Own: true},
		{Code: "re_engaged", ZH: "已恢复联系", EN: "Back in contact", Own: true},
		{Code: "lost_contact_found", ZH: "疑似脱失，请核实", EN: "Possibly lost: find out", Own: true},
		{Code: "lost_contact_confirmed", ZH: "脱失已确认", EN: "Loss confirmed", Own: true},
		{Code: "lost_contact_dismissed", ZH: "脱失已排除", EN: "Loss dismissed", Own: true},
		{Code: "maintenance_stopped", ZH: "维持治疗已停止，风险期开始", EN: "Therapy stopped: risk watch", Own: true},
		{Code: "crisis_raised", ZH: "危机：立即处置", EN: "Crisis: act at once", Own: true},
		{Code: "crisis_closed", ZH: "危机已结束", EN: "Crisis closed", Own: true},
		{Code: "risk_watch_opened", ZH: "风险期开始", EN: "Risk watch began", Own: true},
		{Code: "sample_retention_ended", ZH: "样本保存期满，可登记销毁", EN: "Samples may be destroyed", Own: true},
		{Code: "transfer_requested", ZH: "申请变更执行地", EN: "Transfer requested", Own: true},
		{Code: "file_forwarded", ZH: "材料待接收", EN: "A file waits for acceptance", Own: true},
		{Code: "transfer_accepted", ZH: "对方已接收", EN: "Accepted", Own: true},
		{Code: "transfer_returned", ZH: "材料被退回，请处理", EN: "Returned: settle it", Own: true},
		{Code: "transfer_withdrawn", ZH: "变更已撤回", EN: "Withdrawn", Own: true},
		{Code: "transfer_ended", ZH: "变更已终结", EN: "Ended", Own: true},
		{Code: "transfer_arrived", ZH: "已到新执行地报到", EN: "Arrived", Own: true},
		{Code: "transferred_in", ZH: "个案已转入", EN: "A case came in", Own: true},
		{Code: "volunteer_standing_lost", ZH: "志愿条件不再满足，请决定", EN: "Standing lost: decide", Own: true},
		{Code: "late_record", ZH: "原社工补录，请查看", EN: "A former worker recorded something late: look at it", Own: true},
	}

	gaps = []rehab.Word{
		{Code: "no_worker", ZH: "无负责社工", EN: "nobody is responsible", Own: true},
		{Code: "worker_unknown", ZH: "社工未登记", EN: "the worker is in no registry", Own: true},
		{Code: "worker_left", ZH: "社工已离岗", EN: "the worker left", Own: true},
		{Code: "worker_away", ZH: "社工请假，无代班", EN: "the worker is away without a stand-in", Own: true},
		{Code: "place_ended", ZH: "工作站已撤并", EN: "the station was merged or closed", Own: true},
		{Code: "no_agreement", ZH: "协议超期未签", EN: "agreement overdue", Own: true},
		{Code: "no_working_group", ZH: "工作小组未组成", EN: "no working group", Own: true},
		{Code: "no_plan", ZH: "未制定计划", EN: "no plan", Own: true},
		{Code: "no_next_step", ZH: "无后续事项", EN: "no next step", Own: true},
		{Code: "miss_unattended", ZH: "逾期无人核实", EN: "miss unattended", Own: true},
		{Code: "unanswered_at_top", ZH: "市级预警无人回应", EN: "unanswered at the top", Own: true},
	}

	inboxParts = []rehab.Word{
		{Code: "due", ZH: "近期到期", EN: "due soon", Own: true},
		{Code: "overdue", ZH: "逾期", EN: "overdue", Own: true},
		{Code: "settle", ZH: "待核实", EN: "to settle", Own: true},
		{Code: "leaves", ZH: "外出", EN: "leaves", Own: true},
		{Code: "escalations", ZH: "预警", EN: "escalations", Own: true},
		{Code: "snoozed", ZH: "已推迟", EN: "put off", Own: true},
		{Code: "notices", ZH: "通知", EN: "notices", Own: true},
	}
)
