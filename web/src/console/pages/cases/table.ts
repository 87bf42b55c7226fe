import type { BoardRows } from '@/api/schema'

// The board's cases as columns of numbers. The worker has them to filter and sort, the page to draw
// the rows in sight: both put in the same, and find the same case in the same place.

/** Columns of codes, each with the list of the answer that it points into. */
const coded = {
  place: 'places', worker: 'workers', measure: 'measures', phase: 'phases', risk: 'risks', engagement: 'engagements', next_kind: 'next_kinds', top_rung: 'top_rungs',
} as const
const counted = ['next_due', 'served_on', 'term_end', 'overdue', 'escalations', 'crises'] as const
type Coded = keyof typeof coded
type Counted = (typeof counted)[number]

/** A case as the page draws it. Days are numbers since 1970, 0 where there is none. */
export type Row = { case_id: string } & Record<Coded, string> & Record<Counted, number>

/** What the page asks for: codes, and the day it is. */
export interface Query {
  phase?: string
  risk?: string
  measure?: string
  engagement?: string
  next_kind?: string
  worker?: string
  place?: string
  due_within?: number
  overdue?: boolean
  escalated?: boolean
  crisis?: boolean
  unassigned?: boolean
  closed?: boolean
  sort: 'due' | 'risk' | 'term'
  today: number
}

const late = 999_999
const riskOrder = ['high', 'medium', 'low']

/** The codes that a column has met, in the order in which they came. */
class Codes {
  list: string[] = []
  private at = new Map<string, number>()

  of(code: string): number {
    let n = this.at.get(code)
    if (n === undefined) this.at.set(code, (n = this.list.push(code) - 1))
    return n
  }

  find(code: string): number {
    return this.at.get(code) ?? -1
  }

  /** One byte for each code: whether it is meant. */
  marked(meant: (code: string) => boolean): Uint8Array {
    return Uint8Array.from(this.list, (code) => (meant(code) ? 1 : 0))
  }
}

export interface Copy {
  ids: string
  open: readonly string[]
  codes: Record<Coded, string[]>
  columns: Record<Coded | Counted, Int32Array>
}

export class Table {
  size = 0
  private ids: string[] = []
  private at?: Map<string, number> // made when it is asked for: most boards are drawn before they change
  private open: readonly string[] = []
  private codes = Object.fromEntries(Object.keys(coded).map((c) => [c, new Codes()])) as Record<Coded, Codes>
  private columns = Object.fromEntries([...Object.keys(coded), ...counted].map((c) => [c, new Int32Array(0)])) as Record<Coded | Counted, Int32Array>

  /** The codes that stand in the columns. */
  known(): Record<Coded, string[]> {
    return Object.fromEntries(Object.entries(this.codes).map(([c, codes]) => [c, [...codes.list]])) as Record<Coded, string[]>
  }

  /** A copy that can be given away: the columns by transfer, the ids as one text. */
  copy(): Copy {
    return { ids: this.ids.join(' '), open: this.open, codes: this.known(), columns: Object.fromEntries(Object.entries(this.columns).map(([c, column]) => [c, column.slice()])) as Copy['columns'] }
  }

  static of(copy: Copy): Table {
    const table = new Table()
    table.ids = copy.ids ? copy.ids.split(' ') : []
    table.size = table.ids.length
    table.open = copy.open
    table.columns = copy.columns
    for (const c of Object.keys(coded) as Coded[]) for (const code of copy.codes[c]) table.codes[c].of(code)
    return table
  }

  /** Takes rows over and answers where they stand. A case that is known keeps its place. */
  put(answer: BoardRows): number[] {
    this.open = answer.open_phases
    this.grow(this.size + answer.case_id.length)
    const at = (this.at ??= new Map(this.ids.map((id, i) => [id, i])))
    const places = answer.case_id.map((id) => {
      let i = at.get(id)
      if (i === undefined) {
        i = this.size++
        this.ids[i] = id
        at.set(id, i)
      }
      return i
    })
    for (const c of Object.keys(coded) as Coded[]) {
      const own = answer[coded[c]].map((code) => this.codes[c].of(code))
      answer[c].forEach((v, n) => (this.columns[c][places[n]!] = own[v]!))
    }
    for (const c of counted) answer[c].forEach((v, n) => (this.columns[c][places[n]!] = v))
    return places
  }

