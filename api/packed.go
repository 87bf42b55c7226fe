package api

import (
	"compress/gzip"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
)

// packed packs the answer for whoever takes it packed. It is for answers of megabytes that hold
// no secret: what is small is sent sooner than packed.
func packed(ctx huma.Context, next func(huma.Context)) {
	c := humagin.Unwrap(ctx)
	c.Writer.Header().Add("Vary", "Accept-Encoding")
	if !strings.Contains(ctx.Header("Accept-Encoding"), "gzip") {
		next(ctx)
		return
	}
	c.Writer.Header().Set("Content-Encoding", "gzip")
	zip, _ := gzip.NewWriterLevel(c.Writer, gzip.BestSpeed) // the level is one that there is
	plain := c.Writer
	c.Writer = packedWriter{plain, zip}
	defer func() {
		c.Writer = plain
		_ = zip.Close() // whoever went away misses nothing
	}()
	next(ctx)
}

type packedWriter struct {
	gin.ResponseWriter
	zip *gzip.Writer
}

// Write packs what is written.
func (w packedWriter) Write(p []byte) (int, error) { return w.zip.Write(p) }

// WriteString packs what is written.
func (w packedWriter) WriteString(s string) (int, error) { return w.zip.Write([]byte(s)) }
