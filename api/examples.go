package api

import (
	_ "embed" // of the examples
	"encoding/json"
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"guitu/rehab"
)

// recordedExamples are a request and its answer for each operation, as the tests of the
// contract got them: TestAnswersAreAsDocumented writes them anew with GUITU_TEST_RECORD=1. A
// command brings the example of its body itself, and all of them answer alike.
//
//go:embed examples.json
var recordedExamples []byte

// likeEveryCommand is the command whose answer is the example for all.
const likeEveryCommand = "record-contact"

// exchange is what was sent to an operation, and what it answered.
type exchange struct {
	Request json.RawMessage `json:"request,omitempty"`
	Answer  json.RawMessage `json:"answer"`
}

// addExamples puts the recorded examples into the document.
func (s *server) addExamples() error {
	var examples map[string]exchange
	if err := json.Unmarshal(recordedExamples, &examples); err != nil {
		return fmt.Errorf("build the api: the examples: %w", err)
	}
	for _, item := range s.api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			x := examples[op.OperationID]
			if _, command := rehab.SpecOf(op.OperationID); command && x.Answer == nil {
				x.Answer = examples[likeEveryCommand].Answer
			}
			if op.RequestBody != nil && x.Request != nil && op.RequestBody.Content["application/json"] != nil {
				op.RequestBody.Content["application/json"].Example = x.Request
			}
			for status, response := range op.Responses {
				if body := response.Content["application/json"]; body != nil && x.Answer != nil && strings.HasPrefix(status, "2") {
					body.Example = x.Answer
				}
			}
		}
	}
	return nil
}
