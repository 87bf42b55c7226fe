package api_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
)

func asking(id string) map[string]any {
	return map[string]any{"case_id": id, "organ": "某某区公安分局", "document": "查字〔2026〕1号", "ground": "办理案件", "shows": []string{"identity"}, "hours": 2, "private_key": "key of d-1"}
}

func TestALawfulInquiryTakesTwoHoldersAndShowsItToThemWhileItLasts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, open := b.opened(1), b.opened(2)
	b.seal(id)
	b.call("district", "POST", "/v1/inquiries", asking(open)).problem(t, 422, "refused", "case_id")
	b.call("other-office", "POST", "/v1/inquiries", asking(id)).problem(t, 404, "not_found", "")
	wrong := asking(id)
	wrong["private_key"] = "another"
	b.call("district", "POST", "/v1/inquiries", wrong).problem(t, 404, "not_found", "")
	for field, value := range map[string]any{"organ": "", "document": "", "ground": "", "shows": []string{}, "hours": 73, "private_key": ""} {
		bad := asking(id)
		bad[field] = value
		b.call("district", "POST", "/v1/inquiries", bad).problem(t, 422, "invalid", field)
	}
	a := b.must(201, "district", "POST", "/v1/inquiries", asking(id))
	require.NotContains(t, a.text, "key of")
	path := "/v1/inquiries/" + a.json["id"].(string)
	b.call("district", "GET", path+"/record", nil).problem(t, 404, "not_found", "")
	b.call("district", "POST", path+"/open", `{"private_key":"key of d-1"}`).problem(t, 422, "refused", "")
	b.call("city", "POST", path+"/open", `{"private_key":"key of d-1"}`).problem(t, 404, "not_found", "")
	b.call("city", "GET", path+"/record", nil).problem(t, 403, "forbidden", "")
	b.must(200, "city", "POST", path+"/open", `{"private_key":"key of c-1"}`)
	for _, who := range []string{"district", "city"} {
		require.Equal(t, "赵某001", dig(b.must(200, who, "GET", path+"/record", nil).json, "identity", "name"), who)
	}
	b.call("other-office", "GET", path+"/record", nil).problem(t, 404, "not_found", "")
	require.Empty(t, b.must(200, "other-office", "GET", "/v1/inquiries", nil).json["inquiries"])
	require.Len(t, b.must(200, "district", "GET", "/v1/inquiries", nil).json["inquiries"], 1)
	for _, act := range []string{"inquiry-asked", "inquiry-opened"} {
		require.True(t, slices.ContainsFunc(b.reads.list, func(r board.Read) bool {
			return r.Operation == act && r.Subject == id && r.Reason == "某某区公安分局 查字〔2026〕1号"
		}), act)
	}
	require.NotContains(t, b.log.String(), "key of")

	later := b.now().Add(2 * time.Hour)
	b.clock.Store(&later)
	b.call("city", "GET", path+"/record", nil).problem(t, 404, "not_found", "")
	path = "/v1/inquiries/" + b.must(201, "district", "POST", "/v1/inquiries", asking(id)).json["id"].(string)
	b.must(200, "city", "POST", path+"/end", nil)
	b.call("city", "POST", path+"/open", `{"private_key":"key of c-1"}`).problem(t, 404, "not_found", "")
	for _, who := range []string{"worker", "head", "admin", "integration", "partner", "police", "security", "settings", "auditor"} {
		b.call(who, "POST", "/v1/inquiries", asking(id)).problem(t, 403, "forbidden", "")
		b.call(who, "GET", "/v1/inquiries", nil).problem(t, 403, "forbidden", "")
		b.call(who, "GET", path+"/record", nil).problem(t, 403, "forbidden", "")
		b.call(who, "POST", path+"/end", nil).problem(t, 403, "forbidden", "")
	}
}

func TestADestructionTakesTwoPeopleOfTheCityOffice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.must(201, "city", "POST", "/v1/destructions", `{"appraisal":"到期，无继续保存价值"}`)
	require.Equal(t, b.now().AddDate(-30, 0, 0), b.archive.before, "the years of the settings")
	path := "/v1/destructions/" + a.json["id"].(string)
	b.call("city", "POST", path+"/confirm", `{"approval":"京档批〔2056〕1号"}`).problem(t, 422, "refused", "by")
	b.call("city-2", "POST", path+"/confirm", `{"approval":""}`).problem(t, 422, "invalid", "approval")
	done := b.must(200, "city-2", "POST", path+"/confirm", `{"approval":"京档批〔2056〕1号"}`)
	require.Equal(t, "c-2", done.json["confirmed_by"])
	require.NotEmpty(t, done.json["key_backups_until"])
	require.Len(t, b.must(200, "city", "GET", path, nil).json["cases"], 1)
	require.Len(t, b.must(200, "city", "GET", "/v1/destructions", nil).json["destructions"], 1)
	require.True(t, slices.ContainsFunc(b.reads.list, func(r board.Read) bool {
		return r.Operation == "destruction-confirmed" && r.Actor.ID == "c-2" && r.Reason == "京档批〔2056〕1号"
	}))
	b.call("city", "GET", "/v1/destructions/d-9", nil).problem(t, 404, "not_found", "")
	for _, who := range []string{"worker", "head", "district", "admin", "integration", "partner", "police", "security", "settings", "auditor"} {
		b.call(who, "POST", "/v1/destructions", `{"appraisal":"到期"}`).problem(t, 403, "forbidden", "")
		b.call(who, "GET", "/v1/destructions", nil).problem(t, 403, "forbidden", "")
		b.call(who, "GET", path, nil).problem(t, 403, "forbidden", "")
		b.call(who, "POST", path+"/confirm", `{"approval":"x"}`).problem(t, 403, "forbidden", "")
		b.call(who, "POST", path+"/drop", nil).problem(t, 403, "forbidden", "")
	}
}

// archiveAnswers are those of the operations on sealed cases, for the document.
func (b *bench) archiveAnswers(d *document) {
	id := b.opened(91)
	b.seal(id)
	q := b.call("district", "POST", "/v1/inquiries", asking(id))
	d.check("POST", "/v1/inquiries", q)
	path := "/v1/inquiries/" + q.json["id"].(string)
	d.check("POST", "/v1/inquiries/{id}/open", b.call("city", "POST", path+"/open", `{"private_key":"key of c-1"}`))
	d.check("GET", "/v1/inquiries/{id}/record", b.call("city", "GET", path+"/record", nil))
	d.check("POST", "/v1/inquiries/{id}/end", b.call("city", "POST", path+"/end", nil))
	d.check("GET", "/v1/inquiries", b.call("city", "GET", "/v1/inquiries", nil))
	list := b.call("city", "POST", "/v1/destructions", `{"appraisal":"到期，无继续保存价值"}`)
	d.check("POST", "/v1/destructions", list)
	path = "/v1/destructions/" + list.json["id"].(string)
	d.check("GET", "/v1/destructions", b.call("city", "GET", "/v1/destructions", nil))
	d.check("GET", "/v1/destructions/{id}", b.call("city", "GET", path, nil))
	d.check("POST", "/v1/destructions/{id}/confirm", b.call("city-2", "POST", path+"/confirm", `{"approval":"京档批〔2056〕1号"}`))
	again := b.call("city", "POST", "/v1/destructions", `{"appraisal":"到期，无继续保存价值"}`).json["id"].(string)
	d.check("POST", "/v1/destructions/{id}/drop", b.call("city", "POST", "/v1/destructions/"+again+"/drop", nil))
}
