import { ref } from 'vue'
import { api, ask } from '@/api/client'
import type { Values } from '@/desk/ask'

// A scenario is what is changed. It stands in the address, so that a link shares it, and may be
// kept on the device under a name; it says nothing about any case.

export const fields = ['place', 'months', 'runs', 'policy', 'move', 'workers', 'arrivals', 'tests', 'contacts', 'answers'] as const

const kept = 'guitu.scenarios'

export interface Saved {
  name: string
  query: Record<string, string>
}

export function useSaved() {
  const list = ref<Saved[]>(JSON.parse(localStorage.getItem(kept) ?? '[]') as Saved[])
  const write = () => localStorage.setItem(kept, JSON.stringify(list.value))
  return {
    list,
    save(name: string, query: Record<string, string>) {
      list.value = [...list.value.filter((s) => s.name !== name), { name, query }]
      write()
    },
    remove(name: string) {
      list.value = list.value.filter((s) => s.name !== name)
      write()
    },
  }
}

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

/** Plays a scenario beside today; it ends on the server when the signal does. */
export function play(q: Record<string, string>, signal: AbortSignal) {
  return ask(api.POST('/v1/simulations', { body: { place: q.place, months: Number(q.months), runs: Number(q.runs), change: changeOf(q) } as never, signal }))
}

export type Result = Awaited<ReturnType<typeof play>>

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

/** Whether the interval of the difference leaves nothing out: then none is to be seen. */
export function unclear(c: Compared): boolean {
  return c.difference === undefined || Math.abs(c.difference) <= (c.differenceError ?? 0)
}
