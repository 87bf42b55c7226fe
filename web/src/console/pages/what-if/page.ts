import { TrendCharts } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'what-if', path: '/c/what-if', title: { zh: '推演', en: 'What if' }, roles: ['district', 'city', 'admin'], group: 'whole', order: 2, icon: TrendCharts,
  words: () => import('./words'), component: () => import('./WhatIf.vue'),
})
