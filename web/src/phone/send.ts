import { askPath, Problem, sendFile } from '@/api/client'
import type { BatchAnswer, BatchResult, CaseView, Entry as Line, FormFiled } from '@/api/schema'
import { t } from '@/app/i18n'
import { ended } from '@/app/session'
import { exactNow } from '@/app/time'
import { entries, formItem, load, photoItem, photoOf, putBack, sending, sendsBy, settle, waiting, type Answer, type Entry, type Item } from './outbox'
import type { Fate } from './vault/db'
import { hear, tell, vault } from './vault/vault'

// Sends what waits in the outbox: crises first and alone, then records in batches, then forms
// and photos one by one. What the server did not answer for waits on.

const most = 50

let again = false

/** Sends what waits, from one tab at a time. What was added meanwhile goes after it. */
export async function send(): Promise<void> {
  if (!vault.value || ended.value) return
  await navigator.locks.request('workbench.outbox', { ifAvailable: true }, async (lock) => {
    again = !lock
    if (lock) await sendAll()
  })
}

async function sendAll(): Promise<void> {
  do {
    again = false
    await load()
    const due = entries.value.filter((e) => e.item && (e.fate === 'waiting' || e.fate === 'taken')).sort((a, b) => a.at - b.at)
    const parts = [due.filter((e) => e.item!.urgent)]
    const others = due.filter((e) => !e.item!.urgent && !alone(e))
    for (let i = 0; i < others.length; i += most) parts.push(others.slice(i, i + most))
    for (const part of parts) if (part.length > 0 && !(await sendPart(part))) return
    for (const e of due.filter(alone)) if (!(await sendAlone(e))) return
  } while (again)
}

const alone = (e: Entry) => e.item!.type === formItem || e.item!.type === photoItem

/** Whether the server answered. What it did not answer for waits on. */
async function sendPart(part: Entry[]): Promise<boolean> {
  sending.value = part.length
  try {
    const items = part.map((e) => itemOf(e))
    const got = await askPath<BatchResult>('POST', '/v1/commands', { items })
    const views = new Map<string, Promise<CaseView | undefined>>()
    for (const a of got.items) {
      const e = part.find((x) => x.id === a.id)
      if (!e) continue
      const id = e.item!.caseId
      if (!a.problem && !views.has(id)) views.set(id, look(id))
      const [fate, answer] = judge(a)
      const refused = fate === 'recorded' ? a.form?.problem : undefined
      if (refused) await putBack(e, refused.errors?.[0]?.detail ?? refused.detail ?? '')
      await settle(e.id, fate, fate === 'recorded' ? { ...answer!, ...after(e.item!, await views.get(id)) } : answer)
    }
    return true
  } catch (err) {
    if (!(err instanceof Problem)) throw err
    return err.status === 422 ? refuseAll(part, err) : false
  } finally {
    await sent()
  }
}

async function sent(): Promise<void> {
  sending.value = 0
  await load()
  tell('outbox')
}

function itemOf(e: Entry): Record<string, unknown> {
  const i = e.item!
  return { id: e.id, case_id: i.caseId, type: i.type, occurred_at: i.occurredAt, body: i.body, ...(i.note ? { note: i.note } : {}), ...(i.form ? { form: i.form } : {}) }
}

/** A batch that cannot be read as a whole holds something wrong: say so at each. */
async function refuseAll(part: Entry[], err: Problem): Promise<boolean> {
  for (const e of part) await settle(e.id, 'problem', { sentence: err.message, code: err.code, at: exactNow() })
  return true
}

/** Sends a form or a photo; whether the server answered. A photo whose record is not there yet waits for it. */
async function sendAlone(e: Entry): Promise<boolean> {
  const record = e.item!.after ? entries.value.find((x) => x.id === e.item!.after) : undefined
  if (record && record.fate !== 'recorded') return true
  sending.value = 1
  try {
    if (e.item!.type === formItem) await sendForm(e)
    else await sendPhoto(e, record)
    return true
  } catch (err) {
    if (!(err instanceof Problem)) throw err
    if (err.status === 0 || err.status >= 500 || [401, 408, 429].includes(err.status)) return false
    const gone = err.status === 404 || err.status === 403
    await settle(e.id, 'problem', { sentence: gone ? t('phone.outbox.notMine') : err.errors[0]?.detail || err.message, code: err.code, at: exactNow() })
    return true
  } finally {
    await sent()
  }
}

const caseOf = (i: Item) => `/v1/cases/${encodeURIComponent(i.caseId)}`

async function sendForm(e: Entry): Promise<void> {
  const filed = await askPath<FormFiled>('POST', `${caseOf(e.item!)}/forms`, e.item!.form, { 'Idempotency-Key': e.id })
  await settle(e.id, filed.pending ? 'taken' : 'recorded', { sentence: filed.duplicate ? t('state.duplicate') : '', filed, at: exactNow() })
}

async function sendPhoto(e: Entry, record: Entry | undefined): Promise<void> {
  const file = await photoOf(e.id)
  if (!file) return settle(e.id, 'problem', { sentence: t('phone.outbox.noFile'), at: exactNow() })
  const seq = record?.answer?.receipt ? await recordOf(e.item!, record.answer.receipt) : undefined
  await sendFile(`${caseOf(e.item!)}/attachments?kind=${String(e.item!.body.kind)}${seq ? `&record=${seq}` : ''}`, file, { 'Idempotency-Key': e.id })
  await settle(e.id, 'recorded', { sentence: '', at: exactNow() })
}

/** Where the record of the command stands: its receipt names the last event that came of it. */
async function recordOf(i: Item, receipt: { seq: number; command: string }): Promise<number | undefined> {
  const tail = 20
  const got = await askPath<{ entries: Line[] }>('GET', `${caseOf(i)}/timeline?limit=${tail}&after=${Math.max(0, receipt.seq - tail)}`)
  return got.entries.find((x) => x.command === receipt.command)?.seq
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

const later = (status: number) => status >= 500 || status === 429 || status === 401

/** What the server's answer makes of a record. One whose form could not be taken yet is sent again with it: both act once. */
export function judge(a: BatchAnswer): [Fate, Answer | undefined] {
  const at = exactNow()
  const p = a.problem
  if (p) return later(p.status) ? ['waiting', undefined] : ['problem', { sentence: p.detail ?? '', code: p.code, at }]
  const urgent = (a.warnings ?? []).join(' ')
  if (a.receipt?.known) return ['known', { sentence: t('phone.fate.known'), at }]
  if (a.status === 202 || a.receipt?.pending || (a.form && later(a.form.status))) return ['taken', { sentence: t('state.pending'), at }]
  const receipt = a.receipt?.seq ? { seq: a.receipt.seq, command: a.receipt.command_id } : undefined
  return ['recorded', { sentence: [a.receipt?.duplicate ? t('state.duplicate') : '', urgent].filter(Boolean).join(' '), receipt, filed: a.form?.filed, at }]
}

let begun = false

/** Sends at reconnect, on coming back to the page and every 30 seconds. */
export function keepSending(): void {
  if (begun) return
  begun = true
  sendsBy(() => void send())
  hear('outbox', () => void load())
  addEventListener('online', () => void send())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void send()
  })
  setInterval(() => {
    if (waiting.value > 0) void send()
  }, 30_000)
}
