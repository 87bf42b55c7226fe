import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import './style/tokens.css'
import './style/base.css'
import App from './App.vue'
import { addWords, i18n, t } from './app/i18n'
import { pagesOf, type Page } from './app/page'
import { queries } from './app/queries'
import { routerOf, routesOf } from './app/router'
import { resume } from './app/session'
import consoleWords from './console/words'
import photoWords from './parts/photo/words'
import sheetWords from './parts/sheet/words'
import formWords from './parts/words'
import signinWords from './signin/words'

// Every folder of console/pages with a page.ts is a page: there is no other list of them.
const pages = pagesOf(import.meta.glob<{ default: Page }>('./console/pages/*/page.ts', { eager: true }))

addWords('signin', signinWords)
addWords('form', formWords)
addWords('sheet', sheetWords)
addWords('photo', photoWords)
addWords('console', consoleWords)
const router = routerOf(
  [
    { path: '/', name: 'sign-in', component: () => import('./signin/Entry.vue') },
    {
      path: '/c',
      component: () => import('./console/Console.vue'),
      props: { pages },
      children: [{ path: '', name: 'first', component: () => import('./console/First.vue'), props: { pages } }, ...routesOf(pages)],
    },
    { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./console/Nowhere.vue') },
  ],
  { home: '/c', signIn: '/', app: () => t('app') },
)

void resume()
  .catch(() => undefined)
  .then(() => createApp(App).use(VueQueryPlugin, { queryClient: queries }).use(i18n).use(router).mount('#app'))
