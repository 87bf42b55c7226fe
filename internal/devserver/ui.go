package devserver

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"time"

	uiserver "github.com/temporalio/ui-server/v2/server"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	"github.com/temporalio/ui-server/v2/server/server_options"
)

// webUI is Temporal's web UI on loopback.
type webUI struct {
	server *uiserver.Server
	ended  chan struct{}
	err    error // why it ended; set before ended is closed
}

// startWebUI returns when the page can be opened. The UI fetches nothing from outside.
func startWebUI(ctx context.Context, p ports, o Options) (*webUI, error) {
	u := &webUI{
		server: uiserver.NewServer(server_options.WithConfigProvider(&uiconfig.Config{
			TemporalGRPCAddress: address(p.frontend), Host: host, Port: p.ui, EnableUI: true,
			DefaultNamespace: o.Namespace, DisableWriteActions: true, HideLogs: true, DisableNewsFetch: true,
			CORS:  uiconfig.CORS{CookieInsecure: true},
			Codec: uiconfig.Codec{Endpoint: o.UICodec},
		})),
		ended: make(chan struct{}),
	}
	go func() {
		u.err = u.server.Start()
		close(u.ended)
	}()
	var dialer net.Dialer
	for {
		conn, err := dialer.DialContext(ctx, "tcp", address(p.ui))
		if err == nil {
			return u, conn.Close()
		}
		select {
		case <-ctx.Done():
			u.stop()
			return nil, fmt.Errorf("wait for Temporal's web UI: %w", ctx.Err())
		case <-u.ended:
			return nil, fmt.Errorf("start Temporal's web UI: %w", cmp.Or(u.err, net.ErrClosed))
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (u *webUI) stop() {
	u.server.Stop()
	<-u.ended
}
