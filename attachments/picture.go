package attachments

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/bep/imagemeta"
	"golang.org/x/image/draw"

	"guitu/rehab"
)

const (
	maxPixels   = 24 << 20 // of a picture: 96 MB once it is open
	thumbSide   = 320      // the longer side of a small picture
	jpegQuality = 90
	thumbLevel  = 75
)

// open decodes the picture after a look at its size, and turns it upright.
func open(raw []byte, mediaType string) (image.Image, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, rehab.InvalidField("body", "is a picture that cannot be opened")
	}
	if config.Width*config.Height > maxPixels {
		return nil, rehab.InvalidField("body", "is a picture of more than %d million pixels", maxPixels>>20)
	}
	decode := jpeg.Decode
	if mediaType == "image/png" {
		decode = png.Decode
	}
	img, err := decode(bytes.NewReader(raw))
	if err != nil {
		return nil, rehab.InvalidField("body", "is a picture that cannot be opened")
	}
	return upright(img, orientation(raw, mediaType)), nil
}

// orientation is that of EXIF, 1 to 8; 1 where it says none.
func orientation(raw []byte, mediaType string) int {
	format := imagemeta.JPEG
	if mediaType == "image/png" {
		format = imagemeta.PNG
	}
	found := 1
	_, err := imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(raw), ImageFormat: format, Sources: imagemeta.EXIF,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool { return tag.Tag == "Orientation" },
		HandleTag: func(tag imagemeta.TagInfo) error {
			if n, ok := tag.Value.(uint16); ok && n >= 1 && n <= 8 {
				found = int(n)
			}
			return nil
		},
	})
	if err != nil {
		return 1 // broken metadata is no reason to refuse the picture: it goes anyway
	}
	return found
}

// upright turns and mirrors the picture as the orientation says.
func upright(img image.Image, orientation int) image.Image {
	if orientation == 1 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			tx, ty := turned(orientation, x, y, w, h)
			out.Set(tx, ty, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

// turned is where the point of a picture of w by h belongs (EXIF 2.3, tag 0x0112).
func turned(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}

// small is the picture as a JPEG of at most thumbSide.
func small(img image.Image) ([]byte, error) {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if longer := max(w, h); longer > thumbSide {
		w, h = max(1, w*thumbSide/longer), max(1, h*thumbSide/longer)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(out, out.Bounds(), img, b, draw.Over, nil)
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, out, &jpeg.Options{Quality: thumbLevel}); err != nil {
		return nil, fmt.Errorf("make a small picture: %w", err)
	}
	return buf.Bytes(), nil
}

func write(w io.Writer, img image.Image, mediaType string) error {
	if mediaType == "image/png" {
		return png.Encode(w, img)
	}
	return jpeg.Encode(w, img, &jpeg.Options{Quality: jpegQuality})
}
