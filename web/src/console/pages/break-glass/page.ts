import { Unlock } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'break-glass', path: '/c/break-glass', title: { zh: '临时查看', en: 'Break-glass' }, roles: ['district', 'city', 'auditor'], group: 'security', order: 3, icon: Unlock,
  words: () => import('./words'), component: () => import('./BreakGlass.vue'),
})
