package rehab

import "time"

//go:generate go run holiday_gen.go

// HolidayRule sets the days that everybody has off, every year, without any notice.
const HolidayRule = "全国年节及纪念日放假办法 art.2"

// moreDays is the first year with the Spring Festival's eve and 2 May (Decree 795 of 2024).
const moreDays = 2025

// festivals are the first days of the holidays that the moon or the sun moves, as month*100+day.
type festivals struct{ spring, qingming, dragonBoat, midAutumn int }

// festivalsOf the year; false for a year that the table does not have.
func festivalsOf(year int) (festivals, bool) {
	if i := year - festivalsFrom; i >= 0 && i < len(festivalTable) {
		return festivalTable[i], true
	}
	return festivals{}, false
}

// statutory reports whether the regulation itself makes the day a holiday. In a year that
// the table does not have, it knows those alone that have a fixed day in the solar calendar.
func statutory(year int, month time.Month, day int) bool {
	code := int(month)*100 + day
	switch code {
	case 101, 501, 1001, 1002, 1003:
		return true
	case 502:
		return year >= moreDays
	}
	f, ok := festivalsOf(year)
	if !ok {
		return false
	}
	if month <= time.February {
		nth := NewDate(year, month, day) - NewDate(year, time.Month(f.spring/100), f.spring%100)
		return nth >= 0 && nth <= 2 || nth == -1 && year >= moreDays
	}
	return code == f.qingming || code == f.dragonBoat || code == f.midAutumn
}

// StatutoryDays are the days of the year that the regulation sets, in order: New Year 1,
// Spring Festival 4 with its eve, Qingming 1, Labour Day 2, Dragon Boat 1, Mid-Autumn 1,
// National Day 3; until 2024 without the eve and 2 May. Two of them may fall on one day.
func StatutoryDays(year int) []Date {
	var out []Date
	for d := NewDate(year, time.January, 1); d.Year() == year; d++ {
		if statutory(d.Civil()) {
			out = append(out, d)
		}
	}
	return out
}
