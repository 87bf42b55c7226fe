// Package client is how another system gives commands to cases without waiting for their
// answers: as sealed signals. Whoever has to know at once whether a command was taken uses
// the HTTP API.
package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/serviceerror"
	temporal "go.temporal.io/sdk/client"

	"guitu/rehab"
	"guitu/workflows"
)

// Options say where the cases run. Payload is the secret secrets.payload of the
// installation: without it nothing is taken.
type Options struct {
	Address, Namespace string
	Payload            string
	TLS                *tls.Config // nil: in clear
}

// Client sends commands.
type Client struct{ temporal temporal.Client }

// Dial connects to Temporal. Close the client when done.
func Dial(ctx context.Context, o Options) (*Client, error) {
	converters, err := workflows.NewConverters(o.Payload)
	if err != nil {
		return nil, err
	}
	c, err := temporal.DialContext(ctx, temporal.Options{
		HostPort: o.Address, Namespace: o.Namespace, DataConverter: converters.Data, FailureConverter: converters.Failure, ConnectionOptions: temporal.ConnectionOptions{TLS: o.TLS},
	})
	if err != nil {
		return nil, fmt.Errorf("connect to Temporal at %s: %w", o.Address, err)
	}
	return &Client{c}, nil
}

// Close ends the connection.
func (c *Client) Close() { c.temporal.Close() }

// Command is what is asked of a case. ID is the sender's own, up to 128 visible ASCII
// characters: sent again under the same ID, the command acts once.
type Command struct {
	ID         string
	Actor      rehab.Actor // who asks: an id of the registry, and a role
	OccurredAt time.Time   // when it happened in the world
	Body       rehab.CommandBody
}

// Signal leaves the command with the case. Nil says that the engine keeps it, not that it
// was taken: a refusal stands in the timeline as command_refused, with its reason. Errors are
// *rehab.Error: Invalid or Forbidden where no case would take the command, NotFound where the
// case does not run, Unavailable where the same command may be sent again.
func (c *Client) Signal(ctx context.Context, caseID string, cmd Command) error {
	if err := rehab.CheckKey(cmd.ID); err != nil {
		return err
	}
	if cmd.Actor.Role == rehab.SystemRole {
		return &rehab.Error{Code: rehab.Forbidden, Field: "actor.role", Message: "the system itself is not another system"}
	}
	given := rehab.Command{ID: cmd.ID, Actor: cmd.Actor, OccurredAt: cmd.OccurredAt, Body: cmd.Body}
	if err := workflows.CheckCommand(given); err != nil {
		return err
	}
	if _, opens := cmd.Body.(rehab.OpenCase); opens {
		return rehab.InvalidField("type", "a case is opened by POST /v1/cases: it needs to know whose it is")
	}
	err := c.temporal.SignalWorkflow(ctx, caseID, "", cmd.Body.CommandType(), given)
	var missing *serviceerror.NotFound
	switch {
	case errors.As(err, &missing):
		return &rehab.Error{Code: rehab.NotFound, Message: "the case does not run"}
	case err != nil:
		return &rehab.Error{Code: rehab.Unavailable, Message: fmt.Sprintf("the engine did not answer: %v", err)}
	}
	return nil
}
