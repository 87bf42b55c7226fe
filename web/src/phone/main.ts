import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import '../style/tokens.css'
import '../style/base.css'
import '../style/phone.css'
import App from '../App.vue'
import { addWords, i18n, t } from '../app/i18n'
import { pagesOf, type Page } from '../app/page'
import { queries } from '../app/queries'
import { routerOf, routesOf } from '../app/router'
import { resume } from '../app/session'
import formWords from '../parts/words'
import signinWords from '../signin/words'
import words from './words'

// The worker's phone. Every folder of phone/pages with a page.ts is a page of it.
const pages = pagesOf(import.meta.glob<{ default: Page }>('./pages/*/page.ts', { eager: true }))

addWords('signin', signinWords)
addWords('form', formWords)
addWords('phone', words)
const router = routerOf(
  [
    { path: '/m/sign-in', name: 'sign-in', component: () => import('./Entry.vue') },
    { path: '/m', component: () => import('./Phone.vue'), props: { pages }, children: routesOf(pages) },
    { path: '/:rest(.*)*', redirect: '/m' },
  ],
  { home: '/m', signIn: '/m/sign-in', app: () => t('phone.app') },
)

void resume()
  .catch(() => undefined)
  .then(() => createApp(App).use(VueQueryPlugin, { queryClient: queries }).use(i18n).use(router).mount('#app'))
