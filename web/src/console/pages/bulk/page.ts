import { Operation } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'bulk', path: '/c/bulk', title: { zh: '批量操作', en: 'Bulk operations' }, roles: ['station_head', 'district', 'city', 'admin'], group: 'admin', order: 4, icon: Operation,
  words: () => import('./words'), component: () => import('./Bulk.vue'),
})
