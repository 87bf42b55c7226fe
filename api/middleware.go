package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guitu/input"
	"guitu/words"
)

type contextKey int

const (
	requestKey contextKey = iota
	callerKey
	askingKey
	stopKey
	languageKey
)

// identify gives the request an id: the caller's X-Request-ID when it is a sane one.
func (s *server) identify(c *gin.Context) {
	id := c.GetHeader("X-Request-ID")
	if !input.IsToken(id, 64) {
		id = uuid.NewString()
	}
	c.Header("X-Request-ID", id)
	ctx := context.WithValue(c.Request.Context(), requestKey, id)
	ctx = context.WithValue(ctx, languageKey, words.Of(strings.Join(c.Request.Header.Values("Accept-Language"), ","), s.Language))
	c.Request = c.Request.WithContext(ctx)
	c.Request.Header.Del("Accept") // there is one representation of everything
	c.Next()
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey).(string)
	return id
}

// observe counts the request and writes one line about it: the template of the route
// and no query, since a path or a query may name a person.
func (s *server) observe(c *gin.Context) {
	began := time.Now()
	s.metrics.inFlight.Inc()
	defer s.metrics.inFlight.Dec()
	c.Next()
	route, took := c.FullPath(), time.Since(began)
	if route == "" {
		route = "none"
	}
	status := c.Writer.Status()
	s.metrics.observe(c.Request.Method, route, status, took)
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError {
		level = slog.LevelWarn
	}
	s.Log.LogAttrs(c.Request.Context(), level, "request",
		slog.String("method", method(c.Request.Method)), slog.String("route", route), slog.Int("status", status),
		slog.Float64("ms", float64(took.Microseconds())/1000), slog.String("request_id", requestID(c.Request.Context())))
}

// recoverPanic answers 500 and logs the stack, never the request. A client that went
// away while it was answered is no fault.
func (s *server) recoverPanic(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if err, ok := v.(error); ok && (errors.Is(err, http.ErrAbortHandler) || isGone(err)) {
			c.Abort()
			return
		}
		ctx := c.Request.Context()
		s.Log.ErrorContext(ctx, "panic", "route", c.FullPath(), "request_id", requestID(ctx), "what", describe(v), "stack", string(debug.Stack()))
		if c.Writer.Written() {
			c.Abort()
			return
		}
		problem(http.StatusInternalServerError, "a fault of the engine; it was logged under this request id").write(c)
	}()
	c.Next()
}

// isGone reports whether the write failed because nobody reads.
func isGone(err error) bool {
	var op *net.OpError
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.ErrClosedPipe) || errors.As(err, &op)
}

// secure sets the headers that keep browsers from doing more than showing an answer.
func secure(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	if c.Request.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	c.Next()
}

// method keeps invented methods out of logs and labels.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodPost, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "OTHER"
}

// describe says what panicked without what a message of our own might quote.
func describe(v any) string {
	if err, ok := v.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", v)
}
