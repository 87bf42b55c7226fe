import { EditPen } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'report', path: '/m/report', title: { zh: '记录', en: 'Record' }, roles: ['worker'], group: 'work', order: 3, icon: EditPen,
  component: () => import('./Report.vue'),
})
