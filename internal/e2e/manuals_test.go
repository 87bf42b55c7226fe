package e2e_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// manuals are the pages of docs/zh in the order in which they are run: the set-up first.
var manuals = []string{"README.md", "worker.md", "head.md", "district.md", "city.md", "operator.md", "integrator.md"}

// How a block of a page is to be read, by what stands behind its fence.
const (
	runs      = "sh"           // it is pasted, and every command of it succeeds
	refused   = "sh refused"   // its last command is turned down
	elsewhere = "sh elsewhere" // it is for another host: only what it names is looked at
	shows     = "text"         // what the block before shows, with … for what is left out
)

// block is one fenced block of a page, and what is shown of it.
type block struct {
	line      int
	how, text string
	shows     []string
}

func TestTheManualsDoWhatTheySay(t *testing.T) {
	t.Parallel()
	folder, err := filepath.Abs("../../docs/zh")
	require.NoError(t, err)
	there, err := filepath.Glob(filepath.Join(folder, "*.md"))
	require.NoError(t, err)
	require.Len(t, there, len(manuals), "a page that is not run")
	w := newWorld(t, "--from", "2026-11-30")
	for _, name := range manuals {
		page, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err)
		blocks, err := blocksOf(string(page))
		require.NoError(t, err, name)
		require.Greater(t, len(blocks), 3, name)
		w.runPage(t, name, blocks)
	}
	require.Contains(t, w.verify(t), " 0 findings")
}

// blocksOf reads the fenced blocks of a page.
func blocksOf(page string) (blocks []block, err error) {
	var open *block
	for n, line := range strings.Split(page, "\n") {
		fence, isFence := strings.CutPrefix(line, "```")
		switch {
		case isFence && open == nil:
			open = &block{line: n + 1, how: fence}
		case !isFence && open != nil:
			open.text += line + "\n"
		case isFence && open.how == shows:
			if len(blocks) == 0 || strings.Trim(open.text, "… \n") == "" {
				return nil, fmt.Errorf("line %d shows nothing", open.line)
			}
			blocks[len(blocks)-1].shows = strings.Split(strings.TrimSpace(open.text), "\n")
			open = nil
		case isFence:
			if open.how != runs && open.how != refused && open.how != elsewhere {
				return nil, fmt.Errorf("line %d: nobody runs a block of %q", open.line, open.how)
			}
			blocks, open = append(blocks, *open), nil
		}
	}
	return blocks, nil
}

// runPage pastes the blocks of a page into one shell, as its reader does.
func (w *world) runPage(t *testing.T, name string, blocks []block) {
	t.Helper()
	script := "set -e -o pipefail\n"
	for n, b := range blocks {
		script += fmt.Sprintf("printf '\\n%s%d\\n'\n", mark, n)
		switch b.how {
		case runs:
			script += b.text
		case refused:
			script += "set +e\n{ " + b.text + "}\n[ $? -ne 0 ] || { echo this was not refused; exit 1; }\nset -e\n"
		case elsewhere:
			for line := range strings.Lines(b.text) {
				require.NoError(t, namesWhatIsThere(strings.Fields(line)), "%s, line %d: %s", name, b.line, line)
			}
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-c", script)
	shell.Dir = filepath.Join("..", "..")
	shell.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "GUITU_CONFIG="+w.configFile(), "TRIAL="+filepath.Join(w.dir, "trial.env"))
	out, failed := shell.CombinedOutput()
	parts := strings.Split(string(out), "\n"+mark)[1:]
	for n, part := range parts {
		_, said, _ := strings.Cut(part, "\n")
		if missing := notShown(said, blocks[n].shows); missing != "" && (failed == nil || n < len(parts)-1) {
			t.Errorf("%s, line %d does not show %q but\n%s", name, blocks[n].line, missing, said)
		}
	}
	require.NotEmpty(t, parts, string(out))
	require.NoError(t, failed, "%s, line %d: %s", name, blocks[len(parts)-1].line, parts[len(parts)-1])
	require.Len(t, parts, len(blocks), name)
}

// mark stands before what each block says.
const mark = "--8<-- block "

// notShown is the first of the lines that does not come, in their order; … is anything.
func notShown(said string, lines []string) string {
	for _, line := range lines {
		for part := range strings.SplitSeq(line, "…") {
			at := strings.Index(said, part)
			if at < 0 {
				return line
			}
			said = said[at+len(part):]
		}
	}
	return ""
}

// namesWhatIsThere holds a command that is not run against the repository.
func namesWhatIsThere(words []string) error {
	has := func(file, text string) error {
		raw, err := os.ReadFile(filepath.Join("..", "..", file))
		if err == nil && !strings.Contains("\n"+string(raw), text) {
			return fmt.Errorf("%s has no %s", file, strings.TrimSpace(text))
		}
		return err
	}
	switch {
	case len(words) > 1 && words[0] == "make":
		return has("Makefile", "\n"+words[1]+":")
	case len(words) > 1 && words[0] == "cp":
		return has(words[1], "")
	case len(words) == 1 && strings.HasPrefix(words[0], "deploy/"):
		return has(words[0], "")
	case len(words) > 2 && words[0] == "docker" && words[1] == "compose":
		return namesServices(words[2:])
	}
	return fmt.Errorf("nobody knows how to look at this")
}

// namesServices holds "run --rm SERVICE …", "exec -T SERVICE …" and "stop SERVICE…" against
// docker-compose.yml.
func namesServices(words []string) error {
	raw, err := os.ReadFile(filepath.Join("..", "..", "docker-compose.yml"))
	if err != nil {
		return err
	}
	var compose struct{ Services map[string]any }
	if err := yaml.Unmarshal(raw, &compose); err != nil {
		return err
	}
	var named []string
	switch words[0] {
	case "build", "up":
	case "stop":
		named = words[1:]
	case "run", "exec":
		named = words[2:3]
	default:
		return fmt.Errorf("nobody knows how to look at docker compose %s", words[0])
	}
	for _, service := range named {
		if compose.Services[service] == nil {
			return fmt.Errorf("there is no service %s", service)
		}
	}
	return nil
}

func TestAManualThatShowsOrNamesWhatIsNotThereIsFound(t *testing.T) {
	t.Parallel()
	require.Empty(t, notShown(`{"a":1,"b":2}`, []string{`…"a":1…`, `"b":2`}))
	require.Equal(t, `"b":3`, notShown(`{"a":1,"b":2}`, []string{`…"a":1…`, `"b":3`}))
	require.NotEmpty(t, notShown("b a", []string{"a", "b"}), "in their order")
	for _, page := range []string{"```bash\nls\n```\n", "```sh\nls\n```\n\n```text\n…\n```\n"} {
		_, err := blocksOf(page)
		require.Error(t, err, page)
	}
	for _, command := range []string{"make nothing", "cp nothing here", "docker compose run --rm nobody verify", "rm -rf /"} {
		require.Error(t, namesWhatIsThere(strings.Fields(command)), command)
	}
	for _, command := range []string{"make dev", "cp deploy/example.env .env", "docker compose run --rm guitu-worker verify", "deploy/make-secrets"} {
		require.NoError(t, namesWhatIsThere(strings.Fields(command)), command)
	}
}
