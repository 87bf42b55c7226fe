package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"guitu/words"
)

// language is that of the environment: Chinese where LC_ALL or LANG says so, else English.
func (p *program) language() words.Lang { return words.OfLocale(p.env, words.EN) }

// line is a line of output in the language of the environment.
func (p *program) line(format string, args ...any) string {
	return p.language().Line(format, args...)
}

// say prints one.
func (p *program) say(format string, args ...any) { fmt.Fprintln(p.stdout, p.line(format, args...)) }

// said is the error in the language of the environment.
func (p *program) said(err error) string { return p.language().Failed(err) }

// localize puts the help of a command and of all below it into the language.
func localize(root *cobra.Command, lang words.Lang) {
	if lang == words.EN {
		return
	}
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	root.InitDefaultVersionFlag()
	root.SetUsageTemplate(usage(root.UsageTemplate(), lang))
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	each(root, func(cmd *cobra.Command) {
		cmd.InitDefaultHelpFlag()
		if cmd.HasAvailableFlags() && !cmd.DisableFlagsInUseLine {
			cmd.DisableFlagsInUseLine = true
			cmd.Use += " " + lang.Line("[flags]")
		}
		cmd.Short, cmd.Long = lang.Line(cmd.Short), lang.Line(cmd.Long)
		if parent := cmd.Parent(); parent != nil && parent.Name() == "completion" {
			cmd.Short = lang.Line("Generate the autocompletion script for %s", cmd.Name())
		}
		if ofCobra(cmd) {
			cmd.Use = strings.ReplaceAll(cmd.Use, "[command]", lang.Line("[command]"))
			cmd.Long = cmd.Short
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) { localizeFlag(f, cmd, lang) })
	})
}

// ofCobra reports whether the command is one that cobra adds, which say more in English.
func ofCobra(cmd *cobra.Command) bool {
	parent := cmd.Parent()
	return parent != nil && (parent.Name() == "completion" || !parent.HasParent() && (cmd.Name() == "completion" || cmd.Name() == "help"))
}

func each(cmd *cobra.Command, do func(*cobra.Command)) {
	do(cmd)
	for _, below := range cmd.Commands() {
		each(below, do)
	}
}

// localizeFlag says the default in the flag's own words: pflag says it in English.
func localizeFlag(f *pflag.Flag, cmd *cobra.Command, lang words.Lang) {
	switch f.Name {
	case "help":
		f.Usage = lang.Line("help for this command")
	case "version":
		f.Usage = lang.Line("version of this program")
	default:
		f.Usage = lang.Line(f.Usage)
	}
	none := map[string]string{"string": "", "stringArray": "[]", "stringSlice": "[]", "duration": "0s", "bool": "false"}
	zero, known := none[f.Value.Type()]
	if !known {
		zero = "0"
	}
	if f.DefValue != zero && cmd.Flags().Lookup(f.Name) == f {
		f.Usage += lang.Line(" (by default %s)", f.DefValue)
		f.DefValue = zero
	}
}

// usage is cobra's template with its words in the language.
func usage(template string, lang words.Lang) string {
	template = strings.ReplaceAll(template, `Use "{{.CommandPath}} [command] --help" for more information about a command.`,
		lang.Line("For more about a command: %s COMMAND --help", "{{.CommandPath}}"))
	for _, english := range []string{
		"[command]", "Usage:", "Aliases:", "Examples:", "Available Commands:", "Additional Commands:", "Additional help topics:", "Global Flags:", "Flags:",
	} {
		template = strings.ReplaceAll(template, english, lang.Line(english))
	}
	return template
}
