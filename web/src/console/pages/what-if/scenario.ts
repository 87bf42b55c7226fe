import { api, ask } from '@/api/client'
import type { components } from '@/api/schema'
import type { Values } from '@/desk/ask'

// A scenario is what is changed. It stands in the address before it is played; what was played is
// kept by the server and opened by its id. Neither says anything about a case.

export const fields = ['place', 'months', 'runs', 'policy', 'move', 'workers', 'arrivals', 'tests', 'contacts', 'answers'] as const

export type Simulation = components['schemas']['Simulation']
export type Result = NonNullable<Simulation['result']>

/** What the form says, for the address. */
export function queryOf(v: Values): Record<string, string> {
  return Object.fromEntries(fields.flatMap((f) => (v[f] === undefined || v[f] === '' ? [] : [[f, String(v[f])]])))
}

/** What is changed, as the server takes it; undefined where nothing is. */
export function changeOf(q: Record<string, string>): Record<string, unknown> | undefined {
  const n = (name: string) => (q[name] === undefined ? undefined : Number(q[name]))
  const change = {
    policy: q.policy, move_cases: q.policy && q.move === 'yes' ? true : undefined, workers: n('workers') || undefined, arrivals_per_year: n('arrivals'), keeps_test: n('tests'), keeps_contact: n('contacts'), answers: n('answers'),
  }
  const said = Object.entries(change).filter(([, v]) => v !== undefined)
  return said.length > 0 ? Object.fromEntries(said) : undefined
}

/** What the form would say of an order that was played. */
export function queryOfOrder(o: Simulation['order']): Record<string, string> {
  const c = o.change
  return queryOf({
    place: o.place, months: o.months, runs: o.runs, policy: c?.policy, move: c?.move_cases ? 'yes' : undefined, workers: c?.workers, arrivals: c?.arrivals_per_year, tests: c?.keeps_test, contacts: c?.keeps_contact, answers: c?.answers,
  })
}

/** Orders a scenario beside today; it is played on the server, whoever looks. */
export function order(q: Record<string, string>): Promise<Simulation> {
  return ask(api.POST('/v1/simulations', { body: { place: q.place, months: Number(q.months), runs: Number(q.runs), change: changeOf(q) } as never }))
}

export const goesOn = (s: Simulation | undefined) => s?.state === 'queued' || s?.state === 'running'

/** A row of the comparison. */
export interface Compared {
  name: string
  before: number
  beforeError: number
  after?: number
  afterError?: number
  difference?: number
  differenceError?: number
}

export function compare(r: Result): Compared[] {
  return r.names.map((name, i) => ({
    name, before: r.before.whole.mean[i] ?? 0, beforeError: r.before.whole.error[i] ?? 0, after: r.after?.whole.mean[i], afterError: r.after?.whole.error[i], difference: r.difference?.whole.mean[i], differenceError: r.difference?.whole.error[i],
  }))
}

/** Whether the interval of the difference holds nothing: then none is to be seen. */
export function unclear(c: Compared): boolean {
  return c.difference === undefined || Math.abs(c.difference) <= (c.differenceError ?? 0)
}

/** Rows as a file that a spreadsheet opens as they are: a text that it would take for a formula is none. */
export function csv(rows: (string | number | undefined)[][]): Blob {
  const cell = (v: string | number | undefined) => {
    const text = typeof v === 'string' && /^[=+\-@\t\r]/.test(v) ? `'${v}` : String(v ?? '')
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return new Blob(['\ufeff', rows.map((r) => r.map(cell).join(',')).join('\r\n'), '\r\n'], { type: 'text/csv;charset=utf-8' })
}
