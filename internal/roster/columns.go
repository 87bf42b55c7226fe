package roster

import (
	"slices"
	"strings"
	"unicode"

	"guitu/identity"
)

// kind is what a column holds, and so how its cells are read.
type kind int

const (
	text kind = iota
	orderNumber
	day
	number
	months
	yesNo
	word // one of a closed set
	person
	documentNumber
	phone
	street  // the code or the name of a street
	address // an address in which a street stands; without one it is left out
	station // the code or the name of any place
)

// column is a column of a list: its code, which is the name of the field of the request,
// its heading, the other headings by which it is known, and what it holds.
type column struct {
	code     string
	heading  string
	others   string // apart by blanks
	kind     kind
	needed   bool
	carried  string // field of the case under way that the column fills
	example  string
	width    float64
	zh, en   string // what stands in it
	personal bool
}

// form is a kind of list: its columns, and the one that names a row.
type form struct {
	columns []column
	key     string
	sheet   string // name of the sheet of the template
}

func (f form) column(code string) *column {
	for i := range f.columns {
		if f.columns[i].code == code {
			return &f.columns[i]
		}
	}
	return nil
}

// orders is the list of orders. The columns stand as in the order form.
func orders() form { return form{key: "order_no", sheet: "名册", columns: orderColumns} }

// staff is the list of workers.
func staff() form { return form{key: "id", sheet: "社工名册", columns: staffColumns} }

