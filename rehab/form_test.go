package rehab_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func visitForm() rehab.RecordForm {
	return rehab.RecordForm{Form: "visit_record", Version: 1, Answers: strings.Repeat("a", 64), Record: 2}
}

func TestAFormIsInTheLedgerAndChangesNothing(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	before := *l.c.Clone()
	e := only[rehab.FormRecorded](t, l.do(visitForm()))
	require.Equal(t, "visit_record", e.Form)
	require.Equal(t, rehab.DateOf(l.env.Now), e.On)
	before.Seq = l.c.Seq
	require.Equal(t, before, *l.c)
	require.Equal(t, rehab.NotFound, l.refuses(rehab.RecordForm{Form: "visit_record", Version: 1, Answers: strings.Repeat("a", 64), Record: 1000}).Code)
	require.Equal(t, "replaces", l.refuses(rehab.RecordForm{Form: "visit_record", Version: 1, Answers: strings.Repeat("a", 64), Replaces: 1000}).Field)
	require.Equal(t, "form", l.refuses(rehab.RecordForm{Form: "Visit", Version: 1, Answers: strings.Repeat("a", 64)}).Field)
	require.Equal(t, "answers", l.refuses(rehab.RecordForm{Form: "visit_record", Version: 1, Answers: "low"}).Field, "no answer stands in the ledger")
}

// TestAFormMovesNoFact tells of a visit that happened before a form was filled in: were the
// form a fact of the life, the case would have to be lived again.
func TestAFormMovesNoFact(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-12")
	l.do(visitForm())
	require.Empty(t, all[rehab.LifeRevised](l.on("2026-03-11", met(rehab.Talk))))
	l.to("2026-04-15") // by then a window was missed
	require.NotEmpty(t, all[rehab.FormRecorded](l.on("2026-03-12", visitForm())), "of a day long past, and no life is another one")
}

// TestAFormOfSomebodyElseIsWithdrawn has a form filled in about the wrong client: it is taken
// back as any record is, and no life is another one by it.
func TestAFormOfSomebodyElseIsWithdrawn(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.do(visitForm())
	form := l.c.Seq
	l.do(met(rehab.Talk))
	before := unamended(l.c)

	require.Contains(t, l.refuses(rehab.CorrectRecord{Record: form, HappenedAt: l.env.Now.Add(-time.Hour)}).Message, "fill it in again")
	events := l.do(rehab.WithdrawRecord{Record: form})
	d := only[rehab.RecordWithdrawn](t, events)
	require.Equal(t, form, d.Record)
	require.Equal(t, "record-form", d.Type)
	require.Equal(t, before, unamended(l.c), "no life is another one by a form")
	require.Contains(t, l.refuses(rehab.WithdrawRecord{Record: form}).Message, "withdrawn already")

	l.do(rehab.WithdrawRecord{Record: l.c.Seq}) // the withdrawal itself: the form holds again
	l.do(rehab.WithdrawRecord{Record: form})
}

// TestAFormIsFilledInAfterTheEnd has the last visit written down a day after the measure ended.
func TestAFormIsFilledInAfterTheEnd(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-12")
	l.do(rehab.Terminate{Ground: rehab.Imprisonment})
	l.to("2026-03-13")
	require.NotEmpty(t, all[rehab.FormRecorded](l.on("2026-03-11", visitForm())))
	require.NotEmpty(t, all[rehab.FormRecorded](l.do(visitForm())))
	require.Equal(t, rehab.Invalid, l.refusesAt(l.env.Now.Add(time.Hour), visitForm()).Code)
}

func TestEachDutyHasItsUsualForms(t *testing.T) {
	t.Parallel()
	p := &rehab.Policy{FormsFor: map[rehab.Kind][]string{rehab.ContactDuty: {"our_talk"}, rehab.TestDuty: {}}}
	require.Equal(t, [][]string{{"our_talk"}}, p.Forms(rehab.ContactDuty), "the policy says so")
	require.Empty(t, p.Forms(rehab.TestDuty), "the policy wants none")
	require.Equal(t, [][]string{{"visit_record"}}, p.Forms(rehab.HomeVisitDuty))
	require.Empty(t, p.Forms(rehab.AgreementDuty))
	require.Equal(t, 7, p.FormDays())
	p.FormGrace.N = 3
	require.Equal(t, 3, p.FormDays())
}
