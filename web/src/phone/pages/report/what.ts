import type { CaseView } from '@/api/schema'
import type { Values } from '@/parts/forms'
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
