import { Monitor } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'engine', path: '/c/engine', title: { zh: '运行监测', en: 'Engine room' }, roles: ['station_head', 'district', 'city', 'admin', 'system_admin'], group: 'engine', order: 1, icon: Monitor,
  words: () => import('./words'), component: () => import('./Engine.vue'),
})
