package attachments_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"guitu/attachments"
	"guitu/rehab"
)

// marker stands where a phone writes the place, the owner and the model.
const marker = "GPS-39.9042N-116.4074E-XIAOWANG"

// exif is a segment with an orientation and the marker as the description of the picture.
func exif(orientation uint16) []byte {
	var t bytes.Buffer
	t.WriteString("MM\x00*")
	for _, v := range []any{uint32(8), uint16(2),
		uint16(0x010e), uint16(2), uint32(len(marker) + 1), uint32(38),
		uint16(0x0112), uint16(3), uint32(1), orientation, uint16(0),
		uint32(0)} {
		_ = binary.Write(&t, binary.BigEndian, v)
	}
	t.WriteString(marker + "\x00")
	return append([]byte("Exif\x00\x00"), t.Bytes()...)
}

// photo is 40 by 20 with a red left half, and metadata.
func photo(t *testing.T, orientation uint16) []byte {
	t.Helper()
	var buf bytes.Buffer
	require.NoError(t, jpeg.Encode(&buf, halves(), &jpeg.Options{Quality: 95}))
	segment := exif(orientation)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(segment)+2))...)
	return append(append(out, segment...), buf.Bytes()[2:]...)
}

func halves() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 40, 20))
	for x := range 40 {
		for y := range 20 {
			c := color.RGBA{255, 0, 0, 255}
			if x >= 20 {
				c = color.RGBA{0, 0, 255, 255}
			}
			img.Set(x, y, c)
		}
	}
	return img
}

func read(t *testing.T, raw []byte) (*attachments.File, []byte) {
	t.Helper()
	f, err := attachments.NewReader(1<<20, 1).Read(bytes.NewReader(raw))
	require.NoError(t, err)
	body, err := io.ReadAll(f.Body)
	require.NoError(t, err)
	return f, body
}

func TestWhereAPhotoWasTakenGoes(t *testing.T) {
	t.Parallel()
	raw := photo(t, 1)
	require.Contains(t, string(raw), marker)
	f, body := read(t, raw)
	require.Equal(t, "image/jpeg", f.MediaType)
	for _, what := range [][]byte{body, f.Thumb} {
		require.NotContains(t, string(what), marker)
		require.NotContains(t, string(what), "Exif")
	}
	small, err := jpeg.DecodeConfig(bytes.NewReader(f.Thumb))
	require.NoError(t, err)
	require.Equal(t, 40, small.Width, "what is small stays as it is")
}

func TestATextInAPNGGoes(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	require.NoError(t, png.Encode(&buf, halves()))
	text := append([]byte("tEXt"), "Comment\x00"+marker...)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(text)-4))
	chunk = binary.BigEndian.AppendUint32(append(chunk, text...), crc32.ChecksumIEEE(text))
	raw := append(append(bytes.Clone(buf.Bytes()[:33]), chunk...), buf.Bytes()[33:]...)
	require.Contains(t, string(raw), marker)
	f, body := read(t, raw)
	require.Equal(t, "image/png", f.MediaType)
	require.NotContains(t, string(body), marker)
}

func TestAPhotoHeldUprightStaysUpright(t *testing.T) {
	t.Parallel()
	red := func(img image.Image, x, y int) bool {
		r, _, b, _ := img.At(x, y).RGBA()
		return r > b
	}
	for orientation, corner := range map[uint16]struct{ w, h, x, y int }{
		1: {40, 20, 2, 10}, 3: {40, 20, 37, 10}, 6: {20, 40, 10, 2}, 8: {20, 40, 10, 37},
	} {
		_, body := read(t, photo(t, orientation))
		img, err := jpeg.Decode(bytes.NewReader(body))
		require.NoError(t, err)
		require.Equal(t, image.Pt(corner.w, corner.h), img.Bounds().Size(), "orientation %d", orientation)
		require.True(t, red(img, corner.x, corner.y), "orientation %d", orientation)
		require.False(t, red(img, corner.w-1-corner.x, corner.h-1-corner.y), "orientation %d", orientation)
	}
}

func TestWhatAFileIsSaysItsBeginning(t *testing.T) {
	t.Parallel()
	f, body := read(t, []byte("%PDF-1.7\nscan"))
	require.Equal(t, "application/pdf", f.MediaType)
	require.Equal(t, "%PDF-1.7\nscan", string(body))
	require.Nil(t, f.Thumb)
	for name, c := range map[string]struct{ raw, says string }{
		"a page":     {"<!doctype html><script>alert(1)</script>", "is text/html"},
		"a program":  {"MZ\x90\x00" + strings.Repeat("\x00", 100), "JPEG, PNG or PDF"},
		"an iPhone":  {"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "most compatible format"},
		"nothing":    {"", "is empty"},
		"half a JPG": {string(photo(t, 1)[:200]), "cannot be opened"},
	} {
		_, err := attachments.NewReader(1<<20, 1).Read(strings.NewReader(c.raw))
		var e *rehab.Error
		require.ErrorAs(t, err, &e, name)
		require.Equal(t, "body", e.Field)
		require.Contains(t, e.Message, c.says, name)
	}
}

func TestAFileIsBounded(t *testing.T) {
	t.Parallel()
	r := attachments.NewReader(100, 1)
	f, err := r.Read(strings.NewReader("%PDF-1.7\n" + strings.Repeat("x", 91)))
	require.NoError(t, err)
	body, err := io.ReadAll(f.Body)
	require.NoError(t, err)
	require.Len(t, body, 100)
	f, err = r.Read(strings.NewReader("%PDF-1.7\n" + strings.Repeat("x", 92)))
	if err == nil {
		_, err = io.ReadAll(f.Body)
	}
	require.ErrorContains(t, err, "larger than 100 bytes")
	f, err = r.Read(iotest.DataErrReader(strings.NewReader("%PDF-1.7\n" + strings.Repeat("x", 92)))) // the end comes with the last bytes
	if err == nil {
		_, err = io.ReadAll(f.Body)
	}
	require.ErrorContains(t, err, "larger than 100 bytes")
}

// TestAPictureOfManyPixelsIsNotOpened sends a small file that says it is 30,000 by 30,000.
func TestAPictureOfManyPixelsIsNotOpened(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	require.NoError(t, png.Encode(&buf, halves()))
	raw := bytes.Clone(buf.Bytes())
	binary.BigEndian.PutUint32(raw[16:], 30000)
	binary.BigEndian.PutUint32(raw[20:], 30000)
	binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(raw[12:29]))
	_, err := attachments.NewReader(1<<20, 1).Read(bytes.NewReader(raw))
	require.ErrorContains(t, err, "more than 24 million pixels")
}
