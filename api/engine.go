package api

import (
	"context"
	"crypto/rand"
	"errors"
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
	// LastVerification is the latest check of the place, or of one above it; ok is false where there was none.
	LastVerification(ctx context.Context, place string) (v board.Verification, ok bool, err error)
	// Verification is the one that was asked for last, and how far it is.
	Verification(ctx context.Context) (j board.VerificationJob, ok bool, err error)
	// BeginVerification notes that one was asked for: Conflict while another is under way.
	BeginVerification(ctx context.Context, j board.VerificationJob) error
	// EndVerification notes that it is over.
	EndVerification(ctx context.Context, id string) error
}

// VerifyEngine starts verifications: Conflict while one runs.
type VerifyEngine interface {
	StartVerification(ctx context.Context, j board.VerificationJob) error
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
	Verified   *board.Verification `json:"verified,omitempty" doc:"The last verification of the place, or of one above it, with the cases of its first findings; the administrator of the system sees none by id. Missing where there was none."`

	Verifying *board.VerificationJob `json:"verifying,omitempty" doc:"The verification that was asked for last, wherever, and how far it is. One that is lost was not heard of for minutes."`
	Cases     string                 `json:"case_in_temporal,omitempty" doc:"Where Temporal's UI shows a case, its id put behind: for the city office, where the address is configured." example:"https://temporal.example.cn/namespaces/default/workflows/"`
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
	operation(s, huma.Operation{
		OperationID: "start-verification", Method: http.MethodPost, Path: "/v1/engine/verify", Tags: []string{"operation"}, DefaultStatus: http.StatusAccepted,
		Summary: "Check what must always hold of the cases of a place, as guitu verify does",
		Description: "For whom GET /v1/engine is for, which shows how far it is and what it found. There is one at a time: 409 while another is under way. " +
			"A case that was found right and has not moved since is not asked again, unless full is true.",
	}, s.startVerification)
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
	if err := s.verifications(ctx, a, &out); err != nil {
		return nil, err
	}
	if a.Role == rehab.SystemAdmin {
		out.Late.List = []board.LateCase{}
	}
	if a.Role == rehab.CityOffice || a.Role == rehab.Admin { // who may have payloads decoded
		out.Cases = s.CaseInTemporal
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
	lags, err := s.Queues.QueueLags(ctx)
	if err != nil { // the rest is the more needed then
		s.Log.LogAttrs(ctx, slog.LevelWarn, "the queues are not known", slog.String("error", err.Error()))
		return nil
	}
	out.Queues = append(out.Queues, lags...)
	return nil
}

// verifications adds the last one, and the one that was asked for last.
func (s *server) verifications(ctx context.Context, a rehab.Actor, out *EngineReport) error {
	verified, ok, err := s.Room.LastVerification(ctx, out.Place)
	if err != nil {
		return err
	}
	if ok {
		out.Verified = &verified
		if a.Role == rehab.SystemAdmin {
			verified.First = nil
		}
	}
	asked, ok, err := s.Room.Verification(ctx)
	if ok {
		out.Verifying = &asked
	}
	return err
}

type startVerificationInput struct {
	Body struct {
		Place string `json:"place,omitempty" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"A place and all below it; the actor's own by default."`
		Full  bool   `json:"full,omitempty" doc:"Ask every case, whenever it was last found right."`
	}
}

type startVerificationOutput struct{ Body board.VerificationJob }

func (s *server) startVerification(ctx context.Context, a rehab.Actor, in *startVerificationInput) (*startVerificationOutput, error) {
	place, err := enginePlace(a, in.Body.Place)
	if err != nil {
		return nil, err
	}
	now := s.Now().UTC()
	j := board.VerificationJob{ID: rand.Text(), Place: place, Full: in.Body.Full, By: a.ID, StartedAt: now, SeenAt: now, State: board.VerificationRuns}
	if err := s.Room.BeginVerification(ctx, j); err != nil {
		return nil, err
	}
	if err := s.VerifyEngine.StartVerification(ctx, j); err != nil {
		return nil, errors.Join(err, s.Room.EndVerification(context.WithoutCancel(ctx), j.ID))
	}
	return &startVerificationOutput{j}, nil
}

// enginePlace is the place whose engine room the actor may look into.
func enginePlace(a rehab.Actor, asked string) (string, error) {
	switch a.Role {
	case rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice, rehab.Admin, rehab.SystemAdmin:
		return casework.Narrow(a, asked)
	}
	return "", &rehab.Error{Code: rehab.Forbidden, Message: "the engine room is shown to stations, offices and administrators of the system"}
}
