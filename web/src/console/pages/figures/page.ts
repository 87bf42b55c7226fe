import { MapLocation } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'figures', path: '/c/figures', title: { zh: '覆盖与指标', en: 'Coverage and figures' }, roles: ['station_head', 'district', 'city'], group: 'whole', order: 1, icon: MapLocation,
  words: () => import('./words'), component: () => import('./Figures.vue'),
})
