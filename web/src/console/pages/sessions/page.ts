import { Key } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'sessions', path: '/c/sessions', title: { zh: '我的登录', en: 'My sessions' }, roles: ['worker', 'station_head', 'district', 'city', 'admin', 'system_admin', 'security_admin', 'auditor', 'police', 'partner'], group: 'security', order: 4, icon: Key,
  words: () => import('./words'), component: () => import('./Sessions.vue'),
})
