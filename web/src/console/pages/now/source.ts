import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { askPath } from '@/api/client'
import { forms } from '@/parts/forms'

export const steps = ['crisis', 'hours', 'climb', 'miss', 'decision', 'today', 'soon'] as const
export type Step = (typeof steps)[number]

/** A command that answers a row, as far as its fields are known. */
interface Answer {
  type: string
  fields: Record<string, unknown>
  note: boolean
}

/** One thing that waits for a person, as GET /v1/now tells it. */
export interface Row {
  step: Step
  rank_reason: string
  case_id: string
  short: string
  place: string
  place_name?: string
  worker?: string
  risk: string
  name?: string
  phone?: string
  subject: string
  kind?: string
  obligation?: string
  number?: number
  status?: string
  what: string
  due?: string
  since: string
  until?: string
  escalation?: { id: number; role: string; next_at?: string; promise?: string; yours: boolean }
  command?: Answer
  also?: Answer[]
  cite?: string
  mark?: string
}

export interface NowPage {
  taken_at: string
  total: number
  counts: Partial<Record<Step, number>>
  items: Row[]
  next?: string
  snoozed: number
  next_return?: string
  handled_today: number
  coverage?: { open: number; covered: number; since: string }
}

export const keyOf = (r: Row) => `${r.case_id}/${r.subject}/${r.obligation ?? r.number ?? r.kind ?? ''}`

/** The list of now, a page at a time, kept fresh by what is heard from the stream. */
export function useNow(step: Ref<Step | undefined>, worker: Ref<string>) {
  const pages = useInfiniteQuery({
    queryKey: ['now', step, worker],
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams({ limit: '50' })
      if (step.value) query.set('step', step.value)
      if (worker.value) query.set('worker', worker.value)
      if (pageParam) query.set('after', pageParam)
      return askPath<NowPage>('GET', `/v1/now?${query}`)
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    placeholderData: (was) => was,
  })
  const first = computed(() => pages.data.value?.pages[0])
  const rows = computed(() => pages.data.value?.pages.flatMap((p) => p.items) ?? [])
  return { pages, first, rows }
}

/** An act on a row: its key, and the command it gives. */
export interface Act {
  id: string
  key: string
  command?: string
  fixed?: Record<string, unknown>
  first?: Record<string, unknown>
}

const keys: Record<string, [id: string, key: string]> = {
  'acknowledge-escalation': ['acknowledge', 'a'], 'confirm-miss': ['confirm', 'c'], 'justify-miss': ['justify', 'y'], 'dismiss-miss': ['dismiss', 'd'], 'assign-worker': ['assign-worker', 'w'], 'decide-leave': ['leave', 'e'],
}
const recorded = ['record-contact', 'record-test', 'record-assessment']

// What a duty is usually done by: the form begins with it.
const usual: Record<string, Record<string, unknown>> = {
  contact: { channel: 'phone', outcome: 'met' }, watch_contact: { channel: 'phone', outcome: 'met' }, follow_up: { channel: 'phone', outcome: 'met' }, outreach: { channel: 'phone', outcome: 'no_answer' }, surprise_test: { surprise: true },
}

/** What may be done about the row, the main act first. */
export function actsOf(row: Row): Act[] {
  const out: Act[] = []
  for (const a of [...(row.command ? [row.command] : []), ...(row.also ?? [])]) {
    if (!forms[a.type] || out.some((x) => x.command === a.type)) continue
    const [id, key] = keys[a.type] ?? [recorded.includes(a.type) ? 'record' : a.type, 'e']
    out.push({ id, key: out.some((x) => x.key === key) ? '' : key, command: a.type, fixed: a.fields, first: recorded.includes(a.type) ? usual[row.kind ?? ''] : undefined })
  }
  if (out.length === 0) out.push({ id: 'open', key: 'Enter' })
  if (row.subject === 'duty' && row.obligation && row.status !== 'missed' && row.step !== 'crisis') out.push({ id: 'snooze', key: 'h' })
  return out
}
