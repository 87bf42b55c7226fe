import { View } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'audit', path: '/c/audit', title: { zh: '审计', en: 'Audit' }, roles: ['auditor', 'admin'], group: 'security', order: 2, icon: View,
  words: () => import('./words'), component: () => import('./Audit.vue'),
})
