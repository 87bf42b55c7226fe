package office_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"guitu/office"
	"guitu/rehab"
	"guitu/rehab/policy"
)

func beijing(t require.TestingT) *rehab.Policy {
	set, err := policy.Load()
	require.NoError(t, err)
	return set.Policy(rehab.PolicyRef{ID: "beijing", Version: "2026.1"})
}

func load(p *rehab.Policy, worker, place string, high, low int) office.Load {
	l := office.Load{Worker: worker, Places: []string{place}, Limit: p.Caseload.N}
	l.Add(rehab.High, high, p)
	l.Add(rehab.Low, low, p)
	return l
}

func TestTheLeastLoadedWorkerOfThePlaceIsSuggested(t *testing.T) {
	t.Parallel()
	p := beijing(t)
	loads := []office.Load{load(p, "w-1", street.Code, 2, 0), load(p, "w-2", street.Code, 0, 6), load(p, "w-3", other.Code, 0, 0), load(p, "w-4", street.Code, 0, 30)}
	plan := office.Suggest([]office.UnassignedCase{
		{CaseID: "c-1", Place: street.Code, Risk: rehab.Low, From: "w-9"},
		{CaseID: "c-2", Place: street.Code, Risk: rehab.High, From: "w-2"},
		{CaseID: "c-3", Place: "110101009", Risk: rehab.Low},
	}, loads, p, false)
	require.Equal(t, map[string]string{"c-1": "w-2", "c-2": "w-1"}, plan.Assignments)
	require.Equal(t, []office.Unplaced{{CaseID: "c-3", Reason: "no_worker"}}, plan.Unplaced)
	require.Equal(t, []office.LoadChange{
		{Worker: "w-1", CasesBefore: 2, CasesAfter: 3, WeightBefore: 8, WeightAfter: 12, Limit: 30},
		{Worker: "w-2", CasesBefore: 6, CasesAfter: 6, WeightBefore: 6, WeightAfter: 3, Limit: 30},
	}, plan.Loads)
	full := office.Suggest([]office.UnassignedCase{{CaseID: "c-1", Place: street.Code, Risk: rehab.Low}}, loads[3:], p, false)
	require.Equal(t, []office.Unplaced{{CaseID: "c-1", Reason: "all_full"}}, full.Unplaced)
	require.Equal(t, "w-4", office.Suggest([]office.UnassignedCase{{CaseID: "c-1", Place: street.Code, Risk: rehab.Low}}, loads[3:], p, true).Assignments["c-1"])
}

// Every plan is whole, keeps to place and limit, is the same in any order of the input,
// and gives each case to whoever carried the least of those with room for it.
func TestPropertyOfEverySuggestion(t *testing.T) {
	t.Parallel()
	p := beijing(t)
	places := []string{"110101001", "110101002", "110101"}
	risks := []rehab.Risk{rehab.High, rehab.Medium, rehab.Low}
	rapid.Check(t, func(t *rapid.T) {
		var loads []office.Load
		for i := range rapid.IntRange(0, 6).Draw(t, "workers") {
			l := office.Load{Worker: fmt.Sprint("w-", i), Places: []string{rapid.SampledFrom(places).Draw(t, "place")}, Limit: rapid.IntRange(1, 12).Draw(t, "limit")}
			l.Add(rapid.SampledFrom(risks).Draw(t, "risk"), rapid.IntRange(0, 10).Draw(t, "has"), p)
			loads = append(loads, l)
		}
		var cases []office.UnassignedCase
		for i := range rapid.IntRange(0, 30).Draw(t, "cases") {
			cases = append(cases, office.UnassignedCase{CaseID: fmt.Sprint("c-", i), Place: rapid.SampledFrom(places[:2]).Draw(t, "at"), Risk: rapid.SampledFrom(risks).Draw(t, "class")})
		}
		plan := office.Suggest(cases, loads, p, false)

		r := rand.New(rand.NewPCG(1, 2))
		mixedCases, mixedLoads := append([]office.UnassignedCase{}, cases...), append([]office.Load{}, loads...)
		r.Shuffle(len(mixedCases), func(i, j int) { mixedCases[i], mixedCases[j] = mixedCases[j], mixedCases[i] })
		r.Shuffle(len(mixedLoads), func(i, j int) { mixedLoads[i], mixedLoads[j] = mixedLoads[j], mixedLoads[i] })
		require.Equal(t, plan, office.Suggest(mixedCases, mixedLoads, p, false))

		require.Equal(t, len(cases), len(plan.Moves)+len(plan.Unplaced))
		now := map[string]office.Load{}
		for _, l := range loads {
			l.ByRisk = nil
			now[l.Worker] = l
		}
		for _, m := range plan.Moves {
			to := now[m.To]
			require.True(t, strings.HasPrefix(m.Place, to.Places[0]), "outside the place")
			for _, l := range now {
				if strings.HasPrefix(m.Place, l.Places[0]) && l.Cases < l.Limit {
					require.LessOrEqual(t, to.Weight, l.Weight, "another carried less")
				}
			}
			to.Add(m.Risk, 1, p)
			require.LessOrEqual(t, to.Cases, to.Limit, "above the limit")
			now[m.To] = to
		}
		for _, u := range plan.Unplaced {
			for _, l := range now {
				i := slices.IndexFunc(cases, func(c office.UnassignedCase) bool { return c.CaseID == u.CaseID })
				require.False(t, strings.HasPrefix(cases[i].Place, l.Places[0]) && l.Cases < l.Limit, "somebody had room")
			}
		}
	})
}

func TestOnlyAPostThatTakesCasesIsSuggested(t *testing.T) {
	t.Parallel()
	require.True(t, office.FullTime.TakesCases() && office.PartTime.TakesCases() && office.Post("").TakesCases())
	p := &rehab.Policy{}
	cases := []office.UnassignedCase{{CaseID: "c-1", Place: "110101001", Risk: rehab.Low}}
	for _, post := range []office.Post{office.Supervisor, office.HeadPost} {
		plan := office.Suggest(cases, []office.Load{{Worker: "s-1", Places: []string{"110101001"}, Registered: true, Post: post, Limit: 30}}, p, false)
		require.Equal(t, []office.Unplaced{{CaseID: "c-1", Reason: "no_worker"}}, plan.Unplaced, post)
		require.Nil(t, plan.Order)
	}
}
