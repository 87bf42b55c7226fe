import type { FormView } from '@/api/schema'
import { t } from '@/app/i18n'
import { dayNumber } from '@/app/time'

// A form as the API defines it: a JSON Schema, a layout and words. What can be said of answers
// before they are sent is said here; the server decides.

export type Answers = Record<string, unknown>
export type Kind = 'code' | 'codes' | 'yes' | 'number' | 'day' | 'instant' | 'text' | 'texts' | 'rows'

export interface Question {
  name: string
  /** The key of its words: of a column, table.column. */
  key: string
  kind: Kind
  codes: (string | number)[]
  schema: Schema
  /** Of a table. */
  columns: Question[]
}

/** As much of JSON Schema as forms are written in. */
export interface Schema {
  type?: string
  format?: string
  enum?: (string | number)[]
  const?: unknown
  contains?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  maxLength?: number
  pattern?: string
  allOf?: { if?: Schema; then?: Schema; else?: Schema }[]
}

export const schemaOf = (view: FormView) => view.schema as Schema

function kindOf(s: Schema): Kind {
  if (s.enum) return 'code'
  if (s.type === 'array') return s.items?.type === 'object' ? 'rows' : s.items?.enum ? 'codes' : 'texts'
  if (s.type === 'boolean') return 'yes'
  if (s.type === 'integer') return 'number'
  return s.format === 'date' ? 'day' : s.format === 'date-time' ? 'instant' : 'text'
}

function questionOf(name: string, schema: Schema, prefix = ''): Question {
  const kind = kindOf(schema)
  const columns = kind === 'rows' ? Object.entries(schema.items?.properties ?? {}).map(([n, s]) => questionOf(n, s, `${prefix}${name}.`)) : []
  return { name, key: prefix + name, kind, schema, codes: schema.enum ?? schema.items?.enum ?? [], columns }
}

export interface Part {
  title: string
  questions: Question[]
}

/** The questions in the order of the layout. */
export function partsOf(view: FormView): Part[] {
  const all = schemaOf(view).properties ?? {}
  return view.groups.map((g) => ({ title: g.title, questions: g.fields.filter((f) => f in all).map((f) => questionOf(f, all[f]!)) }))
}

/** Pages of a few questions each, for a small screen. A group begins a page of its own where it can. */
export function pagesOf(parts: Part[], most: number): Part[][] {
  const pages: Part[][] = []
  let room = 0
  for (const part of parts) {
    for (let i = 0; i < part.questions.length; i += most) {
      const some = part.questions.slice(i, i + most)
      if (some.length > room) {
        pages.push([])
        room = most
      }
      pages.at(-1)!.push({ title: part.title, questions: some })
      room -= some.length
    }
  }
  return pages
}

const empty = (v: unknown) => v === undefined || v === null || v === '' || (Array.isArray(v) && v.length === 0)

/** Whether the answers meet the condition of a rule. */
function holds(condition: Schema, a: Answers): boolean {
  if ((condition.required ?? []).some((name) => empty(a[name]))) return false
  return Object.entries(condition.properties ?? {}).every(([name, s]) => empty(a[name]) || fits(s, a[name]))
}

function fits(s: Schema, v: unknown): boolean {
  if (s.contains) return Array.isArray(v) && v.some((x) => fits(s.contains!, x))
  if (s.const !== undefined) return v === s.const
  return !s.enum || s.enum.includes(v as string | number)
}

/** What has to be answered, given what was answered already. */
export function requiredNow(view: FormView, a: Answers): Set<string> {
  const schema = schemaOf(view)
  const out = new Set(schema.required ?? [])
  for (const rule of schema.allOf ?? []) {
    const then = holds(rule.if ?? {}, a) ? rule.then : rule.else
    for (const name of then?.required ?? []) out.add(name)
  }
  return out
}

/** The answers without what was left empty. */
export function cleaned(view: FormView, a: Answers): Answers {
  const out: Answers = {}
  for (const q of partsOf(view).flatMap((p) => p.questions)) {
    const v = tidy(q, a[q.name])
    if (!empty(v)) out[q.name] = v
  }
  return out
}

