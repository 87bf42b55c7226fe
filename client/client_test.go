package client_test

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"

	"guitu/client"
	"guitu/rehab"
	"guitu/workflows"
)

// temporalServer keeps the signals that it gets.
type temporalServer struct {
	workflowservice.UnimplementedWorkflowServiceServer
	got []*workflowservice.SignalWorkflowExecutionRequest
}

func (*temporalServer) GetSystemInfo(context.Context, *workflowservice.GetSystemInfoRequest) (*workflowservice.GetSystemInfoResponse, error) {
	return &workflowservice.GetSystemInfoResponse{Capabilities: &workflowservice.GetSystemInfoResponse_Capabilities{}}, nil
}

func (s *temporalServer) SignalWorkflowExecution(_ context.Context, r *workflowservice.SignalWorkflowExecutionRequest) (*workflowservice.SignalWorkflowExecutionResponse, error) {
	if r.GetWorkflowExecution().GetWorkflowId() == "c-none" {
		return nil, serviceerror.ToStatus(serviceerror.NewNotFound("no such workflow")).Err()
	}
	s.got = append(s.got, r)
	return &workflowservice.SignalWorkflowExecutionResponse{}, nil
}

// listen serves until stop is called.
func listen() (s *temporalServer, address string, stop func()) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	s = &temporalServer{}
	server := grpc.NewServer()
	workflowservice.RegisterWorkflowServiceServer(server, s)
	go func() { _ = server.Serve(listener) }()
	return s, listener.Addr().String(), server.Stop
}

// A hospital's system reports the result of a test. What goes over the wire says which case
// and which command, and nothing else that can be read.
func ExampleClient_Signal() {
	server, address, stop := listen() // Temporal, in an installation
	defer stop()
	payload, _ := workflows.GenerateKeyset() // secrets.payload of the installation
	ctx := context.Background()

	c, err := client.Dial(ctx, client.Options{Address: address, Namespace: "guitu", Payload: payload})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	err = c.Signal(ctx, "c-2q7zjk3rmh5xw4tqd6y3n8", client.Command{
		ID:         "lis-2026-000417",
		Actor:      rehab.Actor{ID: "hospital-lis", Role: rehab.IntegrationRole},
		OccurredAt: time.Date(2026, 10, 8, 1, 30, 0, 0, time.UTC),
		Body:       rehab.RecordContact{Channel: rehab.Phone, Outcome: rehab.NoAnswer},
	})
	fmt.Println("sent:", err == nil)
	got := server.got[0]
	fmt.Println(got.GetWorkflowExecution().GetWorkflowId(), got.GetSignalName(), string(got.GetInput().GetPayloads()[0].GetMetadata()["encoding"]))
	// Output:
	// sent: true
	// c-2q7zjk3rmh5xw4tqd6y3n8 record-contact binary/encrypted-deflate
}

func TestWhatNoCaseWouldTakeIsNotSent(t *testing.T) {
	t.Parallel()
	server, address, stop := listen()
	defer stop()
	payload, err := workflows.GenerateKeyset()
	require.NoError(t, err)
	c, err := client.Dial(t.Context(), client.Options{Address: address, Namespace: "guitu", Payload: payload})
	require.NoError(t, err)
	defer c.Close()
	good := func(change func(*client.Command)) client.Command {
		cmd := client.Command{ID: "k-1", Actor: rehab.Actor{ID: "lis", Role: rehab.IntegrationRole}, OccurredAt: time.Now(), Body: rehab.ReportIn{}}
		change(&cmd)
		return cmd
	}
	for name, row := range map[string]struct {
		code rehab.Code
		cmd  client.Command
	}{
		"an id of the system's own": {rehab.Invalid, good(func(c *client.Command) { c.ID = rehab.Reserved("fleet", "f", 1) })},
		"an ID number as actor":     {rehab.Invalid, good(func(c *client.Command) { c.Actor.ID = "110101199003074514" })},
		"a partner":                 {rehab.Forbidden, good(func(c *client.Command) { c.Actor.Role = rehab.PartnerRole })},
		"the system itself":         {rehab.Forbidden, good(func(c *client.Command) { c.Actor = rehab.System })},
		"no time":                   {rehab.Invalid, good(func(c *client.Command) { c.OccurredAt = time.Time{} })},
		"no body":                   {rehab.Invalid, good(func(c *client.Command) { c.Body = nil })},
		"an opening":                {rehab.Invalid, good(func(c *client.Command) { c.Body = rehab.OpenCase{} })},
	} {
		err := c.Signal(t.Context(), "c-1", row.cmd)
		require.Error(t, err, name)
		require.Equal(t, row.code, rehab.CodeOf(err), name)
	}
	require.Empty(t, server.got)
	err = c.Signal(t.Context(), "c-none", good(func(*client.Command) {}))
	require.Equal(t, rehab.NotFound, rehab.CodeOf(err))
	require.NoError(t, c.Signal(t.Context(), "c-1", good(func(*client.Command) {})))
	require.Len(t, server.got, 1)
}
