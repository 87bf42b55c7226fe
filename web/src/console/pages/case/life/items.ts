import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useCodes, useWorkers } from '@/app/codes'
import { dayAt, dayOf, dayText, shortDay } from '@/app/time'
import { citation } from '@/parts/cite'
import { useEntryText } from '../text'
import { middle, type Plan } from './layout'
import type { Cell, Life, Mark } from './model'

/** One thing of the picture as it is told: what, when, and what belongs to it. */
export interface Item {
  key: string
  lane: number
  x: number
  y: number
  day: number
  recorded?: number
  title: string
  lines: string[]
  exception: boolean
}

/** Everything that the picture shows, in words, by lane and day. */
export function useItems(plan: ComputedRef<Plan>, life: () => Life): ComputedRef<Item[]> {
  const { t } = useI18n()
  const { duty, word } = useCodes()
  const { worker } = useWorkers()
  const entryText = useEntryText()
  const day = (n: number) => shortDay(dayOf(n))

  function markLines(m: Mark, more: Mark[]): string[] {
    const e = m.entry!
    const lines = [m.until ? t('case.life.span', { from: day(m.day), to: day(m.until) }) : t('case.happened', { day: dayText(dayOf(m.day)) })]
    if (m.lateBy > 0) lines.push(`${t('case.told', { day: day(m.day + m.lateBy) })}，${t('case.life.lateTell', { n: m.lateBy })}`)
    lines.push(t('case.by', { who: e.actor.role === 'system' ? t('role.system') : `${t(`role.${e.actor.role}`)} ${worker(e.actor.id)}` }))
    lines.push(...Object.values(e.texts ?? {}))
    if (m.struck) lines.push(t('case.struck'))
    for (const x of more.slice(0, 6)) lines.push(`${day(x.day)} ${entryText(x.entry!)}`)
    if (more.length > 6) lines.push(t('case.life.more', { n: more.length - 6 }))
    return lines
  }

  const stateOf = (c: Cell) => t(c.held ? 'case.life.held' : `case.life.state.${c.state}`)
  const basis = (c: Cell) => [c.mark ? t(`mark.${c.mark}`) : '', citation(c.cite)].filter(Boolean).join(' ')

  function cellTitle(cells: Cell[], bad: number): string {
    const one = cells[0]!
    if (cells.length === 1) return t('case.life.cell', { duty: duty(one.id), from: day(one.from), to: day(one.to), state: stateOf(one) })
    const month = dayOf(one.from).slice(0, 7)
    return cells.every((c) => c.state === 'coming') ? t('case.life.comingMonth', { month, n: cells.length }) : t('case.life.merged', { month, n: cells.length, bad })
  }

  function cellLines(cells: Cell[]): string[] {
    const one = cells[0]!
    if (cells.length === 1) return [one.metOn !== undefined ? t('case.life.met', { day: day(one.metOn) }) : '', basis(one)].filter(Boolean)
    return cells.filter((c) => c.state !== 'kept').slice(0, 6).map((c) => (c.state === 'coming' ? `${duty(c.id)} ${t('case.life.span', { from: day(c.from), to: day(c.to) })} ${basis(c)}` : `${duty(c.id)} ${stateOf(c)}`))
  }

  return computed(() => {
    const out: Item[] = []
    for (const c of plan.value.cells) {
      out.push({
        key: `c-${c.key}`, lane: c.lane, x: c.x, y: middle(c.lane), day: c.cells[0]!.from, exception: ['missed', 'confirmed', 'late'].includes(c.state),
        title: cellTitle(c.cells, c.bad), lines: cellLines(c.cells),
      })
    }
    for (const m of plan.value.marks) {
      const e = m.mark.entry!
      out.push({ key: m.key, lane: m.lane, x: m.x, y: m.y, day: m.mark.day, recorded: m.mark.lateBy > 0 ? m.mark.day + m.mark.lateBy : undefined, title: entryText(e), lines: markLines(m.mark, m.more), exception: m.mark.rank === 1 })
    }
    for (const c of plan.value.climbs) {
      const top = ['worker', 'station_head', 'district', 'city'][Math.max(...c.climb.steps.map((s) => s.rung)) - 1] ?? 'worker'
      out.push({
        key: c.key, lane: 7, x: c.x, y: c.top, day: c.climb.steps[0]!.day, exception: true,
        title: t('case.life.climb', { duty: duty(c.climb.duty), who: t(`role.${top}`) }),
        lines: [
          ...c.climb.steps.map((s) => `${day(s.day)} ${t(`role.${['worker', 'station_head', 'district', 'city'][s.rung - 1] ?? 'worker'}`)}`),
          ...c.climb.acks.map((a) => t('case.life.acked', { day: day(a.day), promise: day(a.promise) })),
          c.climb.end === undefined ? t('case.life.open') : t('case.life.ended', { day: day(c.climb.end) }),
        ],
      })
    }
    for (const b of life().phases) {
      out.push({ key: `p${b.from}`, lane: 1, x: plan.value.x(b.from), y: middle(1), day: b.from, title: word('phase', b.code), lines: [t('case.life.span', { from: day(b.from), to: day(b.to - 1) })], exception: b.code === 'suspended' })
    }
    return out.sort((a, b) => a.lane - b.lane || a.day - b.day)
  })
}

/** The day in Beijing on which an entry was written down. */
export const recordedDay = (instant: string) => dayAt(instant)
