import { Promotion } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'referrals', path: '/c/referrals', title: { zh: '转介', en: 'Referrals' }, roles: ['worker', 'station_head', 'district'], group: 'flow', order: 2, icon: Promotion,
  words: () => import('./words'), component: () => import('./Referrals.vue'),
})
