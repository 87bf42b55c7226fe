package wiring

import (
	commonpb "go.temporal.io/api/common/v1"

	"guitu/api"
)

// decode opens payloads of Temporal for its web UI.
func (s *Service) decode(payloads []api.CodecPayload) ([]api.CodecPayload, error) {
	in := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		in[i] = &commonpb.Payload{Metadata: p.Metadata, Data: p.Data}
	}
	opened, err := s.codec.Show(in)
	if err != nil {
		return nil, err
	}
	out := make([]api.CodecPayload, len(opened))
	for i, p := range opened {
		out[i] = api.CodecPayload{Metadata: p.GetMetadata(), Data: p.GetData()}
	}
	return out, nil
}

// caseInTemporal is where Temporal's UI shows the workflow of a case, whose id is that of the case.
func (s *Service) caseInTemporal() string {
	if s.Config.Temporal.UIOrigin == "" {
		return ""
	}
	return s.Config.Temporal.UIOrigin + "/namespaces/" + s.Config.Temporal.Namespace + "/workflows/"
}
