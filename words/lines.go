package words

import (
	"errors"
	"slices"
	"strings"

	"guitu/rehab"
)

// Failure is what went wrong with a command of a shell: an error with what it is about in
// front of it ("start the worker at …: refused: …"), each part in the language, and each line
// of several by itself.
func (l Lang) Failure(english string) string {
	if l != ZH {
		return english
	}
	if said := l.Said(english); said != english && isOne(english) {
		return said
	}
	if one, rest, several := strings.Cut(english, "\n"); several {
		return l.Failure(one) + "\n" + l.Failure(rest)
	}
	if about, rest, ok := strings.Cut(english, ": "); ok {
		return l.Said(about) + "：" + l.Failure(rest)
	}
	return english
}

// isOne reports whether the text is one sentence, and no chain of several with colons between.
func isOne(english string) bool {
	key, _, ok := matched(english)
	return !strings.Contains(english, ": ") || ofError.MatchString(english) || aField.MatchString(english) || ok && strings.Contains(key, ": ")
}

// Failed is what went wrong with a command of a shell. What the engine itself says of it is
// enough: of the steps on the way there, those are named that have a name in the language.
func (l Lang) Failed(err error) string {
	own := (*rehab.Error)(nil)
	switch {
	case l != ZH:
		return err.Error()
	case !errors.As(err, &own):
		return l.Failure(err.Error())
	}
	text := l.Subject(own.Field, l.Error(own))
	if own.Citation != "" {
		text += "（" + l.Cite(own.Citation) + "）"
	}
	before := strings.TrimSuffix(err.Error(), own.Error())
	before, whole := strings.CutSuffix(before, ": ")
	if !whole {
		return before + text
	}
	for _, step := range slices.Backward(strings.Split(before, ": ")) {
		if said := l.Said(step); said != step || !strings.Contains(step, " ") {
			text = said + "：" + text
		}
	}
	return text
}

// lineOf is the Chinese format of a line.
func lineOf(english string) (string, bool) {
	for _, table := range lineTables() {
		if zh, ok := table[english]; ok {
			return zh, true
		}
	}
	return "", false
}

// lineTables hold what the programs print, by their English formats. Each Chinese line is a
// format of the same arguments.
func lineTables() []map[string]string {
	return []map[string]string{helpLines, flagLines, keyLines, outputLines, countLines, storyLines}
}
