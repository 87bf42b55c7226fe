export default {
  'zh-CN': {
    title: '督导', empty: '本期没有记录。', create: '申请督导', topic: '事由', about: '个案', people: '被督导人', supervisor: '督导人', days: '日期', form: '形式', help: '由谁督导', place: '街道', case: '个案编号', caseHint: '针对某一个案时填写。', peopleHint: '社工编号，多个用逗号分开。', note: '情况', planned_on: '安排在', held_on: '开展日期', minutes: '时长（分钟）', outcome: '结果', step: '从哪一步继续联络', reason: '原因', none: '无',
    requested: '{day}申请', planned: '{day}安排', held: '{day}开展，{n}分钟', topics: { stalled_engagement: '帮教陷入僵局', crisis: '危机', method: '工作方法', case_review: '个案研讨', strain: '压力与倦怠', other: '其他' }, helps: { internal: '本单位', external: '外部专家', peer: '同行' }, forms: { online: '线上', in_person: '现场' }, outcomes: { plan_agreed: '已定方案', continued: '继续督导', handed_over: '已移交', no_change: '维持现状' },
    status: { requested: '申请', planned: '已排', held: '已开展', closed: '结束', cancelled: '取消' }, act: { plan: '排期', hold: '登记开展', close: '结束', cancel: '取消' },
  },
  en: {
    title: 'Supervision', empty: 'No record in this time.', create: 'Ask for supervision', topic: 'Topic', about: 'Case', people: 'Supervised', supervisor: 'Supervisor', days: 'Days', form: 'Form', help: 'Supervised by', place: 'Street', case: 'Case id', caseHint: 'Where it is about a case.', peopleHint: 'Ids of workers with commas between.', note: 'What it is about', planned_on: 'Planned on', held_on: 'Held on', minutes: 'Minutes', outcome: 'Outcome', step: 'Outreach goes on with', reason: 'Reason', none: 'none',
    requested: 'asked {day}', planned: 'planned {day}', held: 'held {day}, {n} min', topics: { stalled_engagement: 'stalled engagement', crisis: 'crisis', method: 'method', case_review: 'case review', strain: 'strain', other: 'other' }, helps: { internal: 'own office', external: 'outside expert', peer: 'peer' }, forms: { online: 'online', in_person: 'in person' }, outcomes: { plan_agreed: 'plan agreed', continued: 'goes on', handed_over: 'handed over', no_change: 'no change' },
    status: { requested: 'asked for', planned: 'planned', held: 'held', closed: 'closed', cancelled: 'cancelled' }, act: { plan: 'Plan', hold: 'It was held', close: 'Close', cancel: 'Cancel' },
  },
}
