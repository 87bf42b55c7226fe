// Package printing makes PDF of pages with a browser of the machine, that shows nothing,
// reaches no network and runs nothing of the page.
package printing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"guitu/rehab"
)

const (
	longest = 20 * time.Second // that a page takes
	atOnce  = 2                // browsers
)

// Browser prints with the program at Path. Make it with Find.
type Browser struct {
	path string
	root bool // no sandbox of its own where root runs it
	room chan struct{}
}

// Find is the browser at the path; where it is empty, the first that this machine has. There
// may be none: nil, and no error.
func Find(path string) (*Browser, error) {
	names := []string{path}
	if path == "" {
		names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless_shell"}
	}
	for _, name := range names {
		found, err := exec.LookPath(name)
		if err == nil {
			return &Browser{path: found, root: os.Geteuid() == 0, room: make(chan struct{}, atOnce)}, nil
		}
		if path != "" {
			return nil, fmt.Errorf("documents.browser: %w", err)
		}
	}
	return nil, nil //nolint:nilnil // a machine without a browser is none to complain of
}

// PDF of the page. What is on it lies in a folder of its own, readable by nobody else, as
// long as the browser works.
func (b *Browser) PDF(ctx context.Context, html []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	select {
	case b.room <- struct{}{}:
		defer func() { <-b.room }()
	case <-ctx.Done():
		return nil, busy(ctx.Err())
	}
	dir, err := os.MkdirTemp("", "guitu-print-")
	if err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	page, pdf := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(page, closed(html), 0o600); err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	cmd := exec.CommandContext(ctx, b.path, b.arguments(dir, page, pdf)...) //nolint:gosec // of the configuration; the rest is ours
	cmd.Env = append(os.Environ(), "HOME="+dir, "TMPDIR="+dir)
	together(cmd)
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, busy(ctx.Err())
		}
		return nil, fmt.Errorf("print with %s: %w", filepath.Base(b.path), err)
	}
	raw, err := os.ReadFile(pdf)
	if err != nil || !bytes.HasPrefix(raw, []byte("%PDF-")) {
		return nil, fmt.Errorf("print with %s: it made no PDF", filepath.Base(b.path))
	}
	return raw, nil
}

// closed is the page under a policy of its own: it runs nothing and loads nothing.
func closed(html []byte) []byte {
	const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`
	if head := []byte("<head>"); bytes.Contains(html, head) {
		return bytes.Replace(html, head, append(head, policy...), 1)
	}
	return append([]byte(policy), html...)
}

func busy(err error) error {
	return errors.Join(&rehab.Error{Code: rehab.Unavailable, Message: "the paper could not be printed in time: try again, or print the page from your browser"}, err)
}

func (b *Browser) arguments(dir, page, pdf string) []string {
	args := []string{
		"--headless", "--disable-gpu", "--disable-extensions", "--disable-background-networking", "--disable-sync", "--disable-dev-shm-usage", "--no-first-run",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9", "--disable-component-update", "--disable-quic",
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--print-to-pdf=" + pdf,
	}
	if b.root {
		args = append(args, "--no-sandbox")
	}
	return append(args, "file://"+page)
}