function tidy(q: Question, v: unknown): unknown {
  if (q.kind === 'text' && typeof v === 'string') return v.trim()
  if (q.kind === 'texts' && Array.isArray(v)) return v.map((x) => String(x).trim()).filter(Boolean)
  if (q.kind !== 'rows' || !Array.isArray(v)) return v
  return v
    .map((row: Answers) => Object.fromEntries(q.columns.map((c) => [c.name, tidy(c, row[c.name])]).filter(([, x]) => !empty(x))))
    .filter((row) => Object.keys(row).length > 0)
}

/** What is wrong, by the field as the server names it: state, members[0].role. */
export type Faults = Record<string, string>

/** What can be seen to be wrong with the answers before they are sent. */
export function faultsOf(view: FormView, answers: Answers): Faults {
  const a = cleaned(view, answers)
  const out: Faults = {}
  const needed = requiredNow(view, a)
  for (const q of partsOf(view).flatMap((p) => p.questions)) {
    if (empty(a[q.name])) {
      if (needed.has(q.name)) out[q.name] = t('sheet.needed')
    } else Object.assign(out, faultOf(q, a[q.name], q.name))
  }
  for (const r of view.rules ?? []) {
    const [x, y] = [a[r.field], a[r.than]]
    const than = view.labels[r.than] ?? r.than
    if (typeof x !== 'string' || typeof y !== 'string') continue
    if (r.rule === 'differs') {
      if (x.trim().toLowerCase() === y.trim().toLowerCase()) out[r.field] ??= t('sheet.same', { than })
    } else if (x.length === y.length ? x < y : x.slice(0, 10) < y.slice(0, 10)) out[r.field] ??= t('sheet.before', { than })
    else if (r.rule === 'within_days' && dayNumber(x) - dayNumber(y) > (r.days ?? 0)) out[r.field] ??= t('sheet.within', { than, n: r.days })
  }
  return out
}

function faultOf(q: Question, v: unknown, at: string): Faults {
  const s = q.schema
  switch (q.kind) {
    case 'number':
      if (!Number.isInteger(v)) return { [at]: t('sheet.whole') }
      if ((s.minimum !== undefined && (v as number) < s.minimum) || (s.maximum !== undefined && (v as number) > s.maximum)) return { [at]: t('sheet.between', { from: s.minimum, to: s.maximum }) }
      break
    case 'text':
      if (s.maxLength && [...(v as string)].length > s.maxLength) return { [at]: t('sheet.long', { n: s.maxLength }) }
      if (s.pattern && !new RegExp(s.pattern, 'u').test(v as string)) return { [at]: t('sheet.pattern') }
      break
    case 'codes':
      if (s.maxItems && (v as unknown[]).length > s.maxItems) return { [at]: t('sheet.most', { n: s.maxItems }) }
      break
    case 'rows': {
      const out: Faults = {}
      for (const [i, row] of (v as Answers[]).entries()) {
        for (const c of q.columns) {
          const where = `${at}[${i}].${c.name}`
          if (empty(row[c.name])) {
            if (s.items?.required?.includes(c.name)) out[where] = t('sheet.needed')
          } else Object.assign(out, faultOf(c, row[c.name], where))
        }
      }
      return out
    }
  }
  return {}
}

/** Whether an answer speaks of danger to life: the calls come before everything else. */
export function isDanger(view: FormView, a: Answers): boolean {
  return (view.danger ?? []).some((d) =>
    [a[d.field]].flat().some((v) => v !== undefined && (d.codes?.includes(String(v)) || (d.from !== undefined && Number(v) >= d.from))),
  )
}

/** The faults that the server found, by field; under '' what belongs to none. */
export function faultsFrom(p: { message: string; field: string; errors: { field: string; detail: string }[] }): Faults {
  const out: Faults = {}
  for (const e of p.errors.length > 0 ? p.errors : [{ field: p.field, detail: p.message }]) {
    const cut = e.field.indexOf('answers.')
    out[cut < 0 ? '' : e.field.slice(cut + 'answers.'.length)] ??= e.detail
  }
  return out
}

/** The words of an answer. */
export function answerText(view: FormView, q: Question, v: unknown): string {
  const one = (x: unknown) => (typeof x === 'boolean' ? t(x ? 'form.yes' : 'form.no') : (view.labels[`${q.key}.${String(x)}`] ?? String(x)))
  return Array.isArray(v) ? v.map(one).join(t('form.and')) : one(v)
}