var orderColumns = []column{
	{code: "order_no", heading: "决定书文号", kind: orderNumber, needed: true, example: "京公戒字〔2026〕200001号", width: 27,
		others: "文号 决定书编号 决定书号 文书号 文书编号 法律文书号 法律文书编号 决定文号 责令决定书文号 社区戒毒决定书文号 责令社区戒毒决定书文号 社区戒毒康复决定书文号 责令社区戒毒康复决定书文号",
		zh:     "一个文号一个个案；括号、空格、全角数字、不可见字符不构成另一文号", en: "names the case; other brackets, blanks, full-width digits and invisible characters make no other number"},
	{code: "measure", heading: "措施", kind: word, needed: true, example: "社区戒毒", width: 11,
		others: "措施类型 措施类别 措施名称 戒毒措施 类型 类别 人员类型 人员类别 管控措施", zh: "社区戒毒、社区康复", en: "treatment or rehabilitation"},
	{code: "term_months", heading: "期限", kind: months, needed: true, example: "36个月", width: 9,
		others: "期限月 期限年 期限月数 戒毒期限 措施期限 执行期限 执行期限月 执行期限年 社区戒毒期限 社区康复期限 戒毒期限月 戒毒期限年 戒毒康复期限 期限个月", zh: "36、36个月、3年", en: "36, 36 months, 3 years"},
	{code: "decided_on", heading: "决定日期", kind: day, needed: true, example: "2026-08-31", width: 12,
		others: "决定时间 决定日 作出决定日期 作出决定时间 责令日期 决定书日期 签发日期", zh: "年、月、日依次写出", en: "year, month, day in this order"},
	{code: "served_on", heading: "送达日期", kind: day, needed: true, example: "2026-09-07", width: 12,
		others: "送达时间 送达日 决定书送达日期 决定书送达时间", zh: "决定书送达本人之日，期限由此起算", en: "the day the order reached the client"},
	{code: "service_method", heading: "送达方式", kind: word, needed: true, example: "直接送达", width: 11,
		others: "决定书送达方式", zh: "直接送达、委托送达、代收、邮寄送达、留置送达、电子送达、公告送达", en: "how it reached the client"},
	{code: "name", heading: "姓名", kind: person, needed: true, example: "赵某", width: 10, personal: true,
		others: "服务对象 服务对象姓名 人员姓名 本人姓名 戒毒人员姓名 社区戒毒人员姓名 戒毒康复人员姓名 社区戒毒人员", zh: "服务对象姓名", en: "of the client"},
	{code: "sex", heading: "性别", kind: word, needed: true, example: "男", width: 6, zh: "男、女", en: "male or female"},
	{code: "id_kind", heading: "证件类型", kind: word, example: "居民身份证", width: 16,
		others: "证件种类 证件类别 证件名称 身份证件类型 身份证件种类", zh: "空白为居民身份证", en: "of the document; a resident card where it is blank"},
	{code: "id_number", heading: "证件号码", kind: documentNumber, needed: true, example: "110199198702100014", width: 22, personal: true,
		others: "身份证号 身份证号码 身份证 证件号 公民身份号码 公民身份证号码 居民身份证号 居民身份证号码 居民身份证 身份证件号码 身份号码", zh: "按证件填写，单元格设为文本", en: "in a cell for text: a spreadsheet rounds long numbers"},
	{code: "phone", heading: "联系电话", kind: phone, example: "12000000000", width: 15, personal: true,
		others: "电话 手机 手机号 手机号码 本人电话 本人手机 本人联系电话 联系方式 本人联系方式 电话号码 移动电话", zh: "手机或带区号的座机", en: "a mobile, or a landline with its area code"},
	{code: "household_street", heading: "户籍街道", kind: street, example: "东华门街道", width: 16,
		others: "户籍地街道 户籍地 户籍 户籍所在街道 户籍所在地街道 户籍所在地 户籍街道乡镇 户籍地街道乡镇 户籍所属街道", zh: "名称或代码；外地户籍写地址或“外地”", en: "name or code; an address elsewhere is kept as household_address"},
	{code: "household_address", heading: "户籍地址", kind: text, width: 28, example: "", personal: true,
		others: "户籍详细地址 户籍地详址 户籍地详细地址 户籍所在地地址 户籍所在地详址 户籍住址 户口地址 户口所在地", zh: "外地户籍或详细地址", en: "in words"},
	{code: "residence_street", heading: "居住街道", kind: address, example: "东华门街道", width: 16,
		others: "居住地街道 居住地 现居住地 现居住街道 现住街道 现住地 居住街道乡镇 居住地街道乡镇 实际居住地 实际居住街道 常住地 经常居住地 现住址 居住地址 住址 家庭住址 现居住地址 实际居住地址", zh: "名称、代码，或含街道名称的地址", en: "name or code, or an address that names the street"},
	{code: "execution_street", heading: "执行街道", kind: street, needed: true, example: "110101001", width: 16,
		others: "执行地 执行地街道 执行地点 执行单位 执行街道乡镇 执行地街道乡镇 社区戒毒执行地 执行社区 管辖街道 所属街道 街道 街道乡镇 乡镇街道 街乡", zh: "户籍街道或居住街道之一", en: "one of the two"},
	{code: "risk", heading: "风险等级", kind: word, needed: true, example: "中", width: 9,
		others: "风险 风险级别 风险类别 风险程度 风险分级 风险等次 管控等级 分级", zh: "高、中、低", en: "high, medium or low"},
	{code: "maintenance_therapy", heading: "维持治疗", kind: yesNo, example: "否", width: 9,
		others: "药物维持治疗 是否维持治疗 是否药物维持治疗 参加药物维持治疗 是否参加药物维持治疗 美沙酮维持治疗 美沙酮", zh: "是、否", en: "yes or no"},
	{code: "employment_intent", heading: "就业意愿", kind: yesNo, example: "是", width: 9,
		others: "有就业意愿 是否有就业意愿 就业需求 是否有就业需求 求职意愿", zh: "是、否", en: "yes or no"},
	{code: "family_contact", heading: "家属姓名", kind: person, example: "赵某某", width: 11, personal: true,
		others: "家属 家庭联系人 家属联系人 联系人 联系人姓名 紧急联系人 紧急联系人姓名 家庭成员 家庭成员姓名 监护人 监护人姓名 亲属姓名", zh: "", en: ""},
	{code: "family_phone", heading: "家属电话", kind: phone, example: "12100000000", width: 15, personal: true,
		others: "家属联系电话 家属联系方式 家属手机 家属手机号 联系人电话 联系人联系电话 联系人手机 紧急联系人电话 紧急联系人联系电话 家庭联系人电话 家庭成员电话 监护人电话 亲属电话", zh: "", en: ""},
	{code: "worker", heading: "社工编号", kind: text, example: "w-001", width: 11,
		others: "社工 社工工号 负责社工 负责社工编号 责任社工 专职社工 禁毒社工 专职工作人员 专职人员 工号", zh: "登记的编号，不填姓名", en: "id from the registry, and never a name"},
	{code: "printed_end", heading: "期满日期", kind: day, example: "2029-09-06", width: 12,
		others: "届满日期 到期日期 期满日 届满日 期满时间 决定书期满日期 截止日期 执行截止日期", zh: "决定书载明的最后一日", en: "last day as printed on the order"},
	{code: "credit_days", heading: "折抵天数", kind: number, example: "", width: 10,
		others: "折抵日数 折抵 折抵期限 强制隔离戒毒折抵天数", zh: "强制隔离戒毒折抵的日数", en: "days served in isolation"},
	{code: "family_told_on", heading: "家属告知日期", kind: day, example: "", width: 13,
		others: "家属送达日期 告知家属日期 通知家属日期 家属通知日期", zh: "决定书送达家属之日", en: "the day the family had the order"},
	{code: "reported_on", heading: "报到日期", kind: day, carried: "reported_on", example: "", width: 12,
		others: "报到时间 报到日 实际报到日期", zh: "已在执行的个案填写", en: "of a case under way"},
	{code: "agreement_on", heading: "协议日期", kind: day, carried: "agreement_on", example: "", width: 12,
		others: "签订协议日期 协议签订日期 签协议日期 协议签订时间 签订协议时间", zh: "已在执行的个案填写", en: "of a case under way"},
	{code: "tests_done", heading: "已检测次数", kind: number, carried: "tests", example: "", width: 11,
		others: "检测次数 已完成检测次数 尿检次数", zh: "此前已完成的次数", en: "done before"},
	{code: "contacts_done", heading: "已联系次数", kind: number, carried: "contacts", example: "", width: 11,
		others: "联系次数 已完成联系次数 谈话次数 走访次数", zh: "此前已完成的次数", en: "done before"},
}

