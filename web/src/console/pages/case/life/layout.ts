import { dayNumber, dayOf } from '@/app/time'
import type { Cell, CellState, Climb, Life, Mark } from './model'

// Where everything of a life lies on the picture: plain numbers, so that drawing decides nothing.

export const laneHeight = 28
export const axisHeight = 40
export const lanes = 9
export const height = axisHeight + lanes * laneHeight + 8

/** The middle of a lane. */
export const middle = (lane: number) => axisHeight + (lane - 1) * laneHeight + laneHeight / 2

export interface DrawnCell {
  key: string
  lane: number
  x: number
  width: number
  height: number
  state: CellState
  cells: Cell[]
  /** How many of a merged cell are exceptions; 0 where it is one window. */
  bad: number
  metX?: number
}

export interface DrawnMark {
  key: string
  lane: number
  x: number
  y: number
  mark: Mark
  more: Mark[]
  tail?: number
  spanTo?: number
}

export interface DrawnClimb {
  key: string
  path: string
  x: number
  width: number
  top: number
  climb: Climb
  acks: { x: number; to: number; y: number }[]
}

export interface Plan {
  x: (day: number) => number
  width: number
  cells: DrawnCell[]
  marks: DrawnMark[]
  climbs: DrawnClimb[]
  months: { x: number; width: number; text: string; year: boolean }[]
}

const heights: Record<CellState, number> = { kept: 5, late: 11, open: 14, coming: 9, missed: 18, confirmed: 18, excused: 9, void: 3 }
const worst: CellState[] = ['confirmed', 'missed', 'late', 'open', 'excused', 'coming', 'kept', 'void']
const exception = (s: CellState) => s === 'confirmed' || s === 'missed' || s === 'late'

/** Lays the life out at so many pixels a day; of a long picture only what lies between left and right. */
export function layOut(life: Life, perDay: number, left: number, right: number, showsStruck: boolean): Plan {
  const x = (day: number) => (day - life.from) * perDay
  const width = Math.ceil(x(life.to))
  const inView = (from: number, to: number) => x(to) >= left - 200 && x(from) <= right + 200
  return {
    x, width,
    cells: cellsAt(life.cells.filter((c) => inView(c.from, c.to + 1)), perDay, x),
    marks: marksAt(life.marks.filter((m) => inView(m.day, m.until ?? m.day) && (showsStruck || !m.struck)), x),
    climbs: climbsAt(life.climbs.filter((c) => inView(c.steps[0]!.day, c.end ?? life.today) && (showsStruck || !c.struck)), life.today, x),
    months: axis(life, perDay, x, left, right),
  }
}

function cellsAt(cells: Cell[], perDay: number, x: (day: number) => number): DrawnCell[] {
  const out: DrawnCell[] = []
  const small = new Map<string, Cell[]>()
  for (const c of cells) {
    const w = (c.to + 1 - c.from) * perDay - 1
    if (w >= 6) {
      out.push({ key: c.id, lane: c.lane, x: x(c.from), width: w, height: heights[c.state], state: c.state, cells: [c], bad: 0, metX: c.state === 'late' && c.metOn !== undefined ? x(c.metOn) : undefined })
      continue
    }
    const key = `${c.lane}/${dayOf(c.from).slice(0, 7)}`
    small.set(key, [...(small.get(key) ?? []), c])
  }
  for (const [key, group] of small) {
    const state = worst.find((s) => group.some((c) => c.state === s)) ?? 'kept'
    const from = Math.min(...group.map((c) => c.from))
    const to = Math.max(...group.map((c) => c.to)) + 1
    const bad = group.filter((c) => exception(c.state)).length
    out.push({ key, lane: group[0]!.lane, x: x(from), width: Math.max((to - from) * perDay - 1, bad > 0 ? 5 : 2), height: heights[state], state, cells: group, bad: group.length > 1 ? bad : 0 })
  }
  return out.sort((a, b) => a.lane - b.lane || a.x - b.x)
}

const gap: Record<number, number> = { 2: 16, 3: 14, 4: 3, 7: 14, 8: 12, 9: 14 }

/** Marks keep their distance: the one of higher rank keeps its place, others join it. */
function marksAt(marks: Mark[], x: (day: number) => number): DrawnMark[] {
  const placed: DrawnMark[] = []
  for (const m of [...marks].sort((a, b) => a.rank - b.rank || a.day - b.day)) {
    const at = x(m.day)
    const near = placed.find((p) => p.lane === m.lane && (p.mark.side ?? 0) === (m.side ?? 0) && Math.abs(p.x - at) < (gap[m.lane] ?? 14))
    if (near) {
      near.more.push(m)
      continue
    }
    const y = middle(m.lane) + (m.lane === 3 ? -9 : 0)
    placed.push({ key: m.key, lane: m.lane, x: at, y, mark: m, more: [], tail: m.lateBy > 0 ? x(m.day + m.lateBy) : undefined, spanTo: m.until ? x(m.until + 1) : undefined })
  }
  return placed.sort((a, b) => a.lane - b.lane || a.x - b.x)
}

const stair = [0, 6, 12, 18, 24]

function climbsAt(climbs: Climb[], today: number, x: (day: number) => number): DrawnClimb[] {
  const base = middle(7) + 12
  return climbs.map((c) => {
    const end = x(c.end ?? today)
    const first = x(c.steps[0]!.day)
    let path = `M${first} ${base}`
    let top = 0
    c.steps.forEach((s, i) => {
      const h = stair[Math.min(s.rung, 4)]!
      top = Math.max(top, h)
      const until = i + 1 < c.steps.length ? x(c.steps[i + 1]!.day) : Math.max(end, x(s.day) + 4)
      path += `L${x(s.day)} ${base - h}L${until} ${base - h}`
    })
    path += `L${Math.max(end, first + 4)} ${base}Z`
    const acks = c.acks.map((a) => ({ x: x(a.day), to: x(a.promise + 1), y: base - top }))
    return { key: `climb-${c.id}`, path, x: first, width: Math.max(end - first, 5), top: base - top, climb: c, acks }
  })
}

function axis(life: Life, perDay: number, x: (day: number) => number, left: number, right: number): Plan['months'] {
  const out: Plan['months'] = []
  let [y, m] = dayOf(life.from).split('-').map(Number) as [number, number]
  const step = perDay * 30 >= 34 ? 1 : perDay * 30 >= 12 ? 3 : 12
  for (;;) {
    const first = dayNumber(`${y}-${String(m).padStart(2, '0')}-01`)
    if (first > life.to) break
    const at = x(Math.max(first, life.from))
    if (((m - 1) % step === 0 || first < life.from) && at >= left - 400 && at <= right + 400) out.push({ x: at, width: perDay * 30 * step, text: m === 1 || out.length === 0 ? String(y) : String(m), year: m === 1 || out.length === 0 })
    m += 1
    if (m > 12) [y, m] = [y + 1, 1]
  }
  return out
}
