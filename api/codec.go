package api

import (
	"context"
	"net/http"
	"regexp"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"guitu/rehab"
)

// CodecPayload is a payload of Temporal as its protocol of remote codecs sends it: what is bytes is
// in base64.
type CodecPayload struct {
	_        struct{}          `additionalProperties:"true"`
	Metadata map[string][]byte `json:"metadata,omitempty"`
	Data     []byte            `json:"data,omitempty"`
}

// CodecPayloads are payloads, in an order that the answer keeps.
type CodecPayloads struct {
	_        struct{}       `additionalProperties:"true"`
	Payloads []CodecPayload `json:"payloads" maxItems:"2000" nullable:"false"`
}

const (
	codecPath      = "/codec/decode"
	codecOperation = "decode-payloads"
)

func (s *server) codecRoutes() {
	operation(s, huma.Operation{OperationID: codecOperation, Method: http.MethodPost, Path: codecPath, Tags: []string{"operation"},
		Summary: "Decode payloads for Temporal's UI, as its protocol of remote codecs asks",
		Description: "For the city office, which sees every case: the UI does not say whose a payload is. It is in the read log. Payloads of sealed cases stay shut. " +
			"A browser sends it from the UI's own address where temporal.ui_origin names that.",
	}, s.decodePayloads)
}

type codecInput struct {
	Namespace string `header:"X-Namespace" maxLength:"255"`
	Body      CodecPayloads
}

type codecOutput struct {
	Origin      string `header:"Access-Control-Allow-Origin"`
	Credentials string `header:"Access-Control-Allow-Credentials"`
	Vary        string `header:"Vary"`
	Body        CodecPayloads

	cases []string
}

func (o *codecOutput) listed() []string { return o.cases }

// decodePayloads opens what the engine sealed. What is not a payload of this system comes back as it came.
func (s *server) decodePayloads(ctx context.Context, a rehab.Actor, in *codecInput) (*codecOutput, error) {
	if a.Role != rehab.CityOffice {
		return nil, &rehab.Error{Code: rehab.Forbidden, Message: "payloads of the engine are for the city office, which sees every case"}
	}
	opened, err := s.Decode(in.Body.Payloads)
	if err != nil {
		return nil, err
	}
	out := &codecOutput{Body: CodecPayloads{Payloads: slices.Clone(in.Body.Payloads)}}
	if s.UIOrigin != "" {
		out.Origin, out.Credentials, out.Vary = s.UIOrigin, "true", "Origin"
	}
	shut := map[string]bool{}
	for i, p := range opened {
		sealed := false
		for _, id := range caseIDs.FindAllString(string(p.Data), -1) {
			if _, known := shut[id]; !known {
				row, err := s.Board.Case(ctx, id)
				if err != nil && rehab.CodeOf(err) != rehab.NotFound {
					return nil, err
				}
				shut[id] = row.Phase == rehab.Sealed
				if row.CaseID != "" && !shut[id] {
					out.cases = append(out.cases, id)
				}
			}
			sealed = sealed || shut[id]
		}
		if !sealed {
			out.Body.Payloads[i] = p
		}
	}
	return out, nil
}

// caseIDs are the ids of cases as they stand in payloads.
var caseIDs = regexp.MustCompile(`\bc-[0-9a-f]{16}\b`)

// codecPreflight answers a browser that asks whether the UI may send a request.
func (s *server) codecPreflight(c *gin.Context) {
	if s.UIOrigin == "" || c.GetHeader("Origin") != s.UIOrigin {
		problem(http.StatusForbidden, "the request comes from another site").write(c)
		return
	}
	h := c.Writer.Header()
	h.Set("Access-Control-Allow-Origin", s.UIOrigin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Allow-Methods", http.MethodPost)
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Namespace")
	h.Set("Vary", "Origin")
	c.Status(http.StatusNoContent)
}

// fromUI reports whether Temporal's UI sends what it alone may send from its own address.
func (s *server) fromUI(ctx huma.Context) bool {
	return ctx.Operation().OperationID == codecOperation && s.UIOrigin != "" && ctx.Header("Origin") == s.UIOrigin
}
