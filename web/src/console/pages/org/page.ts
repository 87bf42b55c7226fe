import { OfficeBuilding } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'org', path: '/c/org', title: { zh: '组织与社工', en: 'Organisation and workers' }, roles: ['station_head', 'district', 'city', 'admin'], group: 'admin', order: 1, icon: OfficeBuilding,
  words: () => import('./words'), component: () => import('./Org.vue'),
})
