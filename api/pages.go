package api

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

//go:embed page
var page embed.FS

// pagePolicy lets the page load what lies beside it and nothing from any other host.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Document is the contract of the API as it is served at /openapi.json, for programs that are
// generated from it.
func Document(version string) ([]byte, error) {
	gin.SetMode(gin.ReleaseMode)
	s := &server{Deps: Deps{Version: version}}
	s.api = humagin.New(gin.New(), s.config())
	s.routes()
	return json.MarshalIndent(s.api.OpenAPI(), "", " ")
}

// pages serves what is no operation: the OpenAPI document, the page that shows it, and
// the metrics.
func (s *server) pages(router *gin.Engine) error {
	document, err := s.written()
	if err != nil {
		return fmt.Errorf("build the api: write the OpenAPI document: %w", err)
	}
	still := func(path, kind string, body []byte) {
		router.GET(path, func(c *gin.Context) {
			c.Header("Cache-Control", "no-cache")
			c.Header("Content-Security-Policy", pagePolicy)
			c.Data(http.StatusOK, kind, body)
		})
	}
	still("/openapi.json", "application/json; charset=utf-8", document)
	for path, file := range map[string]struct{ name, kind string }{
		"/docs":          {"docs.html", "text/html; charset=utf-8"},
		"/docs/page.css": {"page.css", "text/css; charset=utf-8"},
		"/docs/page.js":  {"page.js", "text/javascript; charset=utf-8"},
	} {
		body, err := page.ReadFile("page/" + file.name)
		if err != nil {
			return fmt.Errorf("build the api: %w", err)
		}
		still(path, file.kind, body)
	}
	metrics := promhttp.HandlerFor(s.Metrics, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
	router.GET("/metrics", gin.WrapH(metrics))
	return nil
}

// written is the document as it is served: without what huma's schemas say to huma alone.
func (s *server) written() ([]byte, error) {
	raw, err := json.Marshal(s.api.OpenAPI())
	if err != nil {
		return nil, err
	}
	var document any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&document); err != nil {
		return nil, err
	}
	strip(document)
	return json.Marshal(document)
}

func strip(v any) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			strip(x)
		}
	case map[string]any:
		delete(v, "patternDescription")
		for _, x := range v {
			strip(x)
		}
	}
}
