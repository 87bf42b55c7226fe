import { ref, shallowRef } from 'vue'
import { canSeal, newDayKey, newPair, privateKey, rewrapped, seal, unseal, type Pair } from './crypto'
import { db } from './db'

// The vault is open while somebody is signed in and uses the phone. When it closes, its keys are
// gone: what was fetched can be read by nobody, what was written waits for the next sign-in.

interface Open {
  account: string
  day: CryptoKey
  own: CryptoKey
}

export const vault = shallowRef<Open | null>(null)

/** It was open and closed by itself: whoever comes back has to sign in. */
export const locked = ref(false)

/** The password was changed elsewhere: what waits here needs the old one. */
export const needsOld = ref(false)

export const idleChoices = [5, 10, 15, 30] as const
export const idleMinutes = ref(Number(localStorage.getItem('guitu.idle')) || 15)

const channel = canSeal ? new BroadcastChannel('workbench') : undefined
const listeners: Record<string, () => void> = {}

/** Hears what another tab did: the outbox changed, or the vault closed. */
export function hear(what: 'outbox' | 'closed' | 'day', act: () => void): void {
  listeners[what] = act
}
export function tell(what: 'outbox' | 'closed' | 'day'): void {
  channel?.postMessage(what)
}
if (channel) channel.onmessage = (e) => listeners[String(e.data)]?.()

/** Opens the vault with the keys that are still there; they are not when the idle time is over. */
export async function reopen(): Promise<boolean> {
  if (!canSeal) return false
  const kept = await (await db()).get('keys', 'open')
  if (!kept) return false
  if (Date.now() - kept.touched > kept.idle || Date.now() < kept.touched - 60_000) {
    await close()
    return false
  }
  vault.value = { account: kept.account, day: kept.day, own: kept.own }
  locked.value = false
  return true
}

/** Opens the vault of the one who signs in by the secret. What another account fetched is gone. */
export async function enter(account: string, secret: string): Promise<void> {
  if (!canSeal) return
  const d = await db()
  if (vault.value?.account !== account) await d.clear('kept')
  let pair = await d.get('accounts', account)
  needsOld.value = false
  let own: CryptoKey | undefined
  if (pair) {
    try {
      own = await privateKey(pair, secret)
    } catch {
      // What is sealed to the old pair stays until its password is given.
      const waits = (await d.getAll('outbox')).some((r) => r.account === account)
      if (waits) {
        await d.put('accounts', { ...pair, account: `${account}#${Date.now()}` })
      }
      pair = undefined
    }
  }
  if (!pair || !own) {
    pair = await newPair(account, secret)
    await d.put('accounts', pair)
    own = await privateKey(pair, secret)
  }
  const day = vault.value?.account === account ? vault.value.day : await newDayKey()
  await d.put('keys', { account, day, own, touched: Date.now(), idle: idleMinutes.value * 60_000 }, 'open')
  localStorage.setItem('guitu.last', account)
  vault.value = { account, day, own }
  locked.value = false
  needsOld.value = (await oldPairs()).length > 0
}

/** Pairs of before the password was changed elsewhere, under which something still waits. */
async function oldPairs(): Promise<Pair[]> {
  const mine = `${vault.value?.account}#`
  return (await (await db()).getAll('accounts')).filter((p) => p.account.startsWith(mine))
}

/** The private key that an old password opens; undefined where it opens none. */
export async function oldKey(secret: string): Promise<{ key: CryptoKey; pair: Pair } | undefined> {
  for (const pair of await oldPairs()) {
    const key = await privateKey(pair, secret).catch(() => undefined)
    if (key) return { key, pair }
  }
  return undefined
}
export async function dropOld(pair: Pair): Promise<void> {
  await (await db()).delete('accounts', pair.account)
  needsOld.value = (await oldPairs()).length > 0
}

/** Keeps what waits readable when the password is changed here. */
export async function changeSecret(account: string, old: string, fresh: string): Promise<void> {
  if (!canSeal) return
  const d = await db()
  const pair = await d.get('accounts', account)
  if (pair) await d.put('accounts', await rewrapped(pair, old, fresh))
  else await enter(account, fresh)
}

/** Closes the vault: keys, what was fetched and drafts are gone; the outbox stays, sealed. */
export async function close(): Promise<void> {
  vault.value = null
  if (!canSeal) return
  const d = await db()
  const t = d.transaction(['keys', 'kept'], 'readwrite')
  await Promise.all([t.objectStore('keys').clear(), t.objectStore('kept').clear(), t.done])
  tell('closed')
}

let wrote = 0

/** Somebody uses the phone. */
export function touch(): void {
  const now = Date.now()
  if (!vault.value || now - wrote < 5000) return
  wrote = now
  void (async () => {
    const d = await db()
    const kept = await d.get('keys', 'open')
    if (kept) await d.put('keys', { ...kept, touched: now, idle: idleMinutes.value * 60_000 }, 'open')
  })()
}

/** Closes the vault when nobody used it for the idle time. */
export async function checkIdle(): Promise<void> {
  if (!vault.value) return
  const kept = await (await db()).get('keys', 'open')
  if (kept && Date.now() - kept.touched <= kept.idle) return
  await close()
  locked.value = true
}

export function setIdle(minutes: number): void {
  idleMinutes.value = minutes
  localStorage.setItem('guitu.idle', String(minutes))
  wrote = 0
  touch()
}

/** Keeps something under the day key. */
export async function keep(name: string, what: unknown): Promise<void> {
  const v = vault.value
  if (v) await (await db()).put('kept', await seal(v.day, what), name)
}
export async function kept<T>(name: string): Promise<T | undefined> {
  const v = vault.value
  if (!v) return undefined
  const s = await (await db()).get('kept', name)
  return s ? unseal<T>(v.day, s).catch(() => undefined) : undefined
}
export async function drop(name: string): Promise<void> {
  if (canSeal) await (await db()).delete('kept', name)
}

/** To whom is sealed: who is signed in, or who was last. */
export async function recipient(): Promise<Pair | undefined> {
  const account = vault.value?.account ?? localStorage.getItem('guitu.last')
  return account ? (await db()).get('accounts', account) : undefined
}
