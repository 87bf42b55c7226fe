package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"guitu/board"
	"guitu/casework"
	"guitu/dossier"
	"guitu/input"
	"guitu/rehab"
)

func (s *server) searchRoutes() {
	const says = "By the whole order number, document or phone, by name or two or more of its characters that follow each other, or by pinyin initials (zxm). " +
		"Inside one's own scope alone; masked as lists are, one's own clients in full. Sealed and void cases are not found."
	operation(s, huma.Operation{
		OperationID: "search-clients", Method: http.MethodPost, Path: "/v1/clients/search", Tags: []string{"clients"},
		Summary: "Find clients by name, document, order number or phone", Description: says + " What is looked for stands in no address.",
	}, func(ctx context.Context, a rehab.Actor, in *searchInput) (*searchOutput, error) {
		return s.searchClients(ctx, a, in.Body)
	})
	operation(s, huma.Operation{
		OperationID: "find-clients", Method: http.MethodGet, Path: "/v1/clients", Tags: []string{"clients"},
		Summary: "Find clients by name, document, order number or phone", Description: says + " Addresses end in logs of proxies: search-clients is better for names and numbers.",
	}, func(ctx context.Context, a rehab.Actor, in *findInput) (*searchOutput, error) {
		return s.searchClients(ctx, a, ClientSearch{in.Query, in.After, in.Limit})
	})
}

// ClientSearch is what somebody looks for.
type ClientSearch struct {
	Query string `json:"q" minLength:"2" maxLength:"64" example:"小明"`
	After string `json:"after,omitempty" maxLength:"128" doc:"The next of the page before."`
	Limit int    `json:"limit,omitempty" minimum:"1" maximum:"50" default:"20"`
}

type searchInput struct{ Body ClientSearch }

type findInput struct {
	Query string `query:"q" required:"true" minLength:"2" maxLength:"64" example:"zxm"`
	After string `query:"after" maxLength:"128" doc:"The next of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"20"`
}

// FoundClient is a client that was found.
type FoundClient struct {
	rehab.Summary
	Identity *Client      `json:"identity"`
	Masked   bool         `json:"masked" doc:"Whether the identity is masked."`
	FoundBy  dossier.Kind `json:"found_by" enum:"order,document,phone,name,initials"`
}

// FoundClients is a page of clients. Next is the value of after for the next page.
type FoundClients struct {
	Clients []FoundClient `json:"clients" nullable:"false"`
	Next    string        `json:"next,omitempty"`
}

type searchOutput struct{ Body FoundClients }

func (o *searchOutput) listed() []string {
	out := make([]string, len(o.Body.Clients))
	for i, c := range o.Body.Clients {
		out[i] = c.CaseID
	}
	return out
}

// searchClients answers the same whether there is nobody or nobody in the scope.
func (s *server) searchClients(ctx context.Context, a rehab.Actor, in ClientSearch) (*searchOutput, error) {
	if err := permitSearch(a); err != nil {
		return nil, err
	}
	if detail := input.Bad(in.Query, false); detail != "" {
		return nil, rehab.InvalidField("q", "%s", detail)
	}
	if in.After != "" && !input.IsToken(in.After, 128) {
		return nil, rehab.InvalidField("after", "is no key of a page")
	}
	look, ok := dossier.Looking(in.Query)
	if !ok {
		return nil, rehab.InvalidField("q", "needs two letters, digits or characters at least")
	}
	f := board.ClientFilter{After: in.After, Limit: in.Limit + 1}
	if a.Role == rehab.WorkerRole {
		f.Worker, f.FreeAt = a.ID, a.Place
	} else {
		var err error
		if f.Place, err = casework.Narrow(a, ""); err != nil {
			return nil, err
		}
	}
	list, err := s.Clients.SearchClients(ctx, look, f)
	if err != nil {
		return nil, err
	}
	out := &searchOutput{FoundClients{Clients: []FoundClient{}}}
	list, out.Body.Next = upTo(list, in.Limit, func(x board.FoundClient) string { return x.Case.CaseID })
	for _, x := range list {
		row := FoundClient{Summary: x.Case, FoundBy: dossier.Kind(x.By), Masked: !casework.Unmasked(a, x.Case)}
		if row.Identity = inFull(x.Identity); row.Masked {
			row.Identity = mask(x.Identity)
		}
		out.Body.Clients = append(out.Body.Clients, row)
	}
	return out, nil
}

// permitSearch refuses who works with no client: whoever keeps the system running would learn
// names by asking for them.
func permitSearch(a rehab.Actor) error {
	if a.Role == rehab.Admin {
		return &rehab.Error{Code: rehab.Forbidden, Message: "the role admin looks for no client"}
	}
	return casework.PermitReading(a)
}
