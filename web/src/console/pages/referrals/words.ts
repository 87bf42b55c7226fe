export default {
  'zh-CN': {
    title: '转介', empty: '没有在途的转介，有意就业的对象会在签订协议后提示。', all: '全部状态', agency: '承办单位', anyAgency: '全部单位', client: '个案', what: '事项', state: '状态', days: '发出与答复', sent: '{day}发出', replied: '{day}答复', by: '{day}前答复', reason: '原因', kinds: '何事', act: { 'record-referral-reply': '登记答复', 'record-placement': '登记安置', 'follow-up-placement': '登记回访', 'withdraw-referral': '撤回' }, more: '再显示一些', count: '{n} 项', late: '逾期未答复',
  },
  en: {
    title: 'Referrals', empty: 'No referral is on the way; clients who want work are pointed out after the agreement.', all: 'All states', agency: 'Agency', anyAgency: 'All agencies', client: 'Case', what: 'What for', state: 'State', days: 'Sent and answered', sent: 'sent {day}', replied: 'answered {day}', by: 'answer by {day}', reason: 'Why', kinds: 'What', act: { 'record-referral-reply': 'Record the answer', 'record-placement': 'Record the placement', 'follow-up-placement': 'Record the follow-up', 'withdraw-referral': 'Withdraw' }, more: 'Show more', count: '{n} referrals', late: 'answer overdue',
  },
}
