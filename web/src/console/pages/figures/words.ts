export default {
  'zh-CN': {
    title: '覆盖与指标', by: '口径', gaps: '覆盖缺口', none: '无缺口', whole: '在册 {open}，无缺口 {covered}，快照 {time}', full: '全部在册个案均有人负责、按期推进（快照 {time}）。', map: '各区', streets: '各街道', table: '表格', tiles: '图', up: '返回上一级',
    place: '地区', open: '在册', covered: '无缺口', gap: '缺口', oldest: '最久的缺口', since: '自{day}（{n}天）', more: '另有 {n} 项缺口，请到街道查看。', period: '时段', noData: '无数据', complete: '', running: '本期未满', tell: '{place}，{what}{n}', case: '个案', worker: '社工',
    kind: {
      no_worker: '无社工', worker_unknown: '社工不在名册', worker_left: '社工已离岗', worker_away: '社工缺勤且无代班', place_ended: '街道已撤并', no_agreement: '协议逾期', no_working_group: '未组成工作小组', no_plan: '计划逾期', no_next_step: '没有下一步', miss_unattended: '逾期无人处置满14天', unanswered_at_top: '预警到市级仍无人答复',
    },
    matrix: '指标', target: '目标 {n}', met: '达到目标', unmet: '未达目标', unit: { percent: '%', count: '', hours: '小时', ratio: '' },
  },
  en: {
    title: 'Coverage and figures', by: 'Show', gaps: 'Gaps of coverage', none: 'no gap', whole: '{open} open, {covered} without a gap, taken at {time}', full: 'Every open case has somebody in charge and goes on in time (taken at {time}).', map: 'Districts', streets: 'Streets', table: 'Table', tiles: 'Map', up: 'Up one level',
    place: 'Place', open: 'Open', covered: 'Covered', gap: 'Gaps', oldest: 'Oldest gaps', since: 'since {day} ({n} days)', more: '{n} more gaps: look at the streets.', period: 'Period', noData: 'no data', complete: '', running: 'the period is not over', tell: '{place}, {what} {n}', case: 'Case', worker: 'Worker',
    kind: {
      no_worker: 'no worker', worker_unknown: 'worker not in the registry', worker_left: 'worker left', worker_away: 'worker away, no stand-in', place_ended: 'street merged or closed', no_agreement: 'agreement late', no_working_group: 'no working group', no_plan: 'plan late', no_next_step: 'no next step', miss_unattended: 'miss unattended for 14 days', unanswered_at_top: 'unanswered at the top',
    },
    matrix: 'Indicators', target: 'target {n}', met: 'target reached', unmet: 'target not reached', unit: { percent: '%', count: '', hours: ' h', ratio: '' },
  },
}
