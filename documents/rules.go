package documents

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"guitu/rehab"
)

// Rules are what an office sets beside the texts: who it is, and how it numbers.
type Rules struct {
	// Number is how a number is made of {office}, {series}, {year} and {n}.
	Number string `yaml:"number"`
	// External offices run their own books: a number is then given, never made.
	External bool `yaml:"external"`
	// Series by kind of paper; a kind without one has no number.
	Series map[Kind]string `yaml:"series"`
	// Police is the name of the police where the office has none of its own, of {district}.
	Police string `yaml:"police"`
	// Offices by the code of their street or town.
	Offices map[string]OfficeRule `yaml:"offices"`
}

// OfficeRule is what an office says of itself. What is empty is made of the names of places.
type OfficeRule struct {
	Letters string `yaml:"letters"` // in its numbers (机关代字)
	Name    string `yaml:"name"`
	Police  string `yaml:"police"`
	Address string `yaml:"address"`
	Phone   string `yaml:"phone"`
	Station string `yaml:"station"` // the station that it designates (NCL art.34)
}

// readRules reads rules over those that stand: what is left out stays.
func readRules(over Rules, raw []byte) (Rules, error) {
	own := over
	own.Series, own.Offices = map[Kind]string{}, map[string]OfficeRule{}
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(&own); err != nil && !errors.Is(err, io.EOF) {
		return over, err
	}
	for k, v := range over.Series {
		if _, set := own.Series[k]; !set {
			own.Series[k] = v
		}
	}
	for k, v := range over.Offices {
		if _, set := own.Offices[k]; !set {
			own.Offices[k] = v
		}
	}
	return own, own.check()
}

func (r Rules) check() error {
	for _, part := range []string{"{office}", "{series}", "{year}", "{n}"} {
		if !strings.Contains(r.Number, part) {
			return fmt.Errorf("number: %q lacks %s: two papers could have one number", r.Number, part)
		}
	}
	for k := range r.Series {
		if !slices.Contains(Kinds(), k) {
			return fmt.Errorf("series: there is no paper %q", k)
		}
	}
	letters := map[string]string{}
	for code, o := range r.Offices {
		if other, taken := letters[o.Letters]; taken && o.Letters != "" {
			return fmt.Errorf("offices: %s and %s have the same letters %q", min(code, other), max(code, other), o.Letters)
		}
		letters[o.Letters] = code
	}
	return nil
}

// Office is who issues a paper.
type Office struct {
	Letters, Name, Police, Address, Phone, Station string
	District, Area                                 string // the names of its places
	We                                             string // how it speaks of itself
}

// office of the street or town, whose name and whose district's name are given.
func (r Rules) office(code string, place func(string) string) Office {
	street, district := place(code), ""
	if d := rehab.PlaceCode(code).At(rehab.DistrictLevel); d != "" {
		district = place(string(d))
	}
	short := strings.TrimSuffix(strings.TrimSuffix(district, "区"), "县")
	o := Office{District: district, Area: district + street, We: "我街道", Letters: short + strings.TrimSuffix(street, "街道"), Name: district + officeName(street)}
	switch {
	case strings.HasSuffix(street, "镇"):
		o.We = "我镇"
	case strings.HasSuffix(street, "乡"):
		o.We = "我乡"
	case strings.HasSuffix(street, "地区"):
		o.We = "我地区"
	}
	o.Police = strings.ReplaceAll(r.Police, "{district}", short)
	own := r.Offices[code]
	for _, x := range []struct {
		to   *string
		from string
	}{{&o.Letters, own.Letters}, {&o.Name, own.Name}, {&o.Police, own.Police}, {&o.Address, own.Address}, {&o.Phone, own.Phone}, {&o.Station, own.Station}} {
		if x.from != "" {
			*x.to = x.from
		}
	}
	return o
}

// officeName is the office of a street, town or township.
func officeName(street string) string {
	switch {
	case street == "" || strings.HasSuffix(street, "办事处") || strings.HasSuffix(street, "人民政府"):
		return street
	case strings.HasSuffix(street, "镇") || strings.HasSuffix(street, "乡"):
		return street + "人民政府"
	}
	return street + "办事处"
}

// number of a paper: 东社戒协〔2026〕3号.
func (r Rules) number(letters, series string, year, n int) string {
	return strings.NewReplacer("{office}", letters, "{series}", series, "{year}", strconv.Itoa(year), "{n}", strconv.Itoa(n)).Replace(r.Number)
}
