package rehab_test

import (
	"pgregory.net/rapid"

	"guitu/rehab"
)

// streets between which random lives move: two of one district, one of another.
var streets = []string{"110101001", "110101002", "110102003"}

// drawTransferredIn makes an order that came with the case from elsewhere, now and then.
func drawTransferredIn(t *rapid.T, b *rehab.OpenCase, today rehab.Date) {
	if !rapid.Bool().Draw(t, "moved in") {
		return
	}
	c := b.Carried
	c.ChangedOn = today.AddDays(-rapid.IntRange(-1, 30).Draw(t, "moved in days ago"))
	if rapid.IntRange(0, 3).Draw(t, "before report-in") == 0 {
		*c = rehab.Carried{ChangedOn: c.ChangedOn}
		return
	}
	c.TestBreaches, c.Leavings = rapid.IntRange(0, 4).Draw(t, "breaches elsewhere"), rapid.IntRange(0, 4).Draw(t, "leavings elsewhere")
	c.AbsenceDays = rapid.SampledFrom([]int{0, 30, 31}).Draw(t, "absence elsewhere")
	if c.TestBreaches >= 3 && rapid.Bool().Draw(t, "reported elsewhere") {
		c.Violations = []rehab.Ground{rehab.TestEvasion}
	}
}

// drawTransfer gives a command of a transfer; what it names is there as often as not.
func drawTransfer(t *rapid.T) body {
	which, to := rapid.IntRange(0, 13).Draw(t, "transfer"), rapid.SampledFrom(streets).Draw(t, "to")
	return func(c *rehab.Case, _ rehab.Date) rehab.CommandBody {
		id := max(c.Transfer.ID, 1)
		switch which {
		case 0, 1:
			return rehab.RequestTransfer{To: to, Reason: rehab.HouseholdMoved}
		case 2, 3:
			return rehab.RequestTransfer{Outside: true, Reason: rehab.ResidenceMoved}
		case 4, 5, 6:
			return rehab.ForwardFile{}
		case 7, 8, 9:
			return rehab.AcceptTransfer{Transfer: id}
		case 10:
			return rehab.RefuseTransfer{Transfer: id, Reason: rehab.NotResident}
		case 11:
			return rehab.ReturnTransfer{Transfer: id}
		case 12:
			return rehab.WithdrawTransfer{Transfer: id}
		}
		return rehab.ReportArrival{}
	}
}
