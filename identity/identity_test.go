package identity_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"guitu/identity"
)

func TestAnOrderNumberHasOneForm(t *testing.T) {
	t.Parallel()
	const want = "京公戒字〔2026〕980001号"
	for written, changes := range map[string][]identity.Change{
		want:            nil,
		want + "\u200b": {identity.Hidden},
		"\ufeff京公戒字\u202a〔2026〕\u00ad980001号": {identity.Hidden},
		"京公戒字[2026]980001号":                   {identity.Brackets},
		"京公戒字（2026）980001号":                   {identity.Brackets},
		"京公戒字【2026】980001号":                   {identity.Brackets},
		"京公戒字〔２０２６〕980001号":                   {identity.Widths},
		" 京公戒字\u3000〔2026〕 980001号":           {identity.Blanks},
		"京公戒字〔二〇二六〕980001号":                   {identity.Numerals},
		"京公戒字〔2026〕第980001号":                  {identity.Ordinal},
		"京公戒字〔2026〕980001":                    {identity.Ordinal},
		"京公戒字[２０２６]第980001":                   {identity.Brackets, identity.Widths, identity.Ordinal},
	} {
		got, changed := identity.OrderNumber(written)
		require.Equal(t, want, got, "%q", written)
		require.Equal(t, changes, changed, "%q", written)
	}
	got, _ := identity.OrderNumber("A—1")
	require.Equal(t, "A-1", got)
	rapid.Check(t, func(t *rapid.T) {
		once, _ := identity.OrderNumber(rapid.String().Draw(t, "number"))
		twice, changed := identity.OrderNumber(once)
		if once != twice || changed != nil {
			t.Fatalf("%q becomes %q by %v", once, twice, changed)
		}
	})
}

func TestPhonesAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"13800000000": "13800000000", "138 0000 0000": "13800000000", "138-0000-0000": "13800000000", "+86 138 0000 0000": "13800000000",
		"+8613800000000": "13800000000", "008613800000000": "13800000000", "8613800000000": "13800000000", "１３８００００００００": "13800000000",
		"138\u200b00000000": "13800000000", "010-12345678": "01012345678", "(010)12345678": "01012345678", "（０１０）１２３４ ５６７８": "01012345678",
		"+86 10 12345678": "01012345678", "0311—1234567": "03111234567", "+86 400 810 0000": "4008100000", "12345": "12345",
	} {
		number, rest, note, ok := identity.Phone(written)
		require.True(t, ok, written)
		require.Equal(t, want, number, written)
		require.Empty(t, note, "%s %s", written, rest)
	}
	for written, want := range map[string][2]string{
		"010-12345678转801": {"01012345678", "转801"}, "010-12345678-801": {"01012345678", "-801"}, "13800000000/13900000000": {"13800000000", "13900000000"},
		"13800000000 13900000000": {"13800000000", "13900000000"}, "13800000000（母亲）": {"13800000000", "(母亲)"},
	} {
		number, rest, note, ok := identity.Phone(written)
		require.True(t, ok, written)
		require.Equal(t, want, [2]string{number, rest}, written)
		require.Equal(t, identity.PhoneRest, note, written)
	}
	_, _, note, _ := identity.Phone("1012345678")
	require.Equal(t, identity.PhoneShort, note)
	for _, none := range []string{"无", "1234", "", "123456789012345678901"} {
		_, _, _, ok := identity.Phone(none)
		require.False(t, ok, none)
	}
}

func TestEachKindOfDocumentHasItsForm(t *testing.T) {
	t.Parallel()
	order := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		kind   identity.Kind
		number string
		fault  identity.Fault
	}{
		{"", "11010519491231002X", ""}, {identity.ResidentCard, "110105194912310021", identity.WrongCheck}, {"", "110199198501010000", identity.Rounded},
		{"", "110105", identity.WrongForm}, {"", "110199203001010014", identity.BornLate}, {identity.ResidencePermit, "810000199408230021", ""},
		{identity.ResidencePermit, "11010519491231002X", identity.WrongArea}, {identity.HongKongMacao, "M1234567801", ""}, {identity.HongKongMacao, "1234", identity.WrongForm},
		{identity.Taiwan, "1234567890B", ""}, {identity.ForeignResident, "USA110087021001", ""}, {identity.ForeignResident, "911156198713100014", identity.NoBirthday},
		{identity.Passport, "E12345678", ""}, {identity.Passport, "E", identity.WrongForm}, {"card", "E1", identity.WrongKind},
	} {
		if row.fault == identity.BornLate {
			row.number = row.number[:17] + checkOf(row.number)
		}
		_, fault := identity.Check(row.kind, row.number, order)
		require.Equal(t, row.fault, fault, "%s %s", row.kind, row.number)
	}
	require.Equal(t, "female", identity.Sex("", "11010519491231002X"))
	require.Empty(t, identity.Sex(identity.Passport, "E12345678"))
	require.Equal(t, "11010519491231002X", identity.Number(" 110105 19491231 002ｘ"))
}

func checkOf(digits string) string {
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(digits[i]-'0') * weight
	}
	return string("10X98765432"[sum%11])
}
