import { computed, ref, shallowRef } from 'vue'
import { api, ask, Problem } from '@/api/client'
import type { CaseView, Codes, FormHead, FormView, ObligationRow, PlaceList, WorkerList } from '@/api/schema'
import { lang, type Lang } from '@/app/i18n'
import { queries } from '@/app/queries'
import { session, type Session } from '@/app/session'
import { forms } from '@/parts/forms'
import { daysUntil, exactNow, offset, today } from '@/app/time'
import { keep, kept, vault } from './vault/vault'

// The day of a worker: the own cases as the server gave them last, kept under the day key so
// that they can be read where there is no network.

interface Day {
  at: number
  offset: number
  session: Session
  /** What the server calls the state of the cases. */
  tag?: string
  cases: CaseView[]
  codes?: Codes
  places?: PlaceList
  workers?: WorkerList
  sheets?: Sheets
}

/** Forms that may be filled in on the way, with their words in the language of the pages. */
interface Sheets {
  lang: Lang
  at: number
  list: FormView[]
}

export const day = shallowRef<Day>()
export const fetching = ref(false)
export const unreachable = ref(false)
export const problem = shallowRef<Problem>()

/** Takes what is kept on the device, with who was signed in when it was fetched. */
export async function restore(): Promise<Session | undefined> {
  const d = await kept<Day>('day')
  if (!d) return undefined
  day.value = d
  offset.value ||= d.offset
  hand(d)
  return d.session
}

/** Words and names for the parts that ask for them by themselves. */
function hand(d: Day): void {
  if (d.codes) queries.setQueryData(['codes'], d.codes, { updatedAt: d.at })
  if (d.places) queries.setQueryData(['places'], d.places, { updatedAt: d.at })
  if (d.workers) queries.setQueryData(['workers'], d.workers, { updatedAt: d.at })
}

export function forget(): void {
  day.value = undefined
}

/** Fetches the day; where nothing has changed since, the one that is there stays. */
export async function refresh(): Promise<void> {
  const who = session.value
  if (!who || fetching.value || who.role !== 'worker') return
  fetching.value = true
  try {
    const had = day.value?.session.account === who.account ? day.value : undefined
    const [{ tag, cases }, codes, places, workers] = await Promise.all([
      ownDay(had),
      day.value?.codes ?? ask(api.GET('/v1/codes')),
      day.value?.places ?? ask(api.GET('/v1/places')),
      ask(api.GET('/v1/workers', { params: { query: { limit: 200 } } })).catch(() => day.value?.workers),
    ])
    if (session.value?.account !== who.account) return
    const next: Day = { at: exactNow(), offset: offset.value, session: who, tag, cases, codes, places, workers, sheets: day.value?.sheets }
    day.value = next
    hand(next)
    unreachable.value = false
    problem.value = undefined
    if (vault.value) await keep('day', next)
    void refreshSheets()
  } catch (err) {
    if (!(err instanceof Problem)) throw err
    unreachable.value = err.status === 0
    problem.value = err
  } finally {
    fetching.value = false
  }
}

async function ownDay(had: Day | undefined): Promise<{ tag?: string; cases: CaseView[] }> {
  let answer
  try {
    answer = await api.GET('/v1/day', { headers: had?.tag ? { 'If-None-Match': had.tag } : {} })
  } catch {
    throw new Problem(0)
  }
  if (answer.response.status === 304 && had) return { tag: had.tag, cases: had.cases }
  const { cases } = await ask(Promise.resolve(answer))
  return { tag: answer.response.headers.get('ETag') ?? undefined, cases }
}

const onTheWay = ['record-contact', 'record-test', 'record-assessment', 'report-leave', 'raise-crisis']
const halfDay = 43_200_000

/** What a phone takes along: forms of what is recorded on it, and those that go with no command, such as scales. */
const takesAlong = (h: FormHead) => !h.anonymous && ((h.commands ?? []).length === 0 || h.commands!.some((c) => onTheWay.includes(c)))

let fetchingSheets = false

