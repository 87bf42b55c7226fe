import { ChatLineSquare } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'supervision', path: '/c/supervision', title: { zh: '督导', en: 'Supervision' }, roles: ['worker', 'station_head', 'district', 'city'], group: 'team', order: 1, icon: ChatLineSquare,
  words: () => import('./words'), component: () => import('./Supervision.vue'),
})
