package words

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Field is what a form calls a field of a request: "limit" is 每页条数, "carried.reported_on"
// 转入前情况的报到日期, "goals[1].target" 第2项目标的目标日期. A name that is none of ours, as a caller may
// have sent it, stays as it is, and so does every name in English.
func (l Lang) Field(path string) string {
	if l != ZH {
		return path
	}
	var out []string
	for segment := range strings.SplitSeq(path, ".") {
		m := ofField.FindStringSubmatch(segment)
		if m == nil || fields[m[1]] == "" {
			return path
		}
		label := fields[m[1]]
		if n, err := strconv.Atoi(m[2]); err == nil {
			label = "第" + strconv.Itoa(n+1) + "项" + label
		}
		out = append(out, label)
	}
	return strings.Join(out, "的")
}

// ofField is one segment of a path, with the place in its list: "goals[1]".
var ofField = regexp.MustCompile(`^([A-Za-z_-]+)(?:\[(\d+)\])?$`)

// fields are the labels, as forms have them, of the fields that somebody sends.
var fields = map[string]string{
	// Forms and attachments.
	"Read-Reason": "查阅事由", "If-None-Match": "已有版本", "attachment": "附件", "definition": "表单定义", "origin": "来源", "paper": "文书", "replaces": "所更正的一份",

	// Sign-in.
	"account": "账号", "ceremony": "验证编号", "credential": "通行密钥", "finding": "审查结论", "hours": "小时数", "label": "用途说明", "new_password": "新密码",
	"password": "密码", "waiting": "待审查",

	// Other systems.
	"events": "变化类型", "key": "操作编号",

	// The order and the client.
	"order_no": "决定书文号", "measure": "措施", "term_months": "期限（月）", "decided_on": "决定日期", "served_on": "送达日期", "service_method": "送达方式",
	"family_told_on": "通知家属日期", "name": "姓名（名称）", "sex": "性别", "id_kind": "证件类型", "id_number": "证件号码", "document": "证件", "phone": "电话", "other_phone": "其他电话",
	"household_street": "户籍街道", "household_address": "户籍地址", "residence_street": "居住街道", "residence_address": "现住址", "execution_street": "执行街道",
	"work_unit": "工作单位", "work_address": "单位地址", "risk": "风险等级", "maintenance_therapy": "维持治疗", "employment_intent": "就业意愿",
	"family_contact": "家属姓名", "family_phone": "家属电话", "printed_end": "决定书载明的届满日", "credit_days": "折抵天数", "since": "起始日期",

	// What was done before the case came here.
	"carried": "转入前情况", "reported_on": "报到日期", "agreement_on": "协议签订日期", "changed_on": "执行地变更日期", "tests": "检测次数", "contacts": "联系次数",
	"test_breaches": "拒检逃检次数", "leavings": "擅自离开次数", "absence_days": "擅自离开天数", "violations": "严重违反情形", "deemed_refusals": "视为拒绝次数", "relapses": "复吸次数",
	"appraisal": "鉴定意见", "approval": "批准文号", "organ": "查询机关", "shows": "查询内容", "private_key": "持有人私钥", "payloads": "数据项", "metadata": "数据项说明", "X-Namespace": "命名空间",
	"ground": "事由",

	// What every command may say.
	"occurred_at": "发生时间", "note": "备注", "another": "确为另一次", "dry_run": "试算", "try": "试算件数", "try_after": "试算起点", "full": "全部核对", "position": "编号", "Idempotency-Key": "操作编号", "id": "编号", "type": "类型", "body": "内容", "case_id": "个案编号", "items": "操作", "token": "链接",
	"reason": "理由", "from": "开始日期", "until": "截止日期", "on": "日期", "day": "日期", "kind": "类别", "state": "状态", "status": "状态", "level": "层级", "place": "地区", "code": "代码", "to": "“至”",
	"obligation": "待办", "escalation": "预警", "record": "记录序号", "fields": "更正项目", "happened_at": "实际发生时间", "duplicate_of": "重复的个案", "amendment": "更正事项",

	// Contacts, tests, help.
	"channel": "联系方式", "outcome": "联系结果", "excuse": "原因", "who": "见到的人", "mood": "状态", "phone_changed": "号码变更", "method": "检测样本", "result": "检测结果", "site": "检测地点",
	"staff": "在场人员", "collector_sex": "采样人员性别", "surprise": "不定期检测", "other_substance": "其他物质", "told_on": "告知日期", "test": "检测", "confirmed": "认定",
	"crisis": "危机", "circumstance": "特殊情形", "evasion": "逃避检测", "promise": "承诺完成日", "worker": "社工", "step": "步骤", "signature": "签名", "skip": "越级理由",
	"answer": "答复", "class": "帮扶类别", "agency": "转介单位", "referral": "转介", "reply": "答复", "placement": "安置", "there": "仍在岗", "end": "结束原因",
	"members": "组员", "member": "组员编号", "role": "角色", "goals": "目标", "goal": "目标", "target": "目标", "of": "所属目标", "stage": "阶段",
	"form": "形式", "online": "线上", "leave": "外出", "approved": "意见", "transfer": "变更执行地", "outside": "转往系统外", "custody": "羁押", "term_end": "届满日", "hold": "暂缓事由",
	"accept": "同意", "accepted": "同意", "release_on": "解除日期",

	// Offices, workers, papers.
	"post": "岗位", "qualification": "职业资格", "limit": "每页条数", "last_day": "最后工作日", "stand_in": "代班人", "withdrawn": "撤回", "into": "并入街道", "head": "负责人",
	"address": "地址", "lead": "牵头人", "words": "文书正文", "addressee": "主送单位", "enclosed": "附件", "number": "号码", "minutes": "分钟数", "format": "格式", "copy": "副本", "change": "变更",
	"cases": "个案", "leaving": "离岗社工", "unassigned": "待分配地区", "beyond_limit": "超出负荷", "assignments": "指派", "undo_hours": "可撤销时长", "policy": "规则", "version": "版本",

	// Views of the board.
	"query": "条件", "next_kind": "最近事项", "due_within": "到期天数", "closed": "含已结束", "sort": "排序", "show": "显示方式",

	// Lists, figures, planning.
	"q": "查找内容", "days": "天数", "part": "分栏", "after": "分页位置", "before": "截至", "phase": "个案阶段", "open": "在册", "overdue": "逾期", "escalated": "有预警", "engagement": "联系状况",
	"direction": "方向", "as_of": "截至日期", "known": "所知时点", "decisions": "决定条数", "period": "期间", "indicator": "指标", "unit": "单位", "purpose": "用途", "actor": "人员", "seq": "记录序号",
	"organisation": "协作单位", "programme": "培训项目", "title": "标题", "phases": "阶段", "trainers": "授课人", "subject": "主题", "data": "内容", "attendance": "签到", "presence": "到课", "invited": "已邀请",
	"entries": "签到记录", "topic": "督导内容", "help": "督导类型", "supervisees": "接受督导人员", "supervisor": "督导人", "planned_on": "安排日期", "held_on": "督导日期", "requested_on": "申请日期", "closed_on": "办结日期", "activity": "活动形式",
	"audience": "受众", "reached": "人次", "by": "开展人员", "made_up": "虚拟个案", "streets": "街道数", "workers": "社工数", "start": "开始日期", "months": "月数", "runs": "次数", "seed": "随机种子",
	"capacity": "每日办理量", "shared": "共享", "periods": "月数", "assume": "假设", "keeps_test": "按期检测率", "keeps_contact": "按期联系率", "answers": "预警回应率", "evades": "逃检认定率", "arrivals_per_year": "每年新增", "move_cases": "个案换用规则",
	"types": "通知类型", "channels": "通知渠道", "language": "语言", "secret": "密钥", "Last-Event-ID": "事件位置",
}

// FieldNamed is the field that has the label, or the label itself where none has.
func FieldNamed(label string) string {
	for _, name := range Fields() {
		if fields[name] == label {
			return name
		}
	}
	return label
}

// Fields are the names that have a label.
func Fields() []string { return slices.Sorted(maps.Keys(fields)) }
