import { reactive } from 'vue'
import { api, ask, Problem } from '@/api/client'
import type { Read } from './rows'

/** What became of a row: to be opened, opened, known, or refused with the field and why. */
export interface Fate {
  number: number
  state: 'fine' | 'opened' | 'known' | 'wrong'
  wrong: { field: string; says: string }[]
  caseId?: string
  warnings: string[]
}

const together = 4

/** Sends rows a few at a time, and can be stopped between two of them. */
export function useSending() {
  const now = reactive({ running: false, done: 0, total: 0, stopped: false })
  let stop = false

  /** Holds each row against the server's rules, or opens its case; the order number makes it once. */
  async function send(rows: Read[], dry: boolean, tell: (f: Fate) => void): Promise<void> {
    Object.assign(now, { running: true, done: 0, total: rows.length, stopped: false })
    stop = false
    const queue = [...rows]
    const work = async () => {
      for (let row = queue.shift(); row && !stop; row = queue.shift()) {
        tell(await one(row, dry))
        now.done++
      }
    }
    try {
      await Promise.all(Array.from({ length: together }, work))
    } finally {
      now.running = false
      now.stopped = stop && now.done < now.total
    }
  }
  return { now, send, halt: () => (stop = true) }
}

async function one(row: Read, dry: boolean): Promise<Fate> {
  try {
    const got = await ask(api.POST('/v1/cases', { params: { query: dry ? { dry_run: true } : {} }, body: row.order as never }))
    return { number: row.number, state: got.duplicate || got.known ? 'known' : dry ? 'fine' : 'opened', wrong: [], caseId: got.case_id, warnings: got.warnings ?? [] }
  } catch (err) {
    if (!(err instanceof Problem) || err.status === 0 || err.status >= 500) throw err
    const wrong = err.errors.length > 0 ? err.errors.map((e) => ({ field: e.field, says: e.detail })) : [{ field: err.field, says: err.message }]
    return { number: row.number, state: 'wrong', wrong, warnings: [] }
  }
}
