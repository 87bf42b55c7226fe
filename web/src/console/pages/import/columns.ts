// The columns of a list of orders: the field each fills, how its cells are read, and the headings
// by which it is known. Offices write others too; those are matched on the page by hand.

export type Kind = 'text' | 'document' | 'day' | 'number' | 'months' | 'yes' | 'code' | 'place'

export interface Column {
  code: string
  zh: string
  en: string
  kind: Kind
  needed?: boolean
  /** The list of codes that a word of the column is looked up in. */
  list?: string
  /** Filled in under carried: the case was under way before. */
  carried?: string
  also?: string[]
}

export const columns: Column[] = [
  { code: 'order_no', zh: '决定书文号', en: 'Order number', kind: 'text', needed: true, also: ['文号', '决定书编号', '决定书号', '文书号', '法律文书号'] },
  { code: 'measure', zh: '措施', en: 'Measure', kind: 'code', list: 'measure', needed: true, also: ['措施类型', '措施类别', '戒毒措施', '类型', '人员类型'] },
  { code: 'term_months', zh: '期限', en: 'Term', kind: 'months', needed: true, also: ['期限月', '期限月数', '戒毒期限', '执行期限'] },
  { code: 'decided_on', zh: '决定日期', en: 'Decided on', kind: 'day', needed: true, also: ['决定时间', '决定日', '责令日期'] },
  { code: 'served_on', zh: '送达日期', en: 'Served on', kind: 'day', needed: true, also: ['送达时间', '送达日', '决定书送达日期'] },
  { code: 'service_method', zh: '送达方式', en: 'Service method', kind: 'code', list: 'service_method', needed: true, also: ['决定书送达方式'] },
  { code: 'name', zh: '姓名', en: 'Name', kind: 'text', needed: true, also: ['服务对象', '服务对象姓名', '人员姓名', '本人姓名'] },
  { code: 'sex', zh: '性别', en: 'Sex', kind: 'code', list: 'sex', needed: true },
  { code: 'id_kind', zh: '证件类型', en: 'Kind of document', kind: 'text', also: ['证件种类', '证件名称'] },
  { code: 'id_number', zh: '证件号码', en: 'Number of document', kind: 'document', needed: true, also: ['身份证号', '身份证号码', '身份证', '证件号', '公民身份号码', '居民身份证号码'] },
  { code: 'phone', zh: '联系电话', en: 'Phone', kind: 'text', also: ['电话', '手机', '手机号', '手机号码', '本人电话', '联系方式'] },
  { code: 'household_street', zh: '户籍街道', en: 'Household street', kind: 'place', also: ['户籍地街道', '户籍地', '户籍所在地'] },
  { code: 'household_address', zh: '户籍地址', en: 'Household address', kind: 'text', also: ['户籍详细地址', '户籍地址详址'] },
  { code: 'residence_street', zh: '居住街道', en: 'Street of residence', kind: 'place', also: ['居住地街道', '居住地', '现居住街道', '现居住地'] },
  { code: 'execution_street', zh: '执行街道', en: 'Street of execution', kind: 'place', needed: true, also: ['执行地', '执行地街道', '所属街道', '街道', '管辖街道'] },
  { code: 'risk', zh: '风险等级', en: 'Risk', kind: 'code', list: 'risk', needed: true, also: ['风险', '风险级别', '管控等级', '等级'] },
  { code: 'maintenance_therapy', zh: '维持治疗', en: 'Maintenance therapy', kind: 'yes', also: ['药物维持治疗', '美沙酮'] },
  { code: 'employment_intent', zh: '就业意愿', en: 'Wants work', kind: 'yes', also: ['有就业意愿', '是否有就业意愿', '就业需求'] },
  { code: 'family_contact', zh: '家属姓名', en: 'Family contact', kind: 'text', also: ['家属', '联系人', '紧急联系人', '监护人'] },
  { code: 'family_phone', zh: '家属电话', en: 'Family phone', kind: 'text', also: ['家属联系电话', '联系人电话', '紧急联系人电话'] },
  { code: 'worker', zh: '社工编号', en: 'Worker id', kind: 'text', also: ['社工', '社工工号', '负责社工', '工号'] },
  { code: 'printed_end', zh: '期满日期', en: 'Printed end', kind: 'day', also: ['届满日期', '到期日期', '期满日', '截止日期'] },
  { code: 'credit_days', zh: '折抵天数', en: 'Days credited', kind: 'number', also: ['折抵日数', '折抵'] },
  { code: 'family_told_on', zh: '家属告知日期', en: 'Family told on', kind: 'day', also: ['家属送达日期', '通知家属日期'] },
  { code: 'reported_on', zh: '报到日期', en: 'Reported in on', kind: 'day', carried: 'reported_on', also: ['报到时间', '实际报到日期'] },
  { code: 'agreement_on', zh: '协议日期', en: 'Agreement on', kind: 'day', carried: 'agreement_on', also: ['签订协议日期', '协议签订日期'] },
  { code: 'changed_on', zh: '迁入日期', en: 'Moved in on', kind: 'day', carried: 'changed_on', also: ['户籍迁入日期', '变更日期', '执行地变更日期'] },
  { code: 'tests_done', zh: '已检测次数', en: 'Tests done', kind: 'number', carried: 'tests', also: ['检测次数', '尿检次数'] },
  { code: 'contacts_done', zh: '已联系次数', en: 'Contacts done', kind: 'number', carried: 'contacts', also: ['联系次数', '谈话次数'] },
]

const plain = (heading: string) => heading.replace(/[\s*＊:：（）()]/g, '').toLowerCase()

const known = new Map(columns.flatMap((c) => [c.code, c.zh, c.en, ...(c.also ?? [])].map((h) => [plain(h), c.code])))

/** The field that a heading names, where one does. */
export function fieldOf(heading: string): string | undefined {
  return known.get(plain(heading))
}
