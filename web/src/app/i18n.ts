import { watchEffect, type Ref } from 'vue'
import { createI18n } from 'vue-i18n'
import type { Words } from './page'
import shared from './words'

export type Lang = 'zh-CN' | 'en'

const kept = localStorage.getItem('guitu.language')

export const i18n = createI18n({
  legacy: false,
  locale: kept === 'en' ? 'en' : 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: shared as unknown as Record<Lang, Record<string, string>>,
})

export const lang = i18n.global.locale as unknown as Ref<Lang>

watchEffect(() => {
  document.documentElement.lang = lang.value
  localStorage.setItem('guitu.language', lang.value)
})

/** Words of the shared catalogue or of pages that are loaded. */
export const t = i18n.global.t as unknown as (key: string, named?: Record<string, unknown>) => string

/** One of two words by the language of the page. */
export function say(word: { zh: string; en: string } | undefined): string {
  if (!word) return ''
  return lang.value === 'en' ? word.en : word.zh
}

/** Adds the words of a page under its name. */
export function addWords(name: string, words: Words): void {
  for (const l of ['zh-CN', 'en'] as const) i18n.global.mergeLocaleMessage(l, { [name]: words[l] })
}
