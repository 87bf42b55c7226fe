package roster

import (
	"fmt"
	"regexp"
	"strings"
)

// Lang is the language of reports and errors.
type Lang string

// The languages there are.
const (
	Chinese Lang = "zh-CN"
	English Lang = "en"
)

// LangOf reads the name of a language as a flag or LANG has it: en, en_US.UTF-8. What is
// not English is Chinese, the language of the offices.
func LangOf(name string) Lang {
	if name = strings.ToLower(name); name == "en" || strings.HasPrefix(name, "en_") || strings.HasPrefix(name, "en-") || strings.HasPrefix(name, "en.") {
		return English
	}
	return Chinese
}

// Message is something to say: a key of the catalogue with what it is about, or the words
// of another.
type Message struct {
	Key  string
	Args []any
	Said string // by the API, in its words
}

func say(key string, args ...any) Message { return Message{Key: key, Args: args} }

// In is the message in a language.
func (m Message) In(lang Lang) string {
	if m.Said != "" {
		return m.Said
	}
	return Say(lang, m.Key, m.Args...)
}

// General is the message without what it is about: for several rows at once.
func (m Message) General(lang Lang) string {
	if m.Said != "" {
		return m.Said
	}
	return verb.ReplaceAllString(Say(lang, m.Key), "…")
}

var verb = regexp.MustCompile(`“?%[a-z]”?`)

// failure makes a message about a file an error, in the language in which it was asked for.
type failure struct {
	Message
	lang Lang
}

func (f failure) Error() string { return f.In(f.lang) }

// Say is the text of the key in the language.
func Say(lang Lang, key string, args ...any) string {
	w := catalogue[key]
	format := w.zh
	if lang == English {
		format = w.en
	}
	if len(args) == 0 {
		return format
	}
	said := make([]any, len(args))
	for i, a := range args {
		switch x := a.(type) {
		case Message:
			a = x.In(lang)
		case choices:
			a = listed(offered(string(x), lang), lang)
		case []string:
			a = listed(x, lang)
		}
		said[i] = a
	}
	return fmt.Sprintf(format, said...)
}

// choices are the words that the column of this code may hold.
type choices string

func listed(list []string, lang Lang) string {
	if lang == English {
		return strings.Join(list, ", ")
	}
	return strings.Join(list, "、")
}

