// Words of forms that say what a visit, a talk, a test or an assessment was like.
export default {
  'zh-CN': {
    required: '带 * 的为必填。', needed: '请填写此项。', whole: '请填写整数。', between: '请填写 {from} 至 {to} 之间的数。', long: '最多 {n} 个字。', pattern: '写法与表单要求不符，请核对。', most: '最多选 {n} 项。', same: '不能与“{than}”相同。', before: '不能早于“{than}”。', within: '不能晚于“{than}” {n} 天以上。',
    choose: '请选择', row: '第 {n} 行', addRow: '添加一行', dropRow: '删除第 {n} 行', texts: '每行一项', page: '第 {n}/{of} 页', nextPage: '下一页', previousPage: '上一页', wrong: '还有 {n} 处需要改。',
    private: '以下内容只有本案社工和工作站负责人可以看到。', privateFold: '{n} 个敏感问题（只有本案社工和工作站负责人可以看到）', known: '已在记录中填写：{list}',
    score: '{label} {value} 分（{from}至{to}）', noScore: '{label}：未答 {n} 项，不计分', onlyHelp: '分数只供参考，由人判断。', up: '较上次 +{n}', down: '较上次 -{n}', level: '与上次相同', trend: '{label}：{from}至{to}，{n} 次，{first} → {last}',
    proposed: '建议风险等级：{risk}', proposedOnly: '这只是建议，由工作站负责人决定。', proposeAct: '按建议调整风险等级……', keep: '建议维持{risk}',
    why: { hard: '有直接列为高风险的情形', score: '按得分', second_screening: '下调须间隔 90 天的两次评估都较低，目前先不下调', one_class: '每次只下调一级', too_little_known: '未知的项目太多，无法给出建议' },
    crisis: '有危及生命的情况：先拨打电话。', call: '拨打 {n}', sooner: '建议提前联系。', hidden: '{n} 项未展示',
  },
  en: {
    required: 'Fields with * have to be filled in.', needed: 'Fill this in.', whole: 'Give a whole number.', between: 'Give a number from {from} to {to}.', long: 'At most {n} characters.', pattern: 'It is not written as the form asks.', most: 'At most {n} answers.', same: 'It cannot be the same as “{than}”.', before: 'It cannot be before “{than}”.', within: 'It cannot be more than {n} days after “{than}”.',
    choose: 'Choose', row: 'Row {n}', addRow: 'Add a row', dropRow: 'Remove row {n}', texts: 'one a line', page: 'Page {n} of {of}', nextPage: 'Next page', previousPage: 'Previous page', wrong: 'Answers to put right: {n}.',
    private: 'What follows is seen by the worker of the case and the station head alone.', privateFold: '{n} sensitive questions (for the worker of the case and the station head alone)', known: 'From the record: {list}',
    score: '{label}: {value} ({from} to {to})', noScore: '{label}: {n} not answered, no score', onlyHelp: 'A score is a help; a person decides.', up: '+{n} since the last time', down: '-{n} since the last time', level: 'as the last time', trend: '{label}: {from} to {to}, {n} times, {first} → {last}',
    proposed: 'Proposed risk class: {risk}', proposedOnly: 'It is proposed; the station head decides.', proposeAct: 'Change the risk class…', keep: 'Proposed: stay with {risk}',
    why: { hard: 'something speaks for high by itself', score: 'by the score', second_screening: 'a lower class takes two screenings 90 days apart', one_class: 'one class at a time', too_little_known: 'too little is known for a proposal' },
    crisis: 'There is danger to life: call first.', call: 'Call {n}', sooner: 'A contact sooner than planned is proposed.', hidden: '{n} not shown',
  },
}
