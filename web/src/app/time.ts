import { ref } from 'vue'
import { lang, t } from './i18n'

// Days are days in Beijing and are written 2026-11-30, instants RFC 3339. What the device
// thinks of zone and hour plays no part: the engine says what time it is.

const beijing = 8 * 3_600_000
const dayMs = 86_400_000

/** How far the engine's clock is ahead of the device's. */
export const offset = ref(0)
const tick = ref(Date.now())
setInterval(() => (tick.value = Date.now()), 30_000)

/** The engine's clock, as it was told. */
export function setClock(engine: string | undefined): void {
  if (!engine) return
  offset.value = Date.parse(engine) - Date.now()
  tick.value = Date.now()
}

/** Now, by the engine's clock; it moves every half minute. */
export function now(): number {
  return tick.value + offset.value
}

/** Now, to the millisecond, by the engine's clock. */
export function exactNow(): number {
  return Date.now() + offset.value
}

/** The number of a day since 1970. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) / dayMs)
}

/** The day with the number. */
export function dayOf(number: number): string {
  return new Date(number * dayMs).toISOString().slice(0, 10)
}

/** The day in Beijing of an instant. */
export function dayAt(instant: string | number): string {
  const ms = typeof instant === 'number' ? instant : Date.parse(instant)
  return new Date(ms + beijing).toISOString().slice(0, 10)
}

export function today(): string {
  return dayAt(now())
}

/** Days from today until the day; negative where it is over. */
export function daysUntil(day: string): number {
  return dayNumber(day) - dayNumber(today())
}

/** The hour and minute in Beijing. */
export function clockAt(instant: string | number): string {
  const ms = typeof instant === 'number' ? instant : Date.parse(instant)
  return new Date(ms + beijing).toISOString().slice(11, 16)
}

function weekday(day: string): string {
  return t('day.weekday').split(',')[(dayNumber(day) + 4) % 7]!
}

/** Keeps a date on one line: number and unit never break apart. */
function whole(text: string): string {
  return [...text].join('\u2060')
}

/** A day in a sentence: 2026年11月30日（周一）. */
export function dayText(day: string | undefined, withWeekday = true): string {
  if (!day) return ''
  const [y, m, d] = day.slice(0, 10).split('-').map(Number)
  if (lang.value === 'en') return withWeekday ? `${weekday(day)} ${day.slice(0, 10)}` : day.slice(0, 10)
  return whole(`${y}年${m}月${d}日${withWeekday ? `（${weekday(day)}）` : ''}`)
}

/** A day of this year without the year: 11月30日. */
export function shortDay(day: string | undefined): string {
  if (!day) return ''
  if (lang.value === 'en') return day.slice(0, 4) === today().slice(0, 4) ? day.slice(5, 10) : day.slice(0, 10)
  const [y, m, d] = day.slice(0, 10).split('-').map(Number)
  return whole(`${day.slice(0, 4) === today().slice(0, 4) ? '' : `${y}年`}${m}月${d}日`)
}

/** How far a day is: 今天, 还有3天, 逾期2天. */
export function distance(day: string): string {
  const n = daysUntil(day)
  if (n === 0) return t('day.today')
  return n > 0 ? t('day.in', { n }) : t('day.over', { n: -n })
}

/** An instant within the year: 11月29日 14:05. */
export function instantText(instant: string | undefined): string {
  if (!instant) return ''
  const day = dayAt(instant)
  return `${day === today() ? t('day.today') : shortDay(day)} ${clockAt(instant)}`
}

/** How long until an instant that is less than two days away. */
export function hoursUntil(instant: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(instant) - now()) / 60_000))
  return t('day.hours', { h: Math.floor(minutes / 60), m: minutes % 60 })
}

/** Reads a day as people write it; undefined where it is none. */
export function readDay(text: string): string | undefined {
  const s = text.trim().replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
  const relative: Record<string, number> = { 今天: 0, today: 0, 昨天: -1, yesterday: -1, 前天: -2, 明天: 1, tomorrow: 1 }
  if (s in relative) return dayOf(dayNumber(today()) + relative[s]!)
  const full = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(s)
  const short = /^(\d{1,2})[-/.月](\d{1,2})日?$/.exec(s)
  const [y, m, d] = full ? full.slice(1) : short ? [today().slice(0, 4), ...short.slice(1)] : []
  if (!y || !m || !d) return undefined
  const day = `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`
  return Number.isNaN(Date.parse(`${day}T00:00:00Z`)) || dayOf(dayNumber(day)) !== day ? undefined : day
}
