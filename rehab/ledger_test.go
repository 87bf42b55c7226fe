package rehab_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestARecordHoldsWhatTheLedgerWritesAndLeavesTheCaseAlone(t *testing.T) {
	t.Parallel()
	l := missedContact(t)
	before := l.c.Clone()
	l.env.Now = l.c.Wake()
	events := l.c.Advance(l.env)
	r := rehab.NewRecord(l.c, rehab.Command{ID: "cmd-9", Digest: "d"}, events)
	require.Empty(t, cmp.Diff(before, l.c))
	require.Equal(t, r.Expected, l.c.Seq)
	require.Equal(t, "cmd-9 d", r.Command+" "+r.Digest)
	require.Len(t, r.Notices, 1)
	require.Equal(t, events[len(events)-1].Seq, r.Notices[0].Seq)
	require.Equal(t, rehab.StationHead, r.Summary.TopRung, "of the case with the events folded")
	l.fold(events)
	require.Equal(t, l.c.Summary(), r.Summary)
}

func TestTheSummaryNamesWhatIsDueFirstAndWhatIsOverdue(t *testing.T) {
	t.Parallel()
	l := missedContact(t)
	l.to("2026-03-24")
	s := l.c.Summary()
	require.Equal(t, 1, s.Overdue)
	require.Equal(t, 1, s.Escalations)
	require.Equal(t, rehab.WorkerRole, s.TopRung)
	require.Equal(t, "outreach 2026-03-27", string(s.NextKind)+" "+s.NextDue.String())
	require.Equal(t, l.c.Wake(), s.WakeAt)
	require.Zero(t, s.Violations)
	l.breach(rehab.TestRefused)
	l.breach(rehab.TestRefused)
	l.breach(rehab.TestRefused)
	require.Equal(t, 1, l.c.Summary().Violations)
}

func TestARefusedSignalIsKeptWithItsReason(t *testing.T) {
	t.Parallel()
	l := served(t)
	cmd := l.command(l.env.Now, rehab.Release{})
	_, err := l.c.Decide(cmd, l.env)
	var why *rehab.Error
	require.ErrorAs(t, err, &why)
	before := l.c.Clone()
	l.fold(l.c.Refusal(cmd, why, l.env))
	require.Equal(t, rehab.CommandRefused{Command: "release", Error: *why}, l.ledger[len(l.ledger)-1].Data)
	before.Seq = l.c.Seq
	require.Empty(t, cmp.Diff(before, l.c), "a refusal changes nothing")
	require.Equal(t, rehab.CommandRefused{Error: *why}, l.c.Refusal(rehab.Command{ID: "x"}, why, l.env)[0].Data)
}

func TestARefusalStillTellsTheOwnerWhatTimeBrought(t *testing.T) {
	t.Parallel()
	l := served(t)
	l.env.Now = noon("2026-03-26")
	want := l.c.Advance(l.env)
	got, err := l.c.Play(l.command(l.env.Now, rehab.Release{}), l.env)
	require.Error(t, err)
	require.Equal(t, want, got)
	require.Equal(t, want[len(want)-1].Seq, l.c.Seq)
}

// TestEveryCommandBringsAWellFormedExample: the document shows it, and the tests of the API send
// it. Two commands are sent in a way of their own.
func TestEveryCommandBringsAWellFormedExample(t *testing.T) {
	t.Parallel()
	for _, spec := range rehab.Commands() {
		if spec.Type == "open-case" || spec.Type == "record-form" {
			continue
		}
		b, err := rehab.DecodeCommandBody(spec.Type, []byte(spec.Example))
		require.NoError(t, err, spec.Type)
		cmd := rehab.Command{ID: "cmd-1", Actor: worker, OccurredAt: noon("2026-05-01"), Body: b}
		require.Nil(t, cmd.Check(), spec.Type)
		sent, err := json.Marshal(b)
		require.NoError(t, err)
		require.JSONEq(t, string(sent), spec.Example, "%s: a field that the command does not have, or one that is missing", spec.Type)
	}
}

