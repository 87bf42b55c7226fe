import { List } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'now', path: '/c/now', title: { zh: '今日待办', en: 'Now' }, roles: ['worker', 'station_head', 'district', 'city'], group: 'work', order: 1, icon: List,
  words: () => import('./words'), component: () => import('./Now.vue'),
})
