package rehab

// Measure is what the order imposes.
type Measure string

// The two measures.
const (
	Treatment      Measure = "treatment"      // 社区戒毒, NCL art.33
	Rehabilitation Measure = "rehabilitation" // 社区康复, NCL art.48
)

// Risk is the client's risk class.
type Risk string

// The risk classes 高/中/低.
const (
	High   Risk = "high"
	Medium Risk = "medium"
	Low    Risk = "low"
)

// ServiceMethod is how the order reached the client.
type ServiceMethod string

// The ways of service (送达).
const (
	ServedDirect      ServiceMethod = "direct"
	ServedEntrusted   ServiceMethod = "entrusted"
	ServedSubstituted ServiceMethod = "substituted"
	ServedByPost      ServiceMethod = "post"

	ServedWithWitness    ServiceMethod = "witness"       // 留置送达: left in the presence of a witness
	ServedElectronically ServiceMethod = "electronic"    // 电子送达
	ServedByNotice       ServiceMethod = "public_notice" // 公告送达: 60 days (APR art.36)
)

// Channel is how a contact was attempted.
type Channel string

// The channels of a contact.
const (
	Phone       Channel = "phone"
	SMS         Channel = "sms"
	Video       Channel = "video"
	Talk        Channel = "talk"         // 谈话, face to face at the station
	HomeVisit   Channel = "home_visit"   // 走访
	FamilyVisit Channel = "family_visit" // a visit to the family
	JointVisit  Channel = "joint_visit"  // with members of the working group
)

// Outcome is what came of a contact attempt.
type Outcome string

// The outcomes of a contact attempt.
const (
	Met         Outcome = "met"
	NoAnswer    Outcome = "no_answer"
	Declined    Outcome = "declined"
	WrongNumber Outcome = "wrong_number"
	FamilyMet   Outcome = "family_met"
	NotAtHome   Outcome = "not_at_home"
	MovedAway   Outcome = "moved_away" // nobody of the name lives at the address any more
	Sent        Outcome = "sent"       // a message went out, nothing came back
	Replied     Outcome = "replied"    // the client answered a message
)

// heard reports whether the client answered, whatever the answer: heard of, if not met.
func (o Outcome) heard() bool { return o == Met || o == Declined || o == Replied }

// Excuse is the class of the reason that a client gave for declining to meet.
type Excuse string

// The excuses.
const (
	ExcuseWork    Excuse = "work"
	ExcuseIllness Excuse = "illness"
	ExcuseAway    Excuse = "away"
	ExcuseOther   Excuse = "other"
)

// Who was met, or answered, at a contact.
type Who string

// Those who are met.
const (
	ClientAlone      Who = "client"
	ClientWithFamily Who = "client_and_family"
	FamilyAlone      Who = "family"
	Neighbour        Who = "neighbour" // or the residents' committee
)

// Mood is how the client seemed, as the worker saw it: an observation, no diagnosis.
type Mood string

// The moods.
const (
	Calm     Mood = "calm"
	MoodLow  Mood = "low"
	Anxious  Mood = "anxious"
	Agitated Mood = "agitated"
	Hopeful  Mood = "hopeful"
)

// Sex is a code. The core knows it for one rule: women's urine is collected by women.
type Sex string

// The sexes, as the identity card has them.
const (
	Male   Sex = "male"
	Female Sex = "female"
)

// TestMethod is what was tested.
type TestMethod string

// The test methods: what the sample is.
const (
	Urine  TestMethod = "urine"
	Saliva TestMethod = "saliva"
	Blood  TestMethod = "blood"
	Hair   TestMethod = "hair"
)

// showsUse reports whether a positive of the sample shows use in the measure. Hair looks
// back up to six months and is never a relapse by itself.
func (m TestMethod) showsUse() bool { return m != Hair }

// TestSite is where the test was run.
type TestSite string

// The sites. The first two give results on the spot, which are provisional when positive.
const (
	AtStation    TestSite = "station" // with the police; the default
	AtPolice     TestSite = "police"
	AtLaboratory TestSite = "laboratory"
)

// TestResult is what a test, or the attempt at one, gave.
type TestResult string

// The results of a test.
const (
	Negative            TestResult = "negative"
	PositiveProvisional TestResult = "positive_provisional" // until objection closes or the laboratory confirms
	PositiveConfirmed   TestResult = "positive_confirmed"
	TestRefused         TestResult = "refused" // 拒绝检测
	TestEvaded          TestResult = "evaded"  // 逃避检测
)

// Phase is the step of the lifecycle the case is in.
type Phase string

// The phases: those of a life without incident in their order, then the others.
const (
	AwaitingReportIn  Phase = "awaiting_report_in" // the order was served
	AwaitingAgreement Phase = "awaiting_agreement" // reported in, the term runs
	InExecution       Phase = "in_execution"       // agreement signed
	TermEnded         Phase = "term_ended"         // the term is over, the notice is not out
	Released          Phase = "released"           // police issued the notice: the measure has ended, after-care runs
	Suspended         Phase = "suspended"          // 中止: the clock stands still (DRR art.24)
	Terminated        Phase = "terminated"         // 终止: closed without release (DRR art.24)
	AwaitingSealing   Phase = "awaiting_sealing"   // dynamic control has ended, the record is kept until the day of sealing
	Sealed            Phase = "sealed"             // 封存: nothing is left to come
	TransferredAway   Phase = "transferred_out"    // closed here: the measure goes on outside the system (DRR art.22)
	Void              Phase = "void"               // 误立案撤销: opened by mistake, there never was such a case
)

