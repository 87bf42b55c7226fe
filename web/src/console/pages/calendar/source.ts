import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, ask, askPath } from '@/api/client'
import { dayNumber, dayOf, today } from '@/app/time'

/** What is due by day and worker, as GET /v1/calendar tells it. */
export interface DueCalendar {
  from: string
  to: string
  days: { on: string; working: boolean; exchange?: boolean; due: number }[]
  workers: { worker?: string; missed: number; due: { on: string; kind: string; n: number }[] }[]
}

/** A row of the calendar: a worker with the load and what is due each day. */
export interface WorkerRow {
  worker: string
  missed: number
  cases?: number
  weight?: number
  limit?: number
  counts: Map<string, Record<string, number>>
}

export interface Absence {
  worker: string
  from: string
  to: string
  stand_in?: string
}

const reach = 62 // days that the list of what is due looks ahead

/** The calendar of a span, joined with the load of each worker. */
export function useCalendar(from: Ref<string>, to: Ref<string>, place: Ref<string>) {
  const calendar = useQuery({
    queryKey: ['calendar', from, to, place],
    queryFn: () => askPath<DueCalendar>('GET', `/v1/calendar?${new URLSearchParams({ from: from.value, to: to.value, ...(place.value ? { place: place.value } : {}) })}`),
    placeholderData: (was) => was,
  })
  const load = useQuery({
    queryKey: ['calendar', 'load', place],
    queryFn: () => ask(api.GET('/v1/caseload', { params: { query: { limit: 200, ...(place.value ? { place: place.value } : {}) } } })),
  })
  const rows = computed<WorkerRow[]>(() => {
    const out = new Map<string, WorkerRow>()
    const row = (worker: string) => {
      if (!out.has(worker)) out.set(worker, { worker, missed: 0, counts: new Map() })
      return out.get(worker)!
    }
    for (const l of load.data.value?.workers ?? []) if (l.worker) Object.assign(row(l.worker), { cases: l.cases, weight: l.weight, limit: l.limit })
    for (const w of calendar.data.value?.workers ?? []) {
      const r = row(w.worker ?? '')
      r.missed = w.missed
      for (const d of w.due) r.counts.set(d.on, { ...r.counts.get(d.on), [d.kind]: (r.counts.get(d.on)?.[d.kind] ?? 0) + d.n })
    }
    return [...out.values()].sort((a, b) => Number(b.worker === '') - Number(a.worker === '') || a.worker.localeCompare(b.worker))
  })
  return { calendar, load, rows }
}

/** What is due on one day of one worker, case by case. */
export function useDay(day: Ref<string>, worker: Ref<string>) {
  const due = useQuery({
    queryKey: ['calendar', 'due'],
    queryFn: async () => {
      const out = []
      for (let after = ''; ;) {
        const page = await ask(api.GET('/v1/inbox', { params: { query: { part: 'due', days: reach, limit: 200, ...(after ? { after } : {}) } } }))
        out.push(...page.due)
        after = page.next?.due ?? ''
        if (!after || page.due.length === 0) return out
      }
    },
    enabled: computed(() => day.value !== ''),
  })
  const beyond = computed(() => day.value !== '' && dayNumber(day.value) > dayNumber(today()) + reach)
  const items = computed(() => (due.data.value ?? []).filter((x) => x.due === day.value && (x.worker ?? '') === worker.value && x.status !== 'missed'))
  return { due, items, beyond, reach }
}

/** When the workers shown are away, and who stands in. */
export function useAbsences(workers: Ref<string[]>) {
  return useQuery({
    queryKey: ['calendar', 'absences', workers],
    queryFn: async () => {
      const lists = await Promise.all(workers.value.map((id) => ask(api.GET('/v1/workers/{id}/absences', { params: { path: { id } } })).catch(() => ({ absences: [] }))))
      return lists.flatMap((l, i) => l.absences.map((a) => ({ ...a, worker: workers.value[i]! }) as Absence)).filter((a) => a.to >= today())
    },
    enabled: computed(() => workers.value.length > 0 && workers.value.length <= 30),
    retry: false,
  })
}

/** The days from one to another. */
export function span(from: string, length: number): string[] {
  return Array.from({ length }, (_, i) => dayOf(dayNumber(from) + i))
}
