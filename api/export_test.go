package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"guitu/rehab"
)

// Settling lists the commands that settle what waits for an office.
func Settling() (commands []string) {
	kinds, _ := toDecide(rehab.Admin)
	for _, k := range kinds {
		commands = append(commands, rehab.SettledBy(rehab.Kind(k), true).Type)
	}
	return commands
}

// SchemaOf is how a type of the core looks in the document.
func SchemaOf(t reflect.Type) *huma.Schema { return newSchemas().Schema(t, false, "") }
