package account

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestAPasswordThatIsGuessedTooEasilyIsRefused(t *testing.T) {
	t.Parallel()
	for _, weak := range []string{"", "eleven char", strings.Repeat("a", 129), "aaaabbbbcccc", "Password1234", "1qaz2wsx3edc", "the w-001 key", "THE W-001 KEY", "guitu1234567"} {
		require.NotNil(t, CheckPassword("password", "w-001", weak), weak)
	}
	for _, good := range []string{"correct horse battery", "槐花三月下雨了我们去走访吧", OneTime()} {
		require.Nil(t, CheckPassword("password", "w-001", good), good)
	}
	first, second := OneTime(), OneTime()
	require.NotEqual(t, first, second)
}

func TestTheWaitGrowsAndIsBounded(t *testing.T) {
	t.Parallel()
	require.Zero(t, WaitAfter(FreeOfAccount-1, FreeOfAccount))
	last := time.Duration(0)
	for n := FreeOfAccount; n < FreeOfAccount+5; n++ {
		w := WaitAfter(n, FreeOfAccount)
		require.Greater(t, w, last)
		last = w
	}
	require.Equal(t, 30*time.Second, WaitAfter(FreeOfAccount, FreeOfAccount))
	require.Equal(t, 15*time.Minute, WaitAfter(1_000_000, FreeOfAccount))
}

func TestNobodyHoldsTwoRolesThatAreKeptApart(t *testing.T) {
	t.Parallel()
	for _, admin := range Administrators() {
		for _, other := range rehab.Roles() {
			require.Equal(t, admin == other, CheckGrant([]rehab.Role{admin}, other) == nil, "%s and %s", admin, other)
			require.Equal(t, admin == other, CheckGrant([]rehab.Role{other}, admin) == nil, "%s and %s", other, admin)
		}
	}
	require.Nil(t, CheckGrant([]rehab.Role{rehab.WorkerRole}, rehab.StationHead))
}

func TestAnAccountEndsWithItsPost(t *testing.T) {
	t.Parallel()
	street := "110101001"
	for name, row := range map[string]struct {
		a    Account
		ends bool
	}{
		"a worker in the post":                {Account{Actor: rehab.Actor{Role: rehab.WorkerRole, Place: street}, Post: Post{true, true, street}}, false},
		"a worker whom nobody registered":     {Account{Actor: rehab.Actor{Role: rehab.WorkerRole, Place: street}}, true},
		"a worker who left":                   {Account{Actor: rehab.Actor{Role: rehab.WorkerRole, Place: street}, Post: Post{Known: true}}, true},
		"a head whom the registry knows not":  {Account{Actor: rehab.Actor{Role: rehab.StationHead, Place: street}}, false},
		"a head who moved":                    {Account{Actor: rehab.Actor{Role: rehab.StationHead, Place: street}, Post: Post{true, true, "110101002"}}, true},
		"an office whose person left":         {Account{Actor: rehab.Actor{Role: rehab.CityOffice, Place: "11"}, Post: Post{Known: true}}, true},
		"an office":                           {Account{Actor: rehab.Actor{Role: rehab.CityOffice, Place: "11"}}, false},
		"an account that somebody has closed": {Account{Actor: rehab.Actor{Role: rehab.CityOffice, Place: "11"}, Disabled: true}, true},
	} {
		require.Equal(t, row.ends, row.a.Ended() != nil, name)
	}
	moved := Account{Actor: rehab.Actor{ID: "w-1", Role: rehab.WorkerRole, Place: street}, Post: Post{true, true, "110101002"}}
	require.Equal(t, "110101002", moved.Acting().Place)
	moved.Post.Place = "11" // of several streets: what the account was granted holds
	require.Equal(t, street, moved.Acting().Place)
}

func TestSystemsHaveNoAccountAndPlacesFitTheRole(t *testing.T) {
	t.Parallel()
	for _, bad := range []rehab.Actor{
		{ID: "a", Role: rehab.Admin}, {ID: "i", Role: rehab.IntegrationRole}, {ID: "s", Role: rehab.SystemRole}, {ID: "w", Role: rehab.WorkerRole, Place: "11"},
		{ID: "张某", Role: rehab.CityOffice, Place: "11"}, {ID: "11010119900101001X", Role: rehab.CityOffice, Place: "11"}, {ID: "p", Role: rehab.PartnerRole}, {ID: "c", Role: rehab.CityOffice, Place: "11", Organisation: "o"},
	} {
		require.NotNil(t, CheckAccount(bad), "%+v", bad)
	}
	for _, r := range Administrators() {
		require.Nil(t, CheckAccount(rehab.Actor{ID: "x", Role: r}))
	}
}
