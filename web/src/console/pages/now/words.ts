export default {
  'zh-CN': {
    title: '今日待办', count: '今日待办 {n}', all: '全部', keys: '按 ? 看快捷键', done: '今天已处理 {n}', snoozed: '暂缓 {n}（最近 {day} 回来）', more: '还有更多，处理后自动补上。',
    empty: '现在没有需要您处理的事项（{time}核对）。', emptyNext: '新的事项会在这里出现。', rank: '排在此处，因为{why}',
    step: { crisis: '危机', hours: '限时', climb: '待签收', miss: '待确认', decision: '待决定', today: '今天到期', soon: '三天内' },
    why: { crisis: '有人的安全受到威胁', hours: '期限按小时计算', climb: '预警已到您这一级', miss: '逾期需要人来确认', decision: '需要您作出决定', today: '今天是最后一天', soon: '三天内到期' },
    what: { miss: '{duty}应于{day}前', missed: '{duty}应于{day}前完成，待确认', leave: '请假：{from}至{to}', climb: '{duty}逾期，尚无人答复', due: '{duty}', crisis: '{kind}，尚未跟进', draft: '{duty}，草稿待确认' },
    snooze: { title: '暂缓到', hint: '到那天自动回来；个案有新的逾期或预警时提前回来。', done: '已暂缓到{day}', undo: '撤回', undone: '已回到列表' },
    columns: { step: '类别', who: '对象', what: '事项', until: '期限', basis: '依据', act: '办理' },
    handled: '本次已处理', reader: '第 {i} 项，共 {n} 项',
  },
  en: {
    title: 'Now', count: 'Now {n}', all: 'All', keys: 'Press ? for the keys', done: '{n} settled today', snoozed: '{n} put off (next back on {day})', more: 'There is more; it follows as these are settled.',
    empty: 'Nothing waits for you now (checked at {time}).', emptyNext: 'What is new will stand here.', rank: 'It stands here because {why}',
    step: { crisis: 'Crisis', hours: 'Hours', climb: 'To answer', miss: 'To confirm', decision: 'To decide', today: 'Due today', soon: 'Within 3 days' },
    why: { crisis: 'somebody is in danger', hours: 'the limit counts in hours', climb: 'the escalation has reached you', miss: 'a person has to confirm the miss', decision: 'you have to decide', today: 'today is the last day', soon: 'it is due within three days' },
    what: { miss: '{duty} was due by {day}', missed: '{duty} was due by {day}, to be confirmed', leave: 'leave: {from} to {to}', climb: '{duty} was missed and nobody has answered', due: '{duty}', crisis: '{kind}, no follow-up yet', draft: '{duty}, the draft waits for confirmation' },
    snooze: { title: 'Put off until', hint: 'It comes back on that day, and earlier when the case brings a miss or a climb.', done: 'Put off until {day}', undo: 'Take back', undone: 'Back in the list' },
    columns: { step: 'Kind', who: 'Client', what: 'What', until: 'Until', basis: 'Basis', act: 'Act' },
    handled: 'Settled here', reader: 'item {i} of {n}',
  },
}
