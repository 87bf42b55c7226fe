package rehab_test

import (
	"encoding/json"
	"strings"
)

func (b *book) dump(logf func(string, ...any)) {
	for _, e := range b.h.Events {
		if strings.HasPrefix(e.Data.EventType(), "escalation_") {
			continue
		}
		raw, _ := json.Marshal(e.Data)
		logf("%4d %s %s %-12s %-24s %.300s", e.Seq, e.RecordedAt.Format("06-01-02T15:04:05"), e.OccurredAt.Format("06-01-02T15:04:05"), e.Command, e.Data.EventType(), raw)
	}
}
