package words

import "strings"

// Failure is what went wrong with a command of a shell: an error with what it is about in
// front of it ("start the worker at …: refused: …"), each part in the language, and each line
// of several by itself.
func (l Lang) Failure(english string) string {
	if l != ZH {
		return english
	}
	if said := l.Said(english); said != english {
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
	return []map[string]string{helpLines, flagLines, keyLines, outputLines, storyLines}
}
