package store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/attachments"
	"guitu/rehab"
)

func scan(caseID, id string) attachments.Attachment {
	return attachments.Attachment{CaseID: caseID, ID: id, Kind: attachments.SignedPaper, Record: 1, By: head, At: noon(2026, 2, 3)}
}

func pdf(n int) *attachments.File {
	return &attachments.File{MediaType: "application/pdf", Body: bytes.NewReader(append([]byte("%PDF-SECRETSCAN"), bytes.Repeat([]byte("x"), n)...)), Thumb: []byte("SECRETTHUMB")}
}

func (b *bundle) content(caseID, id string) []byte {
	b.t.Helper()
	var out bytes.Buffer
	require.NoError(b.t, b.store.WriteAttachment(b.t.Context(), caseID, id, &out))
	return out.Bytes()
}

func (b *bundle) pieces() (n int) {
	b.t.Helper()
	require.NoError(b.t, b.superuser().QueryRow(b.t.Context(), `SELECT count(*) FROM attachment_pieces`).Scan(&n))
	return n
}

func TestAnAttachmentComesBackAsItWent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.keyed("c-1")
	for i, n := range []int{0, 64<<10 - 15, 64 << 10, 200 << 10} { // about the borders of a piece
		id := string(rune('a' + i))
		kept, known, err := b.store.SaveAttachment(t.Context(), scan("c-1", id), pdf(n))
		require.NoError(t, err)
		require.False(t, known)
		want, _ := io.ReadAll(pdf(n).Body)
		require.Equal(t, int64(len(want)), kept.Size)
		require.Equal(t, want, b.content("c-1", id))
	}
	b.dumped("SECRETSCAN", "SECRETTHUMB")
	thumb, err := b.store.Thumbnail(t.Context(), "c-1", "a")
	require.NoError(t, err)
	require.Equal(t, "SECRETTHUMB", string(thumb))
	list, err := b.store.Attachments(t.Context(), "c-1")
	require.NoError(t, err)
	require.Len(t, list, 4)
}

func TestAnAttachmentActsOncePerKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.keyed("c-1")
	_, _, err := b.store.SaveAttachment(t.Context(), scan("c-1", "a"), pdf(10))
	require.NoError(t, err)
	before := b.pieces()
	_, known, err := b.store.SaveAttachment(t.Context(), scan("c-1", "a"), pdf(10))
	require.NoError(t, err)
	require.True(t, known)
	_, _, err = b.store.SaveAttachment(t.Context(), scan("c-1", "a"), pdf(11))
	require.Equal(t, rehab.Conflict, rehab.CodeOf(err))
	require.Equal(t, before, b.pieces(), "what was sent again is not kept twice")
}

func TestAnUploadThatBreaksOffLeavesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.keyed("c-1")
	broken := io.MultiReader(bytes.NewReader(make([]byte, 100<<10)), errReader{})
	_, _, err := b.store.SaveAttachment(t.Context(), scan("c-1", "a"), &attachments.File{MediaType: "application/pdf", Body: broken})
	require.ErrorContains(t, err, "broke off")
	require.Zero(t, b.pieces())
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errors.New("the line broke off") }

func TestNoPieceOfAnAttachmentIsLeftOutOrChanged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.keyed("c-1")
	for _, id := range []string{"a", "b"} {
		_, _, err := b.store.SaveAttachment(t.Context(), scan("c-1", id), pdf(150<<10))
		require.NoError(t, err)
	}
	conn := b.superuser()
	_, err := conn.Exec(t.Context(), `UPDATE attachments SET pieces = 2 WHERE id = 'a'`)
	require.NoError(t, err)
	require.Error(t, b.store.WriteAttachment(t.Context(), "c-1", "a", io.Discard), "the last piece is cut off")
	_, err = conn.Exec(t.Context(), `UPDATE attachment_pieces p SET ciphertext = (SELECT ciphertext FROM attachment_pieces q WHERE q.upload = p.upload AND q.n = 0) WHERE n = 1`)
	require.NoError(t, err)
	require.Error(t, b.store.WriteAttachment(t.Context(), "c-1", "b", io.Discard), "a piece stands in the place of another")
}

func TestAttachmentsAreSealedAndDestroyedWithTheCase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.keyed("c-1")
	b.keyed("c-2")
	for _, id := range []string{"c-1", "c-2"} {
		_, _, err := b.store.SaveAttachment(t.Context(), scan(id, "a"), pdf(10))
		require.NoError(t, err)
		require.NoError(t, b.store.WithdrawAttachment(t.Context(), id, "a", "s-1", "SECRETWHY", noon(2026, 2, 4)))
	}
	b.dumped("SECRETWHY")
	a, err := b.store.Attachment(t.Context(), "c-1", "a")
	require.NoError(t, err)
	require.Equal(t, "SECRETWHY", a.Withdrawn)
	b.sealed(c)
	require.Equal(t, rehab.Refused, rehab.CodeOf(b.store.WriteAttachment(t.Context(), "c-1", "a", io.Discard)))
	_, err = b.store.Thumbnail(t.Context(), "c-1", "a")
	require.Equal(t, rehab.Refused, rehab.CodeOf(err))
	_, _, err = b.store.SaveAttachment(t.Context(), scan("c-1", "b"), pdf(10))
	require.Equal(t, rehab.Refused, rehab.CodeOf(err))
	_, err = b.superuser().Exec(t.Context(), `DELETE FROM case_keys WHERE case_id = 'c-2'`)
	require.NoError(t, err)
	list, err := b.store.Attachments(t.Context(), "c-2")
	require.NoError(t, err)
	require.Empty(t, list)
	require.Equal(t, 2, b.pieces(), "those of the sealed case stay under its key")
}

// zeros is a file of n bytes that is nowhere in memory.
type zeros struct{ left int }

func (z *zeros) Read(p []byte) (int, error) {
	n := min(len(p), z.left)
	if n == 0 {
		return 0, io.EOF
	}
	z.left -= n
	return n, nil
}

// TestAFileIsNeverWholeInMemory keeps and reads a file of 32 MB, and looks at what was
// allocated at the same time.
func TestAFileIsNeverWholeInMemory(t *testing.T) {
	b := setup(t)
	b.keyed("c-1")
	const size = 32 << 20
	highest := uint64(0)
	look := func() {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		highest = max(highest, m.HeapAlloc)
	}
	look()
	base := highest
	body := &watched{r: &zeros{size}, every: 4 << 20, look: look}
	_, _, err := b.store.SaveAttachment(t.Context(), scan("c-1", "a"), &attachments.File{MediaType: "application/pdf", Body: body})
	require.NoError(t, err)
	out := &watchedWriter{every: 4 << 20, look: look}
	require.NoError(t, b.store.WriteAttachment(context.WithoutCancel(t.Context()), "c-1", "a", out))
	require.Equal(t, size, out.n)
	require.Less(t, highest-base, uint64(8<<20), "of %d bytes", size)
	t.Logf("a file of %d MB took %d KB at most", size>>20, (highest-base)>>10)
}

type watched struct {
	r        io.Reader
	n, every int
	look     func()
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if before := w.n / w.every; (w.n+n)/w.every > before {
		w.look()
	}
	w.n += n
	return n, err
}

type watchedWriter struct {
	n, every int
	look     func()
}

func (w *watchedWriter) Write(p []byte) (int, error) {
	if before := w.n / w.every; (w.n+len(p))/w.every > before {
		w.look()
	}
	w.n += len(p)
	return len(p), nil
}
