package rehab

// Word is a code with what it is called.
type Word struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
	// Own says that the engine writes the code and nobody sends it.
	Own bool `json:"own,omitempty"`
}

// Enum is a closed list of codes: what a command may say, or what the engine says.
type Enum struct {
	Name  string `json:"name"`
	Words []Word `json:"codes" nullable:"false"`

	// Zero is the empty value of the type that the codes have in Go.
	Zero any `json:"-"`
}

// Sent are the codes without those that are the engine's own.
func (e *Enum) Sent() []string {
	var out []string
	for _, w := range e.Words {
		if !w.Own {
			out = append(out, w.Code)
		}
	}
	return out
}

// Enums lists every enum of the core. What stands here is in GET /v1/codes and in the
// documentation.
func Enums() []Enum {
	return []Enum{
		enum("measure", measures), enum("risk", risks), enum("service_method", serviceMethods), enum("phase", phases), enum("role", roles),
		enum("duty", kinds()), enum("status", statuses), enum("ground", grounds), enum("justified_reason", justifiedReasons).and(leaveReasons),
		enum("channel", channels), enum("outcome", outcomes), enum("excuse", excuses), enum("who", met), enum("mood", moods),
		enum("sex", sexes), enum("test_method", testMethods), enum("test_site", testSites), enum("test_result", testResults),
		enum("signature", signatures), enum("skip_reason", skipReasons), enum("help_answer", helpAnswers), enum("circumstance", circumstances),
		enum("engagement", engagements), enum("trigger", triggers), enum("outreach_end", outreachEnds), enum("supervision_form", supervisionForms),
		enum("watch_reason", watchReasons), enum("crisis_kind", crisisKinds), enum("closing", closings),
		enum("transfer_state", transferStates), enum("transfer_reason", transferReasons), enum("return_reason", returnReasons),
		enum("help_class", helpClasses), enum("help_kind", helpKinds(HelpClasses()...)), enum("positive_kind", positiveKinds),
		enum("group_role", append(groupRoles[:len(groupRoles):len(groupRoles)], code[GroupRole]{GroupWorker, "禁毒专职社工", "full-time worker"})),
		enum("stage", stages), enum("goal_code", goalCodes), enum("goal_status", goalStatuses),
		enum("agency", agencies), enum("referral_kind", referralKinds(Agencies()...)), enum("referral_state", referralStates), enum("decline_reason", declineReasons),
		enum("placement_kind", placementKinds), enum("placement_end", placementEnds), enum("volunteer_state", volunteerStates), enum("volunteer_end", volunteerEnds),
		enum("hold_reason", holdReasons), enum("amendment_kind", amendmentKinds), enum("mark", marks), enum("unit", units),
	}
}

// EnumOf is the enum of the type; ok is false where the core has none.
func EnumOf[T ~string]() (e Enum, ok bool) {
	for _, e := range Enums() {
		if _, ok := e.Zero.(T); ok {
			return e, true
		}
	}
	return Enum{}, false
}

// code is one value of an enum, declared beside its type with what it is called.
type code[T ~string] struct {
	code   T
	zh, en string
}

// codes are the values of an enum in their order.
type codes[T ~string] []code[T]

func (c codes[T]) values() []T {
	out := make([]T, len(c))
	for i := range c {
		out[i] = c[i].code
	}
	return out
}

// zh is what the code is called in Chinese.
func (c codes[T]) zh(v T) string {
	for i := range c {
		if c[i].code == v {
			return c[i].zh
		}
	}
	return string(v)
}

// check refuses a field that says none of the codes.
func (c codes[T]) check(field string, v T) *Error {
	for i := range c {
		if c[i].code == v {
			return nil
		}
	}
	return notOneOf(field, v, c.values()...)
}

func enum[T ~string](name string, c codes[T]) Enum {
	e := Enum{Name: name, Zero: T("")}
	for _, v := range c {
		e.Words = append(e.Words, Word{Code: string(v.code), ZH: v.zh, EN: v.en})
	}
	return e
}

// and adds the codes that are the engine's own.
func (e Enum) and(own codes[JustifiedReason]) Enum {
	for _, v := range own {
		e.Words = append(e.Words, Word{string(v.code), v.zh, v.en, true})
	}
	return e
}

// kinds are the duties as the topics declare them.
func kinds() (out codes[Kind]) {
	for _, d := range Duties() {
		out = append(out, code[Kind]{d.Kind, d.ZH, d.EN})
	}
	return out
}
