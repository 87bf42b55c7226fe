package dossier_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/dossier"
	"guitu/rehab"
)

var (
	worker   = rehab.Actor{ID: "w-1", Role: rehab.WorkerRole, Place: "110101001"}
	head     = rehab.Actor{ID: "h-1", Role: rehab.StationHead, Place: "110101001"}
	district = rehab.Actor{ID: "d-1", Role: rehab.DistrictOffice, Place: "110101"}
	monday   = time.Date(2026, 10, 5, 4, 0, 0, 0, time.UTC)
)

func day(m time.Month, d int) rehab.Date { return rehab.NewDate(2026, m, d) }

type values = map[dossier.Field]string

func update(t *testing.T, h *dossier.History, at time.Time, since rehab.Date, v values) []*dossier.Change {
	t.Helper()
	out, err := h.Update(dossier.Update{By: worker, At: at, Since: since, Why: "told by the client", Values: v})
	require.NoError(t, err)
	return out
}

func TestAPhoneActsAtOnceAndANameWaitsForAnother(t *testing.T) {
	t.Parallel()
	h := &dossier.History{Now: board.Identity{Name: "赵一", Phone: "12000000001"}}
	made := update(t, h, monday, 0, values{dossier.Name: "赵二", dossier.Phone: "12000000002", dossier.WorkUnit: ""})
	require.Len(t, made, 2)
	require.Equal(t, "12000000002", h.Now.Phone)
	require.Equal(t, values{dossier.Phone: "12000000001"}, made[0].Before)
	require.Equal(t, "赵一", h.Now.Name)
	require.Empty(t, update(t, h, monday, 0, values{dossier.Name: "赵二", dossier.Phone: "12000000002"}), "told again it is nothing new")
	_, err := h.Update(dossier.Update{By: head, At: monday, Values: values{dossier.Name: "赵三"}})
	require.Equal(t, rehab.Refused, rehab.CodeOf(err), "one waits already")

	decide := func(d dossier.Decision) error { _, err := h.Decide(d); return err }
	require.Equal(t, rehab.Forbidden, rehab.CodeOf(decide(dossier.Decision{N: 2, Confirm: true, By: worker})), "not the same person")
	require.Equal(t, rehab.Forbidden, rehab.CodeOf(decide(dossier.Decision{N: 2, Confirm: true, By: rehab.Actor{ID: "w-2", Role: rehab.WorkerRole}})), "not a worker")
	require.Equal(t, rehab.Forbidden, rehab.CodeOf(decide(dossier.Decision{N: 2, Confirm: true, By: rehab.Actor{ID: "a-1", Role: rehab.Admin}})), "not who keeps it running")
	require.Equal(t, rehab.NotFound, rehab.CodeOf(decide(dossier.Decision{N: 3, Confirm: true, By: head})))
	require.NoError(t, decide(dossier.Decision{N: 2, Confirm: true, By: head, At: monday.AddDate(0, 0, 1)}))
	require.Equal(t, "赵二", h.Now.Name)
	require.Equal(t, rehab.Refused, rehab.CodeOf(decide(dossier.Decision{N: 2, Confirm: true, By: district})), "once")
}

func TestWhoProposedMayTakeItBack(t *testing.T) {
	t.Parallel()
	h := &dossier.History{Now: board.Identity{Name: "赵一"}}
	update(t, h, monday, 0, values{dossier.Name: "赵二"})
	c, err := h.Decide(dossier.Decision{N: 1, By: worker, At: monday, Why: "mistyped"})
	require.NoError(t, err)
	require.Equal(t, dossier.Declined, c.State)
	require.Equal(t, "赵一", h.Now.Name)
	require.Len(t, update(t, h, monday, 0, values{dossier.Name: "赵二"}), 1, "and it may be told anew")
}

func TestAValueHoldsFromItsDayAndACorrectionForAllItsDays(t *testing.T) {
	t.Parallel()
	h := &dossier.History{Now: board.Identity{Name: "赵一", ResidenceAddress: "甲街1号", Phone: "1"}}
	at := func(n int) time.Time { return monday.AddDate(0, 0, n) }
	address := func(on rehab.Date, known time.Time) string { return h.As(on, known).ResidenceAddress }
	update(t, h, at(0), day(9, 20), values{dossier.ResidenceAddress: "丙街3号"})
	update(t, h, at(1), day(8, 1), values{dossier.ResidenceAddress: "乙街2号"}) // told late
	require.Equal(t, "丙街3号", h.Now.ResidenceAddress)
	for on, want := range map[rehab.Date]string{day(7, 31): "甲街1号", day(8, 1): "乙街2号", day(9, 19): "乙街2号", day(9, 20): "丙街3号", 0: "丙街3号"} {
		require.Equal(t, want, address(on, time.Time{}), on)
	}
	require.Equal(t, "甲街1号", address(day(8, 15), at(0)), "as it was known before the move was told")
	update(t, h, at(2), 0, values{dossier.ResidenceAddress: "丙街33号"})
	require.Equal(t, "丙街33号", address(day(9, 20), time.Time{}), "what was wrong was wrong on each of its days")
	require.Equal(t, "乙街2号", address(day(9, 19), time.Time{}))
	require.Equal(t, "丙街3号", address(day(9, 20), at(1)))
	require.Equal(t, "赵一", h.As(day(7, 1), at(0)).Name)
	update(t, h, at(3), day(9, 1), values{dossier.ResidenceAddress: "丙街33号"})
	require.Equal(t, "丙街33号", address(day(9, 1), time.Time{}), "the same, since an earlier day")
	require.Empty(t, update(t, h, at(3), day(10, 1), values{dossier.ResidenceAddress: "丙街33号"}))
}

func TestAClientIsFoundByWholeNumbersAndPartsOfTheName(t *testing.T) {
	t.Parallel()
	id := board.Identity{OrderNo: "京公戒字〔2026〕000001号", Name: "单小明", IDNumber: "110199198001010011", Phone: "12000009001", OtherPhone: "01012345678", FamilyPhone: "12000009002"}
	for typed, want := range map[string]dossier.Kind{
		"单小明": dossier.ByName, "小明": dossier.ByName, "单小": dossier.ByName, "单明": "", "明小": "", "sxm": dossier.ByInitials, "XM": dossier.ByInitials, "dx": dossier.ByInitials, "sm": "",
		"京公戒字[2026]000001号": dossier.ByOrder, "000001": "", "110199 19800101 0011": dossier.ByDocument, "11019919800101": "", "120 0000 9001": dossier.ByPhone,
		"+86 12000009002": dossier.ByPhone, "010-12345678": dossier.ByPhone, "12000009": "", "单 小明": dossier.ByName,
	} {
		s, ok := dossier.Looking(typed)
		require.True(t, ok, typed)
		by, _ := s.Found(id)
		require.Equal(t, want, by, typed)
		if want == "" {
			continue
		}
		terms := dossier.Terms(id)
		var way []dossier.Term
		for _, w := range s.Ways {
			if w[0].Kind == by {
				way = w
			}
		}
		require.Subset(t, terms, way, "the index leads there: "+typed)
	}
	for _, short := range []string{"", "单", "a", " 明 ", "·"} {
		_, ok := dossier.Looking(short)
		require.False(t, ok, short)
	}
	s, _ := dossier.Looking("smith")
	by, _ := s.Found(board.Identity{Name: "John Smith"})
	require.Equal(t, dossier.ByName, by)
	s, _ = dossier.Looking("买买提艾力")
	by, _ = s.Found(board.Identity{Name: "买买提·艾力"})
	require.Equal(t, dossier.ByName, by)
}
