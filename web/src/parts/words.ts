// Words of the forms by which a command is given.
export default {
  'zh-CN': {
    when: '发生时间', whenHint: '今天、昨天，或写日期', note: '备注', reason: '理由', reasonHint: '随个案加密保存。', noteHint: '选填，随个案加密保存。', follows: '提交后：', nothing: '没有其他变化。', none: '不填',
    rung: '预警·{who}', answered: '·已签收', yes: '是', no: '否', approve: '批准', refuse: '不批准', staffHint: '须两名工作人员在场，请填工号，用逗号分开。', chooseWorker: '选择社工', needReason: '请填写理由。', needField: '请填写{field}。', future: '此日在将来，请改为发生的那一天。',
    recorded: '已入账：{what}', metNow: '{list}已完成', next: '下一项：{duty}，{day}前（{distance}）', join: '；', stop: '。', and: '、',
    count: '{what}：{was} 变为 {is}', phase: '个案进入“{phase}”', term: '期限由{from}改为{to}', met: '{duty}完成', opened: '产生待办：{duty}，{day}前', ended: '{duty}不再需要', closed: '预警结束', retracted: '{duty}的逾期收回',
    moved: '{duty}的最后一天由{from}改为{to}', takenBack: '{n}条记录随之失效', fell: '{duty}的预警收回，已告知的人会收到更正', twoPeople: '需另一人确认后生效',
    counter: { test_breaches: '拒绝或逃避检测次数', leavings: '擅自离开次数', absence_days: '擅自离开天数', deemed_refusals: '视为拒绝次数', relapses: '确认复吸次数' },
    field: {
      channel: '方式', outcome: '结果', excuse: '婉拒原因', who: '见到谁', mood: '情绪', method: '检材', result: '结果', staff: '在场工作人员', collector_sex: '采样人性别', site: '地点', surprise: '不定期检测',
      from: '自', to: '至', approved: '意见', kind: '情形', reason: '正当理由', until: '新的最后一天', promise: '承诺完成日', worker: '社工', risk: '风险等级', answer: '答复', signature: '签字', form: '形式', reply: '答复', there: '是否在岗', confirmed: '是否成立', accept: '是否接受', term_end: '期限届满日', employment_intent: '有就业意愿', agency: '部门', class: '类别', members: '小组成员', role: '身份', member: '编号', goals: '目标', stage: '阶段', code: '内容', target: '目标日',
    },
    hint: { promise: '说明将于哪天前做什么。', surprise: '不占定期检测的次数。', to: '离开本区的最后一天。', members: '填工号、警号或登记编号（如 family-1），不填姓名、电话。' },
  },
  en: {
    when: 'When it happened', whenHint: 'today, yesterday, or a day', note: 'Note', reason: 'Reason', reasonHint: 'Kept encrypted with the case.', noteHint: 'Optional, kept encrypted with the case.', follows: 'What follows:', nothing: 'Nothing else changes.', none: 'leave out',
    rung: 'told: {who}', answered: ', answered', yes: 'yes', no: 'no', approve: 'approve', refuse: 'do not approve', staffHint: 'Two people have to be present: their staff ids, with commas between.', chooseWorker: 'Choose a worker', needReason: 'Give the reason.', needField: 'Fill in: {field}.', future: 'This day lies in the future: take the day on which it happened.',
    recorded: 'In the ledger: {what}', metNow: 'done: {list}', next: 'next: {duty} by {day} ({distance})', join: '; ', stop: '.', and: ', ',
    count: '{what}: from {was} to {is}', phase: 'the case becomes “{phase}”', term: 'the end of the term moves from {from} to {to}', met: '{duty} is done', opened: 'a task begins: {duty} by {day}', ended: '{duty} is no longer needed', closed: 'the escalation ends', retracted: 'the miss of {duty} is taken back',
    moved: 'the last day of {duty} moves from {from} to {to}', takenBack: '{n} records no longer hold', fell: 'the escalation over {duty} is taken back, and whoever was told hears of it', twoPeople: 'it takes effect when another person confirms it',
    counter: { test_breaches: 'tests refused or evaded', leavings: 'unauthorised leavings', absence_days: 'days of absence', deemed_refusals: 'deemed refusals', relapses: 'confirmed relapses' },
    field: {
      channel: 'Channel', outcome: 'Outcome', excuse: 'Excuse', who: 'Who was met', mood: 'Mood', method: 'Sample', result: 'Result', staff: 'Staff present', collector_sex: 'Sex of who collected', site: 'Site', surprise: 'Outside the schedule',
      from: 'From', to: 'To', approved: 'Opinion', kind: 'Kind', reason: 'Justified reason', until: 'New last day', promise: 'Promised by', worker: 'Worker', risk: 'Risk class', answer: 'Answer', signature: 'Signature', form: 'Form', reply: 'Reply', there: 'Still there', confirmed: 'Confirmed', accept: 'Accept', term_end: 'Last day of the term', employment_intent: 'Wants work', agency: 'Agency', class: 'Class', members: 'Members', role: 'As what', member: 'Id', goals: 'Goals', stage: 'Stage', code: 'What', target: 'By',
    },
    hint: { promise: 'Say what will have been done by then.', surprise: 'It takes no window of the schedule.', to: 'The last day away.', members: 'Ids of the register such as family-1, never names or phones.' },
  },
}
