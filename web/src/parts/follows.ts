import type { CommandResult, Rehearsal } from '@/api/schema'
import { lang, t } from '@/app/i18n'
import { distance, shortDay } from '@/app/time'

type Effects = { met: { id: string; late?: boolean }[]; opened: { id: string; due?: string }[]; moved: { id: string; from: string; to: string }[]; next?: { zh?: string; en?: string; due?: string } }
type Duty = (id: string | undefined) => string

const counted = ['test_breaches', 'leavings', 'absence_days', 'deemed_refusals', 'relapses'] as const

/** What a command would bring, in sentences, from its rehearsal. */
export function wouldFollow(r: Rehearsal, duty: Duty, phase: (code: string) => string): string[] {
  const out: string[] = []
  for (const key of counted) {
    const [was, is] = [r.before.counters[key], r.after.counters[key]]
    if (was !== is) out.push(t('form.count', { what: t(`form.counter.${key}`), was, is }))
  }
  if (r.before.phase !== r.after.phase) out.push(t('form.phase', { phase: phase(r.after.phase) }))
  if (r.before.term_end !== r.after.term_end) out.push(t('form.term', { from: shortDay(r.before.term_end), to: shortDay(r.after.term_end) }))
  for (const e of r.added) {
    const d = (e.data ?? {}) as { id?: string; obligation?: { id: string; due: string } }
    if (e.type === 'obligation_met') out.push(t('form.met', { duty: duty(d.id) }))
    if (e.type === 'obligation_opened' && d.obligation) out.push(t('form.opened', { duty: duty(d.obligation.id), day: shortDay(d.obligation.due) }))
    if (e.type === 'obligation_superseded') out.push(t('form.ended', { duty: duty(d.id) }))
    if (e.type === 'escalation_closed') out.push(t('form.closed'))
    if (e.type === 'miss_retracted') out.push(t('form.retracted', { duty: duty(d.id) }))
  }
  for (const m of r.moved) out.push(t('form.moved', { duty: duty(m.id), from: shortDay(m.from), to: shortDay(m.to) }))
  if (r.taken_back.length > 0) out.push(t('form.takenBack', { n: r.taken_back.length }))
  for (const f of r.fell) out.push(t('form.fell', { duty: duty(f.obligation) }))
  if (r.two_people) out.push(t('form.twoPeople'))
  return [...new Set(out)]
}

/** What a command did, in one sentence, as the engine answered. */
export function did(result: CommandResult, what: string, duty: Duty): string {
  if (result.pending) return t('state.pending')
  if (result.duplicate) return t('state.duplicate')
  if (result.known) return t('state.known')
  const e = (result as CommandResult & { effects?: Effects }).effects
  const parts = [t('form.recorded', { what })]
  const met = e?.met ?? []
  if (met.length > 0) parts.push(t('form.metNow', { list: met.map((m) => duty(m.id)).join(t('form.and')) }))
  if (e?.next?.due) parts.push(t('form.next', { duty: (lang.value === 'en' ? e.next.en : e.next.zh) ?? '', day: shortDay(e.next.due), distance: distance(e.next.due) }))
  return parts.join(t('form.join')) + t('form.stop')
}
