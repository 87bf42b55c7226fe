package simulation_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/simulation"
)

// start is the first day of the simulations here.
var start = rehab.NewDate(2026, 6, 1)

// teller tells lives up to the start, each in a street of its own, so that the rows of a
// simulation say what became of each.
type teller struct {
	t     testing.TB
	rules *policy.Set
	cases []*rehab.Case
	names map[string]string // by street
}

// life is one case. Days are counted back from the start.
type life struct {
	*teller
	c     *rehab.Case
	order rehab.OpenCase
}

func (tell *teller) life(name string, served int, change func(*rehab.OpenCase)) *life {
	ref, _ := tell.rules.Latest("national")
	street := strconv.Itoa(110101001 + len(tell.cases))
	l := &life{tell, &rehab.Case{ID: "life-" + street}, rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: start.AddDays(-served), ServedOn: start.AddDays(-served), Method: rehab.ServedDirect,
		Place: street, Worker: "w-1", Risk: rehab.Medium, Sex: rehab.Male, Policy: ref,
	}}
	if change != nil {
		change(&l.order)
	}
	tell.names[street] = name
	tell.cases = append(tell.cases, l.c)
	opened := served
	if l.order.Carried != nil {
		opened = 1
	}
	return l.on(opened, l.order)
}

// on gives commands so many days before the start. None may be refused.
func (l *life) on(ago int, bodies ...rehab.CommandBody) *life {
	l.t.Helper()
	head := rehab.Actor{ID: "h-1", Role: rehab.CityOffice, Place: "11"}
	at := start.AddDays(-ago).Start().Add(9 * time.Hour)
	for _, body := range bodies {
		env := rehab.NewEnv(l.rules, l.c, body, at)
		_, err := l.c.Play(rehab.Command{ID: "x", Actor: head, OccurredAt: at, Body: body}, env)
		require.NoError(l.t, err, "%s: %s", l.names[l.order.Place], body.CommandType())
	}
	return l
}

// executing is a life in execution since its first days.
func (tell *teller) executing(name string, served int, change func(*rehab.OpenCase)) *life {
	return tell.life(name, served, change).on(served-3, rehab.ReportIn{}).on(served-4, rehab.SignAgreement{})
}

// pending is the number of the positive that waits.
func (l *life) pending() int64 { return l.c.Pending[len(l.c.Pending)-1].Test }

func sample(result rehab.TestResult, collector rehab.Sex) rehab.RecordTest {
	return rehab.RecordTest{Method: rehab.Urine, Result: result, Site: rehab.AtStation, Staff: []string{"w-1", "p-1"}, CollectorSex: collector}
}

func woman(o *rehab.OpenCase)   { o.Sex = rehab.Female }
func unknown(o *rehab.OpenCase) { o.Sex = "" }

// everyLife tells a life in each phase that a ledger can hold.
func everyLife(t testing.TB) *teller {
	t.Helper()
	set, err := policy.Load()
	require.NoError(t, err)
	tell := &teller{t: t, rules: set, names: map[string]string{}}
	tell.opening()
	tell.underWay()
	tell.troubled()
	tell.moving()
	tell.ending()
	return tell
}

func (tell *teller) opening() {
	tell.life("served lately", 3, nil)
	tell.life("not reported in for two months", 60, nil)
	tell.life("no worker yet", 2, func(o *rehab.OpenCase) { o.Worker = "" })
	tell.life("reported in, no agreement", 9, nil).on(5, rehab.ReportIn{})
	tell.life("rehabilitation, reported in on the last day", 15, func(o *rehab.OpenCase) {
		o.Measure, o.TermMonths = rehab.Rehabilitation, 24
	}).on(1, rehab.ReportIn{})
	tell.life("rehabilitation, served lately", 2, func(o *rehab.OpenCase) { o.Measure, o.TermMonths = rehab.Rehabilitation, 12 })
	tell.life("in custody before the report-in", 10, nil).on(5, rehab.Suspend{Ground: rehab.Detention})
}