var staffColumns = []column{
	{code: "id", heading: "社工编号", kind: text, needed: true, example: "w-001", width: 12, others: "编号 工号 社工工号 人员编号 员工编号", zh: "字母、数字，不填姓名", en: "letters and digits, and never a name"},
	{code: "name", heading: "姓名", kind: person, needed: true, example: "王某", width: 10, personal: true, others: "社工姓名 社工 人员姓名", zh: "", en: ""},
	{code: "post", heading: "岗位", kind: word, needed: true, example: "专职", width: 14, others: "岗位类型 岗位性质 职务 职位 人员类型 用工形式", zh: "专职、兼职、工作站负责人、督导", en: "what the worker is"},
	{code: "place", heading: "工作地区", kind: station, needed: true, example: "东华门街道", width: 16, others: "地区 街道 街道乡镇 所在街道 所属街道 工作站 所在工作站 工作单位 单位 工作地点", zh: "名称或代码", en: "name or code of the street, the district or the city"},
	{code: "from", heading: "到岗日期", kind: day, needed: true, example: "2026-01-01", width: 12, others: "上岗日期 入职日期 任职日期 起始日期 开始日期 到岗时间 入职时间", zh: "", en: "first day there"},
	{code: "qualification", heading: "职业资格", kind: word, example: "社会工作师", width: 18, others: "资格 资格证书 证书 职称 社工证书", zh: "无证书、助理社会工作师、社会工作师、高级社会工作师", en: "certificate"},
	{code: "limit", heading: "个案上限", kind: number, example: "30", width: 10, others: "上限 负荷上限 个案负荷", zh: "", en: "own limit of open cases"},
}

// returned are the headings of what this package adds to a list that it gives back.
var returned = []string{"原因", "原行号", "reason", "row", "序号", "no", "no."}

// headings maps each heading by which a column is known to its code.
func (f form) headings() map[string]string {
	out := make(map[string]string)
	for _, c := range f.columns {
		for _, h := range append(strings.Fields(c.others), c.code, c.heading) {
			if _, taken := out[heading(h)]; !taken {
				out[heading(h)] = c.code
			}
		}
	}
	for _, c := range f.columns { // its own heading is nobody else's
		out[heading(c.heading)] = c.code
	}
	return out
}

// heading brings the text of a heading to one form: no blanks, brackets, stars, colons or
// line breaks, small letters.
func heading(s string) string {
	s, _ = identity.Plain(s)
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("()[]{}【】〔〕《》<>*＊★:;,.、。·/\\|\"'“”‘’", r) {
			return -1
		}
		return r
	}, s))
}

// bare is the heading without what stands in brackets behind it, and without 必填.
func bare(s string) string {
	s, _ = identity.Plain(s)
	if at := strings.IndexAny(s, "([【〔"); at > 0 {
		s = s[:at]
	}
	return strings.TrimSuffix(strings.TrimSuffix(heading(s), "必填"), "选填")
}

