package documents

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"guitu/rehab"
)

// words are the functions of the templates: everything in Chinese as it stands on paper.
var words = template.FuncMap{
	"day": day, "measure": measureName, "sex": sexName, "ground": groundName, "method": methodName, "result": resultName, "site": siteName,
	"served": servedName, "cite": cite, "wide": wide.Replace, "join": func(s []string) string { return strings.Join(s, "、") }, "plus": func(a, b int) int { return a + b },
	"han": func(n int) string { return numeral(strconv.Itoa(n)) }, "only": func(list []Fact, g string) []Fact { return factsIn(list, FactGroup(g)) },
}

// day in Chinese form; a line to write on where there is none.
func day(d rehab.Date) string {
	if d == 0 {
		return "____年__月__日"
	}
	y, m, n := d.Civil()
	return fmt.Sprintf("%d年%d月%d日", y, int(m), n)
}

// wide gives sentences of the core the punctuation of print.
var wide = strings.NewReplacer(",", "，", ";", "；", ":", "：", "(", "（", ")", "）")

// cite writes "NCL art.38; DRR art.14, 38(2)" as it stands on paper.
func cite(s string) string {
	var out []string
	for _, part := range splitLaws(s) {
		law, articles, ok := strings.Cut(part, " art.")
		text := named(law, "NCL", "《禁毒法》", "DRR", "《戒毒条例》", "CC", "《民法典》", "PIPL", "《个人信息保护法》", "DTP", "《吸毒检测程序规定》", "APR", "《公安机关办理行政案件程序规定》")
		if !ok {
			out = append(out, text)
			continue
		}
		for i, n := range strings.Split(articles, ", ") {
			if i > 0 {
				text += "、"
			}
			article, clause, _ := strings.Cut(strings.TrimSuffix(n, ")"), "(")
			text += "第" + numeral(article) + "条"
			if clause != "" {
				text += "第" + numeral(clause) + "款"
			}
		}
		out = append(out, text)
	}
	return strings.Join(out, "；")
}

// splitLaws parts a citation where another law begins.
func splitLaws(s string) (out []string) {
	for _, part := range strings.Split(s, "; ") {
		for {
			i := strings.Index(part, ", NCL")
			if j := strings.Index(part, ", DRR"); j > 0 && (i < 0 || j < i) {
				i = j
			}
			if i < 0 {
				break
			}
			out, part = append(out, part[:i]), part[i+2:]
		}
		out = append(out, part)
	}
	return out
}

// numeral is a number below a thousand in Chinese; any other text stays as it is.
func numeral(s string) string {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 999 {
		return s
	}
	digits := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	out := ""
	if n > 99 {
		out = digits[n/100] + "百"
	}
	switch tens := n / 10 % 10; {
	case tens == 1 && out == "":
		out += "十"
	case tens > 0:
		out += digits[tens] + "十"
	case out != "" && n%10 > 0:
		out += "零"
	}
	return out + digits[n%10]
}

func measureName(m rehab.Measure) string {
	if m == rehab.Rehabilitation {
		return "社区康复"
	}
	return "社区戒毒"
}

func sexName(s string) string { return named(s, "male", "男", "female", "女") }

func movedName(r rehab.TransferReason) string {
	return named(string(r), "", "现居住地", "household", "户籍所在地", "residence", "现居住地")
}

func servedName(m rehab.ServiceMethod) string {
	return named(string(m), "direct", "直接送达", "entrusted", "委托送达", "substituted", "代收", "post", "邮寄送达", "witness", "留置送达", "electronic", "电子送达", "public_notice", "公告送达")
}

func methodName(m rehab.TestMethod) string {
	return named(string(m), "urine", "尿液", "saliva", "唾液", "blood", "血液", "hair", "毛发")
}

func siteName(s rehab.TestSite) string {
	return named(string(s), "", "社区戒毒（康复）工作站", "station", "社区戒毒（康复）工作站", "police", "公安机关", "laboratory", "实验室")
}

func resultName(r rehab.TestResult) string {
	return named(string(r), "negative", "阴性", "positive_provisional", "阳性（待确认）", "positive_confirmed", "阳性", "refused", "拒绝检测", "evaded", "逃避检测")
}

func skipName(s rehab.SkipReason) string {
	return named(string(s), "serious_violation", "情节严重", "repeated", "屡次发生", "relapse", "再次吸毒", "other", "其他，见说明")
}

func groundName(g rehab.Ground) string {
	return named(string(g),
		"test_evasion", "逃避或者拒绝接受检测三次以上", "unauthorised_leaving", "擅自离开执行地所在县（市、区）三次以上", "absence", "擅自离开累计超过三十日",
		"deemed_refusal", "逾期未报到，视为拒绝接受", "overdue", "逾期未报到", "relapse", "检测结果阳性，再次吸毒",
		"detention", "被依法拘留", "arrest", "被依法逮捕", "imprisonment", "被依法收监执行刑罚", "compulsory_education", "被采取强制性教育措施",
		"compulsory_isolation", "被决定强制隔离戒毒", "death", "死亡", "new_measure", "被责令新的措施")
}

// named finds the name of a code in pairs; a code without one stands for itself.
func named(code string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == code {
			return pairs[i+1]
		}
	}
	return code
}
