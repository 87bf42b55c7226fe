package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/rehab"
)

func TestNoNameStandsInAnyTable(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := board.Identity{OrderNo: "ORDER-77", Name: "SECRETNAME", Sex: "male", IDNumber: "110199198001010011", Phone: "12000009001", FamilyContact: "SECRETKIN"}
	caseID := b.store.CaseIDFor(id.OrderNo)
	require.Equal(t, caseID, b.store.CaseIDFor(" ORDER-77 "))
	require.NoError(t, b.store.SaveIdentity(t.Context(), caseID, id))
	require.NoError(t, b.store.SaveIdentity(t.Context(), caseID, id), "the same again")
	other := id
	other.Name = "SOMEBODYELSE"
	require.Equal(t, rehab.Conflict, rehab.CodeOf(b.store.SaveIdentity(t.Context(), caseID, other)))
	b.open(caseID)
	require.NoError(t, b.store.SaveTexts(t.Context(), caseID, "open", map[string]string{"note": "SECRETNOTE"}))
	require.NoError(t, b.store.DropTexts(t.Context(), caseID, "open"), "a text of a recorded command stays")
	require.NoError(t, b.store.DropIdentity(t.Context(), caseID), "the identity of an open case stays")

	got, err := b.store.Identity(t.Context(), caseID)
	require.NoError(t, err)
	require.Equal(t, id, got)
	line, err := b.store.Timeline(t.Context(), caseID, 0, 10)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"note": "SECRETNOTE"}, line[0].Texts)
	cases, err := b.store.CasesOfPerson(t.Context(), id.IDNumber)
	require.NoError(t, err)
	require.Equal(t, []string{caseID}, cases)

	conn := b.superuser()
	rows, err := conn.Query(t.Context(), `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`)
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Contains(t, tables, "clients")
	for _, table := range tables {
		var dump string
		require.NoError(t, conn.QueryRow(t.Context(), `SELECT coalesce(string_agg(x::text, ' '), '') FROM `+pgx.Identifier{table}.Sanitize()+` x`).Scan(&dump))
		for _, secret := range []string{"SECRET", "ORDER-77", id.IDNumber, id.Phone, fmt.Sprintf("%x", "SECRETNAME")} {
			require.NotContains(t, dump, secret, table)
		}
	}
}

func TestTokensExpireAndFitTheirPlace(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token, err := b.store.CreateToken(t.Context(), head, "test", time.Now().Add(time.Hour))
	require.NoError(t, err)
	a, err := b.store.Actor(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, head, a)
	require.NoError(t, b.store.KeepToken(t.Context(), "old", head, "", time.Now().Add(-time.Hour)))
	_, err = b.store.Actor(t.Context(), "old")
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
	later := time.Now().Add(time.Hour)
	for field, wrong := range map[string]rehab.Actor{
		"place": {ID: "x", Role: rehab.DistrictOffice, Place: "11"}, "role": {ID: "x", Role: "chief", Place: "11"},
		"id": {ID: "张三", Role: rehab.CityOffice, Place: "11"}, "id: looks like an ID number": {ID: "110101199003074514", Role: rehab.CityOffice, Place: "11"},
	} {
		_, err = b.store.CreateToken(t.Context(), wrong, "", later)
		require.Equal(t, rehab.Invalid, rehab.CodeOf(err))
		require.ErrorContains(t, err, field)
	}
	_, err = b.store.CreateToken(t.Context(), rehab.Actor{ID: "x", Role: rehab.WorkerRole, Place: "999999999"}, "", later)
	require.ErrorContains(t, err, "there is no place 999999999")
	_, err = b.store.CreateToken(t.Context(), head, "", time.Now())
	require.ErrorContains(t, err, "expired")
}
