import { definePage } from '@/app/page'

export default definePage({
  name: 'sheet', path: '/m/form', title: { zh: '表单', en: 'Form' }, roles: ['worker'],
  component: () => import('./Form.vue'),
})
