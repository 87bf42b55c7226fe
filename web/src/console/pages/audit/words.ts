export default {
  'zh-CN': { title: '审计', empty: '没有符合条件的读取记录。', who: '何人', what: '何事', subject: '对象', when: '何时', reason: '缘由', from: '来自', number: '请求编号', actor: '账号', case: '个案编号', search: '查找', cases: '{n} 件', more: '再往前', note: '谁看过什么，一经写入不能更改；查阅审计本身也记入。', password: '密码登录', link: '链接打开', system: '系统' },
  en: { title: 'Audit', empty: 'No read meets the conditions.', who: 'Who', what: 'What', subject: 'Of', when: 'When', reason: 'Why', from: 'From', number: 'Request', actor: 'Account', case: 'Case id', search: 'Search', cases: '{n} cases', more: 'Earlier', note: 'Who read what: nothing of it can be changed, and reading it is noted too.', password: 'by password', link: 'opened by a link', system: 'system' },
}
