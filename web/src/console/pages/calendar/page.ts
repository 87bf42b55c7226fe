import { Calendar } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'calendar', path: '/c/calendar', title: { zh: '日历与负荷', en: 'Calendar and load' }, roles: ['worker', 'station_head', 'district'], group: 'work', order: 4, icon: Calendar,
  words: () => import('./words'), component: () => import('./Calendar.vue'),
})
