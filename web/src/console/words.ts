// Words of what is around the pages of the console.
export default {
  'zh-CN': {
    crisis: '有 {n} 件危机尚未跟进：', found: '找到 {n} 人', notFound: '没有找到。请核对文号，或确认此人是否在您的辖区。',
    searchHow: '输入姓名（两个字以上）、姓名首字母、证件号、决定书文号或电话。', keysOff: '关闭单键快捷键', keysOn: '打开单键快捷键',
    keys: {
      '/': '查找', '?': '本页', g_n: '今日待办', g_b: '个案看板', g_c: '日历与负荷', g_f: '覆盖与指标', j_k: '下一行、上一行', Enter: '打开或提交', a: '签收预警', c: '确认逾期', y: '正当理由', d: '排除逾期',
      h: '暂缓', e: '办理本行', r: '登记记录', x: '看板：选中', J: '看板：连选（Shift+j）', v: '看板：视图', f: '看板：条件', b: '看板：重新分配', Esc: '返回',
    },
  },
  en: {
    crisis: '{n} crises wait for a follow-up:', found: '{n} found', notFound: 'Nobody was found. Check the number, or whether the person is in your area.',
    searchHow: 'A name (two characters or more), initials, document, order number or phone.', keysOff: 'Switch single keys off', keysOn: 'Switch single keys on',
    keys: {
      '/': 'search', '?': 'this list', g_n: 'now', g_b: 'board', g_c: 'calendar', g_f: 'coverage and figures', j_k: 'next row, row before', Enter: 'open or submit', a: 'answer an escalation', c: 'confirm a miss',
      y: 'justified reason', d: 'dismiss a miss', h: 'put off', e: 'do what the row asks for', r: 'record', x: 'board: choose', J: 'board: choose a range (Shift+j)', v: 'board: views', f: 'board: conditions', b: 'board: reassign', Esc: 'back',
    },
  },
}
