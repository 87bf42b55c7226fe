import { Memo } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'policy', path: '/c/policy', title: { zh: '规则', en: 'Rules' }, roles: ['district', 'city', 'admin'], group: 'admin', order: 2, icon: Memo,
  words: () => import('./words'), component: () => import('./Policy.vue'),
})
