import { Switch } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'transfers', path: '/c/transfers', title: { zh: '执行地变更', en: 'Transfers' }, roles: ['worker', 'station_head', 'district'], group: 'flow', order: 1, icon: Switch,
  words: () => import('./words'), component: () => import('./Transfers.vue'),
})
