package main

import (
	"bytes"
	"fmt"
	"regexp"
	"testing"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestErrorsOfTheCommandLineFollowTheEnvironment(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("start the worker at here: %w", &rehab.Error{Code: rehab.Invalid, Field: "organisation", Message: "only a partner has one"})
	for _, environ := range [][]string{nil, {"LANG=C.UTF-8"}, {"LANG=zh_CN.UTF-8", "LC_ALL=en_GB.UTF-8"}} {
		require.Equal(t, err.Error(), (&program{environ: environ}).said(err))
	}
	require.Equal(t, "启动流程处理进程（here）：协作单位仅培训协作单位填写", (&program{environ: []string{"LANG=zh_CN.UTF-8"}}).said(err))
}

// english is two words that follow each other, in a text that holds none but names otherwise.
var english = regexp.MustCompile(`[A-Za-z]{2,} [a-z]{2,}`)

// isChinese requires a text that a person reads to be Chinese.
func isChinese(t *testing.T, what, text string) {
	t.Helper()
	require.NotRegexp(t, english, text, what)
	require.True(t, bytes.ContainsFunc([]byte(text), func(r rune) bool { return unicode.Is(unicode.Han, r) }), "%s: %q", what, text)
}

func TestTheHelpOfEveryCommandAndFlagIsInChinese(t *testing.T) {
	t.Parallel()
	p := &program{environ: []string{"LC_ALL=zh_CN.UTF-8"}}
	root := newRoot(p)
	localize(root, p.language())
	commands, flags := 0, 0
	each(root, func(cmd *cobra.Command) {
		commands++
		path := cmd.CommandPath()
		isChinese(t, path, cmd.Short)
		if cmd.Long != "" {
			isChinese(t, path, cmd.Long)
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			flags++
			isChinese(t, path+" --"+f.Name, f.Usage)
		})
		for _, word := range []string{"Usage:", "Flags:", "Examples:", "Commands:", "(default", "for more information", "[flags]", "[command]"} {
			require.NotContains(t, cmd.UsageString(), word, path)
		}
	})
	require.Greater(t, commands, 25)
	require.Greater(t, flags, 80)
}

func TestTheHelpIsInEnglishForEverybodyElse(t *testing.T) {
	t.Parallel()
	code, out, _ := call(t, "plan", "--help")
	require.Zero(t, code)
	require.Contains(t, out, "plan needs no server")
	require.Contains(t, out, "(default \"treatment\")")
}

func TestWhatACommandSaysIsInChinese(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code int
		args []string
		says []string
	}{
		{0, []string{"plan", "--help"}, []string{"用法：", "选项：", "送达日期，如2026-09-16", "（默认treatment）"}},
		{0, []string{"plan", "--served", "2026-12-17"}, []string{"送达日期2026-12-17", "事项", "依据", "注意：2027年放假安排尚未录入"}},
		{1, []string{"plan"}, []string{`须填写选项"served"`}},
		{1, []string{"shred"}, []string{"没有“shred”命令"}},
		{1, []string{"plan", "--fly"}, []string{"没有--fly选项"}},
		{1, []string{"token", "--id", "w-1", "--role", "worker", "--days", "x"}, []string{"无法识别"}},
		{1, []string{"migrate"}, []string{"database.dsn未设置"}},
		{1, []string{"plan", "--served", "2026-09-16", "--policy", "mars"}, []string{"没有规则“mars”"}},
	} {
		var out, errs bytes.Buffer
		code := run(t.Context(), c.args, []string{"LANG=zh_CN.UTF-8"}, &out, &errs)
		require.Equal(t, c.code, code, "%v: %s", c.args, errs.String())
		for _, want := range c.says {
			require.Contains(t, out.String()+errs.String(), want, "%v", c.args)
		}
	}
}
