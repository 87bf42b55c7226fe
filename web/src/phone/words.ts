// Words of the phone. Its name and what stands in the phone's switcher say nothing about the work.
export default {
  'zh-CN': {
    app: '工作台', tabs: '栏目', toConfirm: '待确认', comma: '，', wide: '大屏页面', call: '拨打', callClient: '拨打本人', callFamily: '拨打家属', records: '记录', address: '地址', noAddress: '未登记地址',
    noVault: '这部手机还不能保存记录：请先登录一次，并使用 HTTPS 地址。', noSeal: '此地址未使用 HTTPS，不能离线保存。联网时可照常使用。', offline: '离线：名单为 {time} 的，记录会存在本机。', stale: '名单没有更新，显示 {time} 的。',
    clock: '手机时间与北京时间相差 {n} 分钟，记录按北京时间保存。', update: '有新版本。', updateNow: '立即更新', updateWait: '有新版本，{n} 条记录发送后更新。',
    day: {
      title: '今日', due: '待办', overdue: '逾期', unsent: '未发送', all: '全部', test: '检测', empty: '今天没有到期的。', next: '下一项：{day} {what}。', loading: '正在取今天的名单……', groups: '筛选', more: '另有 {n} 项', kept: '已存本机', pull: '刷新名单', reach: '联络',
    },
    clients: { title: '对象', empty: '没有由您负责的对象。', find: '姓名或电话', none: '没有找到。', count: '共 {n} 人' },
    client: { dayOf: '第{n}天', lives: '现住', house: '户籍', duties: '待办', nothing: '近期没有到期的事项。', reach: '联络', none: '联系正常，没有联络步骤。', mood: '上次情绪：{mood}（{day}）', leave: '请假', refer: '转介', help: '帮扶', gone: '个案已改由他人负责。您在任期间的记录仍可发送。', family: '家属', as: '{time} 的内容，离线可看' },
    reach: { title: '联络', since: '自{day}起未联系上', now: '当前', done: '已试 {n} 次，还需 {m} 次', by: '{day}前', copy: '复制通用消息', copied: '已复制', message: '您好，我是社区工作人员，请方便时回电。', noRefusal: '婉拒见面不计入拒检。', record: '记录结果', dial: '拨打' },
    report: {
      title: '记录', who: '对象', pick: '请先选择对象。', change: '换人', what: '事项', test: '检测', when: '时间', justNow: '刚才', earlier: '补录', at: '发生时间（北京时间）', note: '备注', noteHint: '选填，加密保存。', save: '保存', saving: '正在保存到本机……',
      kept: '已存本机，恢复网络后自动发送。', failed: '没有存上：{why}。请勿关闭此页。', needOutcome: '请选择{field}。', future: '此时间在将来，请改为发生的时间。', staffTwo: '尿检须有两名工作人员在场，请补一人。', restored: '已恢复 {time} 未提交的内容。', drop: '放弃', contact: '联系', again: '再记一条', toOutbox: '看发件箱', otherStaff: '其他在场人工号（如民警）', add: '添加', done: '已保存', reason: '理由', needNote: '请填写理由。', withSheet: '填{form}', noSheet: '不填{form}', saveBoth: '保存记录和表单',
    },
    form: { title: '表单', lacks: '缺表单', either: '（填其中一张）', fill: '填写', notThere: '表单还没有取到，请联网后打开“今日”。' },
    photo: { title: '照片', there: '本案照片', none: '还没有照片。', waits: '{n} 张照片待发送' },
    outbox: {
      title: '发件箱', empty: '没有待发送的记录，全部已入账。', sendNow: '立即发送', offline: '有 {n} 条待发送，最早一条 {time}。', sealed: '{n} 条记录已加密，{account}登录后可见并发送。', other: '其他账号的 {n} 条记录已加密，其本人登录后发送。', sending: '正在发送 {n} 条……',
      mend: '改表单', notMine: '个案现由他人负责，这一项没有收下，请交给现在的社工。', noFile: '照片已不在本机，请重拍。', drop: '不再发送', dropSure: '确定不再发送？', same: '是同一次', another: '是另一次', retry: '再发一次', edit: '补全', needOld: '密码改过。请输入原密码，打开之前未发送的记录。', old: '原密码', open: '打开', notOld: '原密码不对。', ended: '登录已失效，记录完好；重新登录后继续发送。', moved: '个案现由他人负责，已告知。', next: '下一项：{what}，{day}前。', noteOnly: '先记一笔，待补全对象',
    },
    fate: { note: '待补全', waiting: '已存本机', taken: '已受理', recorded: '已入账', known: '同一次记录？此事已有登记。若确是另一次，请选“是另一次”。', knownShort: '已有记录', problem: '被退回', sending: '发送中' },
    me: {
      title: '我的', look: '显示', idle: '空闲锁定', minutes: '{n} 分钟', storage: '本机存储', used: '已用 {n} MB', persisted: '浏览器不会自动清除', notPersisted: '长期不用时浏览器可能清除未发送的记录', persist: '申请长期保存', install: '安装到主屏幕', installHint: '请在浏览器菜单中选“添加到主屏幕”，否则手机 7 天不用可能清除未发送的记录。', installed: '已安装',
      signOut: '退出', unsent: '还有 {n} 条没有发送。', sendFirst: '立即发送', later: '留待下次登录后发送', cancel: '返回', noWorker: '此浏览器不支持离线，只能联网使用。', offlineReady: '离线可用', place: '范围', role: '岗位', large: '大字', dark: '深色', language: '语言',
    },
    crisis: {
      button: '危机', title: '危机', first: '先保安全，再填下面', call120: '拨打 120', call110: '拨打 110', who: '对象', unsure: '还不确定', kind: '情形', send: '上报', kept: '已存本机，最先发送。请先打电话。', sent: '已入账。', open: '已有一起未结：{kind}，{day}', what: '发生了什么', offline: '没有网络也会先存，最先发送。', pick: '请选择对象，或写下发生了什么。', none: '未选择',
    },
    locked: { title: '已锁定', hint: '一段时间没有使用，名单已从本机清除。联网登录后继续。', waits: '{n} 条未发送的记录完好。', jot: '先记一笔', jotHint: '只写时间和经过，解锁后再选对象。', jotted: '已加密存本机，登录后补全。', words: '经过' },
  },
  en: {
    app: 'Desk', tabs: 'Pages', toConfirm: 'to be confirmed', comma: ', ', wide: 'Full console', call: 'Call', callClient: 'Call the client', callFamily: 'Call the family', records: 'Record', address: 'Address', noAddress: 'no address on record',
    noVault: 'This phone cannot keep records yet: sign in once, over HTTPS.', noSeal: 'This address is not HTTPS: nothing can be kept offline. Online everything works.', offline: 'Offline: the list is of {time}; records are kept on this device.', stale: 'The list is not up to date; it is of {time}.',
    clock: 'This phone differs from Beijing time by {n} minutes; records carry Beijing time.', update: 'A new version is there.', updateNow: 'Update now', updateWait: 'A new version is there; it comes when {n} records are sent.',
    day: {
      title: 'Today', due: 'Due', overdue: 'Overdue', unsent: 'Unsent', all: 'All', test: 'Tests', empty: 'Nothing is due today.', next: 'Next: {day} {what}.', loading: 'Fetching the list of the day…', groups: 'Filter', more: '{n} more', kept: 'On this device', pull: 'Refresh', reach: 'Outreach',
    },
    clients: { title: 'Clients', empty: 'You have no clients.', find: 'Name or phone', none: 'Nobody found.', count: '{n} people' },
    client: { dayOf: 'day {n}', lives: 'Lives at', house: 'Registered at', duties: 'To do', nothing: 'Nothing is due soon.', reach: 'Outreach', none: 'In contact: no outreach is under way.', mood: 'Last mood: {mood} ({day})', leave: 'Leave', refer: 'Refer', help: 'Help', gone: 'The case is another worker’s now. Records of your time can still be sent.', family: 'Family', as: 'as of {time}, readable offline' },
    reach: { title: 'Outreach', since: 'not reached since {day}', now: 'Now', done: 'tried {n} times, {m} more needed', by: 'by {day}', copy: 'Copy a neutral message', copied: 'Copied', message: '您好，我是社区工作人员，请方便时回电。', noRefusal: 'Declining to meet is not a refused test.', record: 'Record the outcome', dial: 'Call' },
    report: {
      title: 'Record', who: 'Client', pick: 'Choose the client first.', change: 'Change', what: 'What', test: 'Test', when: 'When', justNow: 'Just now', earlier: 'Earlier', at: 'When it happened (Beijing)', note: 'Note', noteHint: 'Optional, kept encrypted.', save: 'Save', saving: 'Saving on this device…',
      kept: 'Kept on this device; it is sent when the network is back.', failed: 'Not kept: {why}. Do not close this page.', needOutcome: 'Choose: {field}.', future: 'This time lies in the future: take when it happened.', staffTwo: 'A urine test needs two people present: add one.', restored: 'What you had not submitted at {time} is back.', drop: 'Drop it', contact: 'Contact', again: 'One more', toOutbox: 'See the outbox', otherStaff: 'Staff id of another (e.g. police)', add: 'Add', done: 'Saved', reason: 'Reason', needNote: 'Give the reason.', withSheet: 'Fill in: {form}', noSheet: 'Without: {form}', saveBoth: 'Save record and form',
    },
    form: { title: 'Forms', lacks: 'form missing', either: '(fill in one of them)', fill: 'Fill in', notThere: 'The forms are not here yet: open “Today” with a network.' },
    photo: { title: 'Photos', there: 'Photos of the case', none: 'No photos yet.', waits: '{n} photos wait to be sent' },
    outbox: {
      title: 'Outbox', empty: 'Nothing waits: all is in the ledger.', sendNow: 'Send now', offline: '{n} wait to be sent, the oldest of {time}.', sealed: '{n} records are sealed; {account} sees and sends them after signing in.', other: '{n} records of other accounts are sealed; they go when their owners sign in.', sending: 'Sending {n}…',
      mend: 'Put the form right', notMine: 'The case is another worker’s now and this was not taken: hand it to them.', noFile: 'The photo is not on this device any more: take it again.', drop: 'Do not send', dropSure: 'Really not send it?', same: 'The same one', another: 'Another one', retry: 'Send again', edit: 'Complete', needOld: 'The password was changed. Give the old one to open what was not sent before.', old: 'Old password', open: 'Open', notOld: 'That is not the old password.', ended: 'The session has ended; the records are safe and go on after signing in.', moved: 'The case is another worker’s now; they were told.', next: 'Next: {what} by {day}.', noteOnly: 'A first note: the client is still to be chosen',
    },
    fate: { note: 'Incomplete', waiting: 'On this device', taken: 'Taken', recorded: 'In the ledger', known: 'The same one? It is in the record already. If this was another, say so.', knownShort: 'Known already', problem: 'Returned', sending: 'Sending' },
    me: {
      title: 'Me', look: 'Display', idle: 'Lock when idle', minutes: '{n} minutes', storage: 'Storage', used: '{n} MB used', persisted: 'the browser does not clear it', notPersisted: 'the browser may clear unsent records when it is not used for long', persist: 'Ask to keep it', install: 'Add to the home screen', installHint: 'Choose “Add to home screen” in the browser’s menu, or unsent records may be cleared after 7 days without use.', installed: 'installed',
      signOut: 'Sign out', unsent: '{n} records are not sent.', sendFirst: 'Send now', later: 'Leave them for the next sign-in', cancel: 'Back', noWorker: 'No service worker: this browser works online alone.', offlineReady: 'works offline', place: 'Scope', role: 'Role', large: 'Large type', dark: 'Dark', language: 'Language',
    },
    crisis: {
      button: 'Crisis', title: 'Crisis', first: 'Safety first, then the rest', call120: 'Call 120', call110: 'Call 110', who: 'Client', unsure: 'Not sure yet', kind: 'What', send: 'Report', kept: 'Kept on this device, sent first. Call first.', sent: 'In the ledger.', open: 'One is open already: {kind}, {day}', what: 'What happened', offline: 'Without a network it is kept and sent first.', pick: 'Choose the client, or write what happened.', none: 'nobody chosen',
    },
    locked: { title: 'Locked', hint: 'The phone was not used for a while; the list is gone from it. Sign in online to go on.', waits: '{n} unsent records are safe.', jot: 'Make a first note', jotHint: 'Time and words alone; the client is chosen after unlocking.', jotted: 'Sealed on this device; complete it after signing in.', words: 'What happened' },
  },
}
