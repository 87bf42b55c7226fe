export default {
  'zh-CN': {
    title: '临时查看', ask: '申请临时查看', case: '个案编号', caseHint: '看板或覆盖页上的完整编号。', reason: '事由', reasonHint: '4 至 200 字。审计管理员将逐件复核，办案社工和站长即时知悉。', hours: '查看多久', hour: '{n} 小时', empty: '没有待复核的临时查看。', emptyOwn: '还没有申请过临时查看。', rule: '至多 3 小时；办案社工和站长即时知悉；一周内复核。',
    follows: '办案社工和站长将即时知悉此次查看和事由。', until: '可查看至 {time}。', granted: '已开放：姓名和证件可查看至{time}，办案社工和站长已知悉。', open: '打开个案', who: '申请人', when: '时间', due: '复核期限', waiting: '待复核', overdue: '复核已逾期', over: '已结束', all: '全部', onlyWaiting: '待复核的',
    review: '复核', finding: '意见', note: '说明', findings: { justified: '认可', questioned: '存疑' }, reviewed: '已复核：{finding}。', by: '{who}复核', state: '状态',
  },
  en: {
    title: 'Break-glass', ask: 'Ask to see an identity', case: 'Case id', caseHint: 'The whole id, as the board or the coverage page shows it.', reason: 'Reason', reasonHint: '4 to 200 characters. The auditor reviews each; the worker and the head of the station hear of it at once.', hours: 'For how long', hour: '{n} h', empty: 'No look waits for a review.', emptyOwn: 'You have asked for no look so far.', rule: 'For 3 hours at most; the worker and the head hear of it at once; reviewed within a week.',
    follows: 'The worker and the head of the station hear of this look and its reason at once.', until: 'It is open until {time}.', granted: 'Open: name and document can be seen until {time}; the worker and the head were told.', open: 'Open the case', who: 'Asked by', when: 'Time', due: 'Review by', waiting: 'waits for review', overdue: 'review overdue', over: 'over', all: 'All', onlyWaiting: 'Waiting for review',
    review: 'Review', finding: 'Finding', note: 'Note', findings: { justified: 'Justified', questioned: 'Questioned' }, reviewed: 'Reviewed: {finding}.', by: 'reviewed by {who}', state: 'State',
  },
}
