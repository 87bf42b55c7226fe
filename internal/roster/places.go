package roster

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"guitu/identity"
	"guitu/rehab"
)

// Place is a place by which names are read: its code (11, 110101, 110101001) and its name.
type Place struct {
	Code rehab.PlaceCode `json:"code"`
	Name string          `json:"name"`
}

// Places are the places of the city, as the API lists them.
type Places []Place

// placeValue reads the code or the name of a place. An address elsewhere is kept for the
// household registration, and is nothing for a street that executes.
func (r *reader) placeValue(row *Row, c *column, s string) any {
	f := r.find(s, c.kind == station)
	fault := f.fault
	switch {
	case fault == "":
		return f.code
	case c.code == "household_street" && (fault == "street.elsewhere" || fault == "street.unknown" && !isCode(s) && longer(s)):
		if nowhere(s) { // 外地 says all there is to say
			return nil
		}
		if old, _ := row.Request["household_address"].(string); old == "" && utf8.RuneCountInString(s) <= 200 {
			row.Request["household_address"] = s
			row.warn(c.code, "address.kept", s)
		}
		return nil
	case c.kind == address && (fault == "street.elsewhere" || fault == "street.unknown" && !isCode(s) && longer(s)):
		row.warn(c.code, "address.none", s)
		return nil
	case c.kind == station && fault == "street.unknown":
		fault = "place.unknown"
	}
	row.add(c.code, fault, f.args...)
	return nil
}

// finding is what a text names: a code, or what is wrong with it.
type finding struct {
	code, fault string
	args        []any
}

// find looks a text up once, however many rows have it.
func (r *reader) find(s string, wide bool) finding {
	f, known := r.found[s]
	if !known {
		f.code, f.fault, f.args = r.options.Places.find(s, wide)
		r.found[s] = f
	}
	return f
}

// longer reports whether the text is an address rather than a name.
func longer(s string) bool { return utf8.RuneCountInString(s) > 10 }

func isCode(s string) bool { return strings.Trim(s, "0123456789") == "" }

