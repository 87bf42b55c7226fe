package casework_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/casework"
	"guitu/forms"
	"guitu/rehab"
)

const talkAnswers = `{"outcome":"met","state":"low","topic":["general"],"next":"sooner","craving":9,"use_said":"used","content":"谈了近况"}`

func talk() casework.FormOrder {
	return casework.FormOrder{Form: "talk_record", Version: 1, Answers: json.RawMessage(talkAnswers)}
}

// filing is a talk that was recorded.
func filing(seq int64) forms.Filing {
	return forms.Filing{CaseID: caseID, Ref: forms.Ref{Form: "talk_record", Version: 1}, Seq: seq, Content: &forms.Content{Answers: json.RawMessage(talkAnswers), Reason: "misheard"}}
}

func TestWhoReadsWhichAnswers(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		who                  rehab.Actor
		why                  string
		code                 rehab.Code // of the refusal
		text, private, coded bool       // what is there
	}{
		"the worker":              {who: worker, text: true, private: true},
		"who stands in":           {who: standIn, text: true, private: true},
		"the station head":        {who: head, text: true, private: true},
		"an office":               {who: district, coded: true},
		"an office with a reason": {who: city, why: "complaint 12", text: true},
		"who keeps the system":    {who: admin, why: "curious", code: rehab.Forbidden},
		"a worker without it":     {who: stranger, code: rehab.NotFound},
		"another district":        {who: rehab.Actor{ID: "d-2", Role: rehab.DistrictOffice, Place: "110102"}, code: rehab.NotFound},
		"a system that gives":     {who: rehab.Actor{ID: "i-1", Role: rehab.IntegrationRole}, code: rehab.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, s := newTown(t)
			w.filings = []forms.Filing{filing(3)}
			f, err := s.ReadForm(t.Context(), x.who, caseID, 3, x.why)
			if x.code != "" {
				requireCode(t, x.code, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, x.text, f.Answers["content"] != nil)
			require.Equal(t, x.private, f.Answers["use_said"] != nil)
			require.Equal(t, x.coded, f.Coded)
			require.Equal(t, "low", f.Answers["state"])
			if !x.private {
				_, err = s.WholeForm(t.Context(), x.who, caseID, 3)
				requireCode(t, rehab.Forbidden, err)
				_, _, err = s.OpenForm(t.Context(), x.who, caseID, "talk_record", 1, "zh")
				requireCode(t, rehab.Forbidden, err)
				_, _, err = s.FileForm(t.Context(), x.who, caseID, "k", talk(), "zh")
				requireCode(t, rehab.Forbidden, err)
				require.Empty(t, w.given)
			}
		})
	}
}

func TestAnswersThatDoNotHoldAreForTheStationHead(t *testing.T) {
	t.Parallel()
	w, s := newTown(t)
	replaced, withdrawn := filing(3), filing(4)
	replaced.ReplacedBy, withdrawn.Withdrawn = 5, true
	w.filings = []forms.Filing{replaced, withdrawn}
	for _, seq := range []int64{3, 4} {
		_, err := s.ReadForm(t.Context(), worker, caseID, seq, "")
		requireCode(t, rehab.Forbidden, err)
		_, err = s.ReadForm(t.Context(), head, caseID, seq, "")
		require.NoError(t, err)
	}
	_, err := s.ReadForm(t.Context(), head, caseID, 9, "")
	requireCode(t, rehab.NotFound, err)
	w.filings[0].Content = nil // the key of the case is gone
	_, err = s.ReadForm(t.Context(), head, caseID, 3, "")
	requireCode(t, rehab.NotFound, err)
}

func TestAFormIsFiledOnceWithWhatTheEngineKnew(t *testing.T) {
	t.Parallel()
	w, s := newTown(t)
	filed, key, err := s.FileForm(t.Context(), worker, caseID, "k-1", talk(), "zh")
	require.NoError(t, err)
	require.Equal(t, "k-1", key)
	require.True(t, filed.Sooner, "a contact sooner was asked for")
	require.Equal(t, "赵某", w.saved["k-1"].Content.Head["name"])
	require.Equal(t, "街道"+street, w.saved["k-1"].Content.Head["place"])
	require.Equal(t, rehab.DateOf(now), w.saved["k-1"].About)

	again, _, err := s.FileForm(t.Context(), worker, caseID, "k-1", talk(), "zh")
	require.NoError(t, err)
	require.True(t, again.Duplicate)
	require.Len(t, w.given, 1)
	other := talk()
	other.Answers = json.RawMessage(`{"outcome":"met","state":"calm","topic":["general"],"next":"sooner"}`)
	_, _, err = s.FileForm(t.Context(), worker, caseID, "k-1", other, "zh")
	requireCode(t, rehab.Conflict, err)
}

