package notify

import (
	"encoding/json"
	"fmt"
	"strings"

	"guitu/rehab"
)

// subject and text tell a person that something waits, and nothing of what it is: who
// else reads the mail or stands by the screen learns nothing.
func subject(language string) string {
	if language == "en" {
		return "A task is waiting for you"
	}
	return "待办工作提醒"
}

// origin is the address of the pages; none where it is not configured.
func text(o Outgoing, origin string) string {
	lines := []string{"有一条待办工作提醒，请登录系统查看。", fmt.Sprintf("编号：%d", o.Position), "岗位：" + roleName(o.Notice.Role, "zh")}
	due := "期限："
	if o.Language == "en" {
		lines = []string{"A task is waiting for you. Please sign in to see it.", fmt.Sprintf("Reference: %d", o.Position), "Role: " + roleName(o.Notice.Role, "en")}
		due = "Due: "
	}
	if o.Due != 0 {
		lines = append(lines, due+o.Due.String())
	}
	if origin != "" {
		lines = append(lines, fmt.Sprintf("%s/c/notices/%d", origin, o.Position))
	}
	return strings.Join(lines, "\n")
}

// roleName names the desk without the field of work it is in.
func roleName(r rehab.Role, language string) string {
	names := map[rehab.Role][2]string{
		rehab.WorkerRole: {"工作人员", "staff"}, rehab.StationHead: {"站点负责人", "head of the station"},
		rehab.DistrictOffice: {"区级部门", "district office"}, rehab.CityOffice: {"市级部门", "city office"}, rehab.Auditor: {"审计岗位", "auditor"},
	}
	if language == "en" {
		return names[r][1]
	}
	return names[r][0]
}

// webhookPayload is what another system gets: ids and codes, as GET /v1/inbox and
// GET /v1/events show them.
func webhookPayload(o Outgoing) ([]byte, error) {
	if o.Event != "" {
		return json.Marshal(ChangeHook{Type: o.Event, Timestamp: o.At, Data: o.Change})
	}
	return json.Marshal(NoticeHook{Type: "notice", Timestamp: o.Notice.CreatedAt, Data: o.Notice})
}

// robotPayload is the text message that the robots of WeCom and DingTalk both take.
func robotPayload(o Outgoing, origin string) ([]byte, error) {
	var body struct {
		MsgType string `json:"msgtype"`
		Text    struct {
			Content string `json:"content"`
		} `json:"text"`
	}
	body.MsgType, body.Text.Content = "text", text(o, origin)
	return json.Marshal(body)
}