// catalogue is every word that a person reads of this package and of the import, in both
// languages, with the same places for what it is about.
var catalogue = map[string]struct{ zh, en string }{
	// of the file
	"file.kind":      {"%s：花名册应为 .xlsx 或 .csv 文件", "%s: a list is an .xlsx or a .csv file"},
	"file.old":       {"这是旧式 .xls 文件或加了密码的文件，请另存为不带密码的 .xlsx", "this is an old .xls file, or one with a password: save it as .xlsx without one"},
	"file.html":      {"这是网页，不是表格，请另存为 .xlsx", "this is a web page and no spreadsheet: save it as .xlsx"},
	"file.sheet":     {"无法作为表格读取：%v", "not a spreadsheet: %v"},
	"file.encoding":  {"既不是 UTF-8 也不是 GB18030 编码，请另存为 .xlsx", "neither UTF-8 nor GB18030 text: save it as .xlsx"},
	"file.csv":       {"第%d行不是有效的 CSV：%v", "line %d is not CSV: %v"},
	"file.empty":     {"文件是空的", "the file is empty"},
	"file.big":       {"文件超过 %d MB", "the file is larger than %d MB"},
	"file.unpacked":  {"文件展开后超过 %d MB", "the file is larger than %d MB when it is unpacked"},
	"file.bomb":      {"文件内容大量重复，不像花名册，请复制到新的工作簿后再试", "the file repeats itself as no list does: copy the list into a new workbook"},
	"file.rows":      {"超过 %d 行，请分成几个文件", "more than %d rows: make several files of it"},
	"file.wide":      {"单元格散布过宽，请删去名册右侧多余的内容", "cells lie far to the right of the list: delete them"},
	"file.nosheet":   {"没有名为“%s”的工作表", "there is no sheet %q"},
	"file.noheader":  {"没有找到标题行：应有 %s 等列", "no row with headings was found: it holds %s and so on"},
	"file.nocolumn":  {"缺少“%s”列", "the column %q is missing"},
	"file.twice":     {"“%s”列出现两次（第%d列和第%d列）", "the column %q stands twice (columns %d and %d)"},
	"file.norows":    {"标题行下面没有数据", "there is nothing below the headings"},
	"note.unread":    {"未读取的列：%s", "columns that were not read: %s"},
	"note.sheets":    {"未读取的工作表：%s", "sheets that were not read: %s"},
	"note.left":      {"第%d行不是名册内容，未读取：%s", "row %d is no part of the list and was not read: %s"},
	"note.left.more": {"另有%d行不是名册内容，未读取", "%d more rows are no part of the list and were not read"},
	"note.gb18030":   {"按 GB18030 编码读取", "read as GB18030 text"},

	// of a cell
	"missing":          {"没有填写", "is missing"},
	"error":            {"是表格的错误值 %s，公式没有得到结果", "is the error %s of the spreadsheet: a formula found nothing"},
	"scientific":       {"%s 是科学计数法，数字已不完整，请把单元格设为文本后重新填写", "%s is in scientific notation and digits are lost: make it a cell for text and type it again"},
	"control":          {"含有换行或其他控制字符", "holds a line break or another control character"},
	"broken":           {"含有乱码（U+FFFD）", "holds characters that a broken encoding left behind (U+FFFD)"},
	"number":           {"“%s”不是整数", "%q is not a whole number"},
	"yesno":            {"“%s”应为是或否", "%q is neither true nor false"},
	"day":              {"“%s”不是日期，请写成 2026-03-05", "%q is not a date such as 2026-03-05"},
	"day.order":        {"“%s”的年份不在最前，请按年、月、日写成 2026-03-05", "%q does not begin with the year: write it as 2026-03-05"},
	"day.none":         {"“%s”不是日历上的日期", "%q is not a date of the calendar"},
	"day.short":        {"“%s”的年份要写四位", "%q: write the year in four digits"},
	"months":           {"“%s”不是期限，请写36、36个月或3年", "%q is not a term: write 36, 36 months or 3 years"},
	"months.unit":      {"“%s”看不出是年还是月，请写成3年或36个月", "%q may be years or months: write 3 years or 36 months"},
	"months.range":     {"期限为1至36个月（《戒毒条例》第十四条、第三十七条）", "a term has 1 to 36 months (DRR art.14, 37)"},
	"months.treatment": {"社区戒毒期限为3年（《戒毒条例》第十四条）", "community drug treatment lasts 3 years: 36 months (DRR art.14)"},
	"word":             {"“%s”不在可填范围：%s", "%q is not one of %s"},
	"person":           {"“%s”不是姓名", "%q is not a name"},
	"phone":            {"“%s”不是电话号码", "%q is not a phone number"},
	"phone.rest":       {"只取了第一个号码，未保存：%s", "only the number was kept, and not %s"},
	"phone.short":      {"只有10位，可能少一位或少了区号前的0", "has 10 digits: one, or the 0 of the area code, may be missing"},
	"street.unknown":   {"没有“%s”这个街道（乡镇）", "there is no street or town %q"},
	"street.many":      {"“%s”有多处，请写明区：%s", "%q is in several districts, name it: %s"},
	"street.elsewhere": {"“%s”不在本市", "%q lies outside the city"},
	"street.district":  {"“%s”是区，请填街道（乡镇）", "%q is a district: name the street or town"},
	"place.unknown":    {"没有“%s”这个地区", "there is no place %q"},
	"address.none":     {"“%s”中没有本市街道（乡镇）的名称，未保存", "%q names no street or town of the city and was not kept"},
	"address.kept":     {"不是本市街道，作为户籍地址保存：%s", "is no street of the city; kept as the address of household registration: %s"},
	"hidden":           {"含有看不见的字符，已去掉", "held invisible characters; they were taken out"},
	"order.form":       {"写法不同，按 %s 处理", "is written otherwise; taken as %s"},
	"order.long":       {"超过64个字", "has more than 64 characters"},
	"twice":            {"与第%d行重复，同一文号只立一案", "stands in row %d already: one order opens one case"},
	"twice.form":       {"与第%d行是同一文号，只是写法不同（%s）", "is the number of row %d, written otherwise (%s)"},
	"twice.id":         {"与第%d行重复", "stands in row %d already"},
	"surplus":          {"第%d列没有标题却有内容", "column %d has no heading and holds a value"},
	"worker.name":      {"“%s”应为社工编号，不是姓名", "%q should be the id of a worker, and not a name"},
	"text.long":        {"超过%d个字", "has more than %d characters"},

	// of documents
	"id.form":             {"居民身份证号码应为17位数字加1位校验码", "has 17 digits and a check character"},
	"id.kind":             {"不是居民身份证号码，请填写证件类型", "is not the number of a resident card: say what kind of document it is"},
	"id.check":            {"校验码不符，有一位写错", "has a wrong check character: a digit was mistyped (GB 11643)"},
	"id.rounded":          {"被表格四舍五入：只剩15位数字，后三位成了0，请按证件重填并把单元格设为文本", "was rounded by the spreadsheet: 15 digits and zeros; type it again into a cell for text"},
	"id.maybe_rounded":    {"以000结尾，可能被表格四舍五入，请核对证件", "ends in 000: was it rounded by the spreadsheet? Compare it with the document"},
	"id.birthday":         {"第7至14位不是出生日期", "holds no date of birth (GB 11643)"},
	"id.born_late":        {"出生日期不早于决定日期", "holds a date of birth that does not lie before the order (GB 11643)"},
	"id.permit_area":      {"居住证号码以81、82或83开头", "of a residence permit begins with 81, 82 or 83"},
	"id.hk_macao_permit":  {"港澳居民来往内地通行证号码为H或M加8位数字", "of a travel permit for Hong Kong and Macao has H or M and 8 digits"},
	"id.taiwan_permit":    {"台湾居民来往大陆通行证号码为8位数字", "of a travel permit for Taiwan has 8 digits"},
	"id.foreign_resident": {"外国人永久居留身份证号码为9开头的18位，或3个字母加12位数字", "of a foreigner's permanent residence card has 18 digits that begin with 9, or 3 letters and 12 digits"},
	"id.passport":         {"护照号码为5至15位字母和数字", "of a passport has 5 to 15 letters and digits"},
	"id.sex":              {"身份证号码第17位表示%s，与性别“%s”不符", "the 17th digit of the identity number says %s, and the row says %s"},
	"male":                {"男", "male"},
	"female":              {"女", "female"},

	// of a row
	"served.early":   {"送达日期 %s 早于决定日期 %s", "the order was served on %s, before it was decided on %s"},
	"execution":      {"既不是户籍街道也不是居住街道（《禁毒法》第三十三条）", "is neither the street of household registration nor the street of residence (NCL art.33)"},
	"carried.report": {"已在执行的个案要填报到日期", "is missing: a case under way names the day of report-in"},
	"no.home":        {"户籍街道和居住街道至少填一个", "is missing, and so is the street of residence"},

	// of the report
	"report.orders":      {"%d条已立案，%d条此前已有，%d条退回\n", "%d opened, %d known already, %d refused\n"},
	"report.workers":     {"%d人已登记，%d人此前已有，%d人退回\n", "%d registered, %d known already, %d refused\n"},
	"report.orders.dry":  {"核对：%d条可以立案，%d条此前已有，%d条将退回；没有写入任何内容\n", "check: %d would be opened, %d known already, %d would be refused; nothing was written\n"},
	"report.workers.dry": {"核对：%d人可以登记，%d人此前已有，%d人将退回；没有写入任何内容\n", "check: %d would be registered, %d known already, %d would be refused; nothing was written\n"},
	"report.sums":        {"退回原因汇总：\n", "faults per column:\n"},
	"report.sum":         {"  %s：%s %d行（%s）\n", "  %s: %s: %d rows (%s)\n"},
	"report.warned":      {"已接收，请核对：\n", "taken, to be looked at:\n"},
	"report.row":         {"第%s行，%s：%s\n", "row %s, %s: %s\n"},
	"report.row.warned":  {"第%s行已接收，请核对%s：%s\n", "row %s was taken; look at %s: %s\n"},
	"report.more":        {"另有%d处，见退回文件\n", "%d more: see the file with the refused rows\n"},
	"report.refused":     {"退回的行已写入 %s，改好后可以直接导入\n", "the refused rows are in %s: put them right and import that file\n"},
	"report.rows.more":   {"等", "…"},
	"row":                {"本行", "row"},
	"row.of":             {"%s!%d", "%s!%d"},
	"colon":              {"：", ": "},
	"semicolon":          {"；", "; "},
	"template.written":   {"模板已写入 %s\n", "the template is in %s\n"},
	"redirect":           {"服务器把请求转到另一台主机 %s，没有照办：请检查 remote.server", "the server sends the request on to another host, %s; that was not followed: look at remote.server"},
	"api.unreachable":    {"无法连接服务 %s：%v", "the API at %s cannot be reached: %v"},
	"api.token":          {"服务 %s 不接受登录凭证：%s", "the API at %s does not accept the token: %s"},
	"api.nocheck":        {"服务 %s 的版本不支持核对，没有发送任何内容", "the API at %s cannot check without recording; nothing was sent"},
	"api.failed":         {"第%d行：服务返回 %d：%s", "row %d: the API answered %d: %s"},
	"client.changed":     {"已按名册更正", "was put right"},
	"client.would":       {"将按名册更正", "would be put right"},
	"client.waits":       {"更正需另一人确认后生效", "waits for another person to confirm it"},
	"refused.reason":     {"原因", "reason"},
	"refused.row":        {"原行号", "row"},
	"refused.sheet":      {"退回", "refused"},
	"template.guide":     {"填写说明", "columns"},
	"template.must":      {"必填", "required"},
	"template.may":       {"选填", "optional"},
	"template.head":      {"列名", "heading"},
	"template.code":      {"字段", "code"},
	"template.need":      {"是否必填", "required"},
	"template.what":      {"填写内容", "what it holds"},
	"template.example":   {"示例", "example"},
}
