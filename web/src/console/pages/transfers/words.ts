export default {
  'zh-CN': {
    title: '执行地变更', empty: '没有在途的变更。', in: '转入', out: '转出', all: '全部', moving: '在途', ended: '已办结', route: '{from} 至 {to}', outside: '系统外', steps: '步骤', step: { requested: '申请', forwarded: '移送档案', answered: '答复', arrived: '报到', settled: '新协议' },
    owes: { requested: '{from}移送档案', forwarded: '{to}答复，{day}前', returned: '{from}处理退回', accepted: '{to}等待报到', not_arrived: '{from}、{to}核实去向', arrived: '{to}签订协议' }, current: '当前：{who}', done: '已完成', facts: '案卷', term: '期限连续至{day}', counts: '计数随案：拒检 {tests}，擅离 {leavings}', overdue: '逾期待确认 {n}', select: '选一项看五步和案卷。',
    said: '已登记。', stepLabel: '第 {i} 步，共 5 步：{what}{day}', act: { 'accept-transfer': '接收', 'refuse-transfer': '退回', 'forward-file': '登记移送档案', 'withdraw-transfer': '撤回变更', 'report-arrival': '登记报到地告知' }, due: '限{day}答复', why: '退回原因',
    silence: '不答复满限期自动退回，并告知两站上级。', list: '变更', asked: '{day}申请',
  },
  en: {
    title: 'Transfers', empty: 'No transfer is on the way.', in: 'In', out: 'Out', all: 'All', moving: 'On the way', ended: 'Ended', route: '{from} to {to}', outside: 'outside the system', steps: 'Steps', step: { requested: 'asked for', forwarded: 'file sent', answered: 'answered', arrived: 'arrived', settled: 'new agreement' },
    owes: { requested: '{from} sends the file', forwarded: '{to} answers by {day}', returned: '{from} deals with the return', accepted: '{to} waits for the arrival', not_arrived: '{from} and {to} find out where the client is', arrived: '{to} signs the agreement' }, current: 'Now: {who}', done: 'done', facts: 'The case', term: 'the term runs on to {day}', counts: 'counts go along: tests refused {tests}, leavings {leavings}', overdue: '{n} provisional misses', select: 'Choose one to see its five steps and the case.',
    said: 'Entered.', stepLabel: 'Step {i} of 5: {what}{day}', act: { 'accept-transfer': 'Accept', 'refuse-transfer': 'Send back', 'forward-file': 'File was sent', 'withdraw-transfer': 'Withdraw', 'report-arrival': 'Arrival was reported' }, due: 'answer by {day}', why: 'Sent back because',
    silence: 'Without an answer in time the file goes back by itself, and those above both stations are told.', list: 'Transfers', asked: 'asked for on {day}',
  },
}
