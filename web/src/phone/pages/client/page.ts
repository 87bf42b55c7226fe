import { definePage } from '@/app/page'

export default definePage({
  name: 'client', path: '/m/clients/:id', title: { zh: '对象', en: 'Client' }, roles: ['worker'],
  component: () => import('./Client.vue'),
})
