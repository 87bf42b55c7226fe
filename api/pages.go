package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Document is the contract of the API as it is served at /openapi.json, for programs that are
// generated from it.
func Document(version string) ([]byte, error) {
	gin.SetMode(gin.ReleaseMode)
	s := &server{Deps: Deps{Version: version}}
	s.api = humagin.New(gin.New(), s.config())
	s.routes()
	return json.MarshalIndent(s.api.OpenAPI(), "", " ")
}

// pages serves what is no operation: the OpenAPI document, which the page at /docs shows, and
// the metrics.
func (s *server) pages(router *gin.Engine) error {
	document, err := s.written()
	if err != nil {
		return fmt.Errorf("build the api: write the OpenAPI document: %w", err)
	}
	router.GET("/openapi.json", func(c *gin.Context) {
		c.Header("Cache-Control", "no-cache")
		c.Data(http.StatusOK, "application/json; charset=utf-8", document)
	})
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
