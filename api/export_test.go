package api

import (
	"maps"
	"slices"
)

// Settling lists the commands that settle what waits for an office.
func Settling() []string { return slices.Sorted(maps.Values(settles)) }
