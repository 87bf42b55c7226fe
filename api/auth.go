package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	lru "github.com/hashicorp/golang-lru/v2"

	"guitu/rehab"
)

// authenticate finds out who asks. Operations without a security requirement are open.
func (s *server) authenticate(ctx huma.Context, next func(huma.Context)) {
	ctx = withAsking(ctx)
	if len(ctx.Operation().Security) == 0 {
		next(ctx)
		return
	}
	c := humagin.Unwrap(ctx)
	token, ok := bearer(ctx.Header("Authorization"))
	if !ok {
		problem(http.StatusUnauthorized, "this needs a bearer token in the Authorization header").write(c)
		return
	}
	actor, err := s.Tokens.Actor(ctx.Context(), token)
	switch code := rehab.CodeOf(err); {
	case err == nil && !isWorker(actor.ID): // of before ids were held to be none that tell who somebody is
		problem(http.StatusUnauthorized, "the bearer token names an actor whose id is none of the registry").write(c)
	case err == nil && actor.Role == rehab.PartnerRole && !slices.Contains(partnerOperations, ctx.Operation().OperationID):
		problem(http.StatusForbidden, "a partner sees its own training programmes alone").write(c)
	case err == nil:
		next(huma.WithValue(huma.WithValue(ctx, actorKey, actor), tokenKey, token))
	case code == rehab.NotFound || code == rehab.Forbidden || code == rehab.Invalid || code == rehab.Refused:
		problem(http.StatusUnauthorized, "the bearer token is not valid").write(c)
	default:
		s.fault(ctx.Context(), err).write(c)
	}
}

// bearer takes the token out of the header (RFC 6750).
func bearer(header string) (string, bool) {
	scheme, token, ok := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	if !ok || !strings.EqualFold(scheme, "Bearer") || token == "" || len(token) > 4096 {
		return "", false
	}
	return token, strings.IndexFunc(token, func(r rune) bool { return r < 0x21 || r > 0x7e }) < 0
}

// tokenCache remembers who a token speaks for, so that a busy phone costs one look a
// while and not one a request. A token that is revoked ends as soon as it is forgotten.
type tokenCache struct {
	Tokens
	known *lru.Cache[[sha256.Size]byte, knownActor]
}

type knownActor struct {
	rehab.Actor
	until time.Time
}

const (
	tokenFor  = 5 * time.Second
	maxTokens = 20_000
)

// newTokenCache: each entry carries its own end. The expirable LRU of the same module runs
// a goroutine that nothing can stop.
func newTokenCache(t Tokens) (*tokenCache, error) {
	known, err := lru.New[[sha256.Size]byte, knownActor](maxTokens)
	return &tokenCache{Tokens: t, known: known}, err
}

// Actor answers from memory, or asks and remembers. Refusals are not remembered.
func (t *tokenCache) Actor(ctx context.Context, token string) (rehab.Actor, error) {
	key, at := sha256.Sum256([]byte(token)), time.Now()
	if k, ok := t.known.Get(key); ok && at.Before(k.until) {
		return k.Actor, nil
	}
	a, err := t.Tokens.Actor(ctx, token)
	if err != nil {
		t.known.Remove(key)
		return a, err
	}
	t.known.Add(key, knownActor{a, at.Add(tokenFor)})
	return a, nil
}

// still reports whether the token of the request speaks for the actor as it did. It asks past
// the memory. A registry that does not answer ends nothing.
func (t *tokenCache) still(ctx context.Context, a rehab.Actor) bool {
	token, _ := ctx.Value(tokenKey).(string)
	now, err := t.Tokens.Actor(ctx, token)
	if err != nil {
		return rehab.CodeOf(err) == rehab.Unavailable || ctx.Err() != nil
	}
	return now == a
}

func actorOf(ctx context.Context) rehab.Actor {
	a, _ := ctx.Value(actorKey).(rehab.Actor)
	return a
}

// fault is the Problem of an error; what only we can mend is logged here, once.
func (s *server) fault(ctx context.Context, err error) *Problem {
	p := *problemOf(err)
	p.RequestID = requestID(ctx)
	if p.Status >= http.StatusInternalServerError && !errors.Is(ctx.Err(), context.Canceled) {
		s.Log.ErrorContext(ctx, "request failed", "request_id", p.RequestID, "code", p.Code, "error", err.Error())
	}
	return &p
}

// operation registers a handler and documents the errors it may answer with.
func operation[I, O any](s *server, op huma.Operation, handle func(context.Context, rehab.Actor, *I) (*O, error)) {
	schema := &huma.Schema{Ref: "#/components/schemas/Problem"}
	codes := []int{http.StatusUnprocessableEntity, http.StatusInternalServerError, http.StatusServiceUnavailable}
	if op.Security == nil {
		op.Security = []map[string][]string{{"bearer": {}}}
		codes = append(codes, http.StatusUnauthorized, http.StatusForbidden)
	}
	if strings.Contains(op.Path, "{") {
		codes = append(codes, http.StatusNotFound)
	}
	if slices.Contains(limited, op.OperationID) {
		codes = append(codes, http.StatusTooManyRequests)
	}
	if op.Method == http.MethodPost {
		codes = append(codes, http.StatusBadRequest, http.StatusConflict, http.StatusRequestTimeout,
			http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	// guard has read the body under the server's time limit. A limit of huma's would end
	// the connection's context in the midst of a slow answer, and of all later ones.
	op.BodyReadTimeout = -1
	if op.Responses == nil {
		op.Responses = make(map[string]*huma.Response)
	}
	for _, code := range codes {
		op.Responses[statusText(code)] = &huma.Response{
			Description: http.StatusText(code),
			Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: schema}},
		}
	}
	reads := isRead(op)
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, actorOf(ctx), in)
		if err == nil && reads {
			err = s.note(ctx, actorOf(ctx), op.OperationID, out)
		}
		if err != nil {
			return nil, s.fault(ctx, err)
		}
		return out, nil
	})
}
