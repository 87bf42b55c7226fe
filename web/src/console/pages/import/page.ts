import { Upload } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'import', path: '/c/import', title: { zh: '导入', en: 'Import' }, roles: ['station_head', 'district', 'city', 'admin'], group: 'admin', order: 3, icon: Upload,
  words: () => import('./words'), component: () => import('./Import.vue'),
})
