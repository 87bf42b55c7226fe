package deploy_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/config"
	"guitu/rehab"
)

// pages are what a reader of the project reads, by path from the root.
func pages(t *testing.T) map[string]string {
	t.Helper()
	out := make(map[string]string)
	found, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	require.NotEmpty(t, found)
	for _, path := range append(found, filepath.Join(root, "README.md"), filepath.Join(root, "CHANGELOG.md")) {
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		name, err := filepath.Rel(root, path)
		require.NoError(t, err)
		out[filepath.ToSlash(name)] = string(raw)
	}
	return out
}

func TestThePageOfOperationsNamesEverySetting(t *testing.T) {
	t.Parallel()
	text := pages(t)["docs/operations.md"]
	var walk func(prefix string, section reflect.Type)
	walk = func(prefix string, section reflect.Type) {
		for i := range section.NumField() {
			field := section.Field(i)
			if !field.IsExported() {
				continue
			}
			key := prefix + field.Tag.Get("mapstructure")
			if field.Type.Kind() == reflect.Struct {
				walk(key+".", field.Type)
				continue
			}
			variable := "GUITU_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
			require.Contains(t, text, "| `"+key+"` | `"+variable+"` |")
		}
	}
	walk("", reflect.TypeFor[config.Config]())
}

func TestThePageOfThePolicyNamesEveryNumber(t *testing.T) {
	t.Parallel()
	text := pages(t)["docs/policy.md"]
	policy := reflect.TypeFor[rehab.Policy]()
	for i := range policy.NumField() {
		key, _, _ := strings.Cut(policy.Field(i).Tag.Get("yaml"), ",")
		if key != "id" && key != "version" && key != "title" {
			require.Contains(t, text, "`"+key+"`")
		}
	}
}

func TestTheProcessShowsEveryPhaseAndObligation(t *testing.T) {
	t.Parallel()
	text := pages(t)["docs/process.md"]
	for _, phase := range []rehab.Phase{rehab.AwaitingReportIn, rehab.AwaitingAgreement, rehab.InExecution, rehab.Suspended, rehab.TermEnded, rehab.Released, rehab.Terminated,
		rehab.AwaitingSealing, rehab.Sealed, rehab.TransferredAway, rehab.Void} {
		require.Contains(t, text, "| `"+string(phase)+"` |")
	}
	for _, kind := range []rehab.Kind{
		rehab.ReportInDuty, rehab.AssignWorkerDuty, rehab.AgreementDuty, rehab.TestDuty, rehab.ContactDuty, rehab.HomeVisitDuty,
		rehab.AssessmentDuty, rehab.TestResultDuty, rehab.PoliceReportDuty, rehab.ReleaseFileDuty, rehab.ReleaseDuty,
		rehab.SuspensionReviewDuty, rehab.TermConfirmationDuty, rehab.LeaveReturnDuty,
		rehab.OutreachDuty, rehab.SupervisionDuty, rehab.LostContactDuty, rehab.WatchContactDuty, rehab.CrisisFollowUpDuty,
	} {
		require.Contains(t, text, "| `"+string(kind)+"` ")
	}
}