func TestEveryCommandSurvivesTheWire(t *testing.T) {
	t.Parallel()
	l := setup(t)
	bodies := []rehab.CommandBody{ // which the examples leave out
		l.order(), rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true}, rehab.JustifyMiss{Obligation: id("test-1"), Reason: rehab.Illness, Until: day("2026-05-01")},
		rehab.IssueMeasure{Step: rehab.WarningLetter, Signature: rehab.SignatureRefused, Skip: rehab.SkipRepeated}, visitForm(),
	}
	for _, spec := range rehab.Commands() {
		for _, fields := range []string{"{}", spec.Example} {
			b, err := rehab.DecodeCommandBody(spec.Type, []byte(fields))
			require.NoError(t, err)
			require.Equal(t, spec.Type, b.CommandType())
			bodies = append(bodies, b)
		}
	}
	for _, b := range bodies {
		want := rehab.Command{ID: "cmd-1", Actor: worker, OccurredAt: l.env.Now, Digest: "d", Body: b}
		raw, err := json.Marshal(want)
		require.NoError(t, err)
		var got rehab.Command
		require.NoError(t, json.Unmarshal(raw, &got))
		require.Empty(t, cmp.Diff(want, got))
	}
}

func TestACommandThatCannotBeReadNamesWhy(t *testing.T) {
	t.Parallel()
	for raw, field := range map[string]string{
		`[]`:                                       "command",
		`{"type":"fly"}`:                           "type",
		`{"type":"release","body":{"now":true}}`:   "now",
		`{"type":"release","body":"now"}`:          "body",
		`{"type":"change-risk","body":{"risk":7}}`: "risk",
		`{"type":"dismiss-miss","body":{"obligation":"test-0"}}`: "body",
	} {
		var c rehab.Command
		err := json.Unmarshal([]byte(raw), &c)
		var e *rehab.Error
		require.ErrorAs(t, err, &e, "%s", raw)
		require.Equal(t, field, e.Field, "%s", raw)
		if field != "command" {
			require.NotRegexp(t, "json|Go value|unmarshal", e.Message)
		}
		require.Equal(t, rehab.Invalid, rehab.CodeOf(fmt.Errorf("read: %w", err)))
	}
	require.Equal(t, rehab.Internal, rehab.CodeOf(fmt.Errorf("boom")))
	require.Equal(t, "refused: until: too early (DRR art.14)", (&rehab.Error{Code: rehab.Refused, Message: "too early", Field: "until", Citation: "DRR art.14"}).Error())
}

func TestACommandNeedsItsIDItsActorAndItsTime(t *testing.T) {
	t.Parallel()
	l := served(t)
	good := l.command(l.env.Now, rehab.ReportIn{})
	require.Nil(t, good.Check())
	for field, change := range map[string]func(*rehab.Command){
		"type":        func(c *rehab.Command) { c.Body = nil },
		"command_id":  func(c *rehab.Command) { c.ID = "" },
		"actor":       func(c *rehab.Command) { c.Actor.ID = "" },
		"occurred_at": func(c *rehab.Command) { c.OccurredAt = time.Time{} },
		"worker":      func(c *rehab.Command) { c.Body = rehab.AssignWorker{} },
		"test":        func(c *rehab.Command) { c.Body = rehab.ResolveTest{} },
		"escalation":  func(c *rehab.Command) { c.Body = rehab.AcknowledgeEscalation{} },
		"promise":     func(c *rehab.Command) { c.Body = rehab.AcknowledgeEscalation{Escalation: 1} },
		"obligation":  func(c *rehab.Command) { c.Body = rehab.ConfirmMiss{} },
		"from":        func(c *rehab.Command) { c.Body = rehab.RecordLeaving{} },
		"to":          func(c *rehab.Command) { c.Body = rehab.RecordLeaving{From: day("2026-03-10")} },
		"channel":     func(c *rehab.Command) { c.Body = rehab.RecordContact{Channel: "pigeon"} },
		"outcome":     func(c *rehab.Command) { c.Body = rehab.RecordContact{Channel: rehab.Phone} },
		"method":      func(c *rehab.Command) { c.Body = rehab.RecordTest{} },
		"result":      func(c *rehab.Command) { c.Body = rehab.RecordTest{Method: rehab.Urine} },
		"risk":        func(c *rehab.Command) { c.Body = rehab.ChangeRisk{Risk: "extreme"} },
	} {
		c := good
		change(&c)
		require.Equal(t, field, c.Check().Field)
		_, err := l.c.Play(c, l.env)
		require.Equal(t, rehab.Invalid, rehab.CodeOf(err), field)
	}
	bad := good
	bad.ID = "a\tb"
	require.Equal(t, "command_id", bad.Check().Field)
	require.Equal(t, "command_id", rehab.CheckKey("a b").Field, "a blank is in ids of the system alone")
}
