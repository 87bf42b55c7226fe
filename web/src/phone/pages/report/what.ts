import type { CaseView, FormView } from '@/api/schema'
import type { Values } from '@/parts/forms'
import { partsOf, type Answers } from '@/parts/sheet/sheet'
import { commandFor, kindOf } from '../../day'

/** A way to meet, or a test: what a report is about. */
export const test = 'test'
export const ways = ['home_visit', 'phone', 'talk', test, 'sms', 'family_visit', 'video', 'joint_visit'] as const

const wayOf: Record<string, string> = { home_visit: 'home_visit', contact: 'talk', follow_up: 'phone', watch_contact: 'phone', test, surprise_test: test }

/** The way that the duty asks for. */
export function wayFor(view: CaseView | undefined, duty: string | undefined): string | undefined {
  if (!duty) return undefined
  const kind = kindOf({ id: duty })
  return kind === 'outreach' ? view?.outreach?.step : wayOf[kind]
}

/** The command behind a report: that of the page's address, of the duty, or of the way. */
export function commandOf(asked: string | undefined, duty: string | undefined, way: string | undefined): string {
  if (asked) return asked
  if (way === test) return 'record-test'
  if (way) return 'record-contact'
  return (duty && commandFor({ id: duty })) || 'record-contact'
}

/** What is filled in at first; the outcome never is. */
export function firstValues(command: string, way: string | undefined, duty: string | undefined, last: Values | undefined): Values {
  if (command === 'record-contact') return { channel: way }
  if (command === 'record-test') return { method: 'urine', staff: last?.staff, site: last?.site, ...(duty?.startsWith('surprise_test') ? { surprise: true } : {}) }
  return {}
}

/** Answers of a form that the report has given already. */
export function knownIn(view: FormView, values: Values): Answers {
  const out: Answers = {}
  for (const q of partsOf(view).flatMap((p) => p.questions)) {
    const v = values[q.name]
    if ((q.kind === 'code' && q.codes.includes(v as string)) || (q.kind === 'day' && typeof v === 'string')) out[q.name] = v
  }
  return out
}
