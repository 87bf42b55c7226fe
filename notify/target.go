// Package notify composes what leaves the system about a notice, and sends it: by mail,
// to another system, to the robot of a group chat. No text says why a notice came.
package notify

import (
	"context"
	"errors"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"

	"guitu/rehab"
)

// errBarred says that an address is not to be called.
var errBarred = errors.New("the address is not to be called")

// CheckTarget refuses an address that must not be sent to, and answers with what may be
// shown of one that may.
func (s *Sender) CheckTarget(kind SubscriptionKind, target string) (shown string, err error) {
	if kind == ByMail {
		a, err := mail.ParseAddress(target)
		if err != nil || a.Name != "" || a.Address != target {
			return "", rehab.InvalidField("target", "is not a plain mail address")
		}
		if s.Mail.Host == "" {
			return "", rehab.InvalidField("kind", "this installation sends no mail: notify.smtp is not set")
		}
		return "…" + target[strings.LastIndexByte(target, '@'):], nil
	}
	u, err := url.Parse(target)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || u.Opaque != "":
		return "", rehab.InvalidField("target", "is not a plain https address")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return "", rehab.InvalidField("target", "is not an https address")
	case !slices.ContainsFunc(s.Hosts, func(h string) bool { return strings.EqualFold(h, hostOf(u)) }):
		return "", rehab.InvalidField("target", "the host is not in notify.hosts of this installation")
	}
	return u.Scheme + "://" + u.Host, nil
}

// hostOf is the host as notify.hosts names it: with its port where that is not the usual one.
func hostOf(u *url.URL) string {
	if port := u.Port(); port != "" && (u.Scheme != "https" || port != "443") {
		return u.Host
	}
	return u.Hostname()
}

// isLoopback reports whether the host is this machine by its very name.
func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// dial connects to an allowed host. A name must not lead to this machine or to the
// neighbours on the wire, where the services of a cloud answer, whatever it resolves to.
func dial(ctx context.Context, network, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	d := net.Dialer{Timeout: sendTimeout, Control: func(_, resolved string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(resolved)
		if err != nil {
			return err
		}
		if ip := to.Addr().Unmap(); ip.IsUnspecified() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsLoopback() && !isLoopback(host) {
			return errBarred
		}
		return nil
	}}
	return d.DialContext(ctx, network, addr)
}
