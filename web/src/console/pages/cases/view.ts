import { computed } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'
import type { ViewQuery } from '@/api/schema'
import { dayNumber, today } from '@/app/time'
import type { Query } from './table'

// The conditions stand in the address as codes, in the order of the alphabet, and those that are
// as usual are left out: equal views have equal addresses.
export const choices = { phase: 'phase', risk: 'risk', measure: 'measure', engagement: 'engagement', next_kind: 'duty' } as const
export const switches = ['overdue', 'escalated', 'crisis', 'unassigned'] as const
export const spans = [1, 7, 30] as const
export const sorts = ['due', 'risk', 'term'] as const
const conditions = [...Object.keys(choices), ...switches, 'due_within', 'place', 'worker', 'closed']
const known = [...conditions, 'sort', 'show', 'row', 'as_of', 'known']

export const views: Record<string, LocationQuery> = {
  all: {}, overdue: { overdue: '1' }, week: { due_within: '7' }, high: { risk: 'high' }, unassigned: { unassigned: '1' }, escalated: { escalated: '1' }, stalled: { engagement: 'stalled' },
}

const one = (q: LocationQuery, key: string): string | undefined => (typeof q[key] === 'string' && q[key] !== '' ? (q[key] as string) : undefined)
const inOrder = (q: Record<string, unknown>): LocationQuery =>
  Object.fromEntries(Object.entries(q).filter(([, v]) => v !== undefined && v !== '').sort(([a], [b]) => (a < b ? -1 : 1))) as LocationQuery

/** The address of a saved view. */
export function addressOf(q: ViewQuery): LocationQuery {
  return inOrder(Object.fromEntries(Object.entries(q).map(([k, v]) => [k, v === true ? '1' : v === false ? undefined : String(v)])))
}

/** The conditions of the address, as a view is saved. What is no condition is left out. */
export function queryOf(q: LocationQuery): ViewQuery {
  const span = Number(one(q, 'due_within'))
  const sort = one(q, 'sort')
  return Object.fromEntries(Object.entries({
    ...Object.fromEntries([...Object.keys(choices), 'place', 'worker'].map((k) => [k, one(q, k)])),
    ...Object.fromEntries([...switches, 'closed'].map((k) => [k, one(q, k) === '1' || undefined])),
    due_within: (spans as readonly number[]).includes(span) ? span : undefined,
    sort: (sorts as readonly string[]).includes(sort ?? '') ? sort : undefined,
    show: one(q, 'show') === 'phases' ? 'phases' : undefined,
  }).filter(([, v]) => v !== undefined)) as ViewQuery
}

/** The board's conditions, and how to change them. */
export function useView() {
  const route = useRoute()
  const router = useRouter()
  const query = computed(() => queryOf(route.query))
  const asked = computed<Query>(() => ({ ...query.value, sort: query.value.sort ?? 'due', today: dayNumber(today()) }) as Query)
  const set = computed(() => conditions.filter((k) => k !== 'closed' && (query.value as Record<string, unknown>)[k] !== undefined))
  // A condition that is not known any more, or that says what no condition says.
  const ignored = computed(() => Object.keys(route.query).filter((k) => !known.includes(k) || (k === 'sort' && query.value.sort === undefined)))

  const go = (to: LocationQuery) => void router.replace({ query: to })
  function change(next: Record<string, string | undefined>): void {
    go(inOrder({ ...route.query, ...next, row: undefined }))
  }
  const only = (q: LocationQuery, ...without: string[]) => JSON.stringify(inOrder(Object.fromEntries(Object.entries(q).filter(([k]) => k !== 'row' && !without.includes(k)))))
  const builtIn = computed(() => Object.keys(views).find((v) => only(views[v]!) === only(route.query, 'show', 'sort')))
  /** Whether a saved view is what is shown. */
  const shows = (q: ViewQuery) => only(addressOf(q)) === only(route.query)
  return { query, asked, set, ignored, builtIn, shows, change, go }
}
