package api

import "github.com/danielgtaylor/huma/v2"

const (
	tagCommands = "commands"
	tagWebhooks = "webhooks"
)

// subject is a part of the document: the operations of one matter stand together. Which
// commands belong to it they say themselves (rehab.CommandSpec).
type subject struct{ tag, says string }

// subjects are in the order in which somebody reads the document: the life of a case first.
func subjects() []subject {
	return []subject{
		{"cases", "立案、个案: open a case, list and read cases."},
		{"opening", "报到、协议: hand-over from isolation, report-in, agreement."},
		{"contact", "联系、走访、评估: contacts, visits, assessments."},
		{"testing", "检测: tests, objections, laboratory, refusals, maintenance therapy."},
		{"misses", "逾期、督办: misses and escalations."},
		{"assignment", "指派、风险: who has the case, in which risk class, at which station."},
		{"breach", "违反协议: the ladder of measures, and reports to the police."},
		{"engagement", "主动联络、脱失、危机: outreach, lost contact, crises."},
		{"suspension", "中止、终止: custody, the term, the end without release."},
		{"leave", "请假: leaves."},
		{"transfers", "执行地变更: another place of execution."},
		{"help", "帮扶: working group, plan, referrals, placements, volunteers."},
		{"release", "解除、后续照管、封存: release, after-care, holds, sealing."},
		{"amendment", "更正、撤销: put the record right."},
		{"rules", "规则: policies, calendars, and which holds for a case."},
		{tagCommands, "离线、批量: several commands at once, and what became of one."},
		{"clients", "服务对象: who the client is, and how to find one."},
		{"documents", "文书: papers of the case file."},
		{"forms", "表单: what a visit, a talk or an assessment says, scores and figures of them."},
		{"attachments", "附件: scans and photos of the case file."},
		{"inbox", "待办: what waits for whom, and the live stream."},
		{"notices", "提醒: notices and changes delivered outside the system."},
		{tagWebhooks, "What the webhooks of subscriptions get."},
		{"organisation", "机构、人员: places, workers, caseload, codes."},
		{"practice", "督导、培训、宣传: work that belongs to no case."},
		{"coverage", "全覆盖: what open cases lack."},
		{"fleets", "批量操作: one change to many cases."},
		{"evaluation", "考核: indicators, figures, exports."},
		{"planning", "推演: what would happen."},
		{"session", "登录: sign in and out, second factors, passkeys, one's own sessions."},
		{"accounts", "账号、令牌: accounts, their rights, and bearer tokens."},
		{"police", "公安机关: reports that were addressed to the police, and their receipts."},
		{"archive", "封存、查询、销毁: lawful inquiries into sealed cases, and destruction."},
		{"audit", "查阅记录: who read what, and the glass that was broken."},
		{"operation", "Whether the service is there, and ready."},
	}
}

// describe adds to the document what belongs to no single operation.
func (s *server) describe() {
	document := s.api.OpenAPI()
	for _, x := range subjects() {
		document.Tags = append(document.Tags, &huma.Tag{Name: x.tag, Description: x.says})
	}
	document.Servers = []*huma.Server{{URL: "/", Description: "The server that this document comes from."}}
	s.describeWebhooks()
}