func (tell *teller) underWay() {
	tell.executing("a man with tests done", 100, nil).on(80, sample(rehab.Negative, rehab.Male)).on(50, sample(rehab.Negative, rehab.Male))
	tell.executing("a woman with tests done", 100, woman).on(80, sample(rehab.Negative, rehab.Female))
	tell.executing("opened before anybody asked the sex", 200, unknown).on(180, rehab.RecordTest{Method: rehab.Urine, Result: rehab.Negative})
	tell.life("carried over", 400, func(o *rehab.OpenCase) {
		o.Carried = &rehab.Carried{ReportedOn: o.ServedOn + 3, AgreementOn: o.ServedOn + 5, Tests: 13, Contacts: 25, TestBreaches: 1, Leavings: 1}
	})
	tell.executing("in maintenance therapy", 90, func(o *rehab.OpenCase) { o.Maintenance = true })
	tell.executing("wants work", 60, func(o *rehab.OpenCase) { o.WantsWork = true }).on(40, rehab.Refer{Agency: rehab.HumanResources, Kind: "job"})
	tell.executing("has a group without family", 60, nil).on(50, rehab.JoinGroup{Members: []rehab.NewMember{{Role: rehab.GroupPolice, ID: "p-1"}, {Role: rehab.GroupMedical, ID: "m-1"}}})
	away := tell.executing("away with leave", 60, nil).on(4, rehab.ReportLeave{From: start - 3, To: start + 9})
	away.on(4, rehab.DecideLeave{Leave: away.c.Leaves[0].ID, Approved: true})
	tell.executing("asked for leave", 60, nil).on(2, rehab.ReportLeave{From: start + 2, To: start + 7})
	tell.life("offers to volunteer", 500, func(o *rehab.OpenCase) {
		o.Carried = &rehab.Carried{ReportedOn: o.ServedOn + 3, AgreementOn: o.ServedOn + 5}
	}).on(1, rehab.OfferToVolunteer{})
}

func (tell *teller) troubled() {
	tell.executing("a positive waits", 60, nil).on(1, sample(rehab.PositiveProvisional, rehab.Male))
	objected := tell.executing("a positive is at the laboratory", 60, woman).on(6, sample(rehab.PositiveProvisional, rehab.Female))
	objected.on(5, rehab.ObjectToTest{Test: objected.pending()})
	relapsed := tell.executing("relapsed, the report is a draft", 90, nil).on(20, sample(rehab.PositiveProvisional, rehab.Male))
	relapsed.on(1, rehab.RecordLaboratoryResult{Test: relapsed.pending(), Confirmed: true})
	reported := tell.executing("relapsed, the receipt is out", 90, nil).on(20, sample(rehab.PositiveProvisional, rehab.Male))
	reported.on(10, rehab.RecordLaboratoryResult{Test: reported.pending(), Confirmed: true})
	report := rehab.ObligationID{Kind: rehab.PoliceReportDuty, N: 1}
	reported.on(9, rehab.ConfirmPoliceReport{Obligation: report}).on(8, rehab.SendPoliceReport{Obligation: report})
	ready := tell.executing("relapsed, the report waits to be sent", 90, woman).on(20, sample(rehab.PositiveProvisional, rehab.Female))
	ready.on(1, rehab.RecordLaboratoryResult{Test: ready.pending(), Confirmed: true}).on(0, rehab.ConfirmPoliceReport{Obligation: report})
	refuses := tell.executing("refuses tests", 120, nil)
	for _, ago := range []int{100, 70, 40} {
		refuses.on(ago, sample(rehab.TestRefused, rehab.Male))
	}
	tell.executing("nobody looked after it", 200, nil).on(1, rehab.ChangeRisk{Risk: rehab.High})
	tell.executing("cannot be found", 150, nil).on(20, rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer})
	tell.executing("in a crisis", 60, nil).on(0, rehab.RaiseCrisis{Kind: rehab.SelfHarm})
	tell.executing("in custody", 120, nil).on(100, sample(rehab.Negative, rehab.Male)).on(30, rehab.Suspend{Ground: rehab.Arrest})
	tell.executing("in custody with a miss before", 120, nil).on(25, rehab.Suspend{Ground: rehab.Detention})
	taught := tell.executing("in custody before the education", 120, nil).on(60, sample(rehab.TestRefused, rehab.Male))
	taught.on(50, sample(rehab.TestRefused, rehab.Male)).on(49, rehab.Suspend{Ground: rehab.Detention})
	tell.executing("out of custody", 120, nil).on(40, rehab.Suspend{Ground: rehab.Detention}).on(2, rehab.Resume{})
}

