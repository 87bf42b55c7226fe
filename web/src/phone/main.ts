import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import '../style/tokens.css'
import '../style/base.css'
import '../style/phone.css'
import { addWords, i18n, t } from '../app/i18n'
import '../app/look' // dark and large type hold on every page
import { pagesOf, type Page } from '../app/page'
import { queries } from '../app/queries'
import { routerOf, routesOf } from '../app/router'
import { resume, session, witness } from '../app/session'
import photoWords from '../parts/photo/words'
import sheetWords from '../parts/sheet/words'
import formWords from '../parts/words'
import signinWords from '../signin/words'
import App from './App.vue'
import Phone from './Phone.vue'
import { forget, restore } from './day'
import { load } from './outbox'
import { keepSending } from './send'
import { keepPages } from './update'
import { canSeal } from './vault/crypto'
import { changeSecret, close, enter, locked, reopen, vault } from './vault/vault'
import words from './words'

// The worker's phone. Every folder of phone/pages with a page.ts is a page of it.
const pages = pagesOf(import.meta.glob<{ default: Page }>('./pages/*/page.ts', { eager: true }))

void import('./pages/day/Day.vue') // the first page is read while the keys are looked for
addWords('signin', signinWords)
addWords('form', formWords)
addWords('sheet', sheetWords)
addWords('photo', photoWords)
addWords('phone', words)
const router = routerOf(
  [
    { path: '/m/sign-in', name: 'sign-in', component: () => import('./Entry.vue') },
    { path: '/m/', component: Phone, props: { pages }, children: routesOf(pages) },
    { path: '/:rest(.*)*', redirect: '/m/' },
  ],
  { home: '/m/', signIn: '/m/sign-in', app: () => t('phone.app') },
)
// The phone's switcher and history show one name.
router.afterEach(() => (document.title = t('phone.app')))

witness.signedIn = async (account, secret) => {
  await enter(account, secret)
  await load()
}
witness.changed = changeSecret
witness.signedOut = async () => {
  await close()
  forget()
}

/** Opens what is on the device first: the pages have to begin without a network too. */
async function begin(): Promise<void> {
  const open = canSeal && (await reopen())
  const was = open ? await restore() : undefined
  if (canSeal) await load()
  if (was) session.value = was
  const online = resume().then(async (reached) => {
    if (reached && !session.value?.account) return
    // Signed in by a session that is older than this page: the keys are to be had by the password.
    if (session.value && canSeal && vault.value?.account !== session.value.account) locked.value = true
  })
  if (!was) await online.catch(() => undefined)
  keepSending()
}

void begin()
  .catch(() => undefined)
  .then(() => {
    createApp(App).use(VueQueryPlugin, { queryClient: queries }).use(i18n).use(router).mount('#app')
    void keepPages()
  })
