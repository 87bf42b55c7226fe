import { Promotion } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'outbox', path: '/m/outbox', title: { zh: '发件箱', en: 'Outbox' }, roles: ['worker'], group: 'work', order: 4, icon: Promotion,
  component: () => import('./Outbox.vue'),
})
