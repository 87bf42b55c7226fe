package store_test

import (
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/account"
	"guitu/office"
	"guitu/rehab"
)

var monday = time.Date(2026, 11, 30, 1, 0, 0, 0, time.UTC)

func anAccount(a rehab.Actor) account.Account {
	return account.Account{Actor: a, Name: "子某", Password: "$argon2id$x", CreatedAt: monday}
}

func aSession(id, of string) account.Session {
	return account.Session{ID: id, Account: account.Account{Actor: rehab.Actor{ID: of}}, Created: monday, Seen: monday, IdleEnd: monday.Add(30 * time.Minute), AbsoluteEnd: monday.Add(12 * time.Hour)}
}

func TestAnAccountGoesWithThePost(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	worker := rehab.Actor{ID: "w-1", Role: rehab.WorkerRole, Place: "110101001"}
	require.NoError(t, b.store.CreateAccount(ctx, anAccount(worker)))
	require.Equal(t, rehab.Conflict, rehab.CodeOf(b.store.CreateAccount(ctx, anAccount(worker))))
	require.Equal(t, rehab.NotFound, rehab.CodeOf(b.store.CreateAccount(ctx, anAccount(rehab.Actor{ID: "w-2", Role: rehab.WorkerRole, Place: "999999999"}))))
	require.NoError(t, b.store.CreateSession(ctx, "token", aSession("s1", "w-1")))
	read := func() account.Account {
		x, err := b.store.Session(ctx, "token", monday)
		require.NoError(t, err)
		return x.Account
	}
	require.NotNil(t, read().Ended(), "a worker whom the registry does not know")
	today := rehab.DateOf(time.Now())
	change := func(id string, f office.WorkerFact) {
		t.Helper()
		f.Record = office.Record{From: today}
		_, err := b.store.ChangeWorker(ctx, office.Command{ID: id, Digest: id, Actor: rehab.Actor{ID: "d-1", Role: rehab.CityOffice, Place: "11"}, At: time.Now()}, "w-1", f, "")
		require.NoError(t, err)
	}
	change("1", office.WorkerFact{Change: office.Registered, Duty: office.Duty{Place: "110101001", Post: office.FullTime, Qualification: office.Certified}})
	require.Nil(t, read().Ended())
	require.Equal(t, worker, read().Acting())
	change("2", office.WorkerFact{Change: office.Moved, Duty: office.Duty{Place: "110101002", Post: office.FullTime, Qualification: office.Certified}})
	require.Equal(t, "110101002", read().Acting().Place, "a worker's account moves with the post")
	head := account.Account{Actor: rehab.Actor{ID: "w-1", Role: rehab.StationHead, Place: "110101001"}, Post: read().Post}
	require.NotNil(t, head.Ended(), "a head's does not: it needs a new grant")
	_, err := b.superuser().Exec(ctx, `UPDATE worker_periods SET to_day = current_date - 2`) // as it is two days after the person left
	require.NoError(t, err)
	require.NotNil(t, read().Ended())
	require.True(t, read().Post.Known)
}

