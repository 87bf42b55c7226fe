// Words that the pages of the desk share.
export default {
  'zh-CN': {
    need: '请填写{field}。', notNumber: '请填写数字。', between: '请填写 {min} 至 {max} 之间的数。', least: '不能小于 {min}。', most: '不能大于 {max}。', choose: '请选择', commas: '多个用逗号分开。',
    more: '还有更多', all: '全部', table: '表格', chart: '图', close: '收起', place: '地区', worker: '社工', since: '自哪天起', state: '状态', when: '时间', who: '办理人', kind: '事项', reason: '理由', note: '备注', act: '办理', day: '日期',
    cases: '{n} 件', none: '无', recorded: '已登记：{what}。', withdrawn: '已撤销', versions: '{n} 版', withdraw: '撤销误录', withdrawWhy: '为什么是误录',
  },
  en: {
    need: 'Fill in: {field}.', notNumber: 'Fill in a number.', between: 'Fill in a number from {min} to {max}.', least: 'Not less than {min}.', most: 'Not more than {max}.', choose: 'Choose', commas: 'Several with commas between.',
    more: 'There is more', all: 'All', table: 'Table', chart: 'Chart', close: 'Fold', place: 'Place', worker: 'Worker', since: 'From which day', state: 'State', when: 'Time', who: 'By', kind: 'Subject', reason: 'Reason', note: 'Note', act: 'Act', day: 'Day',
    cases: '{n} cases', none: 'none', recorded: 'Recorded: {what}.', withdrawn: 'withdrawn', versions: 'version {n}', withdraw: 'Withdraw', withdrawWhy: 'Why it is a mistake',
  },
}
