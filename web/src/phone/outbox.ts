import { computed, ref, shallowRef } from 'vue'
import { newKey } from '@/api/client'
import type { FormFiled } from '@/api/schema'
import { t } from '@/app/i18n'
import { exactNow, offset } from '@/app/time'
import { sealBytesTo, sealTo, unsealBytesWith, unsealWith, type Pair } from './vault/crypto'
import { db, type Fate, type Row } from './vault/db'
import { dropOld, oldKey, recipient, tell, vault } from './vault/vault'

// What a worker wrote here is sealed at once and sent when the server can be reached. What became
// of it is what the server said, and nothing else.

/** A form by itself, and a photo: they lie beside the commands and go by doors of their own. */
export const formItem = 'record-form'
export const photoItem = 'add-attachment'

/** A form that was filled in. */
export interface Filled {
  form: string
  version: number
  obligation?: string
  answers: Record<string, unknown>
}

/** What was written. */
export interface Item {
  caseId: string
  name: string
  /** A command, formItem or photoItem. */
  type: string
  body: Record<string, unknown>
  note: string
  occurredAt: string
  /** How far the clock of the device was from the engine's. */
  offset: number
  urgent: boolean
  /** A form beside a command, or the form itself. */
  form?: Filled
  /** What it is called, where the code does not say it: the title of a form. */
  title?: string
  /** Of a photo: the record that it belongs to goes first. */
  after?: string
}

/** What the server said of it. */
export interface Answer {
  sentence: string
  code?: string
  /** What is due next of the same kind, as the case stood after it. */
  next?: { kind: string; due: string }
  /** The case is another worker's now. */
  moved?: boolean
  /** Where it stands in the ledger. */
  receipt?: { seq: number; command: string }
  /** What the answers of a form came to. */
  filed?: FormFiled
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

/** Who sends what was added. */
let sender: () => void = () => undefined
export function sendsBy(act: () => void): void {
  sender = act
}

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

/** A photo before it is kept. */
export interface Shot {
  kind: string
  blob: Blob
}

/** Keeps a record on the device, with its photos; then it is tried to be sent. A note is completed later. */
export async function add(item: Omit<Item, 'offset'>, fate: 'waiting' | 'note' = 'waiting', id = newKey(), shots: Shot[] = []): Promise<string> {
  const { caseId, name, occurredAt } = item
  for (const shot of shots) await put({ caseId, name, type: photoItem, body: { kind: shot.kind }, note: '', occurredAt, urgent: false, after: id }, fate, newKey(), shot.blob)
  await put(item, fate, id)
  await load()
  tell('outbox')
  if (fate === 'waiting') sender()
  return id
}

/** Keeps photos of a case that belong to no record of now. */
export async function addPhotos(item: Pick<Item, 'caseId' | 'name' | 'occurredAt'>, shots: Shot[]): Promise<string[]> {
  const ids = shots.map(() => newKey())
  for (const [i, shot] of shots.entries()) await put({ ...item, type: photoItem, body: { kind: shot.kind }, note: '', urgent: false }, 'waiting', ids[i]!, shot.blob)
  await load()
  tell('outbox')
  sender()
  return ids
}

async function put(item: Omit<Item, 'offset'>, fate: Fate, id: string, photo?: Blob, answer?: Answer): Promise<void> {
  const pair = await to()
  const file = photo && (await sealBytesTo(pair, await photo.arrayBuffer()))
  const sealed = await sealTo(pair, { ...item, offset: offset.value })
  const said = answer && { answer: await sealTo(pair, answer) }
  const tx = (await db()).transaction(['outbox', 'files'], 'readwrite')
  if (file) void tx.objectStore('files').put(file, id)
  void tx.objectStore('outbox').put({ id, account: pair.account, at: exactNow(), fate, sealed, ...said })
  await tx.done
}

/** Keeps a form that was refused beside its record, so that it can be put right. */
export async function putBack(e: Entry, sentence: string): Promise<void> {
  await put({ ...e.item!, type: formItem, body: {}, note: '', urgent: false }, 'problem', newKey(), undefined, { sentence, at: exactNow() })
}

/** The photo of a row; undefined where it was sent. */
export async function photoOf(id: string): Promise<Blob | undefined> {
  const s = await (await db()).get('files', id)
  return s && vault.value ? new Blob([await unsealBytesWith(vault.value.own, s)], { type: 'image/jpeg' }) : undefined
}

/** Takes a row away, and the photos that belong to it. */
export async function remove(id: string): Promise<void> {
  const d = await db()
  const gone = [id, ...entries.value.filter((e) => e.item?.after === id && e.fate !== 'recorded').map((e) => e.id)]
  for (const one of gone) {
    await d.delete('files', one)
    await d.delete('outbox', one)
  }
  await load()
  tell('outbox')
}

/** The same record as one more: under a key of its own, with its photos. */
export async function another(e: Entry): Promise<void> {
  if (!e.item) return
  const id = newKey()
  const d = await db()
  for (const photo of entries.value.filter((x) => x.item?.after === e.id)) {
    const row = await d.get('outbox', photo.id)
    if (row) await d.put('outbox', { ...row, sealed: await sealTo(await to(), { ...photo.item!, after: id }) })
  }
  await add({ ...e.item, body: { ...e.item.body, another: true } }, 'waiting', id)
  await remove(e.id)
}

export async function settle(id: string, fate: Fate, answer?: Answer): Promise<void> {
  const d = await db()
  const row = await d.get('outbox', id)
  if (!row) return
  await d.put('outbox', { ...row, fate, ...(answer ? { answer: await sealTo(await to(), answer) } : {}) })
  if (fate === 'recorded') await d.delete('files', id)
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
    if (!item) continue
    const file = await d.get('files', row.id)
    if (file) await d.put('files', await sealBytesTo(pair, await unsealBytesWith(old.key, file)), row.id)
    await d.put('outbox', { ...row, answer: undefined, sealed: await sealTo(pair, item) })
  }
  await dropOld(old.pair)
  await load()
  sender()
}