func (tell *teller) moving() {
	ask := func(l *life) rehab.RequestTransfer {
		return rehab.RequestTransfer{To: "110102" + l.order.Place[6:], Reason: rehab.ResidenceMoved}
	}
	asked := tell.executing("a transfer is asked for", 60, nil)
	asked.on(2, ask(asked))
	sent := tell.executing("the file is with the other street", 60, nil)
	sent.on(4, ask(sent)).on(3, rehab.ForwardFile{})
	silent := tell.executing("the other street does not answer", 90, nil)
	silent.on(40, ask(silent)).on(39, rehab.ForwardFile{})
	back := tell.executing("the file came back", 60, nil)
	back.on(9, ask(back)).on(8, rehab.ForwardFile{})
	back.on(2, rehab.RefuseTransfer{Transfer: back.c.Transfer.ID, Reason: rehab.NotResident})
	moved := tell.executing("moved and not yet there", 60, nil)
	moved.on(9, ask(moved)).on(8, rehab.ForwardFile{})
	moved.on(5, rehab.AcceptTransfer{Transfer: moved.c.Transfer.ID})
	there := tell.executing("moved and there", 60, nil)
	there.on(9, ask(there)).on(8, rehab.ForwardFile{})
	there.on(5, rehab.AcceptTransfer{Transfer: there.c.Transfer.ID}).on(3, rehab.ReportIn{})
	tell.executing("moves out of the system", 60, nil).on(4, rehab.RequestTransfer{Outside: true, Reason: rehab.HouseholdMoved}).on(3, rehab.ForwardFile{})
	tell.life("came from outside", 300, func(o *rehab.OpenCase) {
		o.Carried = &rehab.Carried{ReportedOn: o.ServedOn + 3, AgreementOn: o.ServedOn + 5, ChangedOn: start - 5}
	})
}

func (tell *teller) ending() {
	short := func(o *rehab.OpenCase) { o.Measure, o.TermMonths = rehab.Rehabilitation, 6 }
	tell.executing("the term ends soon", 175, short)
	tell.executing("custody just before the end", 175, short).on(30, rehab.Suspend{Ground: rehab.Detention}).on(20, rehab.Resume{})
	tell.executing("custody two days before the end", 190, short).on(8, rehab.Suspend{Ground: rehab.Detention}).on(1, rehab.Resume{})
	tell.executing("the term has ended", 190, short)
	free := tell.executing("released", 300, short)
	free.on(int(start-free.c.TermEnd)-1, rehab.SubmitReleaseFile{}, rehab.Release{})
	held := tell.executing("released, the record is held", 300, woman)
	*held.c = *free.c.Clone()
	held.c.ID, held.c.Place = "life-held", held.order.Place
	held.on(10, rehab.PlaceHold{Reason: rehab.Audit})
	sealing := tell.executing("waits to be sealed", 300, nil)
	*sealing.c = *held.c.Clone()
	sealing.c.ID, sealing.c.Place = "life-sealing", sealing.order.Place
	sealing.on(5, rehab.CloseAfterCare{Ground: rehab.NewMeasure})
}

