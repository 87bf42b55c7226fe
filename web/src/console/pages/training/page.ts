import { Reading } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'training', path: '/c/training', title: { zh: '培训', en: 'Training' }, roles: ['worker', 'station_head', 'district', 'city', 'partner'], group: 'team', order: 2, icon: Reading,
  words: () => import('./words'), component: () => import('./Training.vue'),
})
