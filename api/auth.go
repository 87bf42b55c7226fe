package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	lru "github.com/hashicorp/golang-lru/v2"

	"guitu/account"
	"guitu/board"
	"guitu/casework"
	"guitu/input"
	"guitu/rehab"
)

// authenticate finds out who asks: by a bearer token, or by the cookie of a session. What a
// browser sends by itself counts only from our own pages. Operations without a security
// requirement are open.
func (s *server) authenticate(ctx huma.Context, next func(huma.Context)) {
	ctx = s.withAsking(ctx)
	c := humagin.Unwrap(ctx)
	token, isBearer := bearer(ctx.Header("Authorization"))
	cookie, noCookie := c.Request.Cookie(sessionCookie)
	if !isBearer && !s.fromUI(ctx) && s.origins.Check(c.Request) != nil {
		problem(http.StatusForbidden, "the request comes from another site").write(c)
		return
	}
	var who caller
	var err error
	switch {
	case len(ctx.Operation().Security) == 0:
		next(ctx)
		return
	case isBearer:
		who.credential = credential{token: token}
		who.Actor, err = s.Tokens.Actor(ctx.Context(), token)
	case noCookie == nil && ctx.Header("Authorization") == "":
		who.credential = credential{token: cookie.Value, session: true}
		who.session, err = s.sessions.Session(ctx.Context(), cookie.Value)
		who.Actor = who.session.Account.Acting()
	default:
		problem(http.StatusUnauthorized, "this needs a sign-in, or a bearer token in the Authorization header").write(c)
		return
	}
	if err == nil {
		if p := s.admit(who, ctx.Operation().OperationID); p != nil {
			p.write(c)
			return
		}
		ctx = huma.WithValue(ctx, callerKey, who)
		next(huma.WithContext(ctx, board.WithScope(ctx.Context(), casework.ScopeOf(who.Actor, rehab.DateOf(s.Now())))))
		return
	}
	switch code := rehab.CodeOf(err); {
	case errors.Is(err, account.ErrNoSession):
		problem(http.StatusUnauthorized, "the session has ended: sign in again").write(c)
	case code == rehab.NotFound || code == rehab.Forbidden || code == rehab.Invalid || code == rehab.Refused:
		problem(http.StatusUnauthorized, "the bearer token is not valid").write(c)
	default:
		s.fault(ctx.Context(), err).write(c)
	}
}

// caller is who asks. session is the zero one where a token speaks.
type caller struct {
	rehab.Actor
	session    account.Session
	credential credential
}

type credential struct {
	token   string
	session bool
}

// admit refuses whom the operation is not for, whatever it is about.
func (s *server) admit(who caller, operation string) *Problem {
	switch {
	case !input.IsWorker(who.ID): // of before ids were held to be none that tell who somebody is
		return problem(http.StatusUnauthorized, "the bearer token names an actor whose id is none of the registry")
	case who.Role == rehab.Admin && s.RefuseAdmin:
		return problem(http.StatusForbidden, "the role admin is for installation alone: auth.admin_tokens lets it in")
	case who.credential.session && !who.session.Open() && !slices.Contains(beforeOpen, operation):
		return unopened(who.session)
	}
	return confined(who.Role, operation)
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

const (
	tokenFor  = 5 * time.Second
	maxTokens = 20_000
)

// memory remembers what a credential opens, so that a busy phone costs one look a while and
// not one a request. What is revoked ends as soon as it is forgotten.
type memory[T any] struct {
	known *lru.Cache[[sha256.Size]byte, remembered[T]]
}

type remembered[T any] struct {
	is    T
	until time.Time
}

// newMemory: each entry carries its own end. The expirable LRU of the same module runs
// a goroutine that nothing can stop.
func newMemory[T any]() (memory[T], error) {
	known, err := lru.New[[sha256.Size]byte, remembered[T]](maxTokens)
	return memory[T]{known}, err
}

// get answers from memory, or asks and remembers. Refusals are not remembered.
func (m memory[T]) get(secret string, ask func() (T, error)) (T, error) {
	key, at := sha256.Sum256([]byte(secret)), time.Now()
	if k, ok := m.known.Get(key); ok && at.Before(k.until) {
		return k.is, nil
	}
	is, err := ask()
	if err != nil {
		m.known.Remove(key)
		return is, err
	}
	m.known.Add(key, remembered[T]{is, at.Add(tokenFor)})
	return is, nil
}

// tokenCache remembers whom tokens speak for.
type tokenCache struct {
	Tokens
	memory[rehab.Actor]
}

func newTokenCache(t Tokens) (*tokenCache, error) {
	m, err := newMemory[rehab.Actor]()
	return &tokenCache{t, m}, err
}

// Actor answers from memory, or asks.
func (t *tokenCache) Actor(ctx context.Context, token string) (rehab.Actor, error) {
	return t.get(token, func() (rehab.Actor, error) { return t.Tokens.Actor(ctx, token) })
}

// sessionCache remembers sessions.
type sessionCache struct {
	Desk
	memory[account.Session]
}

func newSessionCache(d Desk) (*sessionCache, error) {
	m, err := newMemory[account.Session]()
	return &sessionCache{d, m}, err
}

// Session answers from memory, or asks.
func (c *sessionCache) Session(ctx context.Context, token string) (account.Session, error) {
	return c.get(token, func() (account.Session, error) { return c.Desk.Session(ctx, token) })
}

// still reports whether what opened the request speaks for the actor as it did. It asks past
// the memory, and holds no session open. A registry that does not answer ends nothing.
func (s *server) still(ctx context.Context, a rehab.Actor) bool {
	by := callerOf(ctx).credential
	var now rehab.Actor
	var err error
	if by.session {
		var x account.Session
		x, err = s.sessions.Peek(ctx, by.token)
		now = x.Account.Acting()
	} else {
		now, err = s.tokens.Tokens.Actor(ctx, by.token)
	}
	if err != nil {
		return rehab.CodeOf(err) == rehab.Unavailable || ctx.Err() != nil
	}
	return now == a
}

// revoked makes this process forget what it knew of tokens and sessions, and has every live
// stream look again at once.
func (s *server) revoked() {
	s.tokens.known.Purge()
	s.sessions.known.Purge()
	s.revocation.ring()
}

// bell wakes all who listen.
type bell struct {
	mu sync.Mutex
	ch chan struct{}
}

func newBell() *bell { return &bell{ch: make(chan struct{})} }

// next is closed at the next ring.
func (b *bell) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ch
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.ch)
	b.ch = make(chan struct{})
}

func callerOf(ctx context.Context) caller {
	who, _ := ctx.Value(callerKey).(caller)
	return who
}

func actorOf(ctx context.Context) rehab.Actor {
	return callerOf(ctx).Actor
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
		op.Security = []map[string][]string{{"bearer": {}}, {"cookie": {}}}
		codes = append(codes, http.StatusUnauthorized, http.StatusForbidden)
	}
	if strings.Contains(op.Path, "{") {
		codes = append(codes, http.StatusNotFound)
	}
	if slices.Contains(limited, op.OperationID) {
		codes = append(codes, http.StatusTooManyRequests)
	}
	codes, op.Errors = append(codes, op.Errors...), nil
	if op.Method == http.MethodPost || op.Method == http.MethodPut {
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