/** Fetches the forms, once in half a day; those whose text is the same are not fetched again. */
async function refreshSheets(): Promise<void> {
  const had = day.value?.sheets
  if (fetchingSheets || (had && had.lang === lang.value && exactNow() - had.at < halfDay)) return
  fetchingSheets = true
  const of = lang.value
  try {
    const heads = (await ask(api.GET('/v1/forms'))).forms.filter(takesAlong)
    const old = new Map(had?.lang === of ? had.list.map((v) => [v.digest, v]) : [])
    const list: FormView[] = []
    for (const h of heads) list.push(old.get(h.digest) ?? (await ask(api.GET('/v1/forms/{form}', { params: { path: { form: h.form }, query: { version: h.version } } }))))
    if (!day.value) return
    day.value = { ...day.value, sheets: { lang: of, at: exactNow(), list } }
    if (vault.value) await keep('day', day.value)
  } catch (err) {
    if (!(err instanceof Problem)) throw err // without a network those of before are there
  } finally {
    fetchingSheets = false
  }
}

export const sheets = computed(() => day.value?.sheets?.list ?? [])

/** The form that goes with a command: that of the duty, or that of the channel of a contact; of a test, by its outcome. */
export function sheetFor(command: string, way: string | undefined, duty: ObligationRow | undefined, refused: boolean): FormView | undefined {
  if (command === 'record-test') return sheets.value.find((v) => v.form === (refused ? 'test_refusal' : 'test_register'))
  const fit = sheets.value.filter((v) => v.commands?.includes(command) && (!v.channels?.length || v.channels.some((c) => c === way)))
  const wanted = (duty?.forms ?? []).flatMap((f) => f.split('|'))
  return fit.find((v) => wanted.includes(v.form)) ?? fit.find((v) => command !== 'record-contact' || v.channels?.length)
}

export function caseOf(id: string | undefined): CaseView | undefined {
  return day.value?.cases.find((c) => c.summary.case_id === id)
}

export const kindOf = (o: { id: string }) => o.id.slice(0, o.id.lastIndexOf('-'))

/** The command that answers a duty, where a worker may give it. */
export function commandFor(o: { id: string }): string | undefined {
  const codes = day.value?.codes
  const command = codes?.duties.find((d) => d.code === kindOf(o))?.command
  return codes?.commands.find((c) => c.code === command)?.roles.includes('worker') ? command : undefined
}

/** Whether the phone has a form for it; groups and plans are put together on the wide pages. */
export const here = (o: { id: string }) => {
  const form = forms[commandFor(o) ?? '']
  return form !== undefined && !form.fields.some((f) => f.kind === 'rows')
}

/** What a worker has to do for a case by now: misses that nobody settled, and what is open and due within days. */
export function duties(c: CaseView, within = 3): ObligationRow[] {
  return c.obligations
    .filter((o) => (o.status === 'missed' || (o.status === 'open' && daysUntil(o.due) <= within && o.opens <= today())) && commandFor(o))
    .sort((a, b) => Number(here(b)) - Number(here(a)) || a.due.localeCompare(b.due))
}

export interface Stop {
  /** Street and address: one walk does one house. */
  address: string
  cases: { view: CaseView; duties: ObligationRow[] }[]
}

/** Addresses up to the house: units and rooms are one stop. */
export function houseOf(address: string): string {
  return /^(.*?\d+\s*号(?:院|楼)?)/.exec(address)?.[1] ?? address
}

export function addressOf(c: CaseView): string {
  return c.identity?.residence_address || c.identity?.household_address || ''
}

/** The stops of the day, each as urgent as its first case. */
export const stops = computed<Stop[]>(() => {
  const places = new Map((day.value?.places?.places ?? []).map((p) => [p.code, p.name]))
  const rows = (day.value?.cases ?? []).map((view) => ({ view, duties: duties(view) })).filter((r) => r.duties.length > 0 || r.view.crises.length > 0)
  const risk = { high: 0, medium: 1, low: 2 }
  rows.sort((a, b) => b.view.crises.length - a.view.crises.length || (a.duties[0]?.due ?? '').localeCompare(b.duties[0]?.due ?? '') || risk[a.view.summary.risk] - risk[b.view.summary.risk])
  const out = new Map<string, Stop>()
  for (const row of rows) {
    const street = places.get(row.view.identity?.residence_street ?? row.view.identity?.household_street ?? row.view.summary.place) ?? ''
    const key = [street, houseOf(addressOf(row.view))].filter(Boolean).join(' ')
    const stop = out.get(key) ?? { address: key, cases: [] }
    stop.cases.push(row)
    out.set(key, stop)
  }
  return [...out.values()]
})

/** The next thing that comes, for a day on which nothing is due. */
export const nextUp = computed(() => {
  const all = (day.value?.cases ?? []).flatMap((c) => c.obligations.filter((o) => o.status === 'open' && o.due >= today() && commandFor(o) && here(o)))
  return all.sort((a, b) => a.due.localeCompare(b.due))[0]
})
