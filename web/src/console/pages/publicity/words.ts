export default {
  'zh-CN': {
    title: '宣传', empty: '本期没有记录。', create: '登记活动', correct: '更正', on: '日期', name: '活动名称', activity: '形式', audience: '对象', reached: '人数', place: '地区', by: '办理人', byHint: '社工编号，多个用逗号分开。', reason: '为什么更正', people: '{n}人', kept: '更正保留原记录。',
    activities: { lecture: '讲座', exhibition: '展览', stand: '展台', door_to_door: '入户', screening: '放映', online: '线上', other: '其他' }, audiences: { students: '学生', residents: '居民', employees: '职工', venues: '场所人员', migrants: '流动人口', families: '家庭', public: '公众' },
  },
  en: {
    title: 'Publicity', empty: 'No record in this time.', create: 'Record an activity', correct: 'Correct', on: 'Day', name: 'Title', activity: 'Kind', audience: 'Audience', reached: 'People', place: 'Place', by: 'By', byHint: 'Ids of workers with commas between.', reason: 'Why it is corrected', people: '{n}', kept: 'A correction keeps what it was.',
    activities: { lecture: 'lecture', exhibition: 'exhibition', stand: 'stand', door_to_door: 'door to door', screening: 'screening', online: 'online', other: 'other' }, audiences: { students: 'students', residents: 'residents', employees: 'employees', venues: 'venues', migrants: 'migrants', families: 'families', public: 'public' },
  },
}
