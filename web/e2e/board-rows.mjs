// Made-up rows of a board, in the form of GET /v1/board/rows.

const codes = {
  places: ['110113001', '110113002', '110113003', '110113004', '110113005', '110113006'],
  workers: ['', ...Array.from({ length: 40 }, (_, i) => `w-11011300${1 + (i % 6)}-${i + 1}`)],
  measures: ['treatment', 'rehabilitation'],
  phases: ['in_execution', 'awaiting_report_in', 'awaiting_agreement', 'suspended', 'term_ended', 'released', 'awaiting_sealing'],
  risks: ['high', 'medium', 'low'],
  engagements: ['engaged', 'reaching_out', 'stalled', 'lost', ''],
  next_kinds: ['contact', 'home_visit', 'test', 'assessment', 'agreement', ''],
  top_rungs: ['', 'worker', 'station_head', 'district', 'city'],
}
const open = ['awaiting_report_in', 'awaiting_agreement', 'in_execution', 'term_ended', 'suspended']

/** An answer with so many cases, always the same for the same number. */
export function rowsOf(count, today = 20_700) {
  let seed = 7
  const upTo = (n) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((seed / 2_147_483_648) * n)
  }
  const column = (of) => Array.from({ length: count }, of)
  const seldom = (n) => (upTo(8) === 0 ? 1 + upTo(n) : 0)
  return {
    position: '1-0', whole: true, total: count, open_phases: open, ...codes,
    case_id: column((_, i) => `c-${(i * 2_654_435_761 % 4_294_967_296).toString(16).padStart(8, '0')}${String(i).padStart(8, '0')}`),
    place: column(() => upTo(6)), worker: column(() => upTo(41)), measure: column(() => upTo(2)), phase: column(() => (upTo(3) ? 0 : upTo(7))), risk: column(() => upTo(3)),
    engagement: column(() => (upTo(3) ? 0 : upTo(5))), next_kind: column(() => upTo(6)), top_rung: column(() => seldom(4)),
    next_due: column(() => today - 5 + upTo(90)), served_on: column(() => today - 1 - upTo(1000)), term_end: column(() => today + upTo(1000)),
    overdue: column(() => seldom(3)), escalations: column(() => seldom(2)), crises: column(() => (upTo(200) ? 0 : 1)),
  }
}

/** Lets the page read the rows, and masked names of whatever it asks for. */
export async function serve(page, count) {
  const body = JSON.stringify(rowsOf(count, Math.floor(Date.now() / 86_400_000)))
  const since = JSON.stringify({ ...rowsOf(0), whole: false, total: count })
  await page.route('**/v1/board/rows*', (route) => route.fulfill({ contentType: 'application/json', body: route.request().url().includes('since=') ? since : body }))
  await page.route('**/v1/cases/identities', (route) => {
    const { cases } = route.request().postDataJSON()
    return route.fulfill({ json: { identities: cases.map((case_id) => ({ case_id, identity: { name: '乙**', sex: 'male', id_number: '110***********14' } })) } })
  })
}
