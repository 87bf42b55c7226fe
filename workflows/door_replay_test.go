package workflows_test

import (
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/log"
	sdkworker "go.temporal.io/sdk/worker"

	"guitu/rehab/policy"
	"guitu/worker"
	"guitu/workflows"
)

// TestWhatWasTakenBeforeTheDoorWasThereReplays changes who gave the commands of recorded
// histories, by signal and update, into one whom the door refuses today, and seals all but
// these commands: what was taken stays taken.
func TestWhatWasTakenBeforeTheDoorWasThereReplays(t *testing.T) {
	t.Parallel()
	rules, err := policy.Load()
	require.NoError(t, err)
	files, err := filepath.Glob("testdata/replay/v*/*.json")
	require.NoError(t, err)
	changed := 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		if !strings.Contains(string(raw), `"name": "Case"`) {
			continue
		}
		sealing := converters(t)
		for _, door := range []struct {
			name string
			data converter.DataConverter
			seal func(*commonpb.Payload) *commonpb.Payload
			ask  func(*commonpb.Payload) *commonpb.Payload
		}{
			{"by a partner", converter.GetDefaultDataConverter(), same, byAPartner},
			{"not sealed", sealing.Data, sealWith(t, sealing.Data), same},
		} {
			t.Run(file+" "+door.name, func(t *testing.T) {
				var history any
				require.NoError(t, json.Unmarshal(raw, &history))
				altered := rewrite(history, false, func(p *commonpb.Payload, asked bool) *commonpb.Payload {
					if asked {
						changed++
						return door.ask(p)
					}
					return door.seal(p)
				})
				out := filepath.Join(t.TempDir(), "history.json")
				text, err := json.Marshal(altered)
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(out, text, 0o600))
				replayer, err := sdkworker.NewWorkflowReplayerWithOptions(sdkworker.WorkflowReplayerOptions{DataConverter: door.data, Interceptors: worker.Interceptors()})
				require.NoError(t, err)
				worker.RegisterWorkflows(replayer, &workflows.Workflows{Rules: rules})
				require.NoError(t, replayer.ReplayWorkflowHistoryFromJSONFile(log.NewStructuredLogger(slog.New(slog.DiscardHandler)), out))
			})
		}
	}
	require.Greater(t, changed, 50, "hardly a command was changed: this test would show nothing")
}

func same(p *commonpb.Payload) *commonpb.Payload { return p }

func byAPartner(p *commonpb.Payload) *commonpb.Payload {
	p.Data = []byte(strings.NewReplacer(`"station_head"`, `"partner"`, `"worker","place"`, `"partner","place"`).Replace(string(p.GetData())))
	return p
}

// sealWith seals a payload as it is, and what a side effect keeps in it.
func sealWith(t *testing.T, data converter.DataConverter) func(*commonpb.Payload) *commonpb.Payload {
	t.Helper()
	seal := func(p *commonpb.Payload) *commonpb.Payload {
		out, err := data.ToPayload(converter.NewRawValue(p))
		require.NoError(t, err)
		return out
	}
	return func(p *commonpb.Payload) *commonpb.Payload {
		if string(p.GetMetadata()[converter.MetadataEncoding]) == converter.MetadataEncodingProtoJSON {
			var inner any
			require.NoError(t, json.Unmarshal(p.GetData(), &inner))
			text, err := json.Marshal(rewrite(inner, false, func(p *commonpb.Payload, _ bool) *commonpb.Payload { return seal(p) }))
			require.NoError(t, err)
			p.Data = text
		}
		return seal(p)
	}
}

// rewrite has change look at every payload of a history. asked says that it is what
// somebody asked of the case. Search attributes are never sealed.
func rewrite(node any, asked bool, change func(*commonpb.Payload, bool) *commonpb.Payload) any {
	switch n := node.(type) {
	case []any:
		for i := range n {
			n[i] = rewrite(n[i], asked, change)
		}
	case map[string]any:
		if meta, ok := n["metadata"].(map[string]any); ok && meta["encoding"] != nil {
			return payloadJSON(change(payloadOf(n, meta), asked))
		}
		out := make(map[string]any, len(n))
		for key, v := range n {
			switch key {
			case "searchAttributes", "header", "memo":
				out[key] = v
			default:
				out[key] = rewrite(v, asked || key == "workflowExecutionSignaledEventAttributes" || key == "acceptedRequest", change)
			}
		}
		return out
	}
	return node
}

func payloadOf(n, meta map[string]any) *commonpb.Payload {
	text := func(v any) []byte {
		s, _ := v.(string)
		b, _ := base64.StdEncoding.DecodeString(s)
		return b
	}
	p := &commonpb.Payload{Metadata: make(map[string][]byte), Data: text(n["data"])}
	for key, v := range meta {
		p.Metadata[key] = text(v)
	}
	return p
}

func payloadJSON(p *commonpb.Payload) map[string]any {
	meta := make(map[string]any)
	for key, v := range p.GetMetadata() {
		meta[key] = base64.StdEncoding.EncodeToString(v)
	}
	return map[string]any{"metadata": meta, "data": base64.StdEncoding.EncodeToString(p.GetData())}
}