func TestTheAnswersOfARefusedFormAreTakenBack(t *testing.T) {
	t.Parallel()
	w, s := newTown(t)
	w.refusal = refused()
	_, _, err := s.FileForm(t.Context(), worker, caseID, "k-1", talk(), "zh")
	requireCode(t, rehab.Refused, err)
	require.Empty(t, w.saved)

	w.refusal = &rehab.Error{Code: rehab.Unavailable, Message: "later"}
	_, _, err = s.FileForm(t.Context(), worker, caseID, "k-1", talk(), "zh")
	requireCode(t, rehab.Unavailable, err)
	require.Len(t, w.saved, 1, "nobody knows yet whether it acted")
}

func TestWhatAFormRefersToIsThere(t *testing.T) {
	t.Parallel()
	w, s := newTown(t)
	replaced, withdrawn, holds := filing(3), filing(4), filing(5)
	replaced.ReplacedBy, withdrawn.Withdrawn = 5, true
	w.filings = []forms.Filing{replaced, withdrawn, holds}
	for _, x := range []struct {
		replaces int64
		reason   string
		code     rehab.Code
	}{{3, "misheard", rehab.Conflict}, {4, "misheard", rehab.Conflict}, {9, "misheard", rehab.NotFound}, {5, " ", rehab.Invalid}} {
		order := talk()
		order.Replaces, order.Reason = x.replaces, x.reason
		_, _, err := s.FileForm(t.Context(), worker, caseID, "", order, "zh")
		requireCode(t, x.code, err)
	}
	order := talk()
	order.Obligation = rehab.ObligationID{Kind: rehab.TestDuty, N: 9}
	_, _, err := s.FileForm(t.Context(), worker, caseID, "", order, "zh")
	requireCode(t, rehab.NotFound, err)
	order = talk()
	order.Answers = json.RawMessage(`{"outcome":"fly"}`)
	_, _, err = s.FileForm(t.Context(), worker, caseID, "", order, "zh")
	var faults casework.FormFaults
	require.ErrorAs(t, err, &faults)
	require.Greater(t, len(faults), 1, "each field is named")
	requireCode(t, rehab.Invalid, err)
	require.Empty(t, w.given)
}

func TestAFormBesideACommandIsAboutWhatItRecorded(t *testing.T) {
	t.Parallel()
	w, s := newTown(t)
	receipt, err := w.Do(t.Context(), caseID, rehab.Command{ID: "visit-1"})
	require.NoError(t, err)
	for range 2 {
		_, err = s.FileBeside(t.Context(), worker, caseID, "visit-1", receipt, talk(), "zh")
		require.NoError(t, err)
	}
	require.Len(t, w.given, 2, "the command and its form, once each")
	require.EqualValues(t, 7, w.given[1].Body.(rehab.RecordForm).Record)
	w.row.Phase = rehab.Sealed
	_, err = s.FileBeside(t.Context(), worker, caseID, "visit-2", receipt, talk(), "zh")
	require.ErrorIs(t, err, casework.ErrSealed)
}

func TestADutyThatWasDoneWithoutItsFormIsNamedForTwoMonths(t *testing.T) {
	t.Parallel()
	today := rehab.DateOf(now)
	w, s := newTown(t)
	done := func(n int, ago int) board.ObligationRow {
		o := board.ObligationRow{MetOn: today.AddDays(-ago)}
		o.ID, o.Status = rehab.ObligationID{Kind: rehab.ContactDuty, N: n}, rehab.Done
		return o
	}
	w.obligations = []board.ObligationRow{done(1, 61), done(2, 20), done(3, 2), done(4, 1), done(5, 0)}
	w.obligations[4].Status = rehab.Open
	withdrawn, filed := filing(3), filing(4)
	withdrawn.Withdrawn, withdrawn.Obligation = true, w.obligations[2].ID
	filed.About = w.obligations[3].MetOn // of no duty, and of the day
	w.filings = []forms.Filing{withdrawn, filed}
	got, err := s.FormsOf(t.Context(), district, caseID)
	require.NoError(t, err)
	require.Len(t, got.Missing, 2)
	require.Equal(t, 2, got.Missing[0].Obligation.N)
	require.True(t, got.Missing[0].Late)
	require.Equal(t, []string{"talk_record|phone_record|visit_record"}, got.Missing[0].Forms)
	require.Equal(t, 3, got.Missing[1].Obligation.N)
	require.False(t, got.Missing[1].Late)
	require.Equal(t, casework.ReadsCoded, got.Level)

	require.NoError(t, s.MarkForms(t.Context(), w.row, w.obligations))
	require.Empty(t, w.obligations[0].FormsMissing)
	require.NotEmpty(t, w.obligations[1].FormsMissing)
	require.NotEmpty(t, w.obligations[4].Forms, "of an open duty too it is said which form goes with it")
}

func TestFormsAreReleasedByOffices(t *testing.T) {
	t.Parallel()
	_, s := newTown(t)
	for _, who := range []rehab.Actor{worker, head, partner} {
		_, err := s.ReleaseForm(t.Context(), who, []byte(`{}`))
		requireCode(t, rehab.Forbidden, err)
	}
	_, err := s.ReleaseForm(t.Context(), district, []byte(`{}`))
	require.Error(t, err)
	require.NotEqual(t, rehab.Forbidden, rehab.CodeOf(err))
}
