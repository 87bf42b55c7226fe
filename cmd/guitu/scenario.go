package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"guitu/internal/scenario"
	"guitu/internal/wiring"
	"guitu/words"
)

func newScenario(p *program) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "scenario FILE...",
		Short: "Play lives told in plain words on the rules, and say where they do not come out as told",
		Long: "scenario reads lives like those of testdata/scenarios: dated facts, and what has to be true then.\n" +
			"It needs no database. Each line of a life that does not come out as told is printed.",
		Example: "  guitu scenario my-street.yaml --policy-dir policies/",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			rules, err := wiring.Policies(dir)
			if err != nil {
				return err
			}
			failed := false
			for _, file := range files {
				raw, err := os.ReadFile(file)
				if err != nil {
					return err
				}
				s, err := scenario.Parse(filepath.Base(file), raw)
				if err == nil {
					err = s.Play(cmd.Context(), scenario.NewCore(s.Name, rules))
				}
				if err != nil {
					failed = true
					fmt.Fprintln(p.stdout, err)
					continue
				}
				title := s.Title.EN
				if p.language() == words.ZH {
					title = s.Title.ZH
				}
				p.say("%s: as told: %s", file, title)
			}
			if failed {
				return errReported
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&dir, "policy-dir", "", "folder with policies and calendars of the office")
	return cmd
}
