import { createRouter, createWebHistory, type RouteRecordRaw, type Router } from 'vue-router'
import { addWords, say } from './i18n'
import type { Page } from './page'
import { ended, role, session } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    page?: Page
  }
}

/** Routes of the pages. Words come with the page they belong to. */
export function routesOf(pages: Page[]): RouteRecordRaw[] {
  const loaded = new Set<string>()
  return pages.map((page) => ({
    path: page.path,
    name: page.name,
    component: page.component,
    meta: { page },
    beforeEnter: async () => {
      if (!page.words || loaded.has(page.name)) return
      addWords(page.name, (await page.words()).default)
      loaded.add(page.name)
    },
  }))
}

/** Whether the one who is signed in may open the page. */
export function mayOpen(page: Page | undefined): boolean {
  return !page || page.roles.includes(role.value)
}

/** Where an app begins, where it asks to sign in, and what its window is called. */
export interface Entrance {
  home: string
  signIn: string
  app: () => string
}

/** A router that asks to sign in first, and comes back to the page that was asked for. */
export function routerOf(routes: RouteRecordRaw[], at: Entrance): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes,
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })
  router.beforeEach((to) => {
    if (to.name === 'sign-in') return session.value && !ended.value ? at.home : true
    if (session.value) return true
    return { path: at.signIn, query: to.fullPath === at.home ? {} : { to: to.fullPath } }
  })
  router.afterEach((to) => setTitle(at.app(), to.meta.page ? say(to.meta.page.title) : ''))
  return router
}

/** The title of the window: never a name of a client. */
export function setTitle(app: string, page = ''): void {
  document.title = page ? `${page} - ${app}` : app
}
