import type { CaseView, ComingWindow, Entry, EscalationRow, ObligationRow } from '@/api/schema'
import { dayAt, dayNumber } from '@/app/time'

// What the picture of a case's life is drawn from: days are numbers, everything is a plain value.

export const windowKinds = { test: 3, surprise_test: 3, contact: 4, home_visit: 5, assessment: 6 } as const

export type CellState = 'kept' | 'late' | 'open' | 'coming' | 'missed' | 'confirmed' | 'excused' | 'void'

/** A window of a recurring duty, from its first to its last day. */
export interface Cell {
  id: string
  lane: number
  from: number
  to: number
  state: CellState
  metOn?: number
  cite?: string
  mark?: string
  /** To come, while the clock of the case stands still. */
  held?: boolean
}

/** Something that happened on a day. */
export interface Mark {
  key: string
  lane: number
  day: number
  until?: number
  glyph: string
  /** 1 keeps its place and its word; higher numbers give way. */
  rank: number
  entry?: Entry
  struck?: boolean
  /** Days between what happened and when it was written down. */
  lateBy: number
  /** Above the middle of its lane (1), below (-1), or on it. */
  side?: number
}

/** A stretch of a lane: a phase, a class of risk, a watch. */
export interface Band {
  lane: number
  from: number
  to: number
  code: string
}

/** A climb: from when each rung was told, and when somebody answered. */
export interface Climb {
  id: number
  duty: string
  steps: { day: number; rung: number }[]
  acks: { day: number; promise: number }[]
  end?: number
  struck: boolean
}

export interface Life {
  from: number
  to: number
  today: number
  phases: Band[]
  risks: Band[]
  watches: Band[]
  cells: Cell[]
  marks: Mark[]
  climbs: Climb[]
  termEnd?: number
  entries: Entry[]
}

/** How the life is seen: as of a day, by what was known then or is known now. */
export interface Sight {
  day: number
  known: 'then' | 'now'
}

type Data = Record<string, unknown>
const data = (e: Entry) => (e.data ?? {}) as Data
const text = (v: unknown) => (typeof v === 'string' ? v : '')
/** The day of an event: the one it names, or that of its instant. */
export function dayOfEntry(e: Entry): number {
  return dayNumber(text(data(e).on) || text(data(e).from && e.type === 'leaving_recorded' ? data(e).from : '') || dayAt(e.occurred_at))
}

// Lane, glyph and rank of what is drawn as a mark.
const glyphs: Record<string, [lane: number, glyph: string, rank: number]> = {
  case_opened: [2, 'served', 1], reported_in: [2, 'in', 2], agreement_signed: [2, 'agreement', 2], case_resumed: [2, 'in', 2], measure_issued: [2, 'paper', 1], case_suspended: [2, 'paper', 1], case_terminated: [2, 'paper', 1],
  police_report_sent: [2, 'police', 1], receipt_recorded: [2, 'paper', 3], transfer_requested: [2, 'transfer', 2], transfer_accepted: [2, 'transfer', 2], transfer_returned: [2, 'transfer', 2], leave_reported: [2, 'leave', 3],
  policy_migrated: [2, 'rule', 4], calendar_applied: [2, 'rule', 4], release_file_submitted: [2, 'paper', 2], case_released: [2, 'paper', 1], leaving_recorded: [2, 'left', 1], violation_reached: [2, 'violation', 1], circumstance_recorded: [2, 'paper', 3],
  test_recorded: [3, 'test', 3], contact_recorded: [4, 'try', 5], supervision_recorded: [7, 'supervision', 4],
  help_given: [8, 'dot', 5], positive_event: [8, 'good', 2], plan_made: [8, 'goal', 3], goal_met: [8, 'reached', 2], referral_made: [8, 'refer', 3], placement_started: [8, 'placed', 2], volunteer_accepted: [8, 'good', 2],
  crisis_raised: [9, 'crisis', 1], engagement_stalled: [9, 'stalled', 2], re_engaged: [9, 'back', 2], lost_contact_confirmed: [9, 'lost', 1],
}

/** The day on which it happened; a case begins with the service of its order. */
function happenedOn(e: Entry): number {
  return e.type === 'case_opened' ? dayNumber(text(data(e).served_on)) : dayNumber(dayAt(e.occurred_at))
}

/** Whether the entry is part of what is seen. */
export function seen(e: Entry, s: Sight): boolean {
  const told = dayNumber(dayAt(e.recorded_at))
  return s.known === 'then' ? told <= s.day : happenedOn(e) <= s.day
}

