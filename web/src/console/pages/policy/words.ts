export default {
  'zh-CN': {
    title: '规则', version: '规则版本', current: '本地现用', draft: '草稿', draftOnly: '草稿只供试算，发布为正式版本后才能更换。', under: '在册 {n} 件', inForce: '{day} 起施行',
    calendars: '放假日历', official: '国务院通知，{day}发布', officialNoDay: '国务院通知', byLaw: '通知未发布，只按法定节假日', off: '休：{days}', working: '班：{days}（周末上班）', days: '{from}至{to}', monthDay: '{m}月{d}日', comma: '、', numbers: '期限与次数', what: '事项', n: '规定', source: '出处', roll: '末日逢休顺延', every: '每{n}', times: '{n} 次', preview: '预览更换', from: '来源：', to: '换成', place: '范围', run: '试算', empty: '没有可更换的版本。', running: '正在试算……',
    total: '预览：{place} {n} 件', moves: '期限有变 {n} 件', kept: '期限不变 {n} 件', overdue: '当天即逾期 {n} 件，须先处置', terms: '届满日有变 {n} 件', streets: '按街道合计', street: '街道', cases: '在册', changed: '有变', keptN: '不变', late: '即逾期', rows: '逐案变化', case: '个案', change: '变化', moved: '{what}由{was}改为{due}', termMoved: '期限届满由{was}改为{due}', more: '再看一些',
    migrate: '逐案更换 {n} 件', sure: '将把 {n} 件在册个案换为 {to}。正在走的期限按新版本重算；24 小时内可整体撤回。', go: '开始更换', dry: '试算：可办 {n} 件', began: '已开始更换，进度见批量操作。', none: '这个范围没有个案会变化。',
    segment: '{n}次，每{m}个月一次', ofTerm: '{m}个月的：', then: '；再',
    name: {
      treatment_tests: '社区戒毒检测', rehabilitation_tests: '社区康复检测', term: '戒毒期限', max_rehab_term: '社区康复期限上限', late_evidence: '补充证据', promise: '签收后承诺完成', test_confirmation: '检测结果确认', test_decision: '拒检认定', sample_retention: '样本留存', hair_lookback: '毛发回溯', release_reminder: '解除前提醒', after_care: '解除后跟进', keep_record: '档案保存', lost_finding: '脱失认定', risk_watch: '风险期', watch_every: '风险期联系间隔',
      referral_waiting: '转介等候', volunteer_standing: '志愿者资格', test_breaches: '拒检逃检次数', leaving_breaches: '擅自离开次数', absence_days: '擅自离开天数', measure: '措施签发', gap_alert: '缺口预警', sweep: '覆盖巡检', caseload: '每名社工在册上限', arrival_report: '通报报到', amendment: '更正复核', 'contact.high': '谈话联系（高风险）', 'contact.medium': '谈话联系（中风险）', 'contact.low': '谈话联系（低风险）', assessment: '评估', home_visit: '走访',
    },
  },
  en: {
    title: 'Rules', version: 'Version of the rules', current: 'in use here', draft: 'draft', draftOnly: 'A draft can be tried; cases go under a released version alone.', under: '{n} open cases', inForce: 'in force from {day}',
    calendars: 'Days off', official: 'notice of the State Council, {day}', officialNoDay: 'notice of the State Council', byLaw: 'no notice yet: the holidays of the law alone', off: 'Off: {days}', working: 'Worked: {days} (weekends)', days: '{from} to {to}', monthDay: '{m}-{d}', comma: ', ', numbers: 'Limits and counts', what: 'Subject', n: 'Rule', source: 'Source', roll: 'a last day off rolls on', every: 'every {n}', times: '{n} times', preview: 'Preview a change', from: 'Source:', to: 'Change to', place: 'Place', run: 'Dry run', empty: 'There is no version to change to.', running: 'Counting…',
    total: 'Preview: {place}, {n} cases', moves: 'limits move in {n}', kept: 'limits stay in {n}', overdue: '{n} are overdue at once: deal with them first', terms: 'the term ends on another day in {n}', streets: 'By street', street: 'Street', cases: 'Open', changed: 'Changed', keptN: 'Kept', late: 'Overdue', rows: 'Case by case', case: 'Case', change: 'Change', moved: '{what}: from {was} to {due}', termMoved: 'end of the term: from {was} to {due}', more: 'Show more',
    migrate: 'Change {n} cases', sure: '{n} open cases go to {to}. Limits that run are counted again; the whole can be undone within 24 hours.', go: 'Start', dry: 'Dry run: {n} cases', began: 'Begun; see bulk operations for how far it is.', none: 'No case of this place would change.',
    segment: '{n}, one in {m} months', ofTerm: 'of {m} months: ', then: '; then ',
    name: {
      treatment_tests: 'Tests in treatment', rehabilitation_tests: 'Tests in rehabilitation', term: 'Term', max_rehab_term: 'Longest rehabilitation', late_evidence: 'Late evidence', promise: 'Promise after an answer', test_confirmation: 'Confirmation of a test', test_decision: 'Decision on a refusal', sample_retention: 'Samples kept', hair_lookback: 'Hair looks back', release_reminder: 'Reminder before release', after_care: 'After-care', keep_record: 'Record kept', lost_finding: 'Finding of lost contact', risk_watch: 'Risk watch', watch_every: 'Contact in a risk watch',
      referral_waiting: 'Referral waits', volunteer_standing: 'Standing of volunteers', test_breaches: 'Tests refused', leaving_breaches: 'Leavings', absence_days: 'Days of absence', measure: 'Step of the ladder', gap_alert: 'Alert of a gap', sweep: 'Coverage round', caseload: 'Limit of cases of a worker', arrival_report: 'Report of the arrival', amendment: 'Review of an amendment', 'contact.high': 'Contact (high risk)', 'contact.medium': 'Contact (medium risk)', 'contact.low': 'Contact (low risk)', assessment: 'Assessment', home_visit: 'Home visit',
    },
  },
}
