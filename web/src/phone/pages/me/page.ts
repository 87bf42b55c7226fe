import { Setting } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'me', path: '/m/me', title: { zh: '我的', en: 'Me' }, roles: ['worker'], group: 'work', order: 5, icon: Setting,
  component: () => import('./Me.vue'),
})
