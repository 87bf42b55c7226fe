package devserver

import (
	"errors"
	"fmt"
	"net"
	"strconv"
)

// ports are all those that one server listens on.
type ports struct {
	frontend, frontendHTTP, history, matching, worker, ui int
}

func address(port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }

// choosePorts checks the ports that were asked for and finds free ones for the rest. All
// are held open together while choosing, so that none is chosen twice.
func choosePorts(o Options) (ports, error) {
	var p ports
	var held []net.Listener
	defer func() {
		for _, l := range held {
			_ = l.Close() // nobody has connected
		}
	}()
	take := func(into *int, wanted int, flag string) error {
		l, err := net.Listen("tcp", address(max(wanted, 0)))
		if err != nil {
			return portBusy(wanted, flag, err)
		}
		held = append(held, l)
		*into = l.Addr().(*net.TCPAddr).Port
		return nil
	}
	err := errors.Join(
		take(&p.frontend, o.FrontendPort, "--temporal-port"),
		take(&p.frontendHTTP, 0, ""),
		take(&p.history, 0, ""),
		take(&p.matching, 0, ""),
		take(&p.worker, 0, ""),
	)
	if o.UIPort != 0 {
		err = errors.Join(err, take(&p.ui, o.UIPort, "--ui-port"))
	}
	return p, err
}

func portBusy(port int, flag string, err error) error {
	if flag == "" {
		return fmt.Errorf("find a free port for the Temporal server: %w", err)
	}
	return fmt.Errorf("port %d on %s is not free: stop the program that has it, or choose another with %s: %w", port, host, flag, err)
}
