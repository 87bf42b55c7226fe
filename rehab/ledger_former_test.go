package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestTheWorkerIsToldWhatAFormerOneRecordsLate(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-20")
	l.by(station).do(rehab.AssignWorker{Worker: "w-other"})
	told := func(events []rehab.Event) (out []rehab.Notice) {
		for _, e := range events {
			for _, n := range l.c.Notices(e) {
				if n.Type == rehab.LateRecord {
					out = append(out, n)
				}
			}
		}
		return out
	}
	list := told(l.by(worker).on("2026-03-18", met(rehab.HomeVisit)))
	require.Len(t, list, 1)
	require.Equal(t, rehab.WorkerRole, list[0].Role)
	require.Equal(t, "w-other", list[0].Worker)
	require.Empty(t, told(l.by(station).do(met(rehab.Phone))), "a head's record is no surprise")
	l.by(rehab.Actor{ID: "w-other", Role: rehab.WorkerRole})
	require.Empty(t, told(l.do(met(rehab.Talk))))
}
