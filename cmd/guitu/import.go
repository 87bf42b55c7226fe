package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"guitu/internal/roster"
)

func newImport(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Open a case for each order of a roster (.xlsx or .csv)",
		Long: "import finds the sheet and the headings, reads each row and sends it to the API. A row that\n" +
			"is refused is named with its column and the rule, nothing of it is kept, and it goes back\n" +
			"in a spreadsheet with the reason beside the cell. Running the same file again opens nothing\n" +
			"twice. --check shows the same report and changes nothing; --template writes an empty list.\n\n" +
			"docs/roster.md lists the columns. For cases already under way, 报到日期, 协议日期, 已检测次数 and\n" +
			"已联系次数 say what was done before, so that nothing of it is called missed.",
		Example: "  guitu import --template 花名册.xlsx\n  guitu import --check 花名册.xlsx\n  guitu import 花名册.xlsx",
	}
	return p.importCommand(cmd, orderList())
}

func newWorkers(p *program) *cobra.Command {
	cmd := group("workers", "Keep the registry of workers")
	load := &cobra.Command{
		Use:   "import FILE",
		Short: "Register each worker of a list (.xlsx or .csv)",
		Long: "import reads each row and sends it to the API. A row that is refused is named with its column\n" +
			"and the rule, nothing of it is kept, and it goes back in a spreadsheet with the reason beside\n" +
			"the cell. Running the same file again registers nobody twice. --check changes nothing.\n\n" +
			"docs/roster.md lists the columns.",
	}
	cmd.AddCommand(p.importCommand(load, workerList()))
	return cmd
}

// list is a kind of list that can be imported.
type list struct {
	what     string // names the words of the report
	path     string // of the API that takes a row
	read     func(string, io.Reader, roster.Options) (*roster.File, error)
	template func(io.Writer, roster.Lang) error
}

func orderList() list {
	return list{"report.orders", "/v1/cases", roster.Read, roster.WriteTemplate}
}

func workerList() list {
	return list{"report.workers", "/v1/workers", roster.ReadWorkers, roster.WriteWorkersTemplate}
}

// importOptions are the flags of an import.
type importOptions struct {
	parallel                       int
	check                          bool
	lang, template, refused, sheet string
}

func (p *program) importCommand(cmd *cobra.Command, l list) *cobra.Command {
	var o importOptions
	f := cmd.Flags()
	f.IntVar(&o.parallel, "parallel", 16, "rows sent at the same time")
	f.BoolVar(&o.check, "check", false, "say what would become of each row, and change nothing")
	f.StringVar(&o.template, "template", "", "write an empty list to this .xlsx file, and nothing else")
	f.StringVar(&o.refused, "refused", "", "the .xlsx file for refused rows (beside FILE by default; - for none)")
	f.StringVar(&o.sheet, "sheet", "", "the sheet to read (every sheet with a list by default)")
	f.StringVar(&o.lang, "lang", "", "language of the report: zh-CN or en (by LANG; zh-CN where that is neither)")
	f.String("remote.server", "", "address of the API")
	f.String("remote.token", "", "bearer token (better given as GUITU_REMOTE_TOKEN)")
	cmd.Args = cobra.MaximumNArgs(1)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		lang := p.lang(o.lang)
		switch {
		case o.template != "":
			return p.writeTemplate(o.template, l, lang)
		case len(args) == 0:
			return errors.New("import needs a FILE, or --template")
		}
		return p.importFile(cmd, args[0], o, lang, l)
	}
	return cmd
}

// lang is the language of reports: what the flag says, else the environment.
func (p *program) lang(flag string) roster.Lang {
	for _, name := range []string{flag, p.env("LC_ALL"), p.env("LANG")} {
		if name != "" {
			return roster.LangOf(name)
		}
	}
	return roster.Chinese
}

func (p *program) writeTemplate(name string, l list, lang roster.Lang) error {
	if err := writeNew(name, func(w io.Writer) error { return l.template(w, lang) }); err != nil {
		return err
	}
	fmt.Fprint(p.stdout, roster.Say(lang, "template.written", name))
	return nil
}

// writeNew makes a file that only its owner reads; one that is there stays.
func writeNew(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

func (p *program) importFile(cmd *cobra.Command, name string, o importOptions, lang roster.Lang, l list) error {
	c, _, err := p.configure(cmd, "remote.token")
	if err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	im := newImporter(c.Remote.Server, c.Remote.Token, l.path, o.check, lang)
	places, err := im.places(cmd.Context())
	if err == nil && o.check {
		err = im.checks(cmd.Context())
	}
	if err != nil {
		return err
	}
	file, err := l.read(filepath.Base(name), f, roster.Options{Lang: lang, Places: places, Sheet: o.sheet})
	if err != nil {
		return err
	}
	bar := progressbar.NewOptions(len(file.Rows), progressbar.OptionSetWriter(p.stderr), progressbar.OptionSetDescription(filepath.Base(name)),
		progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionSetVisibility(isTerminal(p.stderr)))
	report, err := im.run(cmd.Context(), file.Rows, o.parallel, func() { _ = bar.Add(1) })
	_ = bar.Finish()
	if err != nil {
		return err
	}
	what := l.what
	if o.check {
		what += ".dry"
	}
	report.print(p.stdout, file, what, lang)
	if len(report.refused) == 0 {
		return nil
	}
	if err := p.giveBack(name, o.refused, file, report.refused, lang); err != nil {
		return err
	}
	return errReported
}

// giveBack writes the refused rows beside the file they come from, under a name that is free.
func (p *program) giveBack(name, wanted string, file *roster.File, rows []roster.Refused, lang roster.Lang) error {
	if wanted == "-" {
		return nil
	}
	write := func(w io.Writer) error { return file.WriteRefused(w, rows, lang) }
	target := wanted
	var err error
	if wanted != "" {
		err = writeNew(target, write)
	} else {
		base := strings.TrimSuffix(name, filepath.Ext(name)) + "-" + roster.Say(lang, "refused.sheet")
		target = base + ".xlsx"
		for n := 2; ; n++ {
			if err = writeNew(target, write); !errors.Is(err, os.ErrExist) {
				break
			}
			target = fmt.Sprintf("%s-%d.xlsx", base, n)
		}
	}
	if err != nil {
		return fmt.Errorf("write the refused rows: %w", err)
	}
	fmt.Fprint(p.stdout, roster.Say(lang, "report.refused", target))
	return nil
}

// isTerminal tells a screen from a file or a pipe, in which a moving bar is noise.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
