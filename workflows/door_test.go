package workflows_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"

	"guitu/activities"
	"guitu/internal/memledger"
	"guitu/rehab"
	"guitu/workflows"
)

// plain is an argument that is sent as it is.
type plain struct{ value any }

// leaky seals all but what is plain, as a caller does that has not the system's key.
type leaky struct{ converter.DataConverter }

func (l leaky) ToPayloads(values ...any) (*commonpb.Payloads, error) {
	if len(values) == 1 {
		if p, ok := values[0].(plain); ok {
			return converter.GetDefaultDataConverter().ToPayloads(p.value)
		}
	}
	return l.DataConverter.ToPayloads(values...)
}

func converters(t *testing.T) workflows.Converters {
	t.Helper()
	keyset, err := workflows.GenerateKeyset()
	require.NoError(t, err)
	c, err := workflows.NewConverters(keyset)
	require.NoError(t, err)
	return c
}

// sealedSetup is a bundle whose payloads are sealed, as they are in the product.
func sealedSetup(t *testing.T) *bundle {
	t.Helper()
	b := setup(t)
	b.env.SetDataConverter(leaky{converters(t).Data})
	return b
}

// refusals are what the ledger says of signals that were refused.
func (b *bundle) refusals() []rehab.Event {
	var out []rehab.Event
	for _, e := range b.ledger.Events("c-1") {
		if _, ok := e.Data.(rehab.CommandRefused); ok {
			out = append(out, e)
		}
	}
	return out
}

// nowhere requires that the ledger does not hold the text.
func (b *bundle) nowhere(text string) {
	b.t.Helper()
	raw, err := json.Marshal(b.ledger.Events("c-1"))
	require.NoError(b.t, err)
	require.NotContains(b.t, string(raw), text)
}

func TestWhatWasNotSealedIsRefusedAndLeavesNothingOfItself(t *testing.T) {
	t.Parallel()
	b := sealedSetup(t)
	cmd := func(id string) rehab.Command {
		return rehab.Command{ID: id, Actor: head, OccurredAt: b.env.Now(), Body: rehab.ReportIn{}}
	}
	var refusal *rehab.Error
	b.at(time.Second, func() { b.send(opening()) })
	b.at(time.Hour, func() {
		require.NoError(t, b.env.SignalWorkflowByID("c-1", "report-in", plain{cmd("SECRET")}))
		other, err := converters(t).Data.ToPayload(cmd("OTHER"))
		require.NoError(t, err)
		require.NoError(t, b.env.SignalWorkflowByID("c-1", "report-in", plain{converter.NewRawValue(other)}))
	})
	b.at(2*time.Hour, func() {
		b.updateWith(plain{cmd("SECRET")}, "report-in", func(err error) { refusal = activities.Unwrap(err) })
		_, err := b.env.QueryWorkflowByID("c-1", workflows.QueryState, plain{"SECRET"})
		require.ErrorContains(t, err, "not sealed")
		require.Equal(t, rehab.AwaitingReportIn, b.state().Case.Phase, "a query without arguments needs no seal")
	})
	b.at(3*time.Hour, func() { require.NoError(t, b.env.SignalWorkflowByID("c-1", "report-in", cmd("good"))) })
	c := b.runFor(day)
	require.Equal(t, rehab.AwaitingAgreement, c.Phase, "what was sealed is taken")
	require.NotNil(t, refusal)
	require.Equal(t, rehab.Forbidden, refusal.Code)
	refused := b.refusals()
	require.Len(t, refused, 2, "nothing is passed over in silence: neither a plain payload nor one of another key")
	for _, e := range refused {
		require.Equal(t, rehab.Forbidden, e.Data.(rehab.CommandRefused).Error.Code)
		require.Equal(t, rehab.Actor{ID: "signal", Role: rehab.IntegrationRole}, e.Actor)
	}
	b.nowhere("SECRET")
	b.nowhere("OTHER")
}

