export default {
  'zh-CN': {
    title: '个案看板', shown: '共 {all} 件，筛出 {n} 件', empty: '没有符合条件的个案。', drop: '清除条件', ignored: '链接中的条件“{key}”不再可用，已忽略。',
    list: '列表', phases: '按阶段', sort: '排序', views: '视图', conditions: '条件', any: '不限', yes: '是', closed: '含已结束', within: '今天 | 7天内 | {n}天内',
    view: { all: '全部在册', overdue: '有逾期', week: '本周到期', high: '高风险', unassigned: '无社工', escalated: '预警中', stalled: '联系受阻' },
    by: { due: '最近到期', risk: '风险', term: '期限' },
    filter: {
      phase: '阶段', risk: '风险', measure: '措施', engagement: '联络', next_kind: '最近事项', due_within: '到期', overdue: '逾期', escalated: '预警', crisis: '危机', unassigned: '无社工', worker: '社工', place: '区、街道',
    },
    column: { name: '姓名', measure: '措施', phase: '阶段', risk: '风险', worker: '社工', next: '最近事项', due: '到期', climb: '预警', engagement: '联络', term: '期限' },
    none: '无', day: '第{n}天，剩{left}天', ended: '期满{n}天', overdue: '逾期 {n} 项', keys: 'j k 上下，回车打开，x 选中，Shift+j 连选，v 视图，f 条件，b 重新分配',
    choose: '选中', choice: '已选个案', chosen: '已选 {n} 件', frozen: '（按 {time} 的条件）', chooseAll: '选中全部 {n} 件', unchoose: '取消选择', assign: '重新分配……', tooMany: '一次最多分配 {n} 件。',
    save: {
      title: '保存为视图', name: '视图名称', hint: '只保存条件，不要写入姓名。', share: '共享给', shareHint: '不选则仅本人可见；共享后，该单位及下级都能看到。', with: '与{place}共享', own: '仅本人可见',
      drop: '移除视图“{name}”', remove: '移除', sure: '移除视图“{name}”？个案不受影响。', sureShared: '视图“{name}”已与{place}共享，移除后大家都看不到。个案不受影响。',
    },
  },
  en: {
    title: 'Cases', shown: '{n} of {all}', empty: 'No case fits these conditions.', drop: 'Drop the conditions', ignored: 'The condition “{key}” of this link is not known any more; it was ignored.',
    list: 'List', phases: 'By phase', sort: 'Order', views: 'Views', conditions: 'Conditions', any: 'any', yes: 'yes', closed: 'Ended ones too', within: 'today | within 7 days | within {n} days',
    view: { all: 'All open', overdue: 'Overdue', week: 'Due this week', high: 'High risk', unassigned: 'No worker', escalated: 'Escalated', stalled: 'Stalled' },
    by: { due: 'Due first', risk: 'Risk', term: 'End of term' },
    filter: {
      phase: 'Phase', risk: 'Risk', measure: 'Measure', engagement: 'Contact', next_kind: 'Next', due_within: 'Due', overdue: 'Overdue', escalated: 'Escalated', crisis: 'Crisis', unassigned: 'No worker', worker: 'Worker', place: 'Place',
    },
    column: { name: 'Name', measure: 'Measure', phase: 'Phase', risk: 'Risk', worker: 'Worker', next: 'Next', due: 'Due', climb: 'Escalation', engagement: 'Contact', term: 'Term' },
    none: 'none', day: 'day {n}, {left} left', ended: 'ended {n} days ago', overdue: '{n} overdue', keys: 'j k to move, Enter to open, x to choose, Shift+j for a range, v views, f conditions, b reassign',
    choose: 'Choose', choice: 'Chosen cases', chosen: '{n} chosen', frozen: ' (as they were at {time})', chooseAll: 'Choose all {n}', unchoose: 'Choose none', assign: 'Reassign…', tooMany: 'At most {n} can be reassigned at once.',
    save: {
      title: 'Save as a view', name: 'Name of the view', hint: 'Only conditions are saved. Do not write names of clients.', share: 'Share with', shareHint: 'Nobody else sees it unless you choose a place; then that place and all below it do.', with: 'shared with {place}', own: 'yours alone',
      drop: 'Remove the view “{name}”', remove: 'Remove', sure: 'Remove the view “{name}”? No case changes.', sureShared: 'The view “{name}” is shared with {place}; nobody will see it any more. No case changes.',
    },
  },
}
