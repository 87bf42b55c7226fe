package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// check refuses values that cannot be right, whoever needs them.
func (c Config) check() error {
	var errs []error
	bad := func(key, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", key, fmt.Sprintf(format, args...)))
	}
	for key, addr := range map[string]string{"api.address": c.API.Address, "temporal.address": c.Temporal.Address, "worker.metrics": c.Worker.Metrics} {
		if _, _, err := net.SplitHostPort(addr); err != nil && addr != "" {
			bad(key, "%q is not host:port", addr)
		}
	}
	if c.Database.MaxConns < 1 || c.Database.MaxConns > 1000 {
		bad("database.max_conns", "is between 1 and 1000")
	}
	if c.Crypto.Suite != "aes" && c.Crypto.Suite != "sm" {
		bad("crypto.suite", "%q is not one of aes, sm", c.Crypto.Suite)
	}
	if c.Retention.Years < 1 || c.Retention.KeyBackupDays < 1 {
		bad("retention", "years and key_backup_days are at least 1")
	}
	if c.API.Language != "zh-CN" && c.API.Language != "en" {
		bad("api.language", "is zh-CN or en")
	}
	if c.API.CommandTimeout < 100*time.Millisecond || c.API.CommandTimeout > time.Minute {
		bad("api.command_timeout", "is between 100ms and 1m")
	}
	if c.Evaluation.Age < 0 || c.Evaluation.Age > time.Hour {
		bad("evaluation.age", "is between 0 and 1h")
	}
	if c.Worker.CacheSize < 1 || c.Worker.Concurrency < 0 || c.Worker.HistoryLimit < 0 || c.Worker.HistoryLimit > 0 && c.Worker.HistoryLimit < 100 {
		bad("worker", "cache_size is at least 1, concurrency not negative, history_limit 0 or at least 100")
	}
	if c.Worker.CoverageEvery < time.Second {
		bad("worker.coverage_every", "is at least 1s")
	}
	if c.Attachments.MaxBytes < 1<<10 || c.Attachments.MaxBytes > 100<<20 {
		bad("attachments.max_bytes", "is between 1 KiB and 100 MiB")
	}
	c.Notify.check(bad)
	c.API.check(bad)
	c.Auth.check(bad)
	if u, err := url.Parse(c.Remote.Server); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		bad("remote.server", "%q is not an http or https address", c.Remote.Server)
	}
	if u, err := url.Parse(c.Temporal.UIOrigin); c.Temporal.UIOrigin != "" && (err != nil || u.Host == "" || u.Scheme+"://"+u.Host != c.Temporal.UIOrigin) {
		bad("temporal.ui_origin", "%q is not an origin like http://127.0.0.1:8233", c.Temporal.UIOrigin)
	}
	if (c.Temporal.TLS.Cert == "") != (c.Temporal.TLS.Key == "") {
		bad("temporal.tls", "takes both cert and key, or neither")
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, c.Log.Level) {
		bad("log.level", "%q is not one of debug, info, warn, error", c.Log.Level)
	}
	if c.Log.Format != "text" && c.Log.Format != "json" {
		bad("log.format", "%q is not one of text, json", c.Log.Format)
	}
	return errors.Join(errs...)
}

func (a API) check(bad func(key, format string, args ...any)) {
	if (a.TLS.Cert == "") != (a.TLS.Key == "") {
		bad("api.tls", "takes both cert and key, or neither")
	}
	a.TLS.ACME.check(a.TLS.Cert != "", bad)
	for _, p := range a.Proxies {
		_, network := netip.ParsePrefix(p)
		if _, address := netip.ParseAddr(p); network != nil && address != nil {
			bad("api.proxies", "%q is neither an address nor a network", p)
		}
	}
}

func (a ACME) check(files bool, bad func(key, format string, args ...any)) {
	if len(a.Hosts) == 0 {
		return
	}
	if files {
		bad("api.tls", "takes a certificate of files or acme, not both")
	}
	if a.Dir == "" {
		bad("api.tls.acme.dir", "is needed: it keeps the account and the certificates over a restart")
	}
	for _, h := range a.Hosts {
		if u, err := url.Parse("https://" + h); err != nil || u.Hostname() != h || h == "" {
			bad("api.tls.acme.hosts", "%q is not the name of a host", h)
		}
	}
	if u, err := url.Parse(a.Directory); a.Directory != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		bad("api.tls.acme.directory", "%q is not an https address", a.Directory)
	}
}

func (a Auth) check(bad func(key, format string, args ...any)) {
	if a.Idle < time.Minute || a.Absolute < a.Idle || a.Absolute > 7*24*time.Hour {
		bad("auth", "idle is at least 1m, absolute at least idle and at most 168h")
	}
	for _, r := range a.SecondFactor {
		if !slices.Contains([]string{"worker", "station_head", "district", "city", "partner", "police"}, r) {
			bad("auth.second_factor", "%q is not one of worker, station_head, district, city, partner, police", r)
		}
	}
	if u, err := url.Parse(a.Origin); a.Origin != "" && (err != nil || u.Scheme != "https" && u.Hostname() != "localhost" || u.Scheme+"://"+u.Host != a.Origin) {
		bad("auth.origin", "%q is not an origin like https://guitu.example.cn", a.Origin)
	}
	o := a.OIDC
	if o.Issuer == "" {
		return
	}
	if u, err := url.Parse(o.Issuer); err != nil || u.Scheme != "https" || u.Host == "" {
		bad("auth.oidc.issuer", "%q is not an https address", o.Issuer)
	}
	if o.ClientID == "" || o.ClientSecretFile == "" || o.Claim == "" || a.Origin == "" {
		bad("auth.oidc", "needs client_id, client_secret_file, claim, and auth.origin")
	}
}

func (n Notify) check(bad func(key, format string, args ...any)) {
	if n.Every < time.Second || n.Tries < 1 || n.GiveUp < time.Minute {
		bad("notify", "every is at least 1s, tries at least 1, give_up at least 1m")
	}
	for _, h := range n.Hosts {
		if u, err := url.Parse("https://" + h); err != nil || h == "" || u.Host != h || strings.Contains(h, "*") {
			bad("notify.hosts", "%q is not a host or host:port", h)
		}
	}
	if !slices.Contains([]string{"starttls", "tls", "none"}, n.SMTP.TLS) {
		bad("notify.smtp.tls", "%q is not one of starttls, tls, none", n.SMTP.TLS)
	}
	if n.SMTP.Host == "" {
		return
	}
	if a, err := mail.ParseAddress(n.SMTP.From); err != nil || a.Address != n.SMTP.From {
		bad("notify.smtp.from", "is not a plain mail address")
	}
	if n.SMTP.Port < 1 || n.SMTP.Port > 65535 {
		bad("notify.smtp.port", "is between 1 and 65535")
	}
	if n.SMTP.User != "" && n.SMTP.TLS == "none" {
		bad("notify.smtp.tls", "a password is not sent over an open connection")
	}
}
