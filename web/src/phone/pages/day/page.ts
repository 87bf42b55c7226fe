import { Calendar } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'day', path: '/m/day', title: { zh: '今日', en: 'Today' }, roles: ['worker'], group: 'work', order: 1, icon: Calendar,
  component: () => import('./Day.vue'),
})
