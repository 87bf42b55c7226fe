package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAnOrderNumberWrittenOtherwiseOpensNoSecondCase: what no eye sees, other brackets and
// full-width digits are the same number.
func TestAnOrderNumberWrittenOtherwiseOpensNoSecondCase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.call("head", "POST", "/v1/cases", order(1))
	require.Equal(t, 201, first.StatusCode, first.text)
	require.NotContains(t, first.json, "warnings")
	for _, written := range []string{
		"京公戒字〔2026〕000001号\u200b", "京公戒字[2026]000001号", "京公戒字〔２０２６〕000001号", "京公戒字（2026）第０００００１号", " 京公戒字 〔2026〕 000001号", "京公戒字〔二〇二六〕000001号",
	} {
		a := b.call("head", "POST", "/v1/cases", order(1, "order_no", written))
		require.Equal(t, 200, a.StatusCode, "%q %s", written, a.text)
		require.Equal(t, first.json["case_id"], a.json["case_id"], "%q", written)
		require.Equal(t, []any{"order_no: is kept as 京公戒字〔2026〕000001号"}, a.json["warnings"], "%q", written)
	}
	require.Len(t, b.cases, 1)
}

func TestClientsWithOtherDocumentsAndFromElsewhereCanBeOpened(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for n, row := range [][2]string{
		{"resident_card", idNumber(1)}, {"residence_permit", "810000199408230021"}, {"hk_macao_permit", "H12345678"}, {"taiwan_permit", "12345678"},
		{"foreign_resident", "911156198702100014"}, {"foreign_resident", "USA110087021001"}, {"passport", "e12345678"},
	} {
		a := b.call("head", "POST", "/v1/cases", order(n+1, "id_kind", row[0], "id_number", row[1], "sex", []string{"女", "男"}[(n+1)%2],
			"household_street", nil, "household_address", "河北省石家庄市长安区某街道"))
		require.Equal(t, 201, a.StatusCode, "%v %s", row, a.text)
		who := b.identities[a.json["case_id"].(string)]
		require.Equal(t, "河北省石家庄市长安区某街道", who.HouseholdAddress)
		if row[0] == "resident_card" {
			require.Empty(t, who.IDKind, "said or not, the resident card is one thing")
		} else {
			require.Equal(t, row[0], who.IDKind)
		}
	}
	for _, row := range [][3]string{
		{"hk_macao_permit", "X12345678", "id_number"}, {"taiwan_permit", "1234567", "id_number"}, {"residence_permit", idNumber(1), "id_number"},
		{"passport", "护照一二三号", "id_number"}, {"library_card", "E1234567", "id_kind"}, {"", "E12345678", "id_number"},
	} {
		changes := []any{"id_number", row[1]}
		if row[0] != "" {
			changes = append(changes, "id_kind", row[0])
		}
		b.call("head", "POST", "/v1/cases", order(50, changes...)).problem(t, 422, "invalid", row[2])
	}
}

func TestANumberThatASpreadsheetRoundedAndASexThatDoesNotFitAreTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.call("head", "POST", "/v1/cases", order(1, "id_number", "110199198501010000"))
	a.problem(t, 422, "invalid", "id_number")
	require.Contains(t, a.json["detail"], "rounded by a spreadsheet")
	const byChance = "110199198702010000" // its check character is right
	a = b.call("head", "POST", "/v1/cases", order(2, "id_number", byChance, "sex", "female"))
	require.Equal(t, []any{"id_number: ends in 000: was it rounded by a spreadsheet? Compare it with the document"}, a.json["warnings"])
	a = b.call("head", "POST", "/v1/cases", order(1, "sex", "female"))
	require.Equal(t, []any{"sex: the 17th digit of the identity number says male"}, a.json["warnings"])
}

func TestADryOrderOpensNothingAndSaysWhatWouldBecomeOfIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const path = "/v1/cases?dry_run=true"
	a := b.call("head", "POST", path, order(1))
	require.Equal(t, 200, a.StatusCode, a.text)
	require.Contains(t, a.json, "dry_run")
	require.NotContains(t, a.json, "duplicate")
	b.call("head", "POST", path, order(1, "execution_street", otherStreet)).problem(t, 422, "invalid", "execution_street")
	b.untouched(0)

	require.Equal(t, 201, b.call("head", "POST", "/v1/cases", order(1)).StatusCode)
	a = b.call("head", "POST", path, order(1))
	require.Equal(t, true, a.json["duplicate"])
	require.NotContains(t, a.json, "dry_run")
	b.call("head", "POST", path, order(1, "name", "钱某")).problem(t, 409, "conflict", "order_no")
	a = b.call("head", "POST", path, order(2, "id_number", idNumber(1), "sex", "男"))
	require.Contains(t, a.json["warnings"], "id_number: this person has an open case already: "+b.call("head", "POST", path, order(1)).json["case_id"].(string))
	require.Len(t, b.cases, 1)
}
