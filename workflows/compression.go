package workflows

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
)

const (
	// worthDeflating is the size in bytes from which a payload is made smaller.
	worthDeflating = 128
	// maxPayload is more than Temporal takes for one payload (2 MiB).
	maxPayload = 64 << 20
)

// dictionary is what payloads are full of. It never changes: what was deflated with it has
// to be read for as long as a case is open.
const dictionary = `"laboratory_result"police_report"release_file"assessment"working_group"help_plan"home_visit"agreement"report_in"contact"test"` +
	`"escalation_opened"escalation_climbed"escalation_acknowledged"escalation_closed"obligation_missed"obligation_superseded"test_recorded"worker_assigned"` +
	`{"id":"","type":"record-contact","actor":{"id":"w-1","role":"worker","place":"110101001"},"occurred_at":"2026-01-05T02:00:00Z","digest":"","body":{"channel":"phone","outcome":"no_answer"}}` +
	`"body":{"method":"urine","result":"negative"}}"body":{"measure":"rehabilitation","term_months":36,"carried":{"reported_on":"2026-01-11","agreement_on":"2026-01-13","tests":1,"contacts":4}}` +
	`{"case":"c-","command":"open-c-","digest":"","expected":0,"asked":{"type":"open-case","body":"events":[],"notices":[{"seq":1,"notice":{"role":"station_head","place":"","worker":"","channel":"inbox"}}],` +
	`"summary":{"case_id":"c-","seq":1,"measure":"treatment","phase":"awaiting_report_in","phase":"in_execution","place":"110101001","worker":"w-1","risk":"medium","policy":{"id":"national","version":"2026.1"},` +
	`"served_on":"2026-01-05","reported_on":"2026-01-11","term_end":"2029-01-10","next_kind":"contact","next_due":"2026-03-07","overdue":0,"escalations":0,"violations":0,"wake_at":"2026-01-05T16:00:00Z","opened_at":"2026-01-05T02:00:00Z"}}` +
	`{"seq":3,"type":"obligation_met","at":"2026-03-02T02:00:00Z","occurred":"2026-03-02T02:00:00Z","actor":{"id":"w-1","role":"worker","place":"110101001"},"data":{"id":"contact-8","on":"2026-03-01"}},` +
	`{"seq":2,"type":"contact_recorded","at":"2026-03-02T02:00:00Z","occurred":"2026-03-02T02:00:00Z","actor":{"id":"head-1","role":"station_head","place":"110105012"},"command":"","data":{"on":"2026-01-11","channel":"home_visit","outcome":"met","counts":true,"visit":true}},"channel":"talk",` +
	`{"outcome":"recorded","seq":9,"command_seq":9,"events":[{"seq":1,"type":"case_opened","at":"2026-03-02T02:00:00Z","occurred":"2026-03-02T02:00:00Z","actor":{"id":"city-7","role":"city","place":"11"},"command":"open-c-","data":{"measure":"treatment","term_months":36,"decided_on":"2026-01-01",` +
	`"served_on":"2026-01-01","service_method":"direct","place":"110105012","worker":"w-21","risk":"high","sex":"male","maintenance_therapy":true,"employment_intent":true,"policy":{"id":"beijing","version":"2026.1"}}},` +
	`{"seq":2,"type":"reported_in","at":"2026-03-02T02:00:00Z","occurred":"2026-03-02T02:00:00Z","actor":{"id":"city-7","role":"city","place":"11"},"command":"","data":{"on":"2026-01-11","term_end":"2029-01-10","series":[{"kind":"test","anchor":"2026-01-11","k":0,"n":0,"next":"2026-01-11"},` +
	`{"kind":"contact","anchor":"2026-01-11","k":0,"n":0,"next":"2026-01-11"},{"kind":"home_visit","anchor":"2026-01-11","k":0,"n":0,"next":"2026-01-11"},{"kind":"assessment","anchor":"2026-01-11","k":0,"n":0,"next":"2026-06-10"},` +
	`{"kind":"release_file","anchor":"2029-01-10","k":0,"n":0,"next":"2028-12-11"}]}},{"seq":3,"type":"agreement_signed","data":{"on":"2026-01-13"}},{"seq":6,"type":"carried_over","data":{"as_of":"2026-03-02","tests":1,"contacts":4,"series":` +
	`"cite":"DRR art.17 (within 15 days of report-in, our choice)"}}},"cite":"DRR art.18 (within 30 days of the agreement, our choice)"}}},"cite":"DRR art.18 (quarterly, our choice)"},"cite":"DTP (22 tests in 3 years)"},` +
	`{"seq":9,"type":"obligation_opened","at":"2026-03-02T02:00:00Z","occurred":"2026-03-02T02:00:00Z","actor":{"id":"guitu","role":"system"},"data":{"obligation":{"id":"contact-8","opens":"2026-03-01","due":"2026-03-07","from":"2026-03-02","expires":"2026-06-05","status":"open","cite":"DRR art.18 (weekly, our choice)"},"k":8,"next":"2026-03-08"}}]}` +
	"\n\x16\n\bencoding\x12\njson/plain\x12"

func (c *codec) deflate(plain []byte) ([]byte, error) {
	w := c.writers.Get().(*flate.Writer) //nolint:forcetypeassert // there are no others
	defer c.writers.Put(w)
	var out bytes.Buffer
	w.Reset(&out)
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	err := w.Close()
	return out.Bytes(), err
}

func inflate(deflated []byte) ([]byte, error) {
	r := flate.NewReaderDict(bytes.NewReader(deflated), []byte(dictionary))
	plain, err := io.ReadAll(io.LimitReader(r, maxPayload))
	if err != nil {
		return nil, fmt.Errorf("a payload is damaged: %w", err)
	}
	return plain, r.Close()
}
