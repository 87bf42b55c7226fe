package api

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

const (
	writeTimeout  = 30 * time.Second
	answerTimeout = 25 * time.Second // in time for an error that can still be written
)

// NewServer is an HTTP server with every limit set. Its Shutdown ends the live streams
// first and then waits for the other requests.
func NewServer(addr string, handler http.Handler) *http.Server {
	stop := make(chan struct{})
	srv := &http.Server{
		Addr: addr, Handler: handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      writeTimeout, // live streams set their own
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		BaseContext: func(net.Listener) context.Context {
			return context.WithValue(context.Background(), stopKey, (<-chan struct{})(stop)) // the root of every request
		},
	}
	srv.RegisterOnShutdown(sync.OnceFunc(func() { close(stop) }))
	return srv
}

// stopping is closed when the server begins to shut down; nil where there is no NewServer.
func stopping(ctx context.Context) <-chan struct{} {
	stop, _ := ctx.Value(stopKey).(<-chan struct{})
	return stop
}

// inTime ends the work for a request before the server gives the connection up. Live
// streams have an end of their own.
func inTime(ctx huma.Context, next func(huma.Context)) {
	if ctx.Operation().Path == eventsPath {
		next(ctx)
		return
	}
	limit := answerTimeout
	if isUpload(ctx.Operation()) {
		limit = uploadTimeout - time.Second
	}
	limited, cancel := context.WithTimeout(ctx.Context(), limit)
	defer cancel()
	next(huma.WithContext(ctx, limited))
}
