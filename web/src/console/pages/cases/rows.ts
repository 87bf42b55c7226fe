import { useQuery } from '@tanstack/vue-query'
import { shallowRef, watch, type Ref } from 'vue'
import { askFile, Problem } from '@/api/client'
import { queries } from '@/app/queries'
import { session } from '@/app/session'
import type { Answered, Asked, Message } from './rows.worker'
import { Table, type Query, type Row } from './table'

// All cases in scope, as the worker read them. They are kept while somebody is signed in, and
// patched by what changed since; the worker says which are meant, and in which order.

let worker: Worker | undefined
let position = ''
let asked = 0
const waiting = new Map<number, { done: (answer: never) => void; fail: (err: Error) => void }>()

/** The cases, and the rows that were drawn lately by where they stand: the same row is the same object. */
interface Held {
  table: Table
  drawn: Map<number, Row>
}
const nothing = (): Held => ({ table: new Table(), drawn: new Map() })
let held = nothing()
const most = 2000

function call<K extends keyof Asked>(kind: K, what: Asked[K], transfer: Transferable[] = []): Promise<Answered[K]> {
  if (!worker) {
    worker = new Worker(new URL('./rows.worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<{ n: number; answer?: unknown; error?: string }>) => {
      const one = waiting.get(data.n)
      waiting.delete(data.n)
      if (data.error) one?.fail(new Error(data.error))
      else one?.done(data.answer as never)
    }
  }
  const n = ++asked
  worker.postMessage({ n, kind, asked: what } satisfies Message, transfer)
  return new Promise((done, fail) => waiting.set(n, { done, fail }))
}

// Whoever signs out takes the cases along.
watch(() => session.value?.account, () => {
  worker?.terminate()
  worker = undefined
  position = ''
  for (const { fail } of waiting.values()) fail(new Problem(0))
  waiting.clear()
  held = nothing()
  queries.removeQueries({ queryKey: ['cases', 'rows'] })
})

async function load(since: string): Promise<Answered['load']> {
  const who = session.value?.account
  const file = await askFile(`/v1/board/rows${since ? `?since=${since}` : ''}`)
  const bytes = await file.arrayBuffer()
  if (who !== session.value?.account) throw new Problem(0) // somebody else sits here by now
  return call('load', { bytes }, [bytes])
}

/** What is known of the whole board, and how often it changed. */
export interface Known {
  version: number
  size: number
  codes: ReturnType<Table['known']>
}

let version = 0
let turn: Promise<unknown> = Promise.resolve()

/** Reads the board, or what changed in it. Cases that left the scope are told by the number of those that are there. */
async function read(): Promise<Known> {
  let got = await load(position)
  if (!got.complete && !got.copy) got = await load('')
  position = got.position
  const changed = got.patch ? held.table.put(got.patch) : []
  for (const i of changed) held.drawn.delete(i)
  if (got.copy) held = { table: Table.of(got.copy), drawn: new Map() }
  else if (changed.length > 0) held = { ...held }
  if (got.copy || changed.length > 0) version++
  return { version, size: held.table.size, codes: held.table.known() }
}

function rowOf({ table, drawn }: Held, i: number): Row {
  let row = drawn.get(i)
  if (!row) {
    if (drawn.size > most) drawn.clear()
    drawn.set(i, (row = table.row(i)))
  }
  return row
}

const often = 60_000 // a case that left the scope is told of by nobody

/** The board under conditions: which cases are meant, in which order, and the row of each. */
export function useRows(query: Ref<Query>, phases: Ref<boolean>) {
  const board = useQuery({
    queryKey: ['cases', 'rows'],
    queryFn: () => {
      const next = turn.then(read, read)
      turn = next.catch(() => undefined)
      return next
    },
    refetchInterval: often,
    gcTime: Infinity,
  })
  const found = shallowRef(new Uint32Array(0))
  const parts = shallowRef<Answered['find']['phases']>([])
  const ready = shallowRef(false)
  const shown = shallowRef(held) // to which what was found belongs
  let last = 0
  watch([query, phases, () => board.data.value?.version], async () => {
    if (!board.data.value) return
    const turn = ++last
    const of = held
    const got = await call('find', { query: { ...query.value }, phases: phases.value }).catch(() => undefined)
    if (!got || turn !== last) return
    shown.value = of
    found.value = got.found
    parts.value = got.phases
    ready.value = true
  }, { immediate: true })
  const ids = (at: Uint32Array) => Array.from(at, (i) => shown.value.table.id(i))
  return { board, found, parts, ready, rowAt: (i: number) => rowOf(shown.value, i), ids }
}
