// Package web is the pages that people work with: what Vite builds from web/src, embedded, and
// served from the API's own address under a policy that lets them load nothing from elsewhere.
// The pages ask the public API alone.
package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed all:dist
var embedded embed.FS

//go:embed missing.html
var missing []byte

// policy lets a page load what the program serves and nothing else, and run no text as code.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const (
	consolePage = "index.html"
	phonePage   = "m.html"
	docsPage    = "docs.html"
	forever     = "public, max-age=31536000, immutable" // the name holds a digest of the content
)

// Handler serves the pages, and hands everything else on to the API.
func Handler(api http.Handler) (http.Handler, error) {
	files, err := fs.Sub(embedded, "dist")
	if err != nil {
		return nil, fmt.Errorf("the pages: %w", err)
	}
	return over(files, api)
}

// asset is a file of the build as it is served.
type asset struct {
	body, packed []byte
	kind, tag    string
}

// over serves the files in front of the API.
func over(files fs.FS, api http.Handler) (http.Handler, error) {
	assets, err := read(files)
	if err != nil {
		return nil, fmt.Errorf("the pages: %w", err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			api.ServeHTTP(w, r)
			return
		}
		name, ours := pageOf(r.URL.Path)
		if a, ok := assets[strings.TrimPrefix(r.URL.Path, "/")]; ok && r.URL.Path != "/" {
			a.serve(w, r, strings.HasPrefix(r.URL.Path, "/assets/"))
		} else if !ours {
			api.ServeHTTP(w, r)
		} else if a, ok := assets[name]; ok {
			a.serve(w, r, false)
		} else {
			secure(w)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write(missing) // the client is gone: nobody is left to tell
		}
	}), nil
}

// pageOf is the page behind an address of the console, the phone or the contract of the API. What comes after the
// first step is the page's own business.
func pageOf(address string) (page string, ours bool) {
	switch first, _, _ := strings.Cut(strings.TrimPrefix(address, "/"), "/"); first {
	case "", "c":
		return consolePage, true
	case "m":
		return phonePage, true
	case "docs":
		return docsPage, true
	}
	return "", false
}

// read takes every file into memory, with the packed form that the build lays beside it.
func read(files fs.FS) (map[string]*asset, error) {
	out := make(map[string]*asset)
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		kind, known := kinds[path.Ext(name)]
		if err != nil || d.IsDir() || !known {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		a := &asset{body: body, kind: kind, tag: hex.EncodeToString(sum[:8])}
		if packed, err := fs.ReadFile(files, name+".gz"); err == nil {
			a.packed = packed
		}
		out[name] = a
		return nil
	})
	return out, err
}

// kinds of files that a build holds. Others are not served.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon", ".woff2": "font/woff2", ".json": "application/json",
	".webmanifest": "application/manifest+json", ".txt": "text/plain; charset=utf-8",
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request, lasting bool) {
	secure(w)
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Vary", "Accept-Encoding")
	if lasting {
		h.Set("Cache-Control", forever)
	}
	body, tag := a.body, a.tag
	if a.packed != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body, tag = a.packed, tag+"-gz"
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// secure sets what keeps a browser from doing more than showing the page.
func secure(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-cache")
}
