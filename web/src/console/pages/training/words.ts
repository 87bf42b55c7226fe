export default {
  'zh-CN': {
    title: '培训', programmes: '培训计划', sessions: '课次', empty: '本期没有记录。', create: '新建计划', name: '名称', span: '起止', phases: '阶段', phasesHint: '一行一个阶段，如：基础 2026-09-01 2026-10-31。不写起止的按先后均分。', from: '自', to: '至', place: '地区', organisation: '协作单位', addSession: '安排课次', subject: '主题', on: '日期', form: '形式', minutes: '时长（分钟）', phase: '阶段', trainers: '授课人', invited: '应到的人', invitedHint: '社工编号，用逗号分开。',
    forms: { online: '线上', in_person: '现场' }, came: '到课', cameOf: '应到 {all}，实到 {came}', attendance: '登记到课', present: '到课的人', excused: '请假的人', absent: '缺课的人', reason: '更正的原因', reasonHint: '已登记过的再次登记须说明原因。', min: '{n}分钟', none: '还没有登记到课。', planned: '待开课', held: '已登记',
  },
  en: {
    title: 'Training', programmes: 'Programmes', sessions: 'Sessions', empty: 'No record in this time.', create: 'New programme', name: 'Title', span: 'From and to', phases: 'Phases', phasesHint: 'One phase a line, such as: basics 2026-09-01 2026-10-31. Without days they share the time evenly.', from: 'From', to: 'To', place: 'Place', organisation: 'Partner', addSession: 'Plan a session', subject: 'Subject', on: 'Day', form: 'Form', minutes: 'Minutes', phase: 'Phase', trainers: 'Trainers', invited: 'Invited', invitedHint: 'Ids of workers with commas between.',
    forms: { online: 'online', in_person: 'in person' }, came: 'Attendance', cameOf: '{all} invited, {came} came', attendance: 'Record attendance', present: 'Who came', excused: 'Who was excused', absent: 'Who was absent', reason: 'Why it is corrected', reasonHint: 'Needed where it was recorded before.', min: '{n} min', none: 'Nobody was recorded so far.', planned: 'to come', held: 'recorded',
  },
}
