import { UserFilled } from '@element-plus/icons-vue'
import { definePage } from '@/app/page'

export default definePage({
  name: 'accounts', path: '/c/accounts', title: { zh: '账号', en: 'Accounts' }, roles: ['security_admin', 'admin'], group: 'security', order: 1, icon: UserFilled,
  words: () => import('./words'), component: () => import('./Accounts.vue'),
})
