package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/bulk"
	"guitu/documents"
	"guitu/dossier"
	"guitu/evaluation"
	"guitu/office"
	"guitu/rehab"
)

// closedOf lists the values of a type whose codes are no enum of the core.
type closedOf[T ~string] struct{}

func (closedOf[T]) Schema(huma.Registry) *huma.Schema {
	values, _ := closed()[reflect.TypeFor[T]()].([]T)
	return enum(values...)
}

// closed are those types with all their values.
func closed() map[reflect.Type]any {
	out := make(map[reflect.Type]any)
	for _, values := range []any{
		[]rehab.Code{rehab.Invalid, rehab.NotFound, rehab.Conflict, rehab.Forbidden, rehab.Refused, rehab.Known, rehab.Unavailable, rehab.Internal},
		board.GapKinds(),
		[]bulk.Kind{bulk.Reassign, bulk.Migrate, bulk.ApplyCalendar, bulk.MoveStation},
		[]bulk.State{bulk.Running, bulk.Undoable, bulk.Undoing, bulk.Done, bulk.Undone, bulk.Cancelled},
		[]bulk.Outcome{bulk.Pending, bulk.Acted, bulk.Refused, bulk.Skipped, bulk.Kept, bulk.TakenBack, bulk.NotUndone},
		[]office.WorkerChange{office.Registered, office.Moved, office.Adjusted, office.Left},
		[]office.Post{office.FullTime, office.PartTime, office.HeadPost, office.Supervisor},
		[]office.Qualification{office.Unqualified, office.Assistant, office.Certified, office.Senior},
		[]office.PlaceChange{office.Renamed, office.Merged, office.Closed, office.Reopened, office.StationSet, office.LeadGroupSet},
		[]office.PlaceStatus{office.InForce, office.WasMerged, office.WasClosed},
		office.SpoilReasons(),
		[]evaluation.Span{evaluation.Month, evaluation.Quarter, evaluation.Year},
		[]evaluation.Level{evaluation.Worker, evaluation.Street, evaluation.District, evaluation.City},
		dossier.Fields(),
		documents.Kinds(),
	} {
		out[reflect.TypeOf(values).Elem()] = values
	}
	return out
}

// listEnums gives each of them its schema, and those of the core that only answers have.
func listEnums(r huma.Registry) {
	codes[rehab.Mark](r)
	codes[rehab.Kind](r)
	codes[rehab.Ground](r)
	codes[rehab.Status](r)
	codes[rehab.WatchReason](r)
	codes[rehab.Unit](r)
	codes[rehab.Trigger](r)
	codes[rehab.Closing](r)
	codes[rehab.OutreachEnd](r)
	codes[rehab.VolunteerEnd](r)
	alias[rehab.Code, closedOf[rehab.Code]](r)
	alias[board.GapKind, closedOf[board.GapKind]](r)
	alias[bulk.Kind, closedOf[bulk.Kind]](r)
	alias[bulk.State, closedOf[bulk.State]](r)
	alias[bulk.Outcome, closedOf[bulk.Outcome]](r)
	alias[office.WorkerChange, closedOf[office.WorkerChange]](r)
	alias[office.Post, closedOf[office.Post]](r)
	alias[office.Qualification, closedOf[office.Qualification]](r)
	alias[office.PlaceChange, closedOf[office.PlaceChange]](r)
	alias[office.PlaceStatus, closedOf[office.PlaceStatus]](r)
	alias[office.SpoilReason, closedOf[office.SpoilReason]](r)
	alias[evaluation.Span, closedOf[evaluation.Span]](r)
	alias[evaluation.Level, closedOf[evaluation.Level]](r)
	alias[dossier.Field, closedOf[dossier.Field]](r)
	alias[documents.Kind, closedOf[documents.Kind]](r)
}
