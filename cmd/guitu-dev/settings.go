package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"guitu/config"
)

// head stands on top of a guitu.yaml that is new.
const head = `Settings of this data directory, for guitu-dev and for guitu. At each start guitu-dev
writes database.dsn, temporal, secrets and remote.server; all else is yours and stays.`

// setting is a key that guitu-dev writes. One that is kept stays as a person wrote it.
type setting struct {
	key, value string
	kept       bool
}

// own are the keys that follow from the data directory and from the ports of this start.
func own(c config.Config, token string) []setting {
	return []setting{
		{key: "database.dsn", value: c.Database.DSN},
		{key: "temporal.address", value: c.Temporal.Address},
		{key: "temporal.namespace", value: c.Temporal.Namespace},
		{key: "secrets.payload", value: c.Secrets.Payload},
		{key: "secrets.master", value: c.Secrets.Master},
		{key: "secrets.index", value: c.Secrets.Index},
		{key: "remote.server", value: "http://" + c.API.Address},
		{key: "remote.token", value: token, kept: true},
	}
}

// writeSettings puts the settings into the file and leaves everything else in it as it is,
// comments too.
func writeSettings(file string, settings []setting) error {
	document, err := readSettings(file)
	if err != nil {
		return err
	}
	for _, s := range settings {
		if err := set(document.Content[0], s); err != nil {
			return fmt.Errorf("%s: %s: %w", file, s.key, err)
		}
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := errors.Join(encoder.Encode(document), encoder.Close()); err != nil {
		return err
	}
	return writeFile(file, out.Bytes())
}

// readSettings is the file as a document whose content is a mapping.
func readSettings(file string) (*yaml.Node, error) {
	fresh := &yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode}}, HeadComment: head}
	raw, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fresh, nil
	case err != nil:
		return nil, err
	}
	var document yaml.Node
	if err := yaml.Unmarshal(raw, &document); err != nil {
		return nil, fmt.Errorf("%s cannot be read: put it right, or move it away to have a new one written: %w", file, err)
	}
	if document.Kind == 0 {
		return fresh, nil
	}
	if document.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s holds no settings: put it right, or move it away to have a new one written", file)
	}
	return &document, nil
}

// set writes one setting into the mapping, making the sections on its way.
func set(mapping *yaml.Node, s setting) error {
	section, rest, nested := strings.Cut(s.key, ".")
	var value *yaml.Node
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == section {
			value = mapping.Content[i+1]
		}
	}
	if value == nil {
		value = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}
		mapping.Content = append(mapping.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: section}, value)
	}
	if !nested {
		if value.Kind != yaml.ScalarNode {
			return errors.New("is one value, and no list or section")
		}
		if !s.kept || value.Tag == "!!null" || value.Value == "" {
			value.Tag, value.Value, value.Style = "!!str", s.value, 0
		}
		return nil
	}
	if value.Tag == "!!null" {
		value.Kind, value.Tag, value.Value = yaml.MappingNode, "!!map", ""
	}
	if value.Kind != yaml.MappingNode {
		return errors.New(section + " is a section")
	}
	return set(value, setting{rest, s.value, s.kept})
}

// load reads the settings of the directory and what the environment says over them. What
// follows from the directory holds whatever the environment says: others lists the variables
// that are passed over for that.
func load(file string, environ []string, fixed config.Config) (c config.Config, others []string, err error) {
	others = config.Ignored(environ)
	environ = slices.DeleteFunc(slices.Clone(environ), func(line string) bool {
		name, value, _ := strings.Cut(line, "=")
		taken := slices.Contains(ownVariables, strings.TrimSuffix(name, "_FILE"))
		if taken && value != "" {
			others = append(others, name)
		}
		return taken
	})
	if c, err = config.Load(file, environ, nil); err != nil {
		return c, nil, err
	}
	c.Database.DSN, c.Temporal, c.Secrets, c.API.Address = fixed.Database.DSN, fixed.Temporal, fixed.Secrets, fixed.API.Address
	c.Auth.AdminTokens = fixed.Auth.AdminTokens
	if c.Auth.Origin == "" {
		c.Auth.Origin = fixed.Auth.Origin
	}
	return c, others, nil
}

// ownVariables set what guitu-dev has of its own: its database, its Temporal, its secrets and
// the port of --api-port.
var ownVariables = []string{
	"GUITU_DATABASE_DSN", "GUITU_TEMPORAL_ADDRESS", "GUITU_TEMPORAL_NAMESPACE", "GUITU_API_ADDRESS",
	"GUITU_SECRETS_PAYLOAD", "GUITU_SECRETS_MASTER", "GUITU_SECRETS_INDEX",
}
