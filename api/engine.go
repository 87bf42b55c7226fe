package api

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/bulk"
	"guitu/casework"
	"guitu/notify"
	"guitu/rehab"
)

// Room is what the engine room reads of the ledger's database.
type Room interface {
	// LateCases should have gone on before the instant; so many are named.
	LateCases(ctx context.Context, place string, before time.Time, named int) (board.Late, error)
	TransfersUnderWay(ctx context.Context, place string) (int, error)
	// LastVerification is the latest check; ok is false where there was none.
	LastVerification(ctx context.Context) (v board.Verification, ok bool, err error)
}

// Queues says what waits for a worker process.
type Queues interface {
	QueueLags(ctx context.Context) ([]board.QueueLag, error)
}

const (
	lateNamed   = 100 // cases whose wake is late
	bulkLooked  = 200 // operations, the latest first
	usuallyLate = 7 * time.Hour
)

// EngineReport says whether the engine keeps up. Nothing in it is of a person.
type EngineReport struct {
	TakenAt    time.Time           `json:"taken_at"`
	Place      string              `json:"place" doc:"Of the cases, operations and transfers; empty: all."`
	Late       board.Late          `json:"late" doc:"Open cases that did not go on though their time is over by more than the nightly sweep. The administrator of the system sees none by id."`
	Bulk       []RunningBulk       `json:"bulk" nullable:"false" doc:"Bulk operations that run or are being taken back."`
	Transfers  int                 `json:"transfers" doc:"Transfers under way, from and to the place."`
	Queues     []board.QueueLag    `json:"queues" nullable:"false" doc:"What waits for a worker process; none where Temporal does not answer (GET /readyz)."`
	Deliveries EngineDeliveries    `json:"deliveries"`
	Streams    int                 `json:"streams" doc:"Live streams that this process serves."`
	Verified   *board.Verification `json:"verified,omitempty" doc:"The last guitu verify; none where there was none."`
}

// RunningBulk is how far a bulk operation is.
type RunningBulk struct {
	ID      string     `json:"id"`
	Kind    bulk.Kind  `json:"kind"`
	Place   string     `json:"place"`
	State   bulk.State `json:"state"`
	Total   int        `json:"total"`
	Pending int        `json:"pending"`
}

// EngineDeliveries are the notices on their way out of the system, of the whole installation.
type EngineDeliveries struct {
	Waiting int64 `json:"waiting"`
	Failed  int64 `json:"failed"`
}

func (s *server) engineRoutes() {
	operation(s, huma.Operation{
		OperationID: "get-engine", Method: http.MethodGet, Path: "/v1/engine", Tags: []string{"operation"},
		Summary:     "Say whether the engine keeps up: late cases, what runs, what waits, the last verification",
		Description: "For heads of stations, offices and administrators of the system, who see figures and no case.",
	}, s.engineRoom)
}

type engineInput struct {
	Place string `query:"place" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
}

type engineOutput struct{ Body EngineReport }

func (s *server) engineRoom(ctx context.Context, a rehab.Actor, in *engineInput) (*engineOutput, error) {
	place, err := enginePlace(a, in.Place)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	out := EngineReport{TakenAt: now.UTC(), Place: place, Bulk: []RunningBulk{}, Queues: []board.QueueLag{}, Streams: s.hub.listening()}
	if out.Late, err = s.Room.LateCases(ctx, place, now.Add(-s.LateAfter), lateNamed); err != nil {
		return nil, err
	}
	if a.Role == rehab.SystemAdmin {
		out.Late.List = []board.LateCase{}
	}
	if out.Transfers, err = s.Room.TransfersUnderWay(ctx, place); err != nil {
		return nil, err
	}
	operations, err := s.Bulk.BulkOperations(ctx, place, bulkLooked)
	if err != nil {
		return nil, err
	}
	for _, o := range operations {
		if slices.Contains([]bulk.State{bulk.Running, bulk.Undoing}, o.State) {
			out.Bulk = append(out.Bulk, RunningBulk{o.ID, o.Kind, o.Place, o.State, o.Total, o.Outcomes[bulk.Pending]})
		}
	}
	err = s.engineOutside(ctx, &out)
	return &engineOutput{out}, err
}

// engineOutside adds what belongs to no place.
func (s *server) engineOutside(ctx context.Context, out *EngineReport) error {
	deliveries, err := s.Subscriptions.DeliveryCounts(ctx)
	if err != nil {
		return err
	}
	out.Deliveries = EngineDeliveries{deliveries[notify.DeliveryWaiting], deliveries[notify.DeliveryFailed]}
	verified, ok, err := s.Room.LastVerification(ctx)
	if err != nil {
		return err
	}
	if ok {
		out.Verified = &verified
	}
	lags, err := s.Queues.QueueLags(ctx)
	if err != nil { // the rest is the more needed then
		s.Log.LogAttrs(ctx, slog.LevelWarn, "the queues are not known", slog.String("error", err.Error()))
		return nil
	}
	out.Queues = append(out.Queues, lags...)
	return nil
}

// enginePlace is the place whose engine room the actor may look into.
func enginePlace(a rehab.Actor, asked string) (string, error) {
	switch a.Role {
	case rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice, rehab.Admin, rehab.SystemAdmin:
		return casework.Narrow(a, asked)
	}
	return "", &rehab.Error{Code: rehab.Forbidden, Message: "the engine room is shown to stations, offices and administrators of the system"}
}
