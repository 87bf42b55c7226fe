package api

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

const (
	tagCommands = "commands"
	tagWebhooks = "webhooks"
)

// subject is a part of the document: the operations of one matter stand together.
type subject struct {
	tag, says string
	commands  []string
}

// subjects are in the order in which somebody reads the document: the life of a case first.
func subjects() []subject {
	return []subject{
		{"cases", "立案、个案: open a case, list and read cases.", []string{"open-case"}},
		{"opening", "报到、协议: hand-over from isolation, report-in, agreement.", []string{"record-hand-over", "report-in", "sign-agreement"}},
		{"contact", "联系、走访、评估: contacts, visits, assessments.", []string{"record-contact", "visit-completed", "record-assessment"}},
		{"testing", "检测: tests, objections, laboratory, refusals, maintenance therapy.", []string{
			"record-test", "object-to-test", "record-laboratory-result", "resolve-test", "destroy-samples", "decide-refusal", "start-maintenance", "stop-maintenance",
		}},
		{"misses", "逾期、督办: misses and escalations.", []string{"confirm-miss", "dismiss-miss", "justify-miss", "acknowledge-escalation"}},
		{"assignment", "指派、风险: who has the case, in which risk class, at which station.", []string{"assign-worker", "change-risk", "move-station"}},
		{"breach", "违反协议: the ladder of measures, and reports to the police.", []string{
			"record-leaving", "issue-measure", "waive-measure", "confirm-police-report", "send-police-report", "record-receipt", "send-correction", "record-help-offer", "record-circumstance",
		}},
		{"engagement", "主动联络、脱失、危机: outreach, lost contact, crises.", []string{
			"record-supervision", "confirm-lost-contact", "dismiss-lost-contact", "raise-crisis", "close-crisis",
		}},
		{"suspension", "中止、终止: custody, the term, the end without release.", []string{"suspend", "review-suspension", "resume", "confirm-term", "terminate"}},
		{"leave", "请假: leaves.", []string{"report-leave", "decide-leave", "extend-leave", "return-from-leave"}},
		{"transfers", "执行地变更: another place of execution.", []string{
			"request-transfer", "forward-file", "accept-transfer", "refuse-transfer", "return-transfer", "withdraw-transfer", "report-arrival",
		}},
		{"help", "帮扶: working group, plan, referrals, placements, volunteers.", []string{
			"give-help", "record-positive-event", "join-working-group", "leave-working-group", "waive-family-member", "make-plan", "add-goal", "move-goal", "meet-goal", "drop-goal",
			"change-stage", "review-plan", "change-work-intent", "refer", "record-referral-reply", "withdraw-referral", "record-placement", "follow-up-placement", "end-placement",
			"volunteer-opt-in", "decide-volunteer", "volunteer-opt-out",
		}},
		{"release", "解除、后续照管、封存: release, after-care, holds, sealing.", []string{
			"submit-release-file", "release", "end-dynamic-control", "close-after-care", "place-hold", "review-hold", "lift-hold", "seal",
		}},
		{"amendment", "更正、撤销: put the record right.", []string{"correct-record", "withdraw-record", "void-case", "confirm-amendment", "decline-amendment"}},
		{"rules", "规则: policies, calendars, and which holds for a case.", []string{"migrate-policy", "apply-calendar"}},
		{tagCommands, "离线、批量: several commands at once, and what became of one.", nil},
		{"clients", "服务对象: who the client is, and how to find one.", nil},
		{"documents", "文书: papers of the case file.", nil},
		{"forms", "表单: what a visit, a talk or an assessment says, scores and figures of them.", []string{"record-form"}},
		{"attachments", "附件: scans and photos of the case file.", nil},
		{"inbox", "待办: what waits for whom, and the live stream.", nil},
		{"notices", "提醒: notices and changes delivered outside the system.", nil},
		{tagWebhooks, "What the webhooks of subscriptions get.", nil},
		{"organisation", "机构、人员: places, workers, caseload, codes.", nil},
		{"practice", "督导、培训、宣传: work that belongs to no case.", nil},
		{"coverage", "全覆盖: what open cases lack.", nil},
		{"fleets", "批量操作: one change to many cases.", nil},
		{"evaluation", "考核: indicators, figures, exports.", nil},
		{"planning", "推演: what would happen.", nil},
		{"session", "登录: sign in and out, second factors, passkeys, one's own sessions.", nil},
		{"accounts", "账号、令牌: accounts, their rights, and bearer tokens.", nil},
		{"police", "公安机关: reports that were addressed to the police, and their receipts.", nil},
		{"archive", "封存、查询、销毁: lawful inquiries into sealed cases, and destruction.", nil},
		{"audit", "查阅记录: who read what, and the glass that was broken.", nil},
		{"operation", "Whether the service is there, and ready.", nil},
	}
}

// tagOf is the subject of a command.
func tagOf(command string) string {
	for _, s := range subjects() {
		if slices.Contains(s.commands, command) {
			return s.tag
		}
	}
	return tagCommands
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
