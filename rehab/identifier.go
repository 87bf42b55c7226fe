package rehab

import (
	"fmt"
	"regexp"
	"strings"
)

// ActorField names the id of an actor in errors.
const ActorField = "actor.id"

var (
	registryID = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)
	// idNumber is a citizen identity number: 18 characters (GB 11643), or the 15 digits of before.
	idNumber = regexp.MustCompile(`(?:^|[^0-9])(?:[0-9]{15}|[0-9]{17}[0-9Xx])(?:[^0-9]|$)`)
)

// CheckActorID refuses what cannot be the id of a person or a system in the registry: ids
// stand in the ledger and in Temporal, readable and for ever, so that a name or an ID
// number must never be one. field is where the id came from.
func CheckActorID(field, id string) *Error {
	switch {
	case !registryID.MatchString(id):
		return InvalidField(field, "is an id of the registry: 1 to 64 letters, digits, '.', '_', ':' or '-', and never a name")
	case idNumber.MatchString(id):
		return InvalidField(field, "looks like an ID number: an id of the registry says nothing of who it is")
	}
	return nil
}

// Roles are all that an actor can have.
func Roles() []Role {
	return []Role{
		WorkerRole, StationHead, DistrictOffice, CityOffice, Admin, SystemRole, IntegrationRole, PartnerRole, PoliceRole,
		SystemAdmin, SecurityAdmin, Auditor,
	}
}

// maxCommandID is how many characters the id of a command has at most.
const maxCommandID = 128

// CheckKey refuses what a caller may not choose as the id of a command: visible ASCII
// characters alone.
func CheckKey(id string) *Error {
	if err := checkCommandID(id); err != nil {
		return err
	}
	if strings.Contains(id, " ") {
		return InvalidField("command_id", "a command id holds visible ASCII characters only")
	}
	return nil
}

// Reserved is the id of a command that the system gives by itself: its origin and what
// tells it from others of that origin. The blank between them is what no key of a caller
// can hold, so that nobody can take the id before, or send another command under it.
func Reserved(origin string, parts ...any) string {
	id := origin
	for _, p := range parts {
		id += " " + fmt.Sprint(p)
	}
	return id
}

// checkCommandID takes keys of callers and ids that are Reserved.
func checkCommandID(id string) *Error {
	if len(id) == 0 || len(id) > maxCommandID {
		return InvalidField("command_id", "a command id has 1 to %d characters, this one has %d", maxCommandID, len(id))
	}
	for i := range len(id) {
		if id[i] < ' ' || id[i] > '~' {
			return InvalidField("command_id", "a command id holds visible ASCII characters only")
		}
	}
	return nil
}
