import { Grid } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'cases', path: '/c/cases', title: { zh: '个案看板', en: 'Cases' }, roles: ['worker', 'station_head', 'district', 'city'], group: 'work', order: 2, icon: Grid,
  words: () => import('./words'), component: () => import('./Cases.vue'),
})
