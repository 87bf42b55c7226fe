package doors

import (
	"maps"
	"slices"
	"strings"

	"guitu/rehab"
)

// Actors are who asks, by the token that each has. The table below says what each may see: it is
// written by hand from docs/security.md, and knows nothing of how the API finds out.
var Actors = map[string]rehab.Actor{
	"worker":         {ID: "w-1", Role: rehab.WorkerRole, Place: Own},
	"colleague":      {ID: "w-2", Role: rehab.WorkerRole, Place: Own},
	"sibling-worker": {ID: "w-3", Role: rehab.WorkerRole, Place: Sibling},
	"foreign-worker": {ID: "w-9", Role: rehab.WorkerRole, Place: Foreign},
	"head":           {ID: "h-1", Role: rehab.StationHead, Place: Own},
	"sibling-head":   {ID: "h-2", Role: rehab.StationHead, Place: Sibling},
	"foreign-head":   {ID: "h-9", Role: rehab.StationHead, Place: Foreign},
	"district":       {ID: "d-1", Role: rehab.DistrictOffice, Place: District},
	"other-district": {ID: "d-2", Role: rehab.DistrictOffice, Place: Elsewhere},
	"city":           {ID: "c-1", Role: rehab.CityOffice, Place: "11"},
	"admin":          {ID: "a-1", Role: rehab.Admin},
	"integration":    {ID: "i-1", Role: rehab.IntegrationRole},
	"placeless":      {ID: "x-1", Role: rehab.DistrictOffice},
	"police":         {ID: "o-1", Role: rehab.PoliceRole, Place: Own},
	"other-police":   {ID: "o-9", Role: rehab.PoliceRole, Place: Foreign},
	"partner":        {ID: "p-1", Role: rehab.PartnerRole, Organisation: "org-1"},
	"settings":       {ID: "s-1", Role: rehab.SystemAdmin, Place: "11"},
	"security":       {ID: "s-2", Role: rehab.SecurityAdmin, Place: "11"},
	"auditor":        {ID: "s-3", Role: rehab.Auditor, Place: "11"},
}

// Tokens are all of them, and nobody, in one order.
func Tokens() []string { return append(slices.Sorted(maps.Keys(Actors)), "", "no-such-token") }

func workers() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(Actors)) {
		if Actors[name].Role == rehab.WorkerRole {
			names = append(names, name)
		}
	}
	return names
}

// reaches reports whether the case lies where the actor acts: for a worker the own cases and
// those of the own street that nobody has, for all others the area.
func reaches(a rehab.Actor, place, worker string) bool {
	switch a.Role {
	case rehab.WorkerRole:
		return worker == a.ID || worker == "" && place == a.Place
	case rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice:
		return a.Place != "" && strings.HasPrefix(place, a.Place)
	case rehab.Admin, rehab.IntegrationRole:
		return strings.HasPrefix(place, a.Place)
	}
	return false
}

// reads reports whether the actor reads the case at all, masked or not.
func reads(a rehab.Actor, place, worker string) bool {
	return a.Role != rehab.IntegrationRole && reaches(a, place, worker)
}

// readsInFull reports whether the actor may read who the client is.
func readsInFull(a rehab.Actor, place, worker string) bool {
	return a.Role == rehab.WorkerRole && worker == a.ID || a.Role == rehab.StationHead && place == a.Place
}