// find is the code of the place that the text names, or what is wrong with it.
func (p Places) find(s string, wide bool) (code, fault string, args []any) {
	s = strings.ReplaceAll(strings.TrimSuffix(s, ".0"), " ", "")
	if isCode(s) {
		return p.byCode(s, wide)
	}
	if p.elsewhere(s) {
		return "", "street.elsewhere", []any{s}
	}
	district, name := p.split(s)
	var found []Place
	for _, match := range []func(full, short string) bool{
		func(full, _ string) bool { return full == name },
		func(_, short string) bool { return short == name },
		func(full, _ string) bool { return strings.Contains(name, full) },
	} {
		for _, x := range p {
			if x.Code.IsStreet() && district.Contains(x.Code) && match(x.Name, shortName(x.Name)) {
				found = append(found, x)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	switch {
	case len(found) == 1:
		return string(found[0].Code), "", nil
	case len(found) > 1:
		return "", "street.many", []any{s, p.spell(found)}
	case district != "" && name == "" && wide:
		return string(district), "", nil
	case district != "" && name == "":
		return "", "street.district", []any{s}
	}
	return "", "street.unknown", []any{s}
}

// byCode takes codes of streets, also with the three zeros that statistics add. With wide it
// takes those of districts and of the city too. Without a list every code is taken.
func (p Places) byCode(s string, wide bool) (code, fault string, args []any) {
	if street, ok := strings.CutSuffix(s, "000"); ok && rehab.PlaceCode(street).IsStreet() {
		s = street
	}
	c := rehab.PlaceCode(s)
	known := slices.ContainsFunc(p, func(x Place) bool { return x.Code == c })
	switch {
	case len(p) == 0, known && (wide || c.IsStreet()):
		return s, "", nil
	case known:
		return "", "street.district", []any{s}
	case c.At(rehab.DistrictLevel) != "" && !slices.ContainsFunc(p, func(x Place) bool { return x.Code.At(rehab.CityLevel).Contains(c) }) && s[0] != '9' && s[0] != '0':
		return "", "street.elsewhere", []any{s}
	}
	return "", "street.unknown", []any{s}
}

var (
	provinces = []string{"北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西",
		"海南", "重庆", "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "香港", "澳门", "台湾"}
	outside = regexp.MustCompile(`^(外地|外省市?|外市|外埠|京外|非京籍?|非本市|市外|省外|国外|境外|外国|外籍)(户籍|户口|人员)?$`)
)

// nowhere reports whether the text says that it is elsewhere and not where.
func nowhere(s string) bool { return outside.MatchString(strings.ReplaceAll(s, " ", "")) }

// elsewhere reports whether the text begins with a province that is not of the list.
func (p Places) elsewhere(s string) bool {
	if nowhere(s) {
		return true
	}
	if len(p) == 0 {
		return false
	}
	for _, province := range provinces {
		if strings.HasPrefix(s, province) {
			return !slices.ContainsFunc(p, func(x Place) bool {
				return strings.HasPrefix(x.Name, province) && x.Code.Level() == rehab.CityLevel || strings.HasPrefix(x.Name, s)
			})
		}
	}
	return false
}

// split takes city and district off the front of a name and the office off its end.
func (p Places) split(s string) (prefix rehab.PlaceCode, name string) {
	for _, end := range []string{"人民政府", "办事处", "社区戒毒社区康复工作站", "社区戒毒(社区康复)工作站", "社区戒毒(康复)工作站", "禁毒工作站", "社工站", "工作站", "禁毒办"} {
		s = strings.TrimSuffix(s, end)
	}
	for _, level := range []rehab.PlaceLevel{rehab.CityLevel, rehab.DistrictLevel} {
		for _, x := range p {
			if x.Code.Level() != level || !prefix.Contains(x.Code) {
				continue
			}
			for _, front := range []string{x.Name, strings.TrimRight(x.Name, "市区县")} {
				rest, ok := strings.CutPrefix(s, front)
				if ok && (rest == "" || front == x.Name || utf8.RuneCountInString(rest) > 1 && level == rehab.CityLevel) {
					prefix, s = x.Code, rest
					break
				}
			}
		}
	}
	return prefix, s
}

// shortName is the name without what kind of place it is.
func shortName(name string) string {
	for _, end := range []string{"街道", "地区", "镇", "乡"} {
		if short, ok := strings.CutSuffix(name, end); ok && utf8.RuneCountInString(short) >= 2 {
			return short
		}
	}
	return name
}

// spell names places with their districts.
func (p Places) spell(found []Place) []string {
	names := make([]string, len(found))
	for i, x := range found {
		names[i] = x.Name
		if at := slices.IndexFunc(p, func(d Place) bool { return d.Code == x.Code.At(rehab.DistrictLevel) }); at >= 0 {
			names[i] = p[at].Name + x.Name
		}
	}
	return names
}

// checkOrder holds the cells of an order against each other.
func (r *reader) checkOrder(row *Row) {
	field := func(code string) string { s, _ := row.Request[code].(string); return s }
	r.checkDocument(row, field)
	if decided, served := field("decided_on"), field("served_on"); decided != "" && served != "" && served < decided {
		row.add("served_on", "served.early", served, decided)
	}
	if n, ok := row.Request["term_months"].(int); ok && field("measure") == "treatment" && n != 36 {
		row.add("term_months", "months.treatment")
	}
	executes, household, residence := field("execution_street"), field("household_street"), field("residence_street")
	switch {
	case row.has("household_street") || row.has("residence_street"):
	case household == "" && residence == "":
		row.add("household_street", "no.home")
	case executes != "" && executes != household && executes != residence:
		row.add("execution_street", "execution")
	}
}

func (r *reader) checkDocument(row *Row, field func(string) string) {
	no, kind := field("id_number"), identity.Kind(field("id_kind"))
	if no == "" || row.has("id_kind") {
		return
	}
	if kind == "" && len(no) == 18 && no[0] == '8' && no[1] >= '1' && no[1] <= '3' {
		kind = identity.ResidencePermit
		row.Request["id_kind"] = string(kind)
	}
	switch _, fault := identity.Check(kind, no, instant(field("decided_on"))); {
	case fault == identity.WrongForm && kind == "" && len(no) != 18 && len(no) != 15:
		row.add("id_number", "id.kind")
	case fault == identity.WrongForm && kind != "" && kind != identity.ResidentCard && kind != identity.ResidencePermit:
		row.add("id_number", "id."+string(kind))
	case fault != "":
		row.add("id_number", "id."+string(fault))
	default:
		if kind == "" && identity.LooksRounded(no) {
			row.warn("id_number", "id.maybe_rounded")
		}
		r.checkSex(row, field("sex"), identity.Sex(kind, no))
	}
}

// checkSex holds the sex against what the number says.
func (r *reader) checkSex(row *Row, told, says string) {
	if told == "男" || told == "女" {
		told = map[string]string{"男": "male", "女": "female"}[told]
	}
	if told != "" && says != "" && told != says {
		row.add("sex", "id.sex", say(says), say(told))
	}
}