  private grow(size: number): void {
    for (const [name, column] of Object.entries(this.columns)) {
      if (column.length >= size) continue
      const wider = new Int32Array(Math.max(size, column.length * 2))
      wider.set(column)
      this.columns[name as Coded] = wider
    }
  }

  row(i: number): Row {
    const row: Record<string, string | number> = { case_id: this.ids[i]! }
    for (const c of Object.keys(coded) as Coded[]) row[c] = this.codes[c].list[this.columns[c][i]!]!
    for (const c of counted) row[c] = this.columns[c][i]!
    return row as Row
  }

  id(i: number): string {
    return this.ids[i]!
  }

  /** The cases that are meant, in order. */
  find(q: Query): Uint32Array {
    const keep = this.filter(q)
    const found = new Uint32Array(this.size)
    let n = 0
    for (let i = 0; i < this.size; i++) if (keep(i)) found[n++] = i
    const keys = this.keys(q.sort)
    return found.subarray(0, n).sort((a, b) => keys[a]! - keys[b]! || a - b)
  }

  /** The cases by phase, each in the order in which they were found. */
  byPhase(found: Uint32Array): { phase: string; found: Uint32Array }[] {
    const parts = new Map<number, number[]>()
    for (const i of found) {
      const phase = this.columns.phase[i]!
      const part = parts.get(phase)
      if (part) part.push(i)
      else parts.set(phase, [i])
    }
    return [...parts].map(([phase, list]) => ({ phase: this.codes.phase.list[phase]!, found: Uint32Array.from(list) }))
  }

  private filter(q: Query): (i: number) => boolean {
    const c = this.columns
    const tests: ((i: number) => boolean)[] = []
    for (const name of ['phase', 'risk', 'measure', 'engagement', 'next_kind', 'worker'] as const) {
      const code = q[name]
      if (!code) continue
      const meant = this.codes[name].find(code)
      tests.push((i) => c[name][i] === meant)
    }
    if (q.place) {
      const inside = this.codes.place.marked((code) => code.startsWith(q.place!))
      tests.push((i) => inside[c.place[i]!] === 1)
    }
    if (!q.closed) {
      const open = this.codes.phase.marked((code) => this.open.includes(code))
      tests.push((i) => open[c.phase[i]!] === 1)
    }
    if (q.unassigned) {
      const nobody = this.codes.worker.find('')
      tests.push((i) => c.worker[i] === nobody)
    }
    if (q.overdue) tests.push((i) => c.overdue[i]! > 0)
    if (q.escalated) tests.push((i) => c.escalations[i]! > 0)
    if (q.crisis) tests.push((i) => c.crises[i]! > 0)
    if (q.due_within) {
      const until = q.today + q.due_within
      tests.push((i) => c.overdue[i]! > 0 || (c.next_due[i]! > 0 && c.next_due[i]! < until))
    }
    return (i) => tests.every((test) => test(i))
  }

  /** One number for each case by which it stands in order: what is overdue first, then by its day. */
  private keys(sort: Query['sort']): Float64Array {
    const c = this.columns
    const rank = Int32Array.from(this.codes.risk.list, (code) => riskOrder.indexOf(code))
    const keys = new Float64Array(this.size)
    for (let i = 0; i < this.size; i++) {
      const due = (c.overdue[i]! > 0 ? 0 : 1_000_000) + (c.next_due[i]! || late)
      const first = sort === 'risk' ? rank[c.risk[i]!]! : sort === 'term' ? c.term_end[i]! || late : 0
      keys[i] = first * 10_000_000 + due
    }
    return keys
  }
}
