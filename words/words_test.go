package words

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestArticlesAreCitedInChinese(t *testing.T) {
	t.Parallel()
	for cite, want := range map[string]string{
		"DRR art.18":                       "《戒毒条例》第十八条",
		"DRR art.14, 38":                   "《戒毒条例》第十四条、第三十八条",
		"NCL art.35(2)":                    "《中华人民共和国禁毒法》第三十五条第二款",
		"NCL art.35(2), DRR art.21":        "《中华人民共和国禁毒法》第三十五条第二款、《戒毒条例》第二十一条",
		"NCL art.38; DRR art.10":           "《中华人民共和国禁毒法》第三十八条、《戒毒条例》第十条",
		"CC art.202":                       "《中华人民共和国民法典》第二百零二条",
		"DTP":                              "《吸毒检测程序规定》",
		"DRR art.20 (3 or more)":           "《戒毒条例》第二十条（三次以上）",
		"DRR art.18 (weekly, our choice)":  "《戒毒条例》第十八条（每周，本系统设定）",
		"as printed on orders; CC art.202": "以决定书载明为准；《中华人民共和国民法典》第二百零二条",
		"the rules of the house":           "the rules of the house",
		"":                                 "",
	} {
		require.Equal(t, want, ZH.Cite(cite))
		require.Equal(t, cite, EN.Cite(cite))
	}
	require.Equal(t, []string{"十", "十一", "二十", "九十九", "一百一十", "一百一十二"},
		[]string{numeral("10"), numeral("11"), numeral("20"), numeral("99"), numeral("110"), numeral("112")})
}

func TestAnErrorIsSaidByItsKeyAndByItsText(t *testing.T) {
	t.Parallel()
	e := rehab.InvalidField("served_on", "%s lies in the future", rehab.NewDate(2026, 3, 9))
	require.Equal(t, "不能是将来的日期（2026年3月9日）", ZH.Error(e))
	require.Equal(t, e.Message, EN.Error(e))
	e.Key, e.Args = "", nil
	require.Equal(t, "不能是将来的日期（2026年3月9日）", ZH.Error(e), "an error of before keys")
	require.Equal(t, "送达日期不能是将来的日期（2026年3月9日）", ZH.Said(e.Error()))
	require.Equal(t, "nobody said this", ZH.Text("nobody said this"))
	for english, want := range map[string]string{
		`"warm" is not one of [high medium low]`:                   "填写为“warm”，应为：high（高）、medium（中）、low（低）",
		"the miss of test-3 was confirmed already":                 "第3次定期检测已确认逾期，无需重复",
		"the measure is not under way: the case is suspended":      "本个案当前为“中止执行”，不在执行中",
		"the role worker may not give the command seal":            "禁毒专职社工不能办理“封存档案”（seal）",
		`expected value to be one of "treatment, rehabilitation"`:  "应为：treatment（社区戒毒）、rehabilitation（社区康复）之一",
		"2026-12-24T09:30:00+08:00 lies in the future":             "不能是将来的日期（2026年12月24日9:30）",
		"the case is closed: terminated on 2026-10-20":             "个案已结束（已于2026年10月20日终止）",
		"refused: the client has not reported in (DRR art.14, 16)": "服务对象尚未报到（《戒毒条例》第十四条、第十六条）",
	} {
		got := ZH.Said(english)
		require.Equal(t, want, got)
	}
}
