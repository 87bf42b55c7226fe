import { columns } from './columns'
import { said, type List } from './rows'
import type { Fate } from './send'

const red = '#fdecea'

/** Writes a spreadsheet to the disk of whoever asked. */
async function save(name: string, rows: { value: string; fontWeight?: 'bold'; backgroundColor?: string }[][]): Promise<void> {
  const { default: write } = await import('write-excel-file/browser')
  const written = write(rows.map((row) => row.map((c) => ({ type: String, ...c }))) as never) as unknown as { toBlob: () => Promise<Blob> }
  const address = URL.createObjectURL(await written.toBlob())
  const link = Object.assign(document.createElement('a'), { href: address, download: name })
  link.click()
  URL.revokeObjectURL(address)
}

/** Gives the refused rows back as they came, the wrong cells in red, with reason and row number. */
export async function giveBack(list: List, mapping: Record<string, number>, fates: Fate[], name: string, reason: string, rowNumber: string): Promise<void> {
  const head = list.cells[list.head]!.map((c) => ({ value: said(c), fontWeight: 'bold' as const }))
  const rows = fates.filter((f) => f.state === 'wrong').map((f) => {
    const wrong = new Set(f.wrong.map((w) => mapping[w.field.split('.').pop()!]))
    const cells = list.cells[f.number - 1]!
    return [
      ...head.map((_, i) => ({ value: said(cells[i]), ...(wrong.has(i) ? { backgroundColor: red } : {}) })),
      { value: f.wrong.map((w) => w.says).join('；') }, { value: String(f.number) },
    ]
  })
  await save(name, [[...head, { value: reason, fontWeight: 'bold' }, { value: rowNumber, fontWeight: 'bold' }], ...rows])
}

/** An empty list with the headings. */
export function template(name: string, english: boolean): Promise<void> {
  return save(name, [columns.map((c) => ({ value: english ? c.en : c.zh, fontWeight: 'bold' as const }))])
}
