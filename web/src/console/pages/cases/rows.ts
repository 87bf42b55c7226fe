import { useQuery } from '@tanstack/vue-query'
import { computed, shallowReactive, shallowRef, watch, type Ref } from 'vue'
import { askFile } from '@/api/client'
import { session } from '@/app/session'
import type { Answered, Asked, Message } from './rows.worker'
import type { Query, Row } from './table'

// All cases in scope lie in a worker: the page holds what it finds, as numbers, and the rows in
// sight. They are kept while somebody is signed in, and patched by what changed since.

let worker: Worker | undefined
let position = ''
let asked = 0
const waiting = new Map<number, { done: (answer: never) => void; fail: (err: Error) => void }>()

/** The rows that were drawn lately, by where they stand in the table. */
const drawn = shallowReactive(new Map<number, Row>())
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
  waiting.clear()
  drawn.clear()
})

async function load(since: string): Promise<Answered['load']> {
  const file = await askFile(`/v1/board/rows${since ? `?since=${since}` : ''}`)
  const bytes = await file.arrayBuffer()
  return call('load', { bytes }, [bytes])
}

/** What is known of the whole board, and how often it changed. */
export interface Known {
  version: number
  size: number
  codes: Answered['load']['codes']
}

let version = 0
let turn: Promise<unknown> = Promise.resolve()

/** Reads the board, or what changed in it. Cases that left the scope are told by the number of those that are there. */
async function read(): Promise<Known> {
  let got = await load(position)
  if (!got.complete && !got.whole) got = await load('')
  position = got.position
  if (got.whole) drawn.clear()
  const old = got.changed.filter((i) => drawn.has(i))
  if (old.length > 0) await draw(old)
  if (got.whole || got.changed.length > 0) version++
  return { version, size: got.size, codes: got.codes }
}

async function draw(at: number[]): Promise<void> {
  const rows = await call('rows', { at })
  if (drawn.size > most) drawn.clear()
  at.forEach((i, n) => drawn.set(i, rows[n]!))
}

let missing = new Set<number>()

/** The row that stands there; undefined until it was fetched. */
function rowAt(i: number): Row | undefined {
  const row = drawn.get(i)
  if (!row && !missing.has(i)) {
    if (missing.size === 0) {
      queueMicrotask(() => {
        const at = [...missing]
        missing = new Set()
        void draw(at)
      })
    }
    missing.add(i)
  }
  return row
}

const often = 60_000 // a case that left the scope is told of by nobody

/** The board under conditions: which cases are meant, in which order, and the row of each. */
export function useRows(query: Ref<Query>, phases: Ref<boolean>) {
  const board = useQuery({
    queryKey: ['cases', 'rows', computed(() => session.value?.account ?? '')],
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
  let last = 0
  watch([query, phases, () => board.data.value?.version], async () => {
    if (!board.data.value) return
    const mine = ++last
    const got = await call('find', { query: { ...query.value }, phases: phases.value })
    if (mine !== last) return
    found.value = got.found
    parts.value = got.phases
    ready.value = true
  }, { immediate: true })
  const ids = (at: Uint32Array) => call('ids', { at })
  return { board, found, parts, ready, rowAt, ids }
}
