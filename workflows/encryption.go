package workflows

import (
	"compress/flate"
	"errors"
	"fmt"
	"sync"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"google.golang.org/protobuf/proto"

	"guitu/suite"
)

// encrypted marks payloads that the codec made.
const encrypted = "binary/encrypted"

// compressed marks payloads that were deflated before they were encrypted.
const compressed = "binary/encrypted-deflate"

// Converters encrypt all that Temporal keeps of a case: payloads, and the messages and
// stacks of failures. Both must be given to the client.
type Converters struct {
	Data    converter.DataConverter
	Failure converter.FailureConverter

	codec *codec
}

// Show opens payloads that this system sealed, for a person to look at; what it did not seal is
// passed on as it is.
func (c Converters) Show(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	opened, err := c.codec.Decode(payloads)
	for i := range opened {
		if !sealed(opened[i]) {
			opened[i] = payloads[i]
		}
	}
	return opened, err
}

// NewConverters reads a key made by GenerateKeyset.
func NewConverters(text string) (Converters, error) {
	key, err := suite.ParseText(text)
	if err != nil {
		return Converters{}, fmt.Errorf("the payload key: %w", err)
	}
	own := newCodec(key)
	data := converter.NewCodecDataConverter(sealedOnly{converter.GetDefaultDataConverter()}, own)
	failure := temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{DataConverter: data, EncodeCommonAttributes: true})
	return Converters{data, failure, own}, nil
}

// GenerateKeyset makes a new key of the suite aes. It is a secret: whoever has it can read
// what Temporal keeps.
func GenerateKeyset() (string, error) { return GenerateKeysetOf(suite.AES) }

// GenerateKeysetOf makes a new key of the suite of that name.
func GenerateKeysetOf(name string) (string, error) {
	s, err := suite.Named(name)
	if err != nil {
		return "", err
	}
	key, err := s.NewKey()
	if err != nil {
		return "", fmt.Errorf("make a payload key: %w", err)
	}
	return suite.Text(key), nil
}

// codec deflates and encrypts. What it seals holds no secret beside text that others chose,
// so that a length tells nothing.
type codec struct {
	aead    suite.AEAD
	writers sync.Pool // of *flate.Writer
}

func newCodec(aead suite.AEAD) *codec {
	return &codec{aead: aead, writers: sync.Pool{New: func() any {
		w, _ := flate.NewWriterDict(nil, 4, []byte(dictionary)) // the level is one there is
		return w
	}}}
}

// Encode encrypts each payload whole, its metadata included.
func (c *codec) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	out := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		plain, err := proto.Marshal(p)
		if err != nil {
			return nil, err
		}
		form := encrypted
		if len(plain) >= worthDeflating {
			form = compressed
			if plain, err = c.deflate(plain); err != nil {
				return nil, err
			}
		}
		sealed, err := c.aead.Encrypt(plain, []byte(form))
		if err != nil {
			return nil, err
		}
		out[i] = &commonpb.Payload{Metadata: map[string][]byte{converter.MetadataEncoding: []byte(form)}, Data: sealed}
	}
	return out, nil
}

// Decode opens what Encode sealed. Of all else nothing is left but that it was not sealed:
// an error here would have Temporal pass over a signal, and nobody would hear of it.
func (c *codec) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	out := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		form := string(p.GetMetadata()[converter.MetadataEncoding])
		if form != encrypted && form != compressed {
			out[i] = unsealedPayload()
			continue
		}
		plain, err := c.aead.Decrypt(p.GetData(), []byte(form))
		if err != nil {
			out[i] = unsealedPayload()
			continue
		}
		if form == compressed {
			if plain, err = inflate(plain); err != nil {
				return nil, err
			}
		}
		out[i] = &commonpb.Payload{}
		if err := proto.Unmarshal(plain, out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// unsealed marks what is left of a payload that was not sealed with the system's key.
const unsealed = "guitu/unsealed"

func unsealedPayload() *commonpb.Payload {
	return &commonpb.Payload{Metadata: map[string][]byte{converter.MetadataEncoding: []byte(unsealed)}}
}

// sealed reports whether the payload came through the converters of this system.
func sealed(p *commonpb.Payload) bool {
	return string(p.GetMetadata()[converter.MetadataEncoding]) != unsealed
}

// fromSystem reports whether there is a payload and it is sealed: what carries nothing is
// sealed all the same by those who have the key.
func fromSystem(p *commonpb.Payload) bool { return p != nil && sealed(p) }

// sealedOnly reads no value out of what was not sealed, and lets no such argument pass that
// nobody reads. Who takes a RawValue sees that it was not, and says so.
type sealedOnly struct{ converter.DataConverter }

var errPayload = errors.New("a payload was not sealed with the key of this system (secrets.payload)")

// FromPayload reads one value.
func (s sealedOnly) FromPayload(p *commonpb.Payload, into any) error {
	if _, raw := into.(*converter.RawValue); !raw && !sealed(p) {
		return errPayload
	}
	return s.DataConverter.FromPayload(p, into)
}

// FromPayloads reads several values.
func (s sealedOnly) FromPayloads(all *commonpb.Payloads, into ...any) error {
	for i, p := range all.GetPayloads() {
		raw := false
		if i < len(into) {
			_, raw = into[i].(*converter.RawValue)
		}
		if !raw && !sealed(p) {
			return errPayload
		}
	}
	return s.DataConverter.FromPayloads(all, into...)
}
