import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, watch } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'
import { api, ask } from '@/api/client'
import type { CaseRow } from '@/api/schema'

// The conditions stand in the address as codes, in the order of the alphabet, and those that are
// as usual are left out: equal views have equal addresses.
export const choices = { phase: 'phase', risk: 'risk', measure: 'measure', engagement: 'engagement' } as const
export const switches = ['overdue', 'escalated', 'crisis'] as const
const known = ['phase', 'risk', 'measure', 'engagement', 'overdue', 'escalated', 'crisis', 'place', 'worker', 'sort', 'show', 'closed', 'row', 'as_of', 'known']

export const sorts = ['due', 'risk', 'term', 'name'] as const
export type Sort = (typeof sorts)[number]

export const views: Record<string, LocationQuery> = { all: {}, overdue: { overdue: '1' }, escalated: { escalated: '1' }, high: { risk: 'high' }, stalled: { engagement: 'stalled' } }

const one = (q: LocationQuery, key: string) => (typeof q[key] === 'string' ? (q[key] as string) : undefined)

/** The board's conditions, its rows, and how to change them. */
export function useBoard() {
  const route = useRoute()
  const router = useRouter()
  const query = computed(() => ({
    ...Object.fromEntries(Object.keys(choices).map((k) => [k, one(route.query, k)])),
    ...Object.fromEntries(switches.map((k) => [k, one(route.query, k) === '1' || undefined])),
    place: one(route.query, 'place'), worker: one(route.query, 'worker'), open: one(route.query, 'closed') === '1' ? undefined : true,
  }))
  const sort = computed<Sort>(() => (sorts as readonly string[]).includes(one(route.query, 'sort') ?? '') ? (one(route.query, 'sort') as Sort) : 'due')
  const unknown = computed(() => Object.keys(route.query).filter((k) => !known.includes(k)))

  function change(next: Record<string, string | undefined>): void {
    const all: Record<string, unknown> = { ...route.query, ...next, row: undefined }
    void router.replace({ query: Object.fromEntries(Object.entries(all).filter(([, v]) => v !== undefined && v !== '').sort(([a], [b]) => a.localeCompare(b))) as LocationQuery })
  }
  const setView = (name: string) => void router.replace({ query: views[name] })
  const view = computed(() => {
    const now = JSON.stringify(Object.entries(route.query).filter(([k]) => !['row', 'show', 'sort'].includes(k)))
    return Object.keys(views).find((v) => JSON.stringify(Object.entries(views[v]!)) === now)
  })

  const pages = useInfiniteQuery({
    queryKey: ['cases', 'board', query],
    queryFn: ({ pageParam }) => ask(api.GET('/v1/cases', { params: { query: { ...query.value, limit: 200, after: pageParam || undefined } as never } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })
  // A station's cases are read to the end by themselves; of more, the rest is read when it is asked for.
  const byItself = 10
  watch(() => pages.data.value?.pages.length, (n) => {
    if (n && n < byItself && pages.hasNextPage.value && !pages.isFetchingNextPage.value) void pages.fetchNextPage()
  }, { immediate: true })

  const rows = computed(() => sorted((pages.data.value?.pages ?? []).flatMap((p) => p.cases), sort.value))
  return { query, sort, unknown, view, views, change, setView, pages, rows }
}

const riskOrder = ['high', 'medium', 'low']

function sorted(rows: CaseRow[], by: Sort): CaseRow[] {
  const late = '9999'
  const due = (c: CaseRow) => ((c.overdue ?? 0) > 0 ? '0000' : '1') + (c.next_due ?? late)
  const key: Record<Sort, (a: CaseRow, b: CaseRow) => number> = {
    due: (a, b) => due(a).localeCompare(due(b)),
    risk: (a, b) => riskOrder.indexOf(a.risk ?? 'low') - riskOrder.indexOf(b.risk ?? 'low'),
    term: (a, b) => (a.term_end ?? late).localeCompare(b.term_end ?? late),
    name: (a, b) => (a.identity?.name ?? '').localeCompare(b.identity?.name ?? '', 'zh-CN'),
  }
  return [...rows].sort((a, b) => key[by](a, b) || due(a).localeCompare(due(b)) || a.case_id.localeCompare(b.case_id))
}