export function lifeOf(view: CaseView, entries: Entry[], windows: ComingWindow[], today: number, sight: Sight): Life {
  const mine = entries.filter((e) => seen(e, sight))
  const holds = (e: Entry) => !e.taken_back || (sight.known === 'then' && !mine.some((x) => x.seq === e.taken_back))
  const served = dayNumber(view.summary.served_on)
  const end = view.summary.term_end ? dayNumber(view.summary.term_end) : undefined
  const past = sight.day < today
  const cells = cellsOf(view.obligations, mine.filter(holds), sight, past, today)
  if (!past) cells.push(...coming(windows))
  const standing = mine.filter(holds)
  return {
    from: Math.min(served, ...cells.map((c) => c.from)), to: Math.max(today + 45, (end ?? 0) + 20), today,
    phases: phasesOf(standing, served, sight.day), risks: risksOf(standing, served, sight.day), watches: watchesOf(standing, sight.day),
    cells, marks: marksOf(mine, holds), climbs: climbsOf(mine, view.escalations, sight), termEnd: end, entries: mine,
  }
}

const statusOf: Record<string, CellState> = { met: 'kept', open: 'open', missed: 'missed', confirmed: 'confirmed', excused: 'excused', dismissed: 'excused', superseded: 'void' }
const stateOfEvent: Record<string, CellState | 'met'> = {
  obligation_met: 'met', obligation_missed: 'missed', miss_confirmed: 'confirmed', miss_dismissed: 'excused', miss_justified: 'excused', obligation_superseded: 'void',
}

function cellsOf(rows: ObligationRow[], entries: Entry[], sight: Sight, past: boolean, today: number): Cell[] {
  const last = new Map<string, { state: CellState | 'met'; on?: number; late?: boolean }>()
  const opened = new Map<string, { opens: string; due: string; cite?: string }>()
  for (const e of entries) {
    const d = data(e)
    const o = d.obligation as { id: string; opens: string; due: string; cite?: string } | undefined
    if (e.type === 'obligation_opened' && o) opened.set(o.id, o)
    const state = stateOfEvent[e.type]
    if (state) last.set(text(d.id), { state, on: text(d.on) ? dayNumber(text(d.on)) : undefined, late: d.late === true })
  }
  const out: Cell[] = []
  const seenRows: { id: string; opens: string; due: string; cite?: string; status?: string; met_on?: string }[] = past ? [...opened].map(([id, o]) => ({ ...o, id })) : rows
  for (const r of seenRows) {
    const lane = windowKinds[r.id.replace(/-\d+$/, '') as keyof typeof windowKinds]
    if (!lane) continue
    const [from, to] = [dayNumber(r.opens), dayNumber(r.due)]
    if (past && from > sight.day) continue
    let state: CellState
    let metOn: number | undefined
    if (past) {
      const l = last.get(r.id)
      state = !l ? 'open' : l.state === 'met' ? (l.late ? 'late' : 'kept') : l.state
      metOn = l?.on
    } else {
      state = statusOf[r.status ?? 'open'] ?? 'open'
      metOn = r.met_on ? dayNumber(r.met_on) : undefined
      if (state === 'kept' && metOn !== undefined && metOn > to) state = 'late'
      if (state === 'open' && from > today) state = 'coming'
    }
    out.push({ id: r.id, lane, from, to, state, metOn, cite: r.cite })
  }
  return out.sort((a, b) => a.from - b.from)
}

/** The windows to come, as the engine computes them: no rule of them is known here. */
function coming(windows: ComingWindow[]): Cell[] {
  return windows.flatMap((w) => {
    const lane = windowKinds[w.kind as keyof typeof windowKinds]
    return lane ? [{ id: w.id, lane, from: dayNumber(w.opens), to: dayNumber(w.due), state: 'coming' as const, cite: w.cite, mark: w.mark, held: w.suspended }] : []
  })
}

const phaseOf: Record<string, string> = {
  case_opened: 'awaiting_report_in', reported_in: 'awaiting_agreement', agreement_signed: 'in_execution', case_suspended: 'suspended', case_resumed: 'resumed', term_passed: 'term_ended', case_released: 'released',
  case_terminated: 'terminated', transferred_out: 'transferred_out', sealing_fell_due: 'awaiting_sealing', case_sealed: 'sealed', case_voided: 'void', transfer_accepted: 'awaiting_report_in', transfer_arrived: 'awaiting_agreement',
}

