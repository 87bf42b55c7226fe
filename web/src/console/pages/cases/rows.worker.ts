import type { BoardRows } from '@/api/schema'
import { Table, type Query } from './table'

// Holds the board's cases, filters and sorts them, and hands out the rows in sight. What is long
// comes and goes by transfer, so that it is never copied.

export interface Asked {
  /** An answer of GET /v1/board/rows as it came. */
  load: { bytes: ArrayBuffer }
  find: { query: Query; phases: boolean }
  rows: { at: number[] }
  ids: { at: Uint32Array }
}

export interface Message {
  n: number
  kind: keyof Asked
  asked: Asked[keyof Asked]
}

const scope = self as unknown as { onmessage: (e: MessageEvent<Message>) => void; postMessage(message: unknown, transfer?: Transferable[]): void }
let table = new Table()

function load({ bytes }: Asked['load']) {
  const answer = JSON.parse(new TextDecoder().decode(bytes)) as BoardRows
  if (answer.whole) table = new Table()
  const changed = table.put(answer)
  return { whole: answer.whole, position: answer.position, size: table.size, complete: table.size === answer.total, changed: answer.whole ? [] : changed, codes: table.known() }
}

function find({ query, phases }: Asked['find']) {
  const found = table.find(query)
  return { found: found.slice(), phases: phases ? table.byPhase(found) : [] }
}

const acts = {
  load, find,
  rows: ({ at }: Asked['rows']) => at.map((i) => table.row(i)),
  ids: ({ at }: Asked['ids']) => Array.from(at, (i) => table.id(i)),
}

/** What the worker answers. */
export type Answered = { [K in keyof Asked]: ReturnType<(typeof acts)[K]> }

scope.onmessage = ({ data: { n, kind, asked } }) => {
  try {
    const answer = acts[kind](asked as never)
    const found = kind === 'find' ? (answer as Answered['find']) : undefined
    scope.postMessage({ n, answer }, found ? [found.found.buffer, ...found.phases.map((p) => p.found.buffer)] : [])
  } catch (err) {
    scope.postMessage({ n, error: String(err) })
  }
}
