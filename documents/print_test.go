package documents_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

// TestEveryPaperPrintsOnA4WithoutOverflow prints with a browser where there is one.
func TestEveryPaperPrintsOnA4WithoutOverflow(t *testing.T) {
	t.Parallel()
	browser := findBrowser()
	if browser == "" {
		t.Skip("no chromium on this machine: nothing can be printed")
	}
	if testing.Short() {
		t.Skip("printing takes a while")
	}
	f, start := serious(t), opened(t, rehab.Treatment, 36)
	start.on("2026-03-13", rehab.SignAgreement{})
	start.passed("2026-03-16")
	start.on("2026-03-17", rehab.RecordTest{Method: rehab.Urine, Result: rehab.TestRefused, Staff: []string{"w-7", "p-1"}})
	dir := t.TempDir()
	pages := map[string][2]int{"police_report": {3, 3}, "case_file": {3, 4}, "agreement": {4, 4}, "release_file": {3, 3}, "warning_letter": {1, 2}, "education": {1, 2}}
	for _, kind := range []string{"agreement", "education", "letter_of_advice", "warning_letter", "certificate", "police_report", "test_record", "leave_form", "release_file", "case_file", "service_receipt", "resumption", "group_list", "test_notice", "refusal_record"} {
		var html []byte
		for _, f := range []*file{start, f} {
			for _, x := range f.list() {
				if string(x.Kind) == kind {
					html = f.last(x.Kind).HTML
				}
			}
		}
		require.NotEmpty(t, html, kind)
		path := filepath.Join(dir, kind+".html")
		// The probe is the test's own: papers run nothing.
		probe := `<script>document.title = "width " + document.documentElement.scrollWidth + "/" + document.documentElement.clientWidth</script></body>`
		require.NoError(t, os.WriteFile(path, bytes.Replace(html, []byte("</body>"), []byte(probe), 1), 0o600))
		run := func(args ...string) string {
			cmd := exec.CommandContext(t.Context(), browser, append([]string{
				"--headless", "--disable-gpu", "--no-sandbox", "--user-data-dir=" + filepath.Join(dir, "profile"), "--window-size=794,1123",
			}, append(args, "file://"+path)...)...)
			out, err := cmd.Output()
			require.NoError(t, err)
			return string(out)
		}
		width := regexp.MustCompile(`width (\d+)/(\d+)`).FindStringSubmatch(run("--dump-dom"))
		require.Len(t, width, 3)
		require.Equal(t, width[1], width[2], "%s is wider than the paper", kind)
		pdf := filepath.Join(dir, kind+".pdf")
		run("--no-pdf-header-footer", "--print-to-pdf="+pdf)
		raw, err := os.ReadFile(pdf)
		require.NoError(t, err)
		n := len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(raw, -1))
		require.GreaterOrEqual(t, n, max(pages[kind][0], 1), "%s", kind)
		require.LessOrEqual(t, n, max(pages[kind][1], 1), "%s", kind)
		require.Regexp(t, `/MediaBox\s*\[0 0 59[45][0-9.]* 84[12][0-9.]*\]`, string(raw), "%s is not A4", kind)
	}
}

func findBrowser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "headless_shell"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	home, _ := os.UserHomeDir()
	for _, pattern := range []string{"/opt/pw-browsers/chromium*/*/chrome", "/opt/pw-browsers/chromium*/*/headless_shell", home + "/.cache/ms-playwright/chromium*/*/chrome"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return found[0]
		}
	}
	return strings.TrimSpace(os.Getenv("CHROME"))
}
