import { computed, ref, shallowRef } from 'vue'
import { askPath, newKey, Problem } from '@/api/client'
import type { BatchAnswer, BatchResult, CaseView } from '@/api/schema'
import { t } from '@/app/i18n'
import { ended } from '@/app/session'
import { exactNow, offset } from '@/app/time'
import { sealTo, unsealWith, type Pair } from './vault/crypto'
import { db, type Fate, type Row } from './vault/db'
import { dropOld, hear, oldKey, recipient, tell, vault } from './vault/vault'

// What a worker wrote here is sealed at once and sent when the server can be reached. What became
// of it is what the server said, and nothing else.

/** What was written. */
export interface Item {
  caseId: string
  name: string
  type: string
  body: Record<string, unknown>
  note: string
  occurredAt: string
  /** How far the clock of the device was from the engine's. */
  offset: number
  urgent: boolean
}

/** What the server said of it. */
export interface Answer {
  sentence: string
  code?: string
  /** What is due next of the same kind, as the case stood after it. */
  next?: { kind: string; due: string }
  /** The case is another worker's now. */
  moved?: boolean
  at: number
}

export interface Entry {
  id: string
  at: number
  fate: Fate
  mine: boolean
  item?: Item
  answer?: Answer
}

export const entries = shallowRef<Entry[]>([])
export const sending = ref(0)
/** Those that nobody may forget: not in the ledger yet. */
export const unsent = computed(() => entries.value.filter((e) => ['note', 'waiting', 'taken', 'problem'].includes(e.fate)).length)
export const waiting = computed(() => entries.value.filter((e) => e.fate === 'waiting' || e.fate === 'taken').length)

const week = 7 * 86_400_000

/** Reads the outbox of the device; what is sealed to others is only counted. */
export async function load(): Promise<void> {
  const d = await db()
  const out: Entry[] = []
  for (const row of await d.getAll('outbox')) {
    if ((row.fate === 'recorded' || row.fate === 'known') && Date.now() - row.at > week) {
      await d.delete('outbox', row.id)
      continue
    }
    out.push(await read(row))
  }
  entries.value = out.sort((a, b) => b.at - a.at)
}

async function read(row: Row): Promise<Entry> {
  const v = vault.value
  const e: Entry = { id: row.id, at: row.at, fate: row.fate, mine: row.account === v?.account }
  if (!v || !e.mine) return e
  e.item = await unsealWith<Item>(v.own, row.sealed).catch(() => undefined)
  if (row.answer) e.answer = await unsealWith<Answer>(v.own, row.answer).catch(() => undefined)
  return e
}

async function to(): Promise<Pair> {
  const pair = await recipient()
  if (!pair) throw new Error(t('phone.noVault'))
  return pair
}

/** Keeps a record on the device; then it is tried to be sent. A note is completed later. */
export async function add(item: Omit<Item, 'offset'>, fate: 'waiting' | 'note' = 'waiting', id = newKey()): Promise<string> {
  const pair = await to()
  await (await db()).put('outbox', { id, account: pair.account, at: exactNow(), fate, sealed: await sealTo(pair, { ...item, offset: offset.value }) })
  await load()
  tell('outbox')
  if (fate === 'waiting') void send()
  return id
}

export async function remove(id: string): Promise<void> {
  await (await db()).delete('outbox', id)
  await load()
  tell('outbox')
}

/** The same record as one more: under a key of its own. */
export async function another(e: Entry): Promise<void> {
  if (!e.item) return
  await add({ ...e.item, body: { ...e.item.body, another: true } })
  await remove(e.id)
}

export async function settle(id: string, fate: Fate, answer?: Answer): Promise<void> {
  const d = await db()
  const row = await d.get('outbox', id)
  if (!row) return
  await d.put('outbox', { ...row, fate, ...(answer ? { answer: await sealTo(await to(), answer) } : {}) })
}

/** Seals what waits under an old password to the new one. */
export async function recover(oldPassword: string): Promise<void> {
  const old = await oldKey(oldPassword)
  if (!old) throw new Error(t('phone.outbox.notOld'))
  const d = await db()
  const pair = await to()
  for (const row of await d.getAll('outbox')) {
    if (row.account !== pair.account) continue
    const item = await unsealWith<Item>(old.key, row.sealed).catch(() => undefined)
    if (item) await d.put('outbox', { ...row, answer: undefined, sealed: await sealTo(pair, item) })
  }
  await dropOld(old.pair)
  await load()
  void send()
}

const most = 50

