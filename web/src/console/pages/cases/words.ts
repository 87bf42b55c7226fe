export default {
  'zh-CN': {
    title: '个案看板', shown: '筛出 {n} 件', reading: '已读 {n} 件……', part: '已读 {n} 件，还有更多；排序只按已读的。', readAll: '全部读取', empty: '没有符合条件的个案。', drop: '清除条件', ignored: '链接中的条件“{key}”不再可用，已忽略。',
    list: '列表', phases: '按阶段', sort: '排序', views: '视图', conditions: '条件', any: '不限', yes: '是', open: '在册', closed: '含已结束',
    view: { all: '全部在册', overdue: '有逾期', escalated: '预警中', high: '高风险', stalled: '联系受阻' },
    by: { due: '最近到期', risk: '风险', term: '期限', name: '姓名' },
    filter: { phase: '阶段', risk: '风险', measure: '措施', engagement: '联络', overdue: '逾期', escalated: '预警', crisis: '危机', worker: '社工', place: '街道' },
    column: { name: '姓名', measure: '措施', phase: '阶段', risk: '风险', worker: '社工', next: '最近事项', due: '到期', climb: '预警', engagement: '联络', term: '期限' },
    none: '无', day: '第{n}天，剩{left}天', ended: '期满{n}天', overdue: '逾期 {n} 项', keys: 'j k 上下，回车打开',
  },
  en: {
    title: 'Cases', shown: '{n} found', reading: '{n} read…', part: '{n} read, there are more; the order is of those.', readAll: 'Read all', empty: 'No case fits these conditions.', drop: 'Drop the conditions', ignored: 'The condition “{key}” of this link is not known any more; it was ignored.',
    list: 'List', phases: 'By phase', sort: 'Order', views: 'Views', conditions: 'Conditions', any: 'any', yes: 'yes', open: 'open', closed: 'ended ones too',
    view: { all: 'All open', overdue: 'Overdue', escalated: 'Escalated', high: 'High risk', stalled: 'Stalled' },
    by: { due: 'Due first', risk: 'Risk', term: 'End of term', name: 'Name' },
    filter: { phase: 'Phase', risk: 'Risk', measure: 'Measure', engagement: 'Contact', overdue: 'Overdue', escalated: 'Escalated', crisis: 'Crisis', worker: 'Worker', place: 'Street' },
    column: { name: 'Name', measure: 'Measure', phase: 'Phase', risk: 'Risk', worker: 'Worker', next: 'Next', due: 'Due', climb: 'Escalation', engagement: 'Contact', term: 'Term' },
    none: 'none', day: 'day {n}, {left} left', ended: 'ended {n} days ago', overdue: '{n} overdue', keys: 'j k to move, Enter to open',
  },
}
