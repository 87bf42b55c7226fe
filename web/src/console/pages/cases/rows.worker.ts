import type { BoardRows } from '@/api/schema'
import { Table, type Copy, type Query } from './table'

// Reads the board's cases, filters and sorts them. What is long comes and goes by transfer.

export interface Asked {
  /** An answer of GET /v1/board/rows as it came. */
  load: { bytes: ArrayBuffer }
  find: { query: Query; phases: boolean }
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
  table.put(answer)
  const said = { position: answer.position, complete: table.size === answer.total }
  return answer.whole ? { ...said, copy: table.copy() } : { ...said, patch: answer }
}

function find({ query, phases }: Asked['find']) {
  const found = table.find(query)
  return { found: found.slice(), phases: phases ? table.byPhase(found) : [] }
}

/** What the worker answers. */
export interface Answered {
  load: { position: string; complete: boolean; copy?: Copy; patch?: BoardRows }
  find: ReturnType<typeof find>
}

function answer(message: Message): [Answered[keyof Asked], Transferable[]] {
  if (message.kind === 'load') {
    const got: Answered['load'] = load(message.asked as Asked['load'])
    return [got, Object.values(got.copy?.columns ?? {}).map((c) => c.buffer)]
  }
  const got = find(message.asked as Asked['find'])
  return [got, [got.found.buffer, ...got.phases.map((p) => p.found.buffer)]]
}

scope.onmessage = ({ data }) => {
  try {
    const [got, transfer] = answer(data)
    scope.postMessage({ n: data.n, answer: got }, transfer)
  } catch (err) {
    scope.postMessage({ n: data.n, error: String(err) })
  }
}
