package api

import "guitu/rehab"

// The bodies of what changes the rules a case runs under.
type (
	migratePolicy struct {
		rehab.MigratePolicy
		Facts
	}
	applyCalendar struct {
		rehab.ApplyCalendar
		Facts
	}
	moveStation struct {
		rehab.MoveStation
		Facts
	}
)

func (b migratePolicy) command() rehab.CommandBody { return b.MigratePolicy }
func (b applyCalendar) command() rehab.CommandBody { return b.ApplyCalendar }

func (b moveStation) command() rehab.CommandBody { return b.MoveStation }

func (s *server) migrationRoutes() {
	command[migratePolicy](s, "migrate-policy", "Put the case under another version of the rules")
	command[applyCalendar](s, "apply-calendar", "Count open limits again under the calendar of now")
	command[moveStation](s, "move-station", "Hand the case to the station that has taken over the street")
}
