import { computed, ref, shallowRef } from 'vue'
import { api, ask, askPath, bearer, Problem } from '@/api/client'
import type { Role } from './page'
import { setClock } from './time'

/** Who is signed in, and what they may do. */
export interface Session {
  account: string
  name: string
  role: Role
  place: string
  placeName: string
  mustChangePassword: boolean
  secondFactor: string
  commands: string[]
  /** Signed in by a bearer token: there is no session of the browser. */
  byToken: boolean
}

interface SessionAnswer {
  account: string
  name: string
  role: Role
  place?: string
  place_name?: string
  must_change_password?: boolean
  second_factor?: string
}

export interface DemoAccount {
  account: string
  password: string
  role: Role
  name: string
  place: string
}

export const session = shallowRef<Session | null>(null)

/** Who has to know by what somebody signed in, while it is at hand: the phone keeps its keys by it. */
export const witness: { signedIn?: (account: string, secret: string) => Promise<void>; changed?: (account: string, old: string, fresh: string) => Promise<void>; signedOut?: () => Promise<void> } = {}

/** Whether the server has sessions of its own; until it has, a token is asked for. */
export const hasSessions = ref(true)

/** The session ended while a page was open: it stays, and asks to sign in again. */
export const ended = ref(false)

export const role = computed(() => session.value?.role ?? '')

/** Whether there are clients to look for: an administrator sees none. */
export const findsClients = computed(() => ['worker', 'station_head', 'district', 'city'].includes(role.value))

// On one's own machine a reload need not ask for the token again.
const own = ['127.0.0.1', 'localhost'].includes(location.hostname)

function keepToken(token: string): void {
  bearer.value = token
  if (own) token ? sessionStorage.setItem('guitu.token', token) : sessionStorage.removeItem('guitu.token')
}

// Somebody who signed out without a network has left: the server hears of it first of all.
const left = 'guitu.left'

/** Looks for a session that is there already. It answers whether the server was reached. */
export async function resume(): Promise<boolean> {
  try {
    if (localStorage.getItem(left)) {
      await askPath('DELETE', '/v1/session')
      localStorage.removeItem(left)
    }
    await begin(await askPath<SessionAnswer>('GET', '/v1/session'), false)
    return true
  } catch (err) {
    if (!(err instanceof Problem)) throw err
    if (err.status === 401) localStorage.removeItem(left)
    if (err.status !== 404) return err.status !== 0 && err.status < 500
  }
  hasSessions.value = false
  const token = own ? (sessionStorage.getItem('guitu.token') ?? '') : ''
  if (token) await signInWithToken(token).catch(() => keepToken(''))
  return true
}

export async function signIn(account: string, password: string, code?: string): Promise<void> {
  await begin(await askPath<SessionAnswer>('POST', '/v1/session', { account, password, ...(code ? { code } : {}) }), false)
  localStorage.removeItem(left)
  await witness.signedIn?.(session.value!.account, password)
}

/** Signs in where the server has no sessions of its own. */
export async function signInWithToken(token: string): Promise<void> {
  keepToken(token)
  try {
    const me = await ask(api.GET('/v1/me'))
    await begin({ account: me.id, name: me.id, role: me.role, place: me.place }, true)
    await witness.signedIn?.(me.id, token)
  } catch (err) {
    keepToken('')
    throw err
  }
}

async function begin(a: SessionAnswer, byToken: boolean): Promise<void> {
  // Before a password is changed or a second factor is there, nothing else is told.
  const me = await ask(api.GET('/v1/me')).catch(() => undefined)
  setClock(me?.now)
  session.value = {
    account: a.account, name: a.name, role: a.role, place: a.place ?? '', placeName: a.place_name ?? '',
    mustChangePassword: a.must_change_password ?? false, secondFactor: a.second_factor ?? 'none', commands: me?.commands ?? [], byToken,
  }
  ended.value = false
}

/** Asks again for the engine's clock, which may run faster than the world's. */
export async function syncClock(): Promise<void> {
  const me = await ask(api.GET('/v1/me'))
  setClock(me.now)
}

export async function signOut(): Promise<void> {
  if (!session.value?.byToken) await askPath('DELETE', '/v1/session').catch(() => localStorage.setItem(left, '1'))
  await witness.signedOut?.()
  keepToken('')
  session.value = null
}

export async function changePassword(old: string, fresh: string): Promise<void> {
  await askPath('PUT', '/v1/session/password', { password: old, new_password: fresh })
  if (session.value) await witness.changed?.(session.value.account, old, fresh)
  await resume()
}

/** Begins a second factor: the secret for the authenticator. */
export function startSecondFactor(): Promise<{ secret: string; url: string }> {
  return askPath('POST', '/v1/session/totp')
}

/** Proves that the authenticator has the secret; from then on its code is asked for. */
export async function confirmSecondFactor(code: string): Promise<void> {
  await askPath('PUT', '/v1/session/totp', { code })
  await resume()
}

/** The accounts that a development server offers; none elsewhere. */
export async function demoAccounts(): Promise<DemoAccount[]> {
  try {
    const got = await askPath<DemoAccount[] | { accounts: DemoAccount[] }>('GET', '/v1/demo-accounts')
    return Array.isArray(got) ? got : got.accounts
  } catch {
    return []
  }
}

/** Whether the role may give the command. */
export function may(command: string): boolean {
  return session.value?.commands.includes(command) ?? false
}
