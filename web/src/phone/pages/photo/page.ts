import { definePage } from '@/app/page'

export default definePage({
  name: 'photo', path: '/m/photo', title: { zh: '照片', en: 'Photos' }, roles: ['worker'],
  component: () => import('./Photo.vue'),
})
