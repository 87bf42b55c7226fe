package notify

import (
	"slices"
	"strconv"
	"time"

	"guitu/board"
	"guitu/rehab"
)

// SubscriptionKind is the way a subscription is delivered.
type SubscriptionKind string

// The ways. WeCom and DingTalk are the robots of a group chat.
const (
	ByMail     SubscriptionKind = "mail"
	ByWebhook  SubscriptionKind = "webhook"
	ByWeCom    SubscriptionKind = "wecom"
	ByDingTalk SubscriptionKind = "dingtalk"
)

// Robot reports whether it is a group chat that hears.
func (k SubscriptionKind) Robot() bool { return k == ByWeCom || k == ByDingTalk }

// Subscription has the notices to a role, or to one worker, at a place and below it
// delivered outside the system; or, where it has Events, the changes of the cases there.
type Subscription struct {
	ID        string           `json:"id"`
	Place     string           `json:"place"`            // notices to this place and those below it; empty: to any
	Role      rehab.Role       `json:"role,omitempty"`   // of whom the notices are to; none with events
	Worker    string           `json:"worker,omitempty"` // with the role worker: this one alone
	Types     []string         `json:"types" nullable:"false"`
	Channels  []string         `json:"channels" nullable:"false"` // by which a rung tells; none: whatever the channel
	Events    []string         `json:"events" nullable:"false"`   // kinds of changes; none: it is to notices
	Kind      SubscriptionKind `json:"kind"`
	Target    string           `json:"target"` // the domain or address of it alone: the rest of an address can be a secret
	Language  string           `json:"language"`
	CreatedAt time.Time        `json:"created_at"`
	By        string           `json:"by"` // who made it
	Active    bool             `json:"active"`
}

// Sealed is what is kept of a subscription under the master key and never shown: the
// address in full, and the key that deliveries are signed with.
type Sealed struct {
	Target string `json:"target"`
	Secret string `json:"secret,omitempty"`
}

// DeliveryState is where a delivery stands.
type DeliveryState string

// The states. A failed delivery stays to be seen.
const (
	DeliveryWaiting DeliveryState = "waiting"
	Delivered       DeliveryState = "delivered"
	DeliveryFailed  DeliveryState = "failed"
)

// Delivery is one notice, or one change, on its way to one subscription. Code names the last fault.
type Delivery struct {
	ID        string        `json:"id"`       // the same at each try, so that a receiver can drop what comes twice
	Position  int64         `json:"position"` // of the notice or of the event
	State     DeliveryState `json:"state"`
	Tries     int           `json:"tries"`
	Code      string        `json:"code,omitempty"`
	CreatedAt time.Time     `json:"created_at"`
	NextAt    time.Time     `json:"next_at,omitzero"` // of the next try
	DoneAt    time.Time     `json:"done_at,omitzero"`
}

// DeliveryID is the stable id of a delivery.
func DeliveryID(subscription string, position int64) string {
	return subscription + "-" + strconv.FormatInt(position, 10)
}

// Outgoing is a delivery that was taken to be tried, with what the try needs.
type Outgoing struct {
	Delivery
	Kind     SubscriptionKind
	Language string
	Sealed   Sealed
	Event    string // the kind of the change, of those that were asked for; empty: it is a notice
	Change   HookChange
	At       time.Time // of the change
	Notice   board.NoticeRow
	Due      rehab.Date // of the obligation that the notice is about; 0: none
}

// RetryPolicy says for how long a delivery is tried.
type RetryPolicy struct {
	Tries  int
	GiveUp time.Duration // since the notice was taken up
}

// Exhausted reports whether a delivery whose try failed at now is not tried again.
func (p RetryPolicy) Exhausted(d Delivery, now time.Time) bool {
	return d.Tries >= p.Tries || now.Sub(d.CreatedAt) >= p.GiveUp
}

// Backoff is the wait after the n-th try: half a minute, doubled up to an hour.
func Backoff(n int) time.Duration {
	return min(30*time.Second<<min(max(n-1, 0), 10), time.Hour)
}

// CheckSubscription refuses a subscription that cannot be right. The target is for
// whoever calls it to check.
func CheckSubscription(s Subscription, secret string) error {
	if err := checkEvents(s); err != nil {
		return err
	}
	if err := checkReaders(s); err != nil {
		return err
	}
	if !slices.Contains([]SubscriptionKind{ByMail, ByWebhook, ByWeCom, ByDingTalk}, s.Kind) {
		return rehab.InvalidField("kind", "is mail, webhook, wecom or dingtalk")
	}
	if s.Language != "zh" && s.Language != "en" {
		return rehab.InvalidField("language", "is zh or en")
	}
	if secret != "" && s.Kind != ByDingTalk {
		return rehab.InvalidField("secret", "is given for dingtalk alone; that of a webhook is made here")
	}
	return nil
}

// checkReaders refuses whom no notices are to.
func checkReaders(s Subscription) error {
	if len(s.Events) > 0 {
		return nil
	}
	switch s.Role {
	case rehab.WorkerRole:
		if s.Worker == "" && s.Kind == ByMail {
			return rehab.InvalidField("worker", "is missing: a mail to workers is to one of them")
		}
	case rehab.StationHead, rehab.DistrictOffice, rehab.CityOffice, rehab.Auditor:
		if s.Worker != "" {
			return rehab.InvalidField("worker", "goes with the role worker")
		}
	default:
		return rehab.InvalidField("role", "notices are to a worker, a station_head, a district, a city or an auditor")
	}
	return nil
}
