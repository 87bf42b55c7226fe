import type { components } from '@/api/schema'

export type Report = components['schemas']['EvaluationReport']

/** The period of the same length before: 2026-Q1 → 2025-Q4, 2026-01 → 2025-12, 2026 → 2025. */
export function periodBefore(period: string): string {
  const [y, part] = period.split('-') as [string, string | undefined]
  if (!part) return String(Number(y) - 1)
  const n = Number(part.replace('Q', ''))
  const last = part.startsWith('Q') ? 4 : 12
  const to = n > 1 ? n - 1 : last
  return `${n > 1 ? y : Number(y) - 1}-${part.startsWith('Q') ? `Q${to}` : String(to).padStart(2, '0')}`
}

/** The last day of the month or the quarter before the day. */
export function endBefore(day: string, span: 'month' | 'quarter'): string {
  const [y, m] = day.split('-').map(Number) as [number, number]
  const first = span === 'month' ? m - 1 : Math.floor((m - 1) / 3) * 3
  return new Date(Date.UTC(y, first, 0)).toISOString().slice(0, 10)
}

/** What has changed, as it is shown; undefined where one of them has no value. */
export function changeOf(now: number | null | undefined, before: number | null | undefined, unit: string): number | undefined {
  if (typeof now !== 'number' || typeof before !== 'number') return undefined
  return Number((now - before).toFixed(unit === 'count' ? 0 : 1))
}

/** The place among the others, the best first; undefined where it has no value or nothing is better. */
export function rankOf(all: (number | null | undefined)[], value: number | null | undefined, direction: string): number | undefined {
  if (typeof value !== 'number' || direction === 'none') return undefined
  return 1 + all.filter((x) => typeof x === 'number' && (direction === 'up' ? x > value : x < value)).length
}
