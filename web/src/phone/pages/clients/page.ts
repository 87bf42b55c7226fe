import { User } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'clients', path: '/m/clients', title: { zh: '对象', en: 'Clients' }, roles: ['worker'], group: 'work', order: 2, icon: User,
  component: () => import('./Clients.vue'),
})