func (tell *teller) scenario(months int) simulation.Scenario {
	s := setup(tell.t, 0, 0)
	s.Rules, s.Start, s.Months, s.Runs = tell.rules, start, months, 4
	for _, c := range tell.cases { // time goes on to the eve, as where a ledger is read
		c.PlayTime(rehab.Env{Now: (start - 1).Start().Add(12 * time.Hour), Policy: tell.rules.Policy(c.Policy), Calendar: tell.rules.Calendar()})
	}
	s.Places = simulation.FromCases(tell.cases, 8)
	for _, c := range tell.cases {
		tell.names[c.Place] = tell.names["110101"+c.Place[6:]] // of those who moved
	}
	return s
}

func TestRealCasesInEveryPhaseAreTestedAndRefusedNothing(t *testing.T) {
	t.Parallel()
	tell := everyLife(t)
	s := tell.scenario(12)
	phases := map[rehab.Phase]bool{}
	for _, c := range tell.cases {
		phases[c.Phase] = true
	}
	require.Len(t, s.Places, len(tell.cases), "one life, one street")
	for _, p := range []rehab.Phase{
		rehab.AwaitingReportIn, rehab.AwaitingAgreement, rehab.InExecution, rehab.Suspended, rehab.TermEnded, rehab.Released, rehab.AwaitingSealing,
	} {
		require.Contains(t, phases, p)
	}
	s.Behavior.KeepsTest, s.Behavior.ReportsIn = 1, 1
	r := play(t, s)
	tests := map[string]float64{}
	for _, row := range r.Rows {
		tests[tell.names[row.Place]] += row.Mean.Tests
	}
	for _, c := range tell.cases {
		name := tell.names[c.Place]
		switch {
		case c.Phase == rehab.TermEnded || c.Phase == rehab.Released || c.Phase == rehab.AwaitingSealing:
			require.Zero(t, tests[name], name)
		case name != "moves out of the system": // whether its window is kept before the receipt comes is chance
			require.Positive(t, tests[name], name)
		}
	}
}

func TestRealCasesAreRefusedNothingUntilTheyAreSealed(t *testing.T) {
	t.Parallel()
	s := everyLife(t).scenario(96)
	r := play(t, s)
	require.Zero(t, r.Whole.Mean.Open)
	lazy := s
	lazy.Months = 48
	lazy.Behavior = simulation.Behavior{ReportsIn: 0.5, Signs: 0.5, KeepsTest: 0.5, KeepsContact: 0.4, Reached: 0.1, Positive: 0.3, Confirmed: 0.5, Evades: 0.8, Answers: 0.3}
	play(t, lazy)
}

// TestWhatWasDoneOnTheFirstDayIsBehindTheSimulation: it is ordered in the afternoon of a day on
// which people were seen and climbs were answered.
func TestWhatWasDoneOnTheFirstDayIsBehindTheSimulation(t *testing.T) {
	t.Parallel()
	tell := everyLife(t)
	s := tell.scenario(6)
	seen := 0
	for _, c := range tell.cases {
		at := start.Start().Add(15 * time.Hour)
		c.PlayTime(rehab.Env{Now: at, Policy: tell.rules.Policy(c.Policy), Calendar: tell.rules.Calendar()})
		if c.Phase != rehab.InExecution {
			continue
		}
		body := rehab.RecordContact{Channel: rehab.Talk, Outcome: rehab.Met}
		worker := rehab.Actor{ID: "w-1", Role: rehab.WorkerRole, Place: c.Place}
		if _, err := c.Play(rehab.Command{ID: "today", Actor: worker, OccurredAt: at, Body: body}, rehab.NewEnv(tell.rules, c, body, at)); err == nil {
			seen++
		}
	}
	require.Positive(t, seen)
	s.Places = simulation.FromCases(tell.cases, 8)
	r := play(t, s)
	require.Equal(t, start+1, r.Months[0].Month)
	s.Policy, s.Move = tell.rules.Policy(rehab.PolicyRef{ID: "national", Version: "2026.2"}), true
	play(t, s)
}
