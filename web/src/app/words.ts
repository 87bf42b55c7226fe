// Words that every page may use. Those of one page stand in its folder.
export default {
  'zh-CN': {
    app: '归途',
    groups: { work: '工作', flow: '流转', team: '队伍', whole: '全局', admin: '管理', security: '安全', engine: '运行' },
    act: {
      save: '保存', cancel: '取消', back: '返回', retry: '重试', open: '打开', close: '关闭', more: '更多', record: '记录', search: '查找',
      submitting: '正在提交……', signOut: '退出', again: '再取一次', showMore: '再显示一些',
    },
    state: {
      loading: '正在读取……', empty: '暂无内容。', live: '实时', offline: '未连接',
      failed: '没有读到数据，内容没有变动。可重试；仍不行请报编号 {id}。',
      gone: '网络已断开，显示的是 {time} 的内容，暂时不能提交。',
      noRole: '此页面不向您的岗位开放。如需使用，请联系您的负责人。',
      noPage: '没有这个页面。', home: '回到首页',
      recorded: '已入账', pending: '已受理，尚未入账。系统恢复后自动办理，不必重交。',
      settled: '已入账：{what}。', turnedDown: '没有入账：{what}。{why}',
      duplicate: '这条记录已经提交过，没有重复办理。', known: '同一件事已有记录，没有重复登记。',
      unreachable: '没有连上系统，内容已保留。请检查网络后重试。',
    },
    bar: {
      main: '主要内容', rail: '栏目', place: '范围', searchHint: '查找：姓名、证件号、文号、电话', large: '大字', normal: '标准字', dark: '深色', light: '浅色',
      language: 'English', keys: '快捷键', menu: '菜单', skip: '跳到主要内容',
    },
    mark: { law: '法定', practice: '惯例', design: '设定' },
    day: {
      today: '今天', tomorrow: '明天', yesterday: '昨天', in: '还有{n}天', over: '逾期{n}天', ago: '{n}天前',
      weekday: '周日,周一,周二,周三,周四,周五,周六', understood: '即 {day}', bad: '日期写法不识别，例如 2026-11-30、11月30日、今天',
      hours: '剩{h}小时{m}分',
    },
    role: {
      worker: '禁毒专职社工', station_head: '工作站负责人', district: '区禁毒办', city: '市禁毒办', admin: '系统管理员',
      system_admin: '系统管理员', security_admin: '安全管理员', auditor: '审计管理员', police: '公安民警', partner: '培训协作单位', integration: '对接系统', system: '系统自动',
    },
    rung: { worker: '社工', station_head: '站', district: '区', city: '市' },
    risk: { high: '高风险', medium: '中风险', low: '低风险' },
    doing: { acknowledge: '签收', confirm: '确认', justify: '理由', dismiss: '排除', snooze: '暂缓', open: '打开', leave: '决定', record: '记录' },
    until: { climb: '{time}告知上一级', promise: '承诺{day}前', due: '{day}前' },
    case: '个案', nobody: '无社工', required: '必填', crisis: '危机',
  },
  en: {
    app: 'Guitu',
    groups: { work: 'Work', flow: 'Flow', team: 'Team', whole: 'Overview', admin: 'Administration', security: 'Security', engine: 'Operation' },
    act: {
      save: 'Save', cancel: 'Cancel', back: 'Back', retry: 'Try again', open: 'Open', close: 'Close', more: 'More', record: 'Record', search: 'Search',
      submitting: 'Submitting…', signOut: 'Sign out', again: 'Fetch again', showMore: 'Show more',
    },
    state: {
      loading: 'Loading…', empty: 'Nothing here.', live: 'Live', offline: 'Not connected',
      failed: 'Nothing could be read; nothing was changed. Try again, or report number {id}.',
      gone: 'The network is down. What you see is of {time}; nothing can be submitted now.',
      noRole: 'This page is not open to your role. Ask your head for it if you need it.',
      noPage: 'There is no such page.', home: 'Back to the first page',
      recorded: 'In the ledger', pending: 'Taken, not in the ledger yet. It will be done when the engine is back; do not send it again.',
      settled: 'In the ledger: {what}.', turnedDown: 'Not recorded: {what}. {why}',
      duplicate: 'This was submitted before; it was not done twice.', known: 'The record says so already; nothing was added.',
      unreachable: 'The system was not reached; what you wrote is kept. Check the network and try again.',
    },
    bar: {
      main: 'Main content', rail: 'Pages', place: 'Scope', searchHint: 'Search: name, document, order number, phone', large: 'Large type', normal: 'Normal type',
      dark: 'Dark', light: 'Light', language: '中文', keys: 'Keys', menu: 'Menu', skip: 'Skip to the main content',
    },
    mark: { law: 'statute', practice: 'practice', design: 'setting' },
    day: {
      today: 'today', tomorrow: 'tomorrow', yesterday: 'yesterday', in: 'in {n} days', over: '{n} days overdue', ago: '{n} days ago',
      weekday: 'Sun,Mon,Tue,Wed,Thu,Fri,Sat', understood: 'that is {day}', bad: 'not a day; write 2026-11-30, 11-30 or today',
      hours: '{h} h {m} min left',
    },
    role: {
      worker: 'Worker', station_head: 'Station head', district: 'District office', city: 'City office', admin: 'Administrator',
      system_admin: 'System administrator', security_admin: 'Security administrator', auditor: 'Auditor', police: 'Police', partner: 'Partner', integration: 'Integration', system: 'System',
    },
    rung: { worker: 'worker', station_head: 'station', district: 'district', city: 'city' },
    risk: { high: 'high risk', medium: 'medium risk', low: 'low risk' },
    doing: { acknowledge: 'Answer', confirm: 'Confirm', justify: 'Reason', dismiss: 'Dismiss', snooze: 'Put off', open: 'Open', leave: 'Decide', record: 'Record' },
    until: { climb: 'next rung told {time}', promise: 'promised by {day}', due: 'by {day}' },
    case: 'Case', nobody: 'no worker', required: 'required', crisis: 'Crisis',
  },
}