// OpenPhases are the phases of a measure that is under way.
func OpenPhases() []Phase {
	return []Phase{AwaitingReportIn, AwaitingAgreement, InExecution, TermEnded, Suspended}
}

// Role is what an actor is to the system.
type Role string

// The roles; SystemRole acts by itself, IntegrationRole is another system, PartnerRole
// an organisation that trains workers and knows nothing of clients, PoliceRole the police of
// a place, who see the reports that are addressed to them and nothing else.
const (
	WorkerRole      Role = "worker"
	StationHead     Role = "station_head"
	DistrictOffice  Role = "district"
	CityOffice      Role = "city"
	Admin           Role = "admin"
	SystemRole      Role = "system"
	IntegrationRole Role = "integration"
	PartnerRole     Role = "partner"
	PoliceRole      Role = "police"

	// The three administrators (三员分立): settings, accounts and rights, logs. None sees a file.
	SystemAdmin   Role = "system_admin"
	SecurityAdmin Role = "security_admin"
	Auditor       Role = "auditor"
)

// rank orders the roles of the management ladder; roles outside it have rank 0.
func (r Role) rank() int {
	switch r {
	case WorkerRole:
		return 1
	case StationHead:
		return 2
	case DistrictOffice:
		return 3
	case CityOffice:
		return 4
	}
	return 0
}

// Actor is who acts: an id from the worker registry or of a system, never a name.
type Actor struct {
	ID    string `json:"id"`
	Role  Role   `json:"role"`
	Place string `json:"place,omitempty"` // code of the street, district or city
	// Organisation is a partner's own, and empty for all others.
	Organisation string `json:"organisation,omitempty"`
}

// System is the engine itself.
var System = Actor{ID: "guitu", Role: SystemRole}

// Kind is what an obligation is about.
type Kind string

// The kinds of obligations.
const (
	ReportInDuty     Kind = "report_in"
	AssignWorkerDuty Kind = "assign_worker"
	AgreementDuty    Kind = "agreement"
	TestDuty         Kind = "test"
	ContactDuty      Kind = "contact"
	HomeVisitDuty    Kind = "home_visit"
	AssessmentDuty   Kind = "assessment"
	TestResultDuty   Kind = "test_result"
	PoliceReportDuty Kind = "police_report"
	ReleaseFileDuty  Kind = "release_file"
	ReleaseDuty      Kind = "release_notice"
)

// Ground of a serious violation of the agreement (DRR art.20).
type Ground string

// The grounds; NoGround is a miss that counts towards none of them.
const (
	NoGround            Ground = ""
	TestEvasion         Ground = "test_evasion" // evading or refusing tests
	UnauthorisedLeaving Ground = "unauthorised_leaving"
	Absence             Ground = "absence" // cumulative days of unauthorised absence
	DeemedRefusal       Ground = "deemed_refusal"
	Overdue             Ground = "overdue" // not reported in under rehabilitation: a person decides what it is (DRR art.38)
	Relapse             Ground = "relapse"
)

// JustifiedReason is why a miss is not held against the client (正当理由, DRR art.14).
type JustifiedReason string

// The justified reasons.
const (
	InCustody  JustifiedReason = "custody"
	Illness    JustifiedReason = "illness"
	Bereaved   JustifiedReason = "bereavement"
	Disaster   JustifiedReason = "disaster"
	WorkReason JustifiedReason = "work"
	OtherCause JustifiedReason = "other"
)

// Signature is how the client took a letter.
type Signature string

// The ways to take a letter.
const (
	Signed           Signature = "signed"
	SignatureRefused Signature = "refused"     // 拒绝签字, noted by those present
	NotPresent       Signature = "not_present" // it was served in the client's absence
)

// SkipReason is why a step of the breach ladder was left out.
type SkipReason string

// The reasons to leave a step out.
const (
	SkipSerious  SkipReason = "serious_violation"
	SkipRepeated SkipReason = "repeated"
	SkipRelapse  SkipReason = "relapse"
	SkipOther    SkipReason = "other" // the command's text says which
)

// HelpAnswer is how the client took an offer of help.
type HelpAnswer string

// The answers to an offer of help.
const (
	HelpAccepted   HelpAnswer = "accepted"
	HelpConsidered HelpAnswer = "considering"
	HelpDeclined   HelpAnswer = "declined"
)

// Circumstance is a fact that bears on compulsory isolation (NCL art.39).
type Circumstance string

// The circumstances of NCL art.39.
const (
	Pregnant Circumstance = "pregnant"
	Nursing  Circumstance = "nursing" // a baby of her own under 1
	Under16  Circumstance = "under_16"
)

func oneOf[T ~string](v T, all ...T) bool {
	for _, a := range all {
		if v == a {
			return true
		}
	}
	return false
}
