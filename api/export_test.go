package api

import (
	"maps"
	"slices"
)

// NeedNotes lists the commands of which a batch demands a note.
func NeedNotes() []string { return reasoned }

// Settling lists the commands that settle what waits for an office.
func Settling() []string { return slices.Sorted(maps.Values(settles)) }
