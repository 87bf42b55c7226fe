// What offices look for behind a case: what is to come, a past day, the rules, a notice, a dry run case by case, a verification.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { clean, launch, signIn, visit } from './browser.mjs'
import { ask, seed, start } from './server.mjs'

const street = '110113004'
let server, browser, clients
before(async () => {
  server = await start()
  clients = await seed(server, 5)
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** A page that is signed in as the role, and what it must never do. */
async function as(role, options) {
  const { page, seen, context } = await visit(browser, server, options)
  await signIn(page, server, role)
  return { page, context, go: (path) => page.goto(server.address + path), clean: () => clean(seen) }
}
const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)

test('the life line draws the windows to come that the engine names, with the article in the card and in the table', async () => {
  const { page, context, go, clean } = await as('工作站负责人')
  const { id } = clients[1]
  const { windows } = await ask(server, 'GET', `/v1/cases/${id}/windows?until=${day(180)}`)
  const soon = windows.filter((w) => w.kind === 'contact')
  assert.ok(soon.length > 2)
  await go(`/c/cases/${id}`)
  await page.locator('.plane').waitFor()
  await page.getByRole('button', { name: '一季' }).click()
  await page.locator('.cell.coming').first().waitFor()
  await page.getByRole('button', { name: '表格' }).click()
  const rows = page.locator('table tbody tr', { hasText: '以后的期限' })
  await rows.first().waitFor()
  const text = (await rows.allTextContents()).join('\n')
  assert.match(text, new RegExp(`谈话联系（第${soon[0].n}次）`))
  assert.match(text, /《戒毒条例》第十八条/)
  clean()
  await context.close()
})

test('why and the papers are those of the past day that is looked at', async () => {
  const { page, context, go, clean } = await as('工作站负责人')
  const { id } = clients[0]
  const { reported_on: reported } = (await ask(server, 'GET', `/v1/cases/${id}`)).summary
  const truth = await ask(server, 'GET', `/v1/cases/${id}/why?as_of=${reported}&known=now`)
  assert.equal(truth.phase, 'awaiting_agreement')
  await go(`/c/cases/${id}?as_of=${reported}&known=now`)
  const why = page.getByRole('region', { name: '为什么是这样，接下来' })
  await why.getByText('协议尚未签订').waitFor()
  const papers = (await ask(server, 'GET', `/v1/cases/${id}/documents?as_of=${reported}&known=now`)).documents.length
  await page.getByRole('button', { name: `文书 ${papers}` }).or(page.getByRole('tab', { name: `文书 ${papers}` })).waitFor()
  await page.getByRole('button', { name: '返回今天' }).click()
  await why.getByText('执行中').waitFor()
  clean()
  await context.close()
})

test('the versions of the rules and the years of the calendar are choices, and none is typed', async () => {
  const { page, context, go, clean } = await as('区禁毒办')
  await go('/c/policy')
  await page.getByRole('rowheader', { name: '报到', exact: true }).waitFor()
  const { policies } = await ask(server, 'GET', '/v1/policies')
  const version = page.getByLabel('规则版本')
  assert.equal(await version.locator('option').count(), policies.length)
  await version.selectOption('national@2026.2')
  await page.getByRole('heading', { name: /national@2026\.2/ }).waitFor()
  assert.match(page.url(), /version=national@2026\.2/)
  await page.getByText('国务院通知，2025-11-04发布').waitFor()
  await page.getByText('通知未发布，只按法定节假日').first().waitFor()
  clean()
  await context.close()
})

test('the number in a mail leads to what the notice was about, and from there to the case', async () => {
  const { page, context, go, clean } = await as('禁毒专职社工')
  const { notices } = await page.evaluate(async () => (await fetch('/v1/inbox?part=notices')).json())
  let n // of a duty that its case still has, and of a case that is still the worker's
  for (const { position } of notices) {
    const seen = await page.evaluate(async (at) => (await fetch(`/v1/notices/${at}`)).json(), position)
    if (seen.due && seen.opens) n ??= { position, case_id: seen.case_id }
  }
  await go(`/c/notices/${n.position}`)
  await page.getByRole('heading', { name: `通知 ${n.position}` }).waitFor()
  await page.locator('dl').getByText('期限').waitFor()
  await page.getByRole('link', { name: /打开个案/ }).click()
  await page.waitForURL(`**/c/cases/${n.case_id}`)
  await go('/c/notices/999999')
  await page.getByText('没有这条通知，或不在您的范围内。').waitFor()
  clean()
  await context.close()
})

test('a dry run says of each case what would become of it', async () => {
  const { page, context, go, clean } = await as('区禁毒办')
  await go('/c/bulk')
  await page.getByRole('button', { name: '新建批量操作' }).click()
  await page.getByRole('radio', { name: '按新日历重算期限' }).click()
  await page.getByRole('button', { name: '试算' }).click()
  await page.getByRole('button', { name: '看明细' }).click()
  const rows = page.locator('.desk-table tbody tr')
  await rows.first().waitFor()
  const truth = await ask(server, 'POST', '/v1/fleets', { kind: 'apply-calendar', place: '110113', dry_run: true, try: 100 })
  assert.equal(await rows.count(), truth.tried.length)
  assert.equal(await page.locator('.desk-table .tag.overdue').count(), truth.tried.filter((x) => x.outcome === 'refused').length)
  await page.getByText(/本次放假安排|日历|不变/).first().waitFor()
  clean()
  await context.close()
})

test('a verification runs from the engine room, once at a time, and its result stands there', async () => {
  const { page, context, go, clean } = await as('区禁毒办')
  await go('/c/engine')
  await page.getByRole('button', { name: '现在校验' }).click()
  await page.getByText(/核对 \d+ 件，发现问题 0 个/).waitFor()
  const room = await ask(server, 'GET', '/v1/engine?place=110113')
  assert.equal(room.verifying.state, 'ended')
  assert.ok(room.verified.cases >= clients.length)
  await page.getByRole('button', { name: '现在校验' }).waitFor()
  clean()
  await context.close()
})

test('a record that was taken and is not in the ledger yet turns by itself when it is', async () => {
  const { page, context, go, clean } = await as('禁毒专职社工')
  const { id } = clients[2]
  let asked = 0
  await page.route(`**/v1/cases/${id}/record-contact`, (r) => r.fulfill({ status: 202, contentType: 'application/json', body: JSON.stringify({ case_id: id, command_id: 'k', seq: 0, pending: true, case: { measure: 'treatment', place: street, risk: 'low' } }) }))
  await page.route('**/v1/commands/*', (r) => r.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify({ commands: [{ case_id: id, state: asked++ ? 'recorded' : 'accepted', at: '2026-10-20T04:00:00Z' }] }) }))
  await go(`/c/cases/${id}`)
  await page.getByRole('button', { name: '记录 r' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '登记联系' }).or(page.getByRole('dialog').getByRole('button', { name: /联系/ })).first().click()
  await page.locator('form.command button[type=submit]').click()
  await page.getByText('已受理，尚未入账').waitFor()
  await page.getByText(/^\s*✓?\s*已入账：/).waitFor()
  clean()
  await context.close()
})

test('in English what waits is called by its name, and by no id', async () => {
  const { page, context, go, clean } = await as('Station head', { lang: 'en' })
  await go('/c/now')
  await page.locator('.row .what').first().waitFor()
  for (const line of await page.locator('.row .what').allTextContents()) assert.doesNotMatch(line, /[a-z]+(_[a-z]+)*-\d+ (was|is) due/, line)
  clean()
  await context.close()
})
