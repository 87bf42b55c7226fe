export default {
  'zh-CN': {
    title: '登录', subtitle: '社区戒毒（康复）工作平台', account: '账号', password: '密码', show: '显示', hide: '隐藏', code: '动态验证码',
    codeHint: '打开验证器，填写 6 位数字。', token: '访问令牌', tokenHint: '由管理员签发；只保存在本页，关闭后需重新填写。',
    go: '登录', busy: '正在登录……', emergency: '遇到紧急情况，先拨打 120 或 110。', demo: '演示账号（仅开发模式）', demoHint: '点一下即以该身份进入。',
    ended: '登录已到期', endedHint: '您写的内容都在。重新登录后继续。',
    factor: '设置动态验证码', factorHint: '您的岗位须使用动态验证码。请在验证器中添加下面的密钥，再填写它显示的 6 位数字。', factorOpen: '在验证器中打开', factorGo: '完成设置',
    change: '修改密码', changeHint: '首次登录须修改密码：至少 12 个字符，不含账号。', old: '原密码', fresh: '新密码', freshAgain: '再输一次新密码', differ: '两次输入的新密码不同。', changeGo: '修改并继续',
  },
  en: {
    title: 'Sign in', subtitle: 'Community drug rehabilitation', account: 'Account', password: 'Password', show: 'Show', hide: 'Hide', code: 'One-time code',
    codeHint: 'The six digits of your authenticator.', token: 'Access token', tokenHint: 'Issued by an administrator. It is kept in this page alone and asked for again when it is closed.',
    go: 'Sign in', busy: 'Signing in…', emergency: 'In an emergency call 120 or 110 first.', demo: 'Demonstration accounts (development only)', demoHint: 'One press signs you in.',
    ended: 'Your session has ended', endedHint: 'What you wrote is still there. Sign in again to go on.',
    factor: 'Set up one-time codes', factorHint: 'Your role needs one-time codes. Add this secret to your authenticator, then write the six digits that it shows.', factorOpen: 'Open in the authenticator', factorGo: 'Finish',
    change: 'Change the password', changeHint: 'The first sign-in needs a new password: 12 characters at least, not the account.', old: 'Old password', fresh: 'New password', freshAgain: 'New password again', differ: 'The two new passwords differ.', changeGo: 'Change and go on',
  },
}
