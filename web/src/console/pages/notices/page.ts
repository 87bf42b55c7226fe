import { definePage } from '@/app/page'

// Without a group: the number in a mail or a message leads here.
export default definePage({
  name: 'notices', path: '/c/notices/:position', title: { zh: '通知', en: 'Notice' }, roles: ['worker', 'station_head', 'district', 'city', 'admin', 'auditor'],
  words: () => import('./words'), component: () => import('./Notice.vue'),
})
