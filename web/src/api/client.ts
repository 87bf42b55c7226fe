import createClient, { type Middleware } from 'openapi-fetch'
import { ref } from 'vue'
import { lang, t } from '@/app/i18n'
import type { CommandResult, paths } from './schema'

/** What the API says when it does not do as asked (RFC 9457). */
export class Problem extends Error {
  status: number
  code: string
  field: string
  citation: string
  requestId: string
  errors: { field: string; detail: string }[]

  constructor(status: number, body: Record<string, unknown> = {}) {
    super(typeof body.detail === 'string' ? body.detail : t('state.unreachable'))
    this.status = status
    this.code = String(body.code ?? '')
    this.field = String(body.field ?? '')
    this.citation = String(body.citation ?? '')
    this.requestId = String(body.request_id ?? '')
    this.errors = Array.isArray(body.errors) ? (body.errors as Problem['errors']) : []
  }
}

/** Who asks, where there is no session of the browser. It is kept in memory alone. */
export const bearer = ref('')

/** Counts the answers that said that nobody is signed in. */
export const signedOut = ref(0)

/** Headers of every request. */
export function headers(): Record<string, string> {
  const h: Record<string, string> = { 'Accept-Language': lang.value }
  if (bearer.value) h.Authorization = `Bearer ${bearer.value}`
  return h
}

const common: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(headers())) request.headers.set(name, value)
    return request
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && !schemaPath.startsWith('/v1/session')) signedOut.value++
    return response
  },
}

export const api = createClient<paths>({ baseUrl: location.origin, credentials: 'same-origin' })
api.use(common)

/** The data of an answer; a Problem where there is none. */
export async function ask<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let got
  try {
    got = await answer
  } catch {
    throw new Problem(0)
  }
  if (got.response.ok) return got.data as T
  throw new Problem(got.response.status, (got.error ?? {}) as Record<string, unknown>)
}

/** Asks a route that the contract of this build does not know. */
export async function askPath<T>(method: string, path: string, body?: unknown, extra: Record<string, string> = {}): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, {
      method, credentials: 'same-origin', headers: { ...headers(), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...extra },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  } catch {
    throw new Problem(0)
  }
  const text = await response.text()
  let read: unknown
  try {
    read = text ? JSON.parse(text) : undefined
  } catch {
    read = undefined
  }
  if (response.ok) return read as T
  if (response.status === 401 && !path.startsWith('/v1/session')) signedOut.value++
  throw new Problem(response.status, (read ?? {}) as Record<string, unknown>)
}

/** A text as a header can carry it: its bytes, which the server reads as UTF-8. */
export function headerText(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text.replace(/\s+/g, ' ').trim()))
}

/** Fetches a file, such as a photo; its address serves no page. */
export async function askFile(path: string, extra: Record<string, string> = {}): Promise<Blob> {
  let response: Response
  try {
    response = await fetch(path, { credentials: 'same-origin', headers: { ...headers(), ...extra } })
  } catch {
    throw new Problem(0)
  }
  if (response.ok) return response.blob()
  if (response.status === 401) signedOut.value++
  throw new Problem(response.status, (await response.json().catch(() => ({}))) as Record<string, unknown>)
}

/** Sends a file as it is. */
export async function sendFile<T>(path: string, file: Blob, extra: Record<string, string> = {}): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, { method: 'POST', credentials: 'same-origin', headers: { ...headers(), 'Content-Type': file.type || 'application/octet-stream', ...extra }, body: file })
  } catch {
    throw new Problem(0)
  }
  const read = (await response.json().catch(() => ({}))) as Record<string, unknown>
  if (response.ok) return read as T
  if (response.status === 401) signedOut.value++
  throw new Problem(response.status, read)
}

/** A key that makes a command act once, however often it is sent. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

/** Gives a command to a case; with dry it only says what would follow. */
export function give(caseId: string, command: string, body: Record<string, unknown>, key: string, dry = false): Promise<CommandResult> {
  const path = `/v1/cases/${encodeURIComponent(caseId)}/${command}${dry ? '?dry_run=true' : ''}`
  return askPath<CommandResult>('POST', path, body, dry ? {} : { 'Idempotency-Key': key })
}
