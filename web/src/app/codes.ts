import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, ask } from '@/api/client'
import { lang, say, t } from './i18n'

const hour = 3_600_000

/** The words of every code, as the API gives them: there is no second list of them here. */
export function useCodes() {
  const { data } = useQuery({ queryKey: ['codes'], queryFn: () => ask(api.GET('/v1/codes')), staleTime: hour, gcTime: hour })
  const words = computed(() => {
    const all = new Map<string, { zh: string; en: string }>()
    for (const e of data.value?.enums ?? []) for (const w of e.codes) all.set(`${e.name}.${w.code}`, w)
    for (const c of data.value?.commands ?? []) all.set(`command.${c.code}`, c)
    for (const d of data.value?.duties ?? []) all.set(`duty.${d.code}`, d)
    return all
  })
  const word = (list: string, code: string | undefined): string => (code ? say(words.value.get(`${list}.${code}`)) || code : '')
  const options = (list: string): { value: string; label: string }[] =>
    (data.value?.enums ?? []).filter((e) => e.name === list).flatMap((e) => e.codes).filter((w) => !w.own).map((w) => ({ value: w.code, label: say(w) }))
  /** A duty with its number: 检测（第3次）. */
  const duty = (id: string | undefined): string => {
    if (!id) return ''
    const cut = id.lastIndexOf('-')
    const kind = id.slice(0, cut)
    const found = data.value?.duties.find((d) => d.code === kind)
    const name = word('duty', kind)
    if (!found?.recurring) return name
    const n = id.slice(cut + 1)
    return lang.value === 'en' ? `${name} ${n}` : `${name}（第${n}次）`
  }
  return { codes: data, word, options, duty }
}

/** Names of places by their codes. */
export function usePlaces() {
  const { data } = useQuery({ queryKey: ['places'], queryFn: () => ask(api.GET('/v1/places')), staleTime: hour / 12 })
  const names = computed(() => new Map((data.value?.places ?? []).map((p) => [p.code, p.name])))
  const place = (code: string | undefined): string => (code ? (names.value.get(code) ?? code) : '')
  return { places: data, place }
}

/** All workers that one may see: a city has more than a page of them. */
async function allWorkers() {
  const first = await ask(api.GET('/v1/workers', { params: { query: { limit: 200 } } }))
  for (let next = first.next; next; ) {
    const page = await ask(api.GET('/v1/workers', { params: { query: { limit: 200, after: next } } }))
    first.workers.push(...page.workers)
    next = page.next
  }
  return first
}

/** Names of workers by their ids, as far as one may see them. */
export function useWorkers() {
  const { data } = useQuery({ queryKey: ['workers'], queryFn: allWorkers, staleTime: 60_000, retry: false })
  const names = computed(() => new Map((data.value?.workers ?? []).map((w) => [w.id, w.name || w.id])))
  const worker = (id: string | undefined): string => (id ? (names.value.get(id) ?? id) : t('nobody'))
  return { workers: data, worker }
}

/** Cases are called by the end of their ids: C-7K2Q. */
export function shortCase(id: string): string {
  return `C-${id.slice(-4).toUpperCase()}`
}
