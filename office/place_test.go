package office_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/board"
	"guitu/office"
	"guitu/rehab"
)

var (
	today  = day(2026, 6, 1)
	street = board.Place{Code: "110101001", Parent: "110101", Level: "street", Name: "东华门街道"}
	other  = board.Place{Code: "110101002", Parent: "110101", Level: "street", Name: "景山街道"}
)

func day(y, m, d int) rehab.Date { return rehab.NewDate(y, time.Month(m), d) }

func record(position int64, from rehab.Date) office.Record {
	return office.Record{Position: position, From: from}
}

func TestAPlaceIsAsItWasOnTheDay(t *testing.T) {
	t.Parallel()
	facts := []office.PlaceFact{ // recorded in another order than they became so
		{Record: record(3, day(2026, 5, 1)), Change: office.Merged, Successor: other.Code},
		{Record: record(1, day(2026, 2, 1)), Change: office.Renamed, Name: "新东华门街道"},
		{Record: record(2, day(2026, 1, 1)), Change: office.StationSet, Station: &office.Station{Head: "h-1"}},
		{Record: record(4, day(2026, 3, 1)), Change: office.StationSet, Station: &office.Station{Head: "h-2"}},
		{Record: record(5, day(2026, 3, 1)), Change: office.StationSet, Station: &office.Station{Head: "h-3"}}, // said better later
	}
	require.Equal(t, office.Place{Place: street, Status: office.InForce}, office.PlaceOn(street, facts, day(2025, 12, 31)))
	require.Equal(t, "东华门街道", office.PlaceOn(street, facts, day(2026, 1, 31)).Name)
	spring := office.PlaceOn(street, facts, day(2026, 4, 30))
	require.Equal(t, "新东华门街道", spring.Name)
	require.Equal(t, "h-3", spring.Station.Head)
	require.Equal(t, office.InForce, spring.Status)
	summer := office.PlaceOn(street, facts, today)
	require.Equal(t, office.WasMerged, summer.Status)
	require.Equal(t, day(2026, 5, 1), summer.Since)
	require.Equal(t, other.Code, summer.Successor)
	require.Equal(t, day(2026, 5, 1), office.Ends(facts, day(2026, 1, 1)))
	undone := append(facts, office.PlaceFact{Record: record(6, day(2026, 5, 1)), Change: office.Reopened})
	require.Equal(t, office.InForce, office.PlaceOn(street, undone, today).Status)
	require.Zero(t, office.Ends(undone, day(2026, 1, 1)))
}

func TestAChangeOfAPlaceThatCannotBeIsRefusedByField(t *testing.T) {
	t.Parallel()
	merged := []office.PlaceFact{{Record: record(1, day(2026, 5, 1)), Change: office.Merged, Successor: other.Code}}
	into := office.Place{Place: other, Status: office.InForce}
	gone := office.Place{Place: other, Status: office.WasClosed, Since: day(2026, 1, 1)}
	district := board.Place{Code: "110101", Level: "district", Name: "东城区"}
	for _, row := range []struct {
		name      string
		base      board.Place
		history   []office.PlaceFact
		change    office.PlaceFact
		successor *office.Place
		ends      rehab.Date
		field     string
	}{
		{"no day", street, nil, office.PlaceFact{Change: office.Renamed, Name: "x"}, nil, 0, "from"},
		{"far ahead", street, nil, office.PlaceFact{Record: record(0, day(2028, 1, 1)), Change: office.Renamed, Name: "x"}, nil, 0, "from"},
		{"before the law", street, nil, office.PlaceFact{Record: record(0, day(2008, 5, 31)), Change: office.Renamed, Name: "x"}, nil, 0, "from"},
		{"no name", street, nil, office.PlaceFact{Record: record(0, today), Change: office.Renamed, Name: " "}, nil, 0, "name"},
		{"the name it has", street, nil, office.PlaceFact{Record: record(0, today), Change: office.Renamed, Name: street.Name}, nil, 0, "name"},
		{"merged already", street, merged, office.PlaceFact{Record: record(0, today), Change: office.Closed}, nil, 0, "from"},
		{"reopened in force", street, nil, office.PlaceFact{Record: record(0, today), Change: office.Reopened}, nil, 0, "from"},
		{"a district", district, nil, office.PlaceFact{Record: record(0, today), Change: office.Closed}, nil, 0, ""},
		{"into nothing", street, nil, office.PlaceFact{Record: record(0, today), Change: office.Merged}, nil, 0, "into"},
		{"into itself", street, nil, office.PlaceFact{Record: record(0, today), Change: office.Merged, Successor: street.Code}, &into, 0, "into"},
		{"into no street", street, nil, office.PlaceFact{Record: record(0, today), Change: office.Merged, Successor: "1"}, nil, 0, "into"},
		{"into a closed one", street, nil, office.PlaceFact{Record: record(0, today), Change: office.Merged, Successor: other.Code}, &gone, 0, "into"},
		{"into one that will close", street, nil, office.PlaceFact{Record: record(0, today), Change: office.Merged, Successor: other.Code}, &into, day(2026, 7, 1), "into"},
	} {
		err := office.CheckPlaceFact(row.base, row.history, row.change, row.successor, row.ends, today)
		require.NotNil(t, err, row.name)
		require.Equal(t, row.field, err.Field, row.name)
	}
	require.Nil(t, office.CheckPlaceFact(street, nil, office.PlaceFact{Record: record(0, today), Change: office.Merged, Successor: other.Code}, &into, 0, today))
	require.Nil(t, office.CheckPlaceFact(street, merged, office.PlaceFact{Record: record(0, today), Change: office.Reopened}, nil, 0, today))
}
