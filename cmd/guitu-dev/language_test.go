package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
	"guitu/words"
)

// english is two words that follow each other, in a text that holds none but names otherwise.
var english = regexp.MustCompile(`[A-Za-z]{2,} [a-z]{2,}`)

// isChinese requires a text that a person reads to be Chinese.
func isChinese(t *testing.T, text string) {
	t.Helper()
	require.NotRegexp(t, english, text)
	require.True(t, strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }), text)
}

var chinese = []string{"LANG=zh_CN.UTF-8"}

func TestTheHelpOfGuituDevIsInChinese(t *testing.T) {
	t.Parallel()
	var help bytes.Buffer
	require.ErrorIs(t, run(t.Context(), []string{"--help"}, chinese, io.Discard, &help), flag.ErrHelp)
	flags := regexp.MustCompile(`(?m)^  --(\S+)\n      (.+)$`).FindAllStringSubmatch(help.String(), -1)
	require.Len(t, flags, 11)
	for _, f := range flags {
		isChinese(t, f[2])
	}
	isChinese(t, help.String())
	require.Contains(t, help.String(), "（默认8080）")

	var plain bytes.Buffer
	require.ErrorIs(t, run(t.Context(), []string{"--help"}, nil, io.Discard, &plain), flag.ErrHelp)
	require.Contains(t, plain.String(), "port of the API (0: a free one) (by default 8080)")
}

func TestWhatStopsGuituDevIsToldInChinese(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ args, says string }{
		{"--fly", "没有-fly选项"},
		{"now", "没有“now”这个选项"},
		{"--speed -1", "--speed：-1不在1至1000000之间"},
		{"--speed x", "选项-speed的内容“x”无法识别：格式有误"},
		{"--api-port", "选项须填写内容：-api-port"},
		{"--api-port 99999", "--api-port：99999不是端口号"},
		{"--from yesterday", "--from：“yesterday”"},
	} {
		var errs bytes.Buffer
		err := run(t.Context(), strings.Fields(c.args), chinese, io.Discard, &errs)
		said := languageOf(chinese).Failed(err)
		require.Contains(t, said, c.says)
		isChinese(t, said)
		require.NotContains(t, errs.String(), err.Error(), "it is told once")
		require.Equal(t, err.Error(), languageOf(nil).Failed(err))
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "guitu.yaml")
	require.NoError(t, os.WriteFile(file, []byte("- a\n"), 0o600))
	_, err := readSettings(file)
	require.Equal(t, file+"没有设置内容：请改正，或者移走该文件，由程序重新生成", languageOf(chinese).Failed(err))
	isChinese(t, strings.ReplaceAll(languageOf(chinese).Failed(tooLate(60, 0)), "make dev", "")) // a command
	_, err = listen(1 << 17)
	require.Error(t, err)
	isChinese(t, languageOf(chinese).Failed(&os.PathError{Op: "open", Path: "/nowhere", Err: os.ErrPermission}))
}

// TestAStepWithoutAChineseNameIsLeftOut: what the engine itself says is enough.
func TestAStepWithoutAChineseNameIsLeftOut(t *testing.T) {
	t.Parallel()
	down := &rehab.Error{Code: rehab.Unavailable, Message: "the database does not answer"}
	err := errors.Join(nil, wrap("read the secrets", wrap("look into the cupboard", wrap("documents.dir", down))))
	require.Equal(t, "读取密钥：documents.dir："+words.ZH.Error(down), words.ZH.Failed(err))
}

func wrap(step string, err error) error { return &stepError{step, err} }

type stepError struct {
	step string
	err  error
}

func (e *stepError) Error() string { return e.step + ": " + e.err.Error() }
func (e *stepError) Unwrap() error { return e.err }
