import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, ask } from '@/api/client'
import type { CaseRow, EscalationRow, Inbox, Task } from '@/api/schema'
import { dayNumber, now, today } from '@/app/time'
import { may, role } from '@/app/session'

export const steps = ['crisis', 'hours', 'climb', 'miss', 'decision', 'today', 'soon'] as const
export type Step = (typeof steps)[number]

/** One thing that waits for a person. A miss and the climb over it are one. */
export interface Row {
  key: string
  step: Step
  caseId: string
  name: string
  place: string
  worker: string
  risk: string
  /** The duty it is about, as kind-number. */
  duty?: string
  due?: string
  dueAt?: string
  missed: boolean
  draft: boolean
  cite?: string
  /** The command that settles it. */
  command?: string
  climb?: EscalationRow
  leave?: { id: number; from: string; to: string }
  crisis?: boolean
  since: string
}

const riskOrder = ['high', 'medium', 'low']

/** What waits, ranked: each thing once, however many parts of the inbox it stands in. */
export function rowsOf(inbox: Inbox, crises: CaseRow[], names: Map<string, string>): Row[] {
  const climbs = new Map(inbox.escalations.map((e) => [`${e.case_id}/${e.obligation.replace(/-\d+$/, '')}`, e]))
  const rows = new Map<string, Row>()
  const used = new Set<EscalationRow>()
  const base = (x: { case_id: string; place: string; worker?: string; risk?: string }) => ({
    caseId: x.case_id, name: names.get(x.case_id) ?? '', place: x.place, worker: x.worker ?? '', risk: x.risk ?? '', missed: false, draft: false,
  })
  const task = (x: Task) => {
    const key = `${x.case_id}/${x.id}`
    if (rows.has(key)) return
    const climb = climbs.get(`${x.case_id}/${x.id.replace(/-\d+$/, '')}`)
    if (climb) used.add(climb)
    const missed = x.status === 'missed'
    const mine = climb && !climb.promise
    const days = dayNumber(x.due) - dayNumber(today())
    const soon: Step = days <= 0 ? 'today' : 'soon'
    const step: Step = x.due_at && !missed ? 'hours' : mine ? 'climb' : missed ? 'miss' : x.command && x.command !== 'confirm-miss' ? 'decision' : soon
    if (step === 'soon' && days > 3) return
    rows.set(key, { ...base(x), key, step, duty: x.id, due: x.due, dueAt: x.due_at, missed, draft: x.unconfirmed ?? false, cite: x.cite, command: x.command, climb, since: x.due })
  }
  inbox.settle.forEach(task)
  inbox.overdue.forEach(task)
  inbox.due.forEach(task)
  for (const e of inbox.escalations) {
    if (used.has(e)) continue
    const key = `${e.case_id}/climb-${e.id}`
    rows.set(key, { ...base(e), key, step: 'climb', duty: e.obligation, missed: true, climb: e, since: e.told_at })
  }
  for (const l of inbox.leaves) {
    const key = `${l.case_id}/leave-${l.leave}`
    rows.set(key, { ...base(l), key, step: 'decision', leave: { id: l.leave, from: l.from, to: l.to }, due: l.from, command: 'decide-leave', since: l.reported_at })
  }
  for (const c of crises) {
    const key = `${c.case_id}/crisis`
    rows.set(key, { ...base({ case_id: c.case_id, place: c.place ?? '', worker: c.worker, risk: c.risk }), key, step: 'crisis', crisis: true, since: '' })
  }
  return [...rows.values()].sort(
    (a, b) =>
      steps.indexOf(a.step) - steps.indexOf(b.step) ||
      (b.climb?.rung ?? 0) - (a.climb?.rung ?? 0) ||
      (a.dueAt ?? '').localeCompare(b.dueAt ?? '') ||
      (a.step === 'decision' || a.step === 'soon' ? (a.due ?? '').localeCompare(b.due ?? '') : 0) ||
      riskOrder.indexOf(a.risk) - riskOrder.indexOf(b.risk) ||
      a.since.localeCompare(b.since) ||
      a.key.localeCompare(b.key),
  )
}

