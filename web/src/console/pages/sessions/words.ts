export default {
  'zh-CN': {
    title: '我的登录', empty: '这次是用令牌登录的，没有其他登录。', here: '本机', from: '开始', seen: '最近使用', ends: '最晚到期', address: '来源', agent: '浏览器', end: '结束', ended: '该登录已结束。', advice: '不认识的登录请立即结束，并修改密码。', away: '结束{address}的登录', idle: '无操作至 {time} 自动退出', named: { wecom: '企业微信', wechat: '微信', harmony: '鸿蒙' },
  },
  en: {
    title: 'My sessions', empty: 'You came in by a token: there are no sessions.', here: 'this device', from: 'Since', seen: 'Last used', ends: 'Ends at the latest', address: 'From', agent: 'Browser', end: 'End', ended: 'The session has ended.', advice: 'End what you do not know, and change your password.', away: 'End the session from {address}', idle: 'ends at {time} when nothing is done', named: { wecom: 'WeCom', wechat: 'WeChat', harmony: 'HarmonyOS' },
  },
}