func TestAnActorThatIsNoIDOfTheRegistryIsRefusedByEveryDoor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	bad := []string{"110101199003074514", "11010119900307451x", "w-11010119900307451X", "110101900307451", "张三", "zhang san", ""}
	codes := make(map[string]rehab.Code)
	b.at(time.Second, func() { b.send(opening()) })
	b.at(time.Hour, func() {
		for _, id := range bad {
			actor := rehab.Actor{ID: id, Role: rehab.StationHead, Place: "110101001"}
			b.update(actor, rehab.ReportIn{}, func(err error) { codes[id] = activities.Unwrap(err).Code })
			require.NoError(t, b.env.SignalWorkflowByID("c-1", "report-in", rehab.Command{ID: "s" + id, Actor: actor, OccurredAt: b.env.Now(), Body: rehab.ReportIn{}}))
		}
		b.update(head, rehab.AssignWorker{Worker: bad[0]}, func(err error) { codes["worker"] = activities.Unwrap(err).Code })
	})
	c := b.runFor(day)
	require.Equal(t, rehab.AwaitingReportIn, c.Phase)
	require.Len(t, codes, len(bad)+1)
	for id, code := range codes {
		require.Equal(t, rehab.Invalid, code, id)
	}
	require.Len(t, b.refusals(), len(bad))
	for _, id := range bad[:6] {
		b.nowhere(id)
	}
}

func TestARoleThatGivesNoCommandsIsRefusedByTheCaseItself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	refused := []rehab.Actor{
		{ID: "org-1", Role: rehab.PartnerRole, Organisation: "o"}, {ID: "x-1", Role: "director"}, {ID: "x-1", Role: rehab.SystemRole},
	}
	var codes []rehab.Code
	b.at(time.Second, func() { b.send(opening()) })
	b.at(time.Hour, func() {
		for _, a := range refused {
			b.update(a, rehab.ReportIn{}, func(err error) { codes = append(codes, activities.Unwrap(err).Code) })
			require.NoError(t, b.env.SignalWorkflowByID("c-1", "report-in",
				rehab.Command{ID: "s-" + string(a.Role), Actor: a, OccurredAt: b.env.Now(), Body: rehab.ReportIn{}}))
		}
	})
	c := b.runFor(day)
	require.Equal(t, rehab.AwaitingReportIn, c.Phase)
	require.Equal(t, []rehab.Code{rehab.Forbidden, rehab.Forbidden, rehab.Forbidden}, codes)
	require.Len(t, b.refusals(), len(refused))
	for i, e := range b.refusals() {
		require.Equal(t, refused[i], e.Actor, "who asked is in the record")
	}
}

// stern answers as the ledger of a time at which the command was refused.
type stern struct {
	*memledger.Ledger
	refused string
}

func (l stern) Record(ctx context.Context, r rehab.Record) (rehab.RecordResult, error) {
	if r.Command == l.refused {
		r.Events = nil
	}
	return l.Ledger.Record(ctx, r)
}

// TestWhatWasRefusedThenIsNotTakenOnReplay: the history holds that the update was looked at
// and not recorded. A release that would take it ends the update, and asks no second time.
func TestWhatWasRefusedThenIsNotTakenOnReplay(t *testing.T) {
	t.Parallel()
	b := setupOn(t, func(l *memledger.Ledger) activities.Ledger { return stern{l, "c-2"} })
	var refusal *rehab.Error
	b.at(time.Second, func() { b.send(opening()) })
	b.at(time.Hour, func() { b.update(head, rehab.ReportIn{}, func(err error) { refusal = activities.Unwrap(err) }) })
	b.at(2*time.Hour, func() { b.send(rehab.ReportIn{}) })
	c := b.runFor(day)
	require.NotNil(t, refusal)
	require.Equal(t, rehab.Refused, refusal.Code)
	require.Equal(t, rehab.AwaitingAgreement, c.Phase)
}
