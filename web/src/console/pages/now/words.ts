export default {
  'zh-CN': {
    title: '今日待办', count: '今日待办 {n}', all: '全部', keys: '按 ? 看快捷键', done: '今天已处理 {n}', snoozed: '暂缓 {n}（最近 {day} 回来）', covered: '覆盖：在册 {n}，全部有人负责', uncovered: '覆盖：在册 {n}，缺口 {gaps}',
    empty: '现在没有需要您处理的事项（{time}核对）。', emptyNext: '新的事项会在这里出现。',
    step: { crisis: '危机', hours: '限时', climb: '待签收', miss: '待确认', decision: '待决定', today: '今天到期', soon: '三天内' },
    snooze: { title: '暂缓到', hint: '到那天自动回来；个案有新的逾期或预警时提前回来。', done: '已暂缓到{day}', undo: '撤回', undone: '已回到列表' },
    columns: { step: '类别', who: '对象', what: '事项', until: '期限', basis: '依据', act: '办理' },
    handled: '本次已处理', reader: '第 {i} 项，共 {n} 项',
  },
  en: {
    title: 'Now', count: 'Now {n}', all: 'All', keys: 'Press ? for the keys', done: '{n} settled today', snoozed: '{n} put off (next back on {day})', covered: 'Coverage: {n} open, all have somebody in charge', uncovered: 'Coverage: {n} open, {gaps} with a gap',
    empty: 'Nothing waits for you now (checked at {time}).', emptyNext: 'What is new will stand here.',
    step: { crisis: 'Crisis', hours: 'Hours', climb: 'To answer', miss: 'To confirm', decision: 'To decide', today: 'Due today', soon: 'Within 3 days' },
    snooze: { title: 'Put off until', hint: 'It comes back on that day, and earlier when the case brings a miss or a climb.', done: 'Put off until {day}', undo: 'Take back', undone: 'Back in the list' },
    columns: { step: 'Kind', who: 'Client', what: 'What', until: 'Until', basis: 'Basis', act: 'Act' },
    handled: 'Settled here', reader: 'item {i} of {n}',
  },
}
