import type { Component } from 'vue'

// The roles as the API writes them.
export type Role = string

// Where an entry stands in the rail, in this order.
export const groups = ['work', 'flow', 'team', 'whole', 'admin', 'security', 'engine'] as const
export type Group = (typeof groups)[number]

export type Words = Record<'zh-CN' | 'en', Record<string, unknown>>

/** A page of the console or of the phone. Its folder holds page.ts, words.ts and the component. */
export interface Page {
  /** Name of the route and of the page's words: t('NAME.…'). */
  name: string
  path: string
  title: { zh: string; en: string }
  /** Who may open it; nobody else is told that it is there. */
  roles: readonly Role[]
  /** Of the rail; a page without a group has no entry in it. */
  group?: Group
  order?: number
  icon?: Component
  words?: () => Promise<{ default: Words }>
  component: () => Promise<{ default: Component }>
}

/** Writes a page down with the type at hand. */
export function definePage(page: Page): Page {
  return page
}

/** The pages of a folder of folders, in the order of the rail. */
export function pagesOf(found: Record<string, { default: Page }>): Page[] {
  return Object.values(found)
    .map((m) => m.default)
    .sort((a, b) => groups.indexOf(a.group ?? 'engine') - groups.indexOf(b.group ?? 'engine') || (a.order ?? 0) - (b.order ?? 0))
}