// words of a closed set: what is written to the value of the request.
var vocabulary = map[string]map[string]string{
	"measure": {"treatment": "treatment", "社区戒毒": "treatment", "责令社区戒毒": "treatment", "社戒": "treatment", "戒毒": "treatment",
		"rehabilitation": "rehabilitation", "社区康复": "rehabilitation", "责令社区康复": "rehabilitation", "责令接受社区康复": "rehabilitation", "社康": "rehabilitation", "康复": "rehabilitation"},
	"sex":  {"男": "男", "男性": "男", "male": "male", "m": "male", "女": "女", "女性": "女", "female": "female", "f": "female"},
	"risk": {"high": "high", "高": "high", "高风险": "high", "高危": "high", "medium": "medium", "中": "medium", "中风险": "medium", "中等": "medium", "low": "low", "低": "low", "低风险": "low", "低危": "low"},
	"service_method": {"direct": "direct", "直接": "direct", "直接送达": "direct", "当面送达": "direct", "entrusted": "entrusted", "委托": "entrusted", "委托送达": "entrusted",
		"substituted": "substituted", "转交": "substituted", "转交送达": "substituted", "代收": "substituted", "代收送达": "substituted", "成年家属代收": "substituted", "同住成年家属代收": "substituted", "post": "post", "邮寄": "post", "邮寄送达": "post", "邮递": "post",
		"witness": "witness", "留置": "witness", "留置送达": "witness", "electronic": "electronic", "电子": "electronic", "电子送达": "electronic",
		"public_notice": "public_notice", "公告": "public_notice", "公告送达": "public_notice"},
	"id_kind": {"resident_card": "resident_card", "居民身份证": "resident_card", "身份证": "resident_card", "二代身份证": "resident_card", "公民身份证": "resident_card", "中华人民共和国居民身份证": "resident_card",
		"residence_permit": "residence_permit", "港澳台居民居住证": "residence_permit", "港澳居民居住证": "residence_permit", "台湾居民居住证": "residence_permit", "居住证": "residence_permit",
		"hk_macao_permit": "hk_macao_permit", "港澳居民来往内地通行证": "hk_macao_permit", "往来内地通行证": "hk_macao_permit", "来往内地通行证": "hk_macao_permit", "港澳居民往来内地通行证": "hk_macao_permit", "港澳通行证": "hk_macao_permit", "回乡证": "hk_macao_permit",
		"taiwan_permit": "taiwan_permit", "台湾居民来往大陆通行证": "taiwan_permit", "台湾居民往来大陆通行证": "taiwan_permit", "来往大陆通行证": "taiwan_permit", "往来大陆通行证": "taiwan_permit", "台胞证": "taiwan_permit",
		"foreign_resident": "foreign_resident", "外国人永久居留身份证": "foreign_resident", "外国人永久居留证": "foreign_resident", "永久居留身份证": "foreign_resident", "永居证": "foreign_resident",
		"passport": "passport", "护照": "passport", "外国护照": "passport", "普通护照": "passport"},
	"post": {"full_time": "full_time", "专职": "full_time", "专职社工": "full_time", "禁毒专职社工": "full_time", "全职": "full_time", "part_time": "part_time", "兼职": "part_time", "兼职社工": "part_time",
		"station_head": "station_head", "工作站负责人": "station_head", "负责人": "station_head", "站长": "station_head", "supervisor": "supervisor", "督导": "supervisor"},
	"qualification": {"none": "none", "无": "none", "无证书": "none", "assistant": "assistant", "助理社会工作师": "assistant", "助理社工师": "assistant", "初级": "assistant",
		"social_worker": "social_worker", "社会工作师": "social_worker", "社工师": "social_worker", "中级": "social_worker", "senior": "senior", "高级社会工作师": "senior", "高级社工师": "senior", "高级": "senior"},
}

// shown are the words of a closed set in the order in which a person is offered them.
var shown = map[string][]string{
	"measure": {"社区戒毒", "社区康复"}, "sex": {"男", "女"}, "risk": {"高", "中", "低"},
	"service_method": {"直接送达", "委托送达", "代收", "邮寄送达", "留置送达", "电子送达", "公告送达"},
	"id_kind":        {"居民身份证", "港澳台居民居住证", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "外国人永久居留身份证", "护照"},
	"post":           {"专职", "兼职", "工作站负责人", "督导"}, "qualification": {"无证书", "助理社会工作师", "社会工作师", "高级社会工作师"},
}

// offered are the words of the column, in the language of the reader.
func offered(code string, lang Lang) []string {
	if lang == Chinese {
		return shown[code]
	}
	var out []string
	for _, zh := range shown[code] {
		v := vocabulary[code][zh]
		switch v {
		case "男":
			v = "male"
		case "女":
			v = "female"
		}
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
