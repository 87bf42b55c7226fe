import { askPath } from '@/api/client'
import { api, ask } from '@/api/client'
import { once, type Question, type Values } from '@/desk/ask'

// What can be changed of a place and of a worker: what each change asks for, and how it is sent.

export const posts = ['full_time', 'part_time', 'station_head', 'supervisor'] as const
export const qualifications = ['none', 'assistant', 'social_worker', 'senior'] as const
export const placeChanges = ['rename', 'merge', 'close', 'reopen', 'set-station', 'set-leading-group'] as const
export const workerChanges = ['edit', 'move', 'leave'] as const

type T = (key: string) => string
type Options = { value: string; label: string }[]

const option = (t: T, group: string, codes: readonly string[]): Options => codes.map((c) => ({ value: c, label: t(`org.${group}.${c}`) }))

/** The questions of a change of a place. */
export function placeQuestions(change: string, t: T, streets: Options, people: Options): Question[] {
  const from: Question = { name: 'from', label: t('org.from'), kind: 'day', required: true }
  const more: Record<string, Question[]> = {
    rename: [{ name: 'name', label: t('org.name'), kind: 'text', required: true, max: 64 }],
    merge: [{ name: 'into', label: t('org.into'), kind: 'select', required: true, options: streets }],
    close: [{ name: 'into', label: t('org.into'), kind: 'select', options: streets }],
    'set-station': [
      { name: 'head', label: t('org.head'), kind: 'select', options: people }, { name: 'phone', label: t('org.phone'), kind: 'text', max: 32 }, { name: 'address', label: t('org.address'), kind: 'text', max: 200 },
    ],
    'set-leading-group': [{ name: 'lead', label: t('org.lead'), kind: 'select', required: true, options: people }, { name: 'members', label: t('org.members'), kind: 'list' }],
  }
  return [...(more[change] ?? []), from]
}

/** The questions of a change of a worker, and of registering one. */
export function workerQuestions(change: string, t: T, places: Options): Question[] {
  const from: Question = { name: 'from', label: t('org.from'), kind: 'day', required: true }
  const place: Question = { name: 'place', label: t('org.place'), kind: 'select', required: true, options: places }
  const what: Question[] = [
    { name: 'post', label: t('org.postOf'), kind: 'choice', required: change === 'register', options: option(t, 'post', posts) },
    { name: 'qualification', label: t('org.qualificationOf'), kind: 'choice', options: option(t, 'qualification', qualifications) },
    { name: 'limit', label: t('org.limit'), kind: 'number', min: 0, max: 500 },
  ]
  const person: Question = { name: 'name', label: t('org.person'), kind: 'text', required: change === 'register', max: 64 }
  switch (change) {
    case 'register':
      return [{ name: 'id', label: t('org.id'), kind: 'text', required: true, hint: t('org.idHint'), max: 64 }, person, place, ...what, from]
    case 'edit':
      return [person, ...what, from]
    case 'move':
      return [place, from]
  }
  return [{ name: 'last_day', label: t('org.lastDay'), kind: 'day', required: true }]
}

interface Changed {
  warnings?: string[]
}

export function changePlace(code: string, change: string, body: Values, key: string): Promise<Changed> {
  return askPath<Changed>('POST', `/v1/places/${code}/${change}`, body, once(key))
}

export function changeWorker(id: string, change: string, body: Values, key: string): Promise<Changed> {
  if (change === 'register') return ask(api.POST('/v1/workers', { body: body as never }))
  return askPath<Changed>('POST', `/v1/workers/${encodeURIComponent(id)}/${change === 'edit' ? 'change' : change}`, body, once(key))
}

/** Says of a change before it is made how many open cases stand at the place. */
export async function concerned(place: string): Promise<number> {
  const got = await ask(api.GET('/v1/caseload', { params: { query: { place, limit: 200 } } }))
  return got.workers.reduce((sum, w) => sum + w.cases, 0)
}
