package printing_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/internal/testprogram"
	"guitu/printing"
	"guitu/rehab"
)

func TestAPageIsPrintedAndNothingOfItStays(t *testing.T) {
	tmp, err := os.MkdirTemp("/tmp", "p") //nolint:usetesting // a browser's socket has a short path or none
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(tmp) })
	t.Setenv("TMPDIR", tmp)
	b, err := printing.Find("")
	require.NoError(t, err)
	if b == nil {
		t.Skip("no browser on this machine: nothing can be printed")
	}
	if testing.Short() {
		t.Skip("printing takes a while")
	}
	var asked atomic.Int32
	host := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer host.Close()
	pdf, err := b.PDF(t.Context(), []byte(`<!DOCTYPE html><head><meta charset="utf-8"></head><p>甲某</p><img src="`+host.URL+`/x.png"><script>for (;;) {}</script>`))
	require.NoError(t, err)
	require.Regexp(t, `^%PDF-1`, string(pdf[:8]))
	require.Zero(t, asked.Load(), "a page reaches nothing")
	left, err := os.ReadDir(tmp)
	require.NoError(t, err)
	require.Empty(t, left)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = b.PDF(ended, []byte("x"))
	require.Equal(t, rehab.Unavailable, rehab.CodeOf(err))
}

func TestABrowserThatIsNamedHasToBeThere(t *testing.T) {
	t.Parallel()
	_, err := printing.Find(filepath.Join(t.TempDir(), "none"))
	require.ErrorContains(t, err, "documents.browser")
}

func TestABrowserThatFailsIsAnErrorWithoutThePage(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "browser")
	testprogram.Write(t, path, "#!/bin/sh\necho 甲某 >&2\nexit 3\n")
	b, err := printing.Find(path)
	require.NoError(t, err)
	_, err = b.PDF(t.Context(), []byte("甲某"))
	require.ErrorContains(t, err, "exit status 3")
	require.NotContains(t, err.Error(), "甲某")
}
