export default {
  'zh-CN': { app: '工作台', tabs: '栏目', wide: '大屏页面' },
  en: { app: 'Desk', tabs: 'Pages', wide: 'Full console' },
}