/** Sends what waits, crises first, from one tab at a time. */
export async function send(): Promise<void> {
  if (!vault.value || ended.value) return
  await navigator.locks.request('workbench.outbox', { ifAvailable: true }, async (lock) => {
    if (!lock) return
    await load()
    const due = entries.value.filter((e) => e.item && (e.fate === 'waiting' || e.fate === 'taken')).sort((a, b) => a.at - b.at)
    const parts = [due.filter((e) => e.item!.urgent)]
    const others = due.filter((e) => !e.item!.urgent)
    for (let i = 0; i < others.length; i += most) parts.push(others.slice(i, i + most))
    for (const part of parts) if (part.length > 0 && !(await sendPart(part))) break
  })
}

/** Whether the server answered. What it did not answer for waits on. */
async function sendPart(part: Entry[]): Promise<boolean> {
  sending.value = part.length
  try {
    const items = part.map((e) => ({ id: e.id, case_id: e.item!.caseId, type: e.item!.type, occurred_at: e.item!.occurredAt, body: e.item!.body, ...(e.item!.note ? { note: e.item!.note } : {}) }))
    const got = await askPath<BatchResult>('POST', '/v1/commands', { items })
    const views = new Map<string, Promise<CaseView | undefined>>()
    for (const a of got.items) {
      const e = part.find((x) => x.id === a.id)
      if (!e) continue
      const id = e.item!.caseId
      if (!a.problem && !views.has(id)) views.set(id, look(id))
      const [fate, answer] = judge(a)
      await settle(e.id, fate, fate === 'recorded' ? { ...answer!, ...after(e.item!, await views.get(id)) } : answer)
    }
    return true
  } catch (err) {
    if (!(err instanceof Problem)) throw err
    return err.status === 422 ? refuseAll(part, err) : false
  } finally {
    sending.value = 0
    await load()
    tell('outbox')
  }
}

/** A batch that cannot be read as a whole holds something wrong: say so at each. */
async function refuseAll(part: Entry[], err: Problem): Promise<boolean> {
  for (const e of part) await settle(e.id, 'problem', { sentence: err.message, code: err.code, at: exactNow() })
  return true
}

/** The case after it; undefined where it is not one's own any more. */
async function look(id: string): Promise<CaseView | undefined> {
  return askPath<CaseView>('GET', `/v1/cases/${encodeURIComponent(id)}`).catch((err: Problem) => {
    if (err.status === 404 || err.status === 403) return undefined
    throw err
  })
}

const kindOf: Record<string, string[]> = { 'record-test': ['test', 'surprise_test'], 'raise-crisis': ['crisis_follow_up'], 'record-contact': ['contact', 'home_visit', 'outreach', 'follow_up', 'watch_contact'] }

function after(item: Item, view: CaseView | undefined): Pick<Answer, 'next' | 'moved'> {
  if (!view) return { moved: true }
  const kinds = item.type === 'record-contact' && item.body.channel === 'home_visit' ? ['home_visit', 'contact'] : kindOf[item.type]
  const next = view.obligations.filter((o) => o.status === 'open' && kinds?.includes(o.id.slice(0, o.id.lastIndexOf('-')))).sort((a, b) => a.due.localeCompare(b.due))[0]
  if (next) return { next: { kind: next.id.slice(0, next.id.lastIndexOf('-')), due: next.due } }
  const { next_kind: kind, next_due: due } = view.summary
  return kind && due ? { next: { kind, due } } : {}
}

/** What the server's answer makes of a record. */
export function judge(a: BatchAnswer): [Fate, Answer | undefined] {
  const at = exactNow()
  const p = a.problem
  if (p) {
    if (p.status >= 500 || p.status === 429 || p.status === 401) return ['waiting', undefined]
    return ['problem', { sentence: p.detail ?? '', code: p.code, at }]
  }
  const urgent = (a.warnings ?? []).join(' ')
  if (a.receipt?.known) return ['known', { sentence: t('phone.fate.known'), at }]
  if (a.status === 202 || a.receipt?.pending) return ['taken', { sentence: t('state.pending'), at }]
  return ['recorded', { sentence: [a.receipt?.duplicate ? t('state.duplicate') : '', urgent].filter(Boolean).join(' '), at }]
}

let begun = false

/** Sends at reconnect, on coming back to the page and every 30 seconds. */
export function keepSending(): void {
  if (begun) return
  begun = true
  hear('outbox', () => void load())
  addEventListener('online', () => void send())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void send()
  })
  setInterval(() => {
    if (waiting.value > 0) void send()
  }, 30_000)
}
