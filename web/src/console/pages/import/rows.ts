import type { Place } from '@/api/schema'
import { readDay } from '@/app/time'
import { columns, fieldOf, type Column } from './columns'

// Reads a list as an office has it: where its headings stand, which column fills which field, and
// what each cell says. The rules are the server's: here is only read what is written.

export type Cell = string | number | boolean | Date | null

export interface List {
  cells: Cell[][]
  /** Index of the row of headings. */
  head: number
}

/** A row as it is sent, or the cells that could not be read. */
export interface Read {
  /** The number of the row as the spreadsheet shows it. */
  number: number
  order?: Record<string, unknown>
  wrong: { field: string; says: string; named?: Record<string, unknown> }[]
}

export interface Lists {
  code: (list: string, word: string) => string | undefined
  places: Place[]
}

const limits = { bytes: 16 << 20, head: 20, rows: 20_000 }
export { limits }

/** Reads a spreadsheet or a text with commas. */
export async function readFile(file: File): Promise<List> {
  if (file.size > limits.bytes) throw new Error('import.tooLarge')
  const cells = /\.xlsx$/i.test(file.name) ? await readSheet(file) : await readText(file)
  const head = cells.slice(0, limits.head).findIndex((row) => row.filter((c) => typeof c === 'string' && fieldOf(c)).length >= 3)
  if (head < 0) throw new Error('import.noHead')
  if (cells.length - head > limits.rows) throw new Error('import.tooMany')
  return { cells, head }
}

async function readSheet(file: File): Promise<Cell[][]> {
  const { readSheet } = await import('read-excel-file/browser')
  try {
    return (await readSheet(file)) as Cell[][]
  } catch {
    throw new Error('import.noSheet')
  }
}

async function readText(file: File): Promise<Cell[][]> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    text = new TextDecoder('gb18030').decode(bytes)
  }
  const { parse } = (await import('papaparse')).default
  return parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: false, delimitersToGuess: [',', ';', '\t'] }).data
}

/** Which column fills which field, by the headings. */
export function guess(list: List): Record<string, number> {
  const out: Record<string, number> = {}
  list.cells[list.head]!.forEach((cell, i) => {
    const field = typeof cell === 'string' ? fieldOf(cell) : undefined
    if (field && out[field] === undefined) out[field] = i
  })
  return out
}

/** The rows below the headings, without blank ones and totals. */
export function read(list: List, mapping: Record<string, number>, lists: Lists): Read[] {
  const seen = new Set<string>()
  const out: Read[] = []
  for (let i = list.head + 1; i < list.cells.length; i++) {
    const cells = list.cells[i]!
    const filled = Object.values(mapping).filter((at) => said(cells[at]) !== '')
    if (filled.length < 3 || /^(合计|小计|总计|total)/i.test(said(cells[0]))) continue
    const row = readRow(cells, i + 1, mapping, lists)
    const order = String(row.order?.order_no ?? '')
    if (order && seen.has(order)) row.wrong.push({ field: 'order_no', says: 'import.twice' })
    seen.add(order)
    out.push(row)
  }
  return out
}

function readRow(cells: Cell[], number: number, mapping: Record<string, number>, lists: Lists): Read {
  const order: Record<string, unknown> = {}
  const carried: Record<string, unknown> = {}
  const wrong: Read['wrong'] = []
  for (const c of columns) {
    const at = mapping[c.code]
    const cell = at === undefined ? null : (cells[at] ?? null)
    if (said(cell) === '') {
      if (c.needed) wrong.push({ field: c.code, says: 'import.missing' })
      continue
    }
    const [value, says] = readCell(c, cell, lists)
    if (says) wrong.push({ field: c.code, says, named: { cell: said(cell) } })
    else if (c.carried) carried[c.carried] = value
    else order[c.code] = value
  }
  if (Object.keys(carried).length > 0) order.carried = carried
  return { number, order, wrong }
}

/** The text of a cell. */
export function said(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  return String(cell).trim()
}

function readCell(c: Column, cell: Cell, lists: Lists): [unknown, string?] {
  const text = said(cell).replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xfee0))
  if (/^#+$|^#(N\/A|REF|VALUE|NAME|DIV)/.test(text)) return [undefined, 'import.sheetError']
  switch (c.kind) {
    case 'document':
      return typeof cell === 'number' || /^\d(\.\d+)?e\+\d+$/i.test(text) ? [undefined, 'import.rounded'] : [text.replace(/\s/g, '').toUpperCase()]
    case 'day': {
      const day = readDay(/^\d{8}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : text)
      return day ? [day] : [undefined, 'import.badDay']
    }
    case 'number':
      return /^\d+$/.test(text) ? [Number(text)] : [undefined, 'import.badNumber']
    case 'months': {
      const m = /^(\d+)\s*(个?月|年|months?|years?)?$/.exec(text)
      return m ? [Number(m[1]) * (/^(年|year)/.test(m[2] ?? '') ? 12 : 1)] : [undefined, 'import.badMonths']
    }
    case 'yes':
      return /^(是|有|true|yes|1)$/i.test(text) ? [true] : /^(否|无|false|no|0)$/i.test(text) ? [false] : [undefined, 'import.badYes']
    case 'code': {
      const code = lists.code(c.list!, text)
      return code ? [code] : [undefined, 'import.badWord']
    }
    case 'place': {
      const found = lists.places.filter((p) => p.level === 'street' && (p.code === text || p.name === text || p.name === `${text}街道` || (text.length > p.name.length && text.endsWith(p.name))))
      return found.length === 1 ? [found[0]!.code] : [undefined, found.length > 1 ? 'import.twoPlaces' : 'import.badPlace']
    }
  }
  return [text]
}
