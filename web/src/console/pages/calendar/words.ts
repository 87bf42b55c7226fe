export default {
  'zh-CN': {
    title: '日历与负荷', span: '{from} 至 {to}', before: '前一段', after: '后一段', today: '回到今天', fortnight: '两周', month: '一月', kind: '看', all: '全部', worker: '社工', load: '负荷', weight: '加权', limit: '限{n}', over: '超{n}', missed: '逾期待确认 {n}',
    off: '休', work: '班', none: '这段时间没有到期事项。', nobody: '无社工', cell: '{worker}，{day}，{n}项', list: '{day} {worker} {n}项', noList: '这一天没有到期事项。', beyond: '清单只列出今后{n}天内到期的事项。',
    pick: '选择{case}', pickAll: '全选', reassign: '改派所选 {n} 件', to: '改派给', assign: '改派', preview: '{worker} {before} 件变为 {after} 件（限 {limit}）', over2: '，超出 {n} 件', fits: '预览：改派后无人超限。', tooMany: '预览：改派后有人超限，仍可办理。',
    started: '已开始改派 {n} 件，办理进度见批量操作。', see: '看进度', need: '请先勾选事项，再选择接手的社工。', cover: '代班', newCover: '新建代班', away: '缺勤的社工', from: '自', until: '至', standIn: '代班的社工', covered: '已登记：{worker} {from}至{to}由{by}代班，到期自行结束。',
    coverRow: '代班 {from}至{to}，{by}代', alone: '缺勤 {from}至{to}，无人代班', would: '其间{worker}有 {n} 项到期，由{by}办理', load2: '{by}现有 {n} 件（限 {limit}）', keys: '方向键移动，回车打开当天清单，w 改派，u 代班', ended: '到期自行结束', lift: '取消代班', lifted: '代班已取消。',
  },
  en: {
    title: 'Calendar and load', span: '{from} to {to}', before: 'Earlier', after: 'Later', today: 'Back to today', fortnight: 'Two weeks', month: 'Month', kind: 'Show', all: 'All', worker: 'Worker', load: 'Load', weight: 'weighted', limit: 'limit {n}', over: '{n} over', missed: '{n} provisional misses',
    off: 'off', work: 'work', none: 'Nothing is due in this time.', nobody: 'no worker', cell: '{worker}, {day}: {n}', list: '{day} {worker}: {n}', noList: 'Nothing is due on this day.', beyond: 'The list names what is due within {n} days alone.',
    pick: 'Choose {case}', pickAll: 'Choose all', reassign: 'Reassign {n} chosen', to: 'Give to', assign: 'Reassign', preview: '{worker}: from {before} to {after} (limit {limit})', over2: ', {n} over', fits: 'Preview: nobody is over the limit afterwards.', tooMany: 'Preview: somebody is over the limit afterwards; it can be done all the same.',
    started: 'The reassignment of {n} cases has begun; see bulk operations for how far it is.', see: 'See progress', need: 'Choose items first, then who takes them.', cover: 'Stand-in', newCover: 'New stand-in', away: 'Who is away', from: 'From', until: 'To', standIn: 'Who stands in', covered: 'Entered: {by} stands in for {worker} from {from} to {to}; it ends by itself.',
    coverRow: '{by} stands in, {from} to {to}', alone: 'away {from} to {to}, nobody stands in', would: '{n} duties of {worker} come due in that time, for {by} to do', load2: '{by} has {n} cases now (limit {limit})', keys: 'Arrows move, Enter opens the day, w reassigns, u sets a stand-in', ended: 'ends by itself', lift: 'Take back', lifted: 'The stand-in was taken back.',
  },
}