/** The list of now, kept fresh by what is heard from the stream. */
export function useNow() {
  const sees = computed(() => role.value !== 'city')
  const inbox = useQuery({ queryKey: ['now', 'inbox'], queryFn: () => ask(api.GET('/v1/inbox', { params: { query: { days: 3, limit: 200 } } })) })
  const crises = useQuery({ queryKey: ['now', 'crises'], queryFn: () => ask(api.GET('/v1/cases', { params: { query: { crisis: true, limit: 50 } } })) })
  const names = useQuery({
    queryKey: ['now', 'names'],
    queryFn: async () => {
      const found = new Map<string, string>()
      for (let after: string | undefined, i = 0; i < 5; i++) {
        const got = await ask(api.GET('/v1/cases', { params: { query: { open: true, limit: 200, after } } }))
        for (const c of got.cases) if (c.identity) found.set(c.case_id, c.identity.name)
        after = got.next
        if (!after) break
      }
      return found
    },
    enabled: sees,
    staleTime: 60_000,
  })
  const rows = computed(() => (inbox.data.value ? rowsOf(inbox.data.value, crises.data.value?.cases ?? [], names.data.value ?? new Map()) : []))
  const counts = computed(() => Object.fromEntries(steps.map((s) => [s, rows.value.filter((r) => r.step === s).length])) as Record<Step, number>)
  return { inbox, rows, counts, checked: computed(() => inbox.dataUpdatedAt.value - Date.now() + now()) }
}

/** An act on a row: its key, its word, and the command it gives. */
export interface Act {
  id: 'acknowledge' | 'confirm' | 'justify' | 'dismiss' | 'leave' | 'crisis' | 'record' | 'snooze' | 'open'
  key: string
  command?: string
  fixed?: Record<string, unknown>
  first?: Record<string, unknown>
}

const rank = ['worker', 'station_head', 'district', 'city']

// What a worker records where a duty waits for it.
const recordOf: Record<string, { command: string; first?: Record<string, unknown> }> = {
  contact: { command: 'record-contact', first: { channel: 'phone', outcome: 'met' } }, home_visit: { command: 'record-contact' }, outreach: { command: 'record-contact', first: { channel: 'phone', outcome: 'no_answer' } },
  watch_contact: { command: 'record-contact', first: { channel: 'phone', outcome: 'met' } }, follow_up: { command: 'record-contact', first: { channel: 'phone', outcome: 'met' } },
  test: { command: 'record-test' }, surprise_test: { command: 'record-test', first: { surprise: true } }, assessment: { command: 'record-assessment' }, report_in: { command: 'report-in' }, agreement: { command: 'sign-agreement' },
  assign_worker: { command: 'assign-worker' },
}

/** What may be done about the row, the main act first. */
export function actsOf(row: Row): Act[] {
  const out: Act[] = []
  const add = (act: Act) => {
    if (!act.command || may(act.command)) out.push(act)
  }
  if (row.leave) add({ id: 'leave', key: 'e', command: 'decide-leave', fixed: { leave: row.leave.id } })
  if (row.climb && !row.climb.promise && rank.indexOf(role.value) >= rank.indexOf(row.climb.role)) {
    add({ id: 'acknowledge', key: 'a', command: 'acknowledge-escalation', fixed: { escalation: row.climb.id } })
  }
  if (row.missed && row.duty) {
    add({ id: 'confirm', key: 'c', command: 'confirm-miss', fixed: { obligation: row.duty } })
    add({ id: 'justify', key: 'y', command: 'justify-miss', fixed: { obligation: row.duty } })
    add({ id: 'dismiss', key: 'd', command: 'dismiss-miss', fixed: { obligation: row.duty } })
  }
  const kind = row.duty?.replace(/-\d+$/, '') ?? ''
  const record = recordOf[kind]
  if (record) add({ id: 'record', key: 'e', ...record })
  if (out.length === 0) out.push({ id: 'open', key: 'Enter' })
  if (!row.crisis && !row.leave && !row.missed && row.duty) out.push({ id: 'snooze', key: 'h' })
  return out
}
