import { Bell } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'publicity', path: '/c/publicity', title: { zh: '宣传', en: 'Publicity' }, roles: ['worker', 'station_head', 'district', 'city'], group: 'team', order: 3, icon: Bell,
  words: () => import('./words'), component: () => import('./Publicity.vue'),
})