func TestASessionIsFoundByItsTokenUntilItEnds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	require.NoError(t, b.store.CreateAccount(ctx, anAccount(rehab.Actor{ID: "c-1", Role: rehab.CityOffice, Place: "11"})))
	require.NoError(t, b.store.CreateSession(ctx, "token", aSession("s1", "c-1")))
	x, err := b.store.Session(ctx, "token", monday)
	require.NoError(t, err)
	require.Equal(t, "子某", x.Account.Name)
	var kept int
	require.NoError(t, b.superuser().QueryRow(ctx, `SELECT count(*) FROM sessions WHERE encode(hash, 'escape') LIKE '%token%' OR agent LIKE '%token%'`).Scan(&kept))
	require.Zero(t, kept, "the token itself is nowhere")
	for at, want := range map[time.Time]error{monday.Add(29 * time.Minute): nil, monday.Add(31 * time.Minute): account.ErrNoSession} {
		_, err := b.store.Session(ctx, "token", at)
		require.ErrorIs(t, err, want)
	}
	require.NoError(t, b.store.TouchSession(ctx, "s1", monday, monday.Add(24*time.Hour)))
	_, err = b.store.Session(ctx, "token", monday.Add(11*time.Hour))
	require.NoError(t, err)
	_, err = b.store.Session(ctx, "token", monday.Add(13*time.Hour))
	require.ErrorIs(t, err, account.ErrNoSession, "the absolute end holds whatever the idle one says")
	list, err := b.store.Sessions(ctx, "c-1", monday)
	require.NoError(t, err)
	require.Len(t, list, 1)
	_, err = b.store.ChangeAccount(ctx, "c-1", "", func(a *account.Account) error { a.Password = "$argon2id$y"; return nil })
	require.NoError(t, err)
	_, err = b.store.Session(ctx, "token", monday)
	require.ErrorIs(t, err, account.ErrNoSession, "another password ends the sessions")
	require.Equal(t, rehab.NotFound, rehab.CodeOf(b.store.EndSession(ctx, "c-1", "s1")))
}

// Whoever can write to the database, and has no key, gets in nowhere.
func TestNobodySignsInByWritingToTheDatabase(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"a role":            `UPDATE accounts SET role = 'security_admin'`,
		"a place":           `UPDATE accounts SET place = '110102'`,
		"a password":        `UPDATE accounts SET password = '$argon2id$mine'`,
		"no second factor":  `UPDATE accounts SET totp_confirmed = NOT totp_confirmed`,
		"enabled again":     `UPDATE accounts SET disabled = NOT disabled`,
		"another's session": `UPDATE sessions SET account = 'c-2'`,
		"a longer session":  `UPDATE sessions SET absolute_end = absolute_end + interval '1 year'`,
		"a session put in": `INSERT INTO sessions (id, hash, account, created_at, seen_at, idle_end, absolute_end, address, agent, mac)
			SELECT 's9', sha256('mine'), account, created_at, seen_at, idle_end, absolute_end, address, agent, mac FROM sessions`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			ctx := t.Context()
			require.NoError(t, b.store.CreateAccount(ctx, anAccount(rehab.Actor{ID: "c-1", Role: rehab.DistrictOffice, Place: "110101"})))
			require.NoError(t, b.store.CreateAccount(ctx, anAccount(rehab.Actor{ID: "c-2", Role: rehab.CityOffice, Place: "11"})))
			require.NoError(t, b.store.CreateSession(ctx, "token", aSession("s1", "c-1")))
			_, conn := b.asRuntime()
			_, err := conn.Exec(ctx, sql)
			require.NoError(t, err, "the login may write the row: it is the signature that holds")
			token := map[bool]string{true: "mine", false: "token"}[name == "a session put in"]
			_, err = b.store.Session(ctx, token, monday)
			require.ErrorContains(t, err, "past the engine")
		})
	}
}

func TestTheLoginOfTheAPIMakesSignedTokensAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	s, conn := b.asRuntime()
	made := account.Token{ID: "t1", Actor: head, Label: "phone", MadeBy: "s-2", Expires: time.Now().Add(time.Hour)}
	require.NoError(t, s.AddToken(ctx, "signed", made))
	a, err := s.Actor(ctx, "signed")
	require.NoError(t, err)
	require.Equal(t, head, a)
	for _, mac := range []string{`NULL`, `'short'`} {
		_, err = conn.Exec(ctx, `SELECT add_token('t2', sha256('forged'), 'a', 'admin', '', '', '', '', now() + interval '1 day', `+mac+`)`)
		require.ErrorContains(t, err, "signed")
	}
	_, err = conn.Exec(ctx, `SELECT add_token('t2', sha256('forged'), 'a', 'admin', '', '', '', '', now() + interval '1 day', sha256('x'))`)
	require.NoError(t, err)
	_, err = s.Actor(ctx, "forged")
	require.ErrorContains(t, err, "past the engine")

	list, err := s.TokenList(ctx, "11", "", 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "s-2", list[0].MadeBy)
	roles, err := s.RolesOf(ctx, head.ID)
	require.NoError(t, err)
	require.Equal(t, []rehab.Role{head.Role}, roles)
	_, err = s.RevokeToken(ctx, "110199", "t1", time.Now())
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err), "of another area")
	_, err = s.RevokeToken(ctx, "11", "t1", time.Now())
	require.NoError(t, err)
	_, err = s.Actor(ctx, "signed")
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
}

