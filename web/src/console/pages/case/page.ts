import { definePage } from '@/app/page'

// Without a group: a case is reached from a list or by search.
export default definePage({
  name: 'case', path: '/c/cases/:id', title: { zh: '个案', en: 'Case' }, roles: ['worker', 'station_head', 'district'],
  words: () => import('./words'), component: () => import('./Case.vue'),
})
