export default {
  'zh-CN': {
    title: '覆盖与指标', by: '口径', gaps: '覆盖缺口', none: '无缺口', whole: '在册 {open}，无缺口 {covered}，快照 {time}', full: '全部在册个案均有人负责、按期推进（快照 {time}）。', map: '各区', streets: '各街道', table: '表格', tiles: '图', up: '返回上一级',
    place: '地区', open: '在册', covered: '无缺口', gap: '缺口', oldest: '最久的缺口', since: '自{day}（{n}天）', more: '另有 {n} 项缺口，请到街道查看。', period: '时段', compare: '对比', than: { month: '上月末', quarter: '上季末', none: '不对比' }, more_than: '，较{than}多{n}', fewer_than: '，较{than}少{n}', as_then: '，与{than}相同', none_then: '，{than}无数据', noData: '无数据', complete: '', running: '本期未满', tell: '{place}，{what}{n}', case: '个案', worker: '社工',
    kind: {
      no_worker: '无社工', worker_unknown: '社工不在名册', worker_left: '社工已离岗', worker_away: '社工缺勤且无代班', place_ended: '街道已撤并', no_agreement: '协议逾期', no_working_group: '未组成工作小组', no_plan: '计划逾期', no_next_step: '没有下一步', miss_unattended: '逾期无人处置满14天', unanswered_at_top: '预警到市级仍无人答复',
    },
    tree: '各街道，面积为在册数', tellStreet: '{place}，{what}{n}，在册{open}', treeHint: '面积为在册数，颜色和数字为{what}；方向键移动，回车看其后的个案。', board: '在个案看板中查看全部', behind: '数字之后的个案', behindOf: '{place} {what} {period}', nothing: '这个数字之后没有个案。', what: '计入', adds: '数量', moreCases: '继续显示（已显示 {n} 条）',
    every: '全部指标', before: '上期', change: '变化', rank: '名次', rankOf: '第{n}名', better: '转好', worse: '转差', openBehind: '{place}，{what}{n}，查看个案', revised: '时段结束后有 {n} 次补录或更正，数字已随之变化。',
    trend: '逐月走势', line: '指标', trendSays: '{name}，近12个月：{values}。', dashed: '虚线为本月，尚未结束。', funnel: '预警漏斗', funnelSpan: '{from}至{to}开始的预警，现在此地的个案', funnelSays: '共 {n} 次预警，告知{steps}；止于首次告知并有答复的占 {share}。', first: '首次告知后即有答复、未再上报的 {n}/{all}，占 {share}。', role: '告知', told: '已告知', stopped: '止于此级', answered: '其中已答复', waiting: '其中待答复',
    export: '导出', take: '导出表格', purpose: '用途', purposeHint: '4 至 200 字，不写人名。', noted: '导出会留档：何人、何时、何用途。请写明用途（4 至 200 字）。', exports: '以往的导出', rows: '行数', outdated: '数字已变',
    matrix: '指标', target: '目标 {n}', met: '达到目标', unmet: '未达目标', unit: { percent: '%', count: '', hours: '小时', ratio: '' },
  },
  en: {
    title: 'Coverage and figures', by: 'Show', gaps: 'Gaps of coverage', none: 'no gap', whole: '{open} open, {covered} without a gap, taken at {time}', full: 'Every open case has somebody in charge and goes on in time (taken at {time}).', map: 'Districts', streets: 'Streets', table: 'Table', tiles: 'Map', up: 'Up one level',
    place: 'Place', open: 'Open', covered: 'Covered', gap: 'Gaps', oldest: 'Oldest gaps', since: 'since {day} ({n} days)', more: '{n} more gaps: look at the streets.', period: 'Period', compare: 'Compare with', than: { month: 'the end of last month', quarter: 'the end of last quarter', none: 'nothing' }, more_than: ', {n} more than at {than}', fewer_than: ', {n} fewer than at {than}', as_then: ', as at {than}', none_then: ', no data for {than}', noData: 'no data', complete: '', running: 'the period is not over', tell: '{place}, {what} {n}', case: 'Case', worker: 'Worker',
    kind: {
      no_worker: 'no worker', worker_unknown: 'worker not in the registry', worker_left: 'worker left', worker_away: 'worker away, no stand-in', place_ended: 'street merged or closed', no_agreement: 'agreement late', no_working_group: 'no working group', no_plan: 'plan late', no_next_step: 'no next step', miss_unattended: 'miss unattended for 14 days', unanswered_at_top: 'unanswered at the top',
    },
    tree: 'Streets, the area says how many cases are open', tellStreet: '{place}, {what} {n}, {open} open', treeHint: 'Area: open cases. Colour and number: {what}. Arrow keys move, Enter shows the cases.', board: 'All of them on the board of cases', behind: 'Cases behind the number', behindOf: '{place}: {what} {period}', nothing: 'There is no case behind this number.', what: 'Counted as', adds: 'Adds', moreCases: 'Show more ({n} so far)',
    every: 'All indicators', before: 'Before', change: 'Change', rank: 'Rank', rankOf: 'no. {n}', better: 'better', worse: 'worse', openBehind: '{place}, {what} {n}, show the cases', revised: 'Since the period was over, {n} things were told that changed it: the numbers have followed.',
    trend: 'Month by month', line: 'Indicator', trendSays: '{name} over the last 12 months: {values}.', dashed: 'Dashed: the month that is not over.', funnel: 'Escalations by whom they reached', funnelSpan: 'Escalations that began from {from} to {to}, of cases that are here now', funnelSays: '{n} escalations, told to {steps}; {share} were answered after the first telling.', first: 'Answered after the first telling and told to nobody else: {n} of {all}, {share}.', role: 'Told to', told: 'Told', stopped: 'Went no further', answered: 'of these answered', waiting: 'of these waiting',
    export: 'Export', take: 'Take the spreadsheet', purpose: 'Purpose', purposeHint: '4 to 200 characters; names nobody.', noted: 'An export is noted: who, when, what for. Say what for in 4 to 200 characters.', exports: 'Exports so far', rows: 'Rows', outdated: 'numbers have changed',
    matrix: 'Indicators', target: 'target {n}', met: 'target reached', unmet: 'target not reached', unit: { percent: '%', count: '', hours: ' h', ratio: '' },
  },
}
