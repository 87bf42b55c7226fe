/** A whole number as people type it, full-width digits too; what is none stays as it is, to be put right. */
export function readNumber(text: string): number | string | undefined {
  const s = text.trim().replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
  if (s === '') return undefined
  return /^-?\d+$/.test(s) ? Number(s) : s
}
