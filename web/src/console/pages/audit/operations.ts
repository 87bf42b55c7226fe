// What was read, in Chinese, by the name that the log keeps. A name that is not here stands as it is.
export const operations: Record<string, string> = {
  'list-audit': '查阅审计', 'get-board': '看某日看板', 'get-caseload': '看负荷', 'list-cases': '看个案列表', 'get-case': '看个案', 'get-client-history': '看身份变更经过', 'list-documents': '看文书目录',
  'get-document': '看文书', 'link-document': '生成文书链接', 'open-document': '凭链接看文书', 'get-help': '看帮扶', 'get-timeline': '看全部经过', 'explain-case': '看为什么', 'list-client-changes': '看待确认的身份变更', 'find-clients': '查找服务对象', 'search-clients': '查找服务对象', 'get-coverage': '看覆盖', 'list-coverage-runs': '看覆盖巡检',
  'list-escalations': '看预警', evaluate: '看指标', 'export-evaluation': '导出指标', 'list-evaluation-cases': '看指标背后的个案', 'stream-events': '接收实时变更', 'list-exports': '看导出记录', 'list-fleets': '看批量操作', 'get-fleet': '看批量操作', 'list-fleet-items': '看批量操作逐件结果', 'get-inbox': '看待办', 'get-now': '看今日待办', 'get-calendar': '看日历',
  'list-publicity': '看宣传', 'get-publicity': '看宣传', 'list-referrals': '看转介', 'list-subscriptions': '看通知订阅', 'list-deliveries': '看通知送达', 'list-supervision': '看督导', 'get-supervision': '看督导', 'list-training-session': '看培训', 'get-training-session': '看培训', 'list-training': '看培训计划', 'get-training': '看培训计划', 'list-transfers': '看执行地变更',
  'get-transfer': '看执行地变更', 'list-workers': '看社工名册', 'get-worker': '看社工', 'list-absences': '看缺勤', 'list-accounts': '看账号', 'get-account': '看账号', 'list-tokens': '看令牌', 'break-glass': '申请临时查看', 'list-break-glass': '看临时查看', 'break-glass-reviewed': '复核临时查看', 'sign-in': '登录',
}
