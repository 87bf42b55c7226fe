// Package attachments takes scans and photos as they come from a phone: it finds out what they
// are, takes out where and with what they were taken, and makes a small picture of each.
package attachments

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gabriel-vasile/mimetype"

	"guitu/rehab"
)

// Kind is what an attachment shows.
type Kind string

// The kinds.
const (
	SignedPaper Kind = "signed_paper"
	TestStrip   Kind = "test_strip"
	Report      Kind = "report"
	Receipt     Kind = "receipt"
	OrderScan   Kind = "order"
	Identity    Kind = "identity_document"
	Photo       Kind = "photo"
	OtherKind   Kind = "other"
)

// Kinds lists them.
func Kinds() []Kind {
	return []Kind{SignedPaper, TestStrip, Report, Receipt, OrderScan, Identity, Photo, OtherKind}
}

// Attachment is a file of a case. Record is the sequence of what it belongs to, Paper and Origin
// the paper that was signed: one of them may be there, or none.
type Attachment struct {
	CaseID    string      `json:"-"`
	ID        string      `json:"id"`
	Kind      Kind        `json:"kind" enum:"signed_paper,test_strip,report,receipt,order,identity_document,photo,other"`
	MediaType string      `json:"media_type"`
	Size      int64       `json:"size"`
	HasThumb  bool        `json:"thumbnail"`
	Record    int64       `json:"record,omitempty"`
	Paper     string      `json:"paper,omitempty"`
	Origin    int64       `json:"origin,omitempty"`
	By        rehab.Actor `json:"by"`
	At        time.Time   `json:"at"`

	WithdrawnAt time.Time `json:"withdrawn_at,omitzero"`
	WithdrawnBy string    `json:"withdrawn_by,omitempty"`
	Withdrawn   string    `json:"withdrawn_reason,omitempty"`
}

// File is what is kept of an upload. Body is read once.
type File struct {
	MediaType string
	Body      io.Reader
	Thumb     []byte // a small JPEG; none of a PDF
}

// Reader takes files, and few pictures at the same time: a picture is many times as large once
// it is open.
type Reader struct {
	Limit int64 // bytes of a file at most
	slots chan struct{}
}

// NewReader takes files of the size and as many pictures at the same time.
func NewReader(limit int64, pictures int) *Reader {
	return &Reader{Limit: limit, slots: make(chan struct{}, pictures)}
}

// sniffed is how much of a file says what it is.
const sniffed = 3072

// Read looks at the beginning of the body, whatever anybody says it is, and takes JPEG, PNG and
// PDF. The body is not read to its end before File.Body is, but for pictures.
func (r *Reader) Read(body io.Reader) (*File, error) {
	in := bufio.NewReaderSize(&bounded{r: body, left: r.Limit, limit: r.Limit}, sniffed)
	head, err := in.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(head) == 0 {
		return nil, rehab.InvalidField("body", "is empty")
	}
	switch kind := mimetype.Detect(head); {
	case kind.Is("application/pdf"):
		return &File{MediaType: "application/pdf", Body: in}, nil
	case kind.Is("image/jpeg"), kind.Is("image/png"):
		r.slots <- struct{}{}
		defer func() { <-r.slots }()
		return picture(in, kind.String())
	case kind.Is("image/heic"), kind.Is("image/heif"), kind.Is("image/heic-sequence"), kind.Is("image/heif-sequence"):
		return nil, rehab.InvalidField("body", "is a HEIC picture: set the camera of the phone to the most compatible format (JPEG), or send it as JPEG")
	default:
		return nil, rehab.InvalidField("body", "is %s: a file is JPEG, PNG or PDF", kind.String())
	}
}

// bounded is an error after so many bytes.
type bounded struct {
	r           io.Reader
	left, limit int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, b.tooLarge()
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	return n, err // one byte too many is the error of the next read
}

func (b *bounded) tooLarge() error {
	return rehab.InvalidField("body", "is larger than %d bytes", b.limit)
}

// picture opens the picture, turns it as the camera held it, and writes it anew: no EXIF, no
// place, no maker's notes come along.
func picture(in io.Reader, mediaType string) (*File, error) {
	raw, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	img, err := open(raw, mediaType)
	if err != nil {
		return nil, err
	}
	thumb, err := small(img)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := write(&out, img, mediaType); err != nil {
		return nil, fmt.Errorf("write a picture anew: %w", err)
	}
	return &File{MediaType: mediaType, Body: &out, Thumb: thumb}, nil
}