function phasesOf(entries: Entry[], served: number, until: number): Band[] {
  const out: Band[] = []
  let held = 'in_execution'
  for (const e of entries) {
    let code = phaseOf[e.type]
    if (!code) continue
    const day = e.type === 'case_opened' ? served : dayOfEntry(e)
    const before = out.at(-1)
    if (code === 'suspended') held = before?.code ?? held
    if (code === 'resumed') code = held
    if (code === 'released' && e.type !== 'case_released') continue
    if (before?.code === code) continue
    if (before) before.to = day
    out.push({ lane: 1, from: day, to: until + 1, code })
  }
  return out.filter((b) => b.to > b.from)
}

function risksOf(entries: Entry[], served: number, until: number): Band[] {
  const out: Band[] = []
  for (const e of entries) {
    const code = e.type === 'case_opened' ? text(data(e).risk) : e.type === 'risk_changed' ? text(data(e).to) : ''
    if (!code) continue
    const day = e.type === 'case_opened' ? served : dayOfEntry(e)
    const before = out.at(-1)
    if (before) before.to = day
    out.push({ lane: 9, from: day, to: until + 1, code })
  }
  return out
}

function watchesOf(entries: Entry[], until: number): Band[] {
  const out: Band[] = []
  for (const e of entries) {
    if (e.type === 'risk_watch_opened') out.push({ lane: 9, from: dayOfEntry(e), to: Math.min(until + 1, dayNumber(text(data(e).until)) + 1), code: 'watch' })
    const open = out.at(-1)
    if (e.type === 'risk_watch_ended' && open) open.to = dayOfEntry(e)
  }
  return out
}

function marksOf(entries: Entry[], holds: (e: Entry) => boolean): Mark[] {
  const out: Mark[] = []
  for (const e of entries) {
    const g = glyphs[e.type]
    if (!g) continue
    const d = data(e)
    let [lane, glyph, rank] = g
    let side: number | undefined
    if (e.type === 'test_recorded') {
      const result = text(d.result)
      if (result === 'negative' && !d.unscheduled) continue // the window tells it
      glyph = result === 'negative' ? 'spare' : result.startsWith('positive') ? 'positive' : 'refused'
      rank = result === 'negative' ? 5 : 1
      side = 1
    }
    if (e.type === 'contact_recorded') {
      side = d.counts ? 1 : -1
      glyph = d.counts ? 'up' : 'down'
    }
    const day = e.type === 'case_opened' ? dayNumber(text(d.served_on)) : dayOfEntry(e)
    const span = e.type === 'leave_reported' || e.type === 'leaving_recorded' ? dayNumber(text(d.to)) : undefined
    const told = dayNumber(dayAt(e.recorded_at))
    out.push({ key: `e${e.seq}`, lane, day, until: span, glyph, rank, entry: e, struck: !holds(e), lateBy: e.type === 'case_opened' ? 0 : Math.max(0, told - day), side })
  }
  return out
}

function climbsOf(entries: Entry[], rows: EscalationRow[], sight: Sight): Climb[] {
  const out = new Map<number, Climb>()
  const day = (e: Entry) => dayNumber(dayAt(e.recorded_at))
  for (const e of entries) {
    const d = data(e)
    if (e.type === 'escalation_opened') out.set(e.seq, { id: e.seq, duty: text(d.obligation), steps: [{ day: day(e), rung: 1 + Number(d.rung ?? 0) }], acks: [], struck: Boolean(e.taken_back) })
    const c = out.get(Number(d.id))
    if (!c) continue
    if (e.type === 'escalation_climbed' && !d.repeat) c.steps.push({ day: day(e), rung: 1 + Number(d.rung ?? 0) })
    if (e.type === 'escalation_acknowledged') c.acks.push({ day: day(e), promise: dayNumber(text(d.promise)) })
    if (e.type === 'escalation_closed') c.end = day(e)
  }
  for (const r of rows) {
    const c = out.get(r.id)
    if (c && c.end === undefined && r.closed_at && dayNumber(dayAt(r.closed_at)) <= sight.day) c.end = dayNumber(dayAt(r.closed_at))
  }
  return [...out.values()]
}

/** What the picture says in one sentence: the counts of windows and climbs. */
export function sums(l: Life): { kind: string; due: number; kept: number }[] {
  return Object.keys(windowKinds)
    .filter((k) => k !== 'surprise_test')
    .map((kind) => {
      const due = l.cells.filter((c) => c.id.replace(/-\d+$/, '') === kind && c.state !== 'coming' && c.state !== 'void' && c.state !== 'open')
      return { kind, due: due.length, kept: due.filter((c) => c.state === 'kept').length }
    })
    .filter((x) => x.due > 0)
}