func TestManyGuessesAtOnceAreNoWayAroundTheWait(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	var mu sync.Mutex
	let := 0
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			wait, err := b.store.TryBefore(ctx, "c-1", "192.0.2.1", monday)
			mu.Lock()
			defer mu.Unlock()
			if err == nil && wait == 0 {
				let++
			}
		})
	}
	wg.Wait()
	require.Equal(t, account.FreeOfAccount, let)
	wait, err := b.store.TryBefore(ctx, "C-1", "192.0.2.2", monday.Add(time.Second))
	require.NoError(t, err)
	require.Equal(t, 29*time.Second, wait, "whatever the address, and however the account is written")
	require.NoError(t, b.store.Succeeded(ctx, "c-1", "192.0.2.1", monday))
	wait, err = b.store.TryBefore(ctx, "c-1", "192.0.2.3", monday.Add(time.Second))
	require.NoError(t, err)
	require.Zero(t, wait)
}

func TestACodeAndACeremonyAreGoodOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	require.NoError(t, b.store.CreateAccount(ctx, anAccount(rehab.Actor{ID: "c-1", Role: rehab.CityOffice, Place: "11"})))
	for step, want := range []bool{false, true, true} {
		ok, err := b.store.UseCode(ctx, "c-1", int64(step))
		require.NoError(t, err)
		require.Equal(t, want, ok)
		ok, err = b.store.UseCode(ctx, "c-1", int64(step))
		require.NoError(t, err)
		require.False(t, ok)
	}
	require.NoError(t, b.store.SaveCeremony(ctx, "a", map[string]string{"state": "marker"}, monday, monday.Add(time.Minute)))
	var seen int
	require.NoError(t, b.superuser().QueryRow(ctx, `SELECT count(*) FROM ceremonies WHERE encode(data, 'escape') LIKE '%marker%'`).Scan(&seen))
	require.Zero(t, seen)
	var out map[string]string
	require.ErrorIs(t, b.store.TakeCeremony(ctx, "a", monday.Add(2*time.Minute), &out), account.ErrNoSession)
	require.NoError(t, b.store.TakeCeremony(ctx, "a", monday, &out))
	require.Equal(t, "marker", out["state"])
	require.ErrorIs(t, b.store.TakeCeremony(ctx, "a", monday, &out), account.ErrNoSession)
}

func TestWhoWorksWithTheClientHearsOfALookAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	b.open("c-1")
	city := rehab.Actor{ID: "c-1", Role: rehab.CityOffice, Place: "11"}
	g := account.Glass{ID: "g1", CaseID: "c-1", Actor: city, Reason: "marker of the reason", At: monday, Until: monday.Add(time.Hour), Due: monday.Add(account.ReviewedIn)}
	require.NoError(t, b.store.BreakGlass(ctx, g))
	told := func(kind string) (roles []string) {
		rows, err := b.superuser().Query(ctx, `SELECT role FROM notices WHERE type = $1 ORDER BY role`, kind)
		require.NoError(t, err)
		roles, err = pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		return roles
	}
	require.Contains(t, told("break_glass_opened"), "station_head")
	for at, want := range map[time.Duration]bool{0: true, 59 * time.Minute: true, time.Hour: false, -time.Second: false} {
		open, err := b.store.GlassOpen(ctx, "c-1", "c-1", monday.Add(at))
		require.NoError(t, err)
		require.Equal(t, want, open, at)
	}
	require.Equal(t, rehab.NotFound, rehab.CodeOf(b.store.BreakGlass(ctx, account.Glass{ID: "g2", CaseID: "none", Actor: city, At: monday, Until: monday, Due: monday})))

	list, err := b.store.Glasses(ctx, "11", "", true, monday.Add(time.Hour), 10)
	require.NoError(t, err)
	require.Equal(t, "marker of the reason", list[0].Reason)
	require.Zero(t, list[0].Rung)
	g = list[0]
	g.ReviewedAt, g.Reviewer, g.Finding = monday, "s-3", account.Justified
	require.NoError(t, b.store.ReviewGlass(ctx, g))
	require.Equal(t, rehab.Conflict, rehab.CodeOf(b.store.ReviewGlass(ctx, g)))
	_, conn := b.asRuntime()
	for _, sql := range []string{`DELETE FROM break_glass`, `UPDATE break_glass SET until = until + interval '1 day'`} {
		_, err = conn.Exec(ctx, sql)
		require.ErrorContains(t, err, "permission denied", sql)
	}
}

