export default {
  'zh-CN': {
    title: '通知 {n}', at: '发出', to: '告知', place: '地区', duty: '事项', due: '期限', state: '现况', settled: '已办结，不必再处理。', waits: '仍在等待处理。', open: '打开个案 {id}', now: '去今日待办', case: '个案',
    shut: '这件个案不在您的范围内：通知是发给您的岗位的，请在今日待办中答复。', none: '没有这条通知，或不在您的范围内。', number: '编号应为数字，请核对邮件中的编号。',
    status: { open: '进行中', missed: '逾期，待确认', confirmed: '逾期已确认', met: '已完成', dismissed: '已排除', excused: '有正当理由', superseded: '不再需要' },
  },
  en: {
    title: 'Notice {n}', at: 'Sent', to: 'To', place: 'Place', duty: 'About', due: 'Due', state: 'As it stands', settled: 'It is settled: nothing waits any more.', waits: 'It still waits for somebody.', open: 'Open case {id}', now: 'To what waits now', case: 'Case',
    shut: 'The case is not yours to see: the notice was to your post; answer it where it waits now.', none: 'There is no such notice, or it is not yours to see.', number: 'The number is digits alone: look at the mail again.',
    status: { open: 'open', missed: 'missed, provisional', confirmed: 'miss confirmed', met: 'done', dismissed: 'dismissed', excused: 'justified', superseded: 'no longer needed' },
  },
}