// The review of a look climbs by the clock: auditor, district, city, and the city again each week,
// until it is made.
func TestAReviewThatNobodyMakesClimbs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	b.open("c-1")
	city := rehab.Actor{ID: "c-1", Role: rehab.CityOffice, Place: "11"}
	for _, id := range []string{"g1", "g2"} {
		require.NoError(t, b.store.BreakGlass(ctx, account.Glass{ID: id, CaseID: "c-1", Actor: city, Reason: "信访核查", At: monday, Until: monday.Add(time.Hour), Due: monday.Add(account.ReviewedIn)}))
	}
	g, err := b.store.Glass(ctx, "", "g2")
	require.NoError(t, err)
	g.ReviewedAt, g.Reviewer, g.Finding = monday.AddDate(0, 0, 1), "s-3", account.Justified
	require.NoError(t, b.store.ReviewGlass(ctx, g), "one of them is reviewed in time")
	seen := 0
	heard := func(at time.Time) (out []string) {
		t.Helper()
		for range 2 { // a second round of the same instant tells nobody again
			_, err := b.store.CheckCoverage(ctx, "11", at, nil, monday)
			require.NoError(t, err)
		}
		rows, err := b.superuser().Query(ctx, `SELECT type || ' ' || role || ' ' || place FROM notices WHERE type IN ('break_glass_due', 'break_glass_overdue') ORDER BY position OFFSET $1`, seen)
		require.NoError(t, err)
		out, err = pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		seen += len(out)
		return out
	}
	day := func(n int) time.Time { return monday.AddDate(0, 0, n) }
	toCity := []string{"break_glass_overdue auditor 11", "break_glass_overdue city 11"}
	for _, step := range []struct {
		at   time.Time
		want []string
	}{
		{day(5).Add(-time.Second), nil},
		{day(5), []string{"break_glass_due auditor 11"}},
		{day(7).Add(-time.Second), nil},
		{day(7), []string{"break_glass_overdue auditor 11", "break_glass_overdue district 110101"}},
		{day(9), nil},
		{day(10), toCity},
		{day(17).Add(-time.Second), nil},
		{day(17), toCity},
		{day(24), toCity},
	} {
		require.ElementsMatch(t, step.want, heard(step.at), "%s", step.at)
	}
	g, err = b.store.Glass(ctx, "", "g1")
	require.NoError(t, err)
	require.Equal(t, 3, g.Rung)
	g.ReviewedAt, g.Reviewer, g.Finding = day(25), "s-3", account.Questioned
	require.NoError(t, b.store.ReviewGlass(ctx, g))
	require.Empty(t, heard(day(60)), "once it is reviewed nobody hears any more")
	require.NoError(t, b.store.BreakGlass(ctx, account.Glass{ID: "g3", CaseID: "c-1", Actor: city, Reason: "信访核查", At: day(60), Until: day(60).Add(time.Hour), Due: day(67)}))
	require.Len(t, heard(day(75)), 5, "what an outage skipped is told on return")
	require.Empty(t, b.broken(), "what climbs is not what was signed")
}
