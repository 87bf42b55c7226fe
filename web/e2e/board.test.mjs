// The board's jobs for station, district and city, in a real browser, against a real server.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { serve } from './board-rows.mjs'
import { clean, launch, signIn, visit } from './browser.mjs'
import { ask, seed, start } from './server.mjs'

let server, browser, clients
before(async () => {
  server = await start()
  clients = await seed(server)
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const plain = (s) => s.replaceAll('\u2060', '')

/** The board as somebody of the role sees it. */
async function board(role, address = '/c/cases') {
  const one = await visit(browser, server)
  await signIn(one.page, server, role)
  await one.page.goto(server.address + address)
  const grid = one.page.locator('[role=grid]')
  await grid.waitFor()
  const count = async () => Number(await grid.getAttribute('aria-rowcount')) - 1
  const until = (n) => one.page.waitForFunction((k) => document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === String(k + 1), n, { timeout: 20_000 })
  const column = async (name) => (await one.page.locator(`[role=gridcell].${name}`).allTextContents()).map((s) => plain(s).trim())
  return { ...one, grid, count, until, column }
}

const masked = /^.\*\*$/

test('a head filters and sorts what the list of cases has, with masked names of the rows in sight', async () => {
  const { page, seen, context, count, until, column } = await board('工作站负责人')
  const all = (await ask(server, 'GET', '/v1/cases?place=110113004&open=true&limit=200')).cases
  await until(all.length)
  await page.waitForFunction(() => [...document.querySelectorAll('[role=gridcell].name')].every((c) => /\*\*$/.test(c.textContent.trim())))
  for (const name of await column('name')) assert.match(name, masked)
  await page.getByRole('region', { name: '条件' }).getByLabel(/^风险/).selectOption({ label: '高' })
  await page.waitForURL('**/c/cases?risk=high')
  await until(all.filter((c) => c.risk === 'high').length)
  assert.ok((await count()) > 0 && (await count()) < all.length)
  await page.goto(`${server.address}/c/cases?sort=risk`)
  await until(all.length)
  const order = ['高', '中', '低']
  const risks = (await column('risk')).map((r) => order.indexOf(r))
  assert.ok(risks.length === all.length && risks.every((r) => r >= 0))
  assert.deepEqual(risks, [...risks].sort((a, b) => a - b))
  await page.goto(`${server.address}/c/cases?sort=name`)
  await page.getByText('链接中的条件“sort”不再可用').waitFor()
  const text = await page.locator('body').textContent()
  for (const c of clients) assert.ok(!text.includes(c.name), 'a name in full')
  clean(seen)
  await context.close()
})

test('a view is saved, shared with the station, used by its worker, and removed', async () => {
  const head = await board('工作站负责人', '/c/cases?overdue=1&sort=risk')
  await head.page.getByRole('button', { name: '保存为视图' }).click()
  await head.page.getByLabel('视图名称').fill('先办逾期')
  await head.page.getByLabel('共享给').selectOption('110113004')
  await head.page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  await head.page.locator('.chip[aria-pressed=true]', { hasText: '先办逾期' }).waitFor()
  await head.page.getByRole('button', { name: '保存为视图' }).click()
  await head.page.getByLabel('视图名称').fill('仅自己')
  await head.page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  await head.page.locator('.chip', { hasText: '仅自己' }).waitFor()

  const worker = await board('禁毒专职社工')
  await worker.page.locator('.chip', { hasText: '先办逾期' }).click()
  await worker.page.waitForURL('**/c/cases?overdue=1&sort=risk')
  assert.equal(await worker.page.locator('.chip', { hasText: '仅自己' }).count(), 0, 'the own view of another')
  assert.equal(await worker.page.getByRole('button', { name: '移除视图' }).count(), 0)
  const district = await board('区禁毒办')
  assert.equal(await district.page.locator('.chip', { hasText: '先办逾期' }).count(), 0)

  for (const name of ['先办逾期', '仅自己']) {
    await head.page.getByRole('button', { name: `移除视图“${name}”` }).click()
    await head.page.getByRole('dialog').getByRole('button', { name: '移除', exact: true }).click()
    await head.page.locator('.chip', { hasText: name }).waitFor({ state: 'detached' })
  }
  await worker.page.reload()
  await worker.grid.waitFor()
  assert.equal(await worker.page.locator('.chip', { hasText: '先办逾期' }).count(), 0)
  for (const one of [head, worker, district]) {
    clean(one.seen)
    await one.context.close()
  }
})

test('a change of a case arrives, and a case that leaves the condition goes', async () => {
  const { page, seen, context, until } = await board('区禁毒办', '/c/cases?risk=high')
  await page.locator('.live.on').waitFor()
  const high = () => ask(server, 'GET', '/v1/cases?place=110113&open=true&risk=high').then((l) => l.cases)
  const before = await high()
  const other = (await ask(server, 'GET', '/v1/cases?place=110113&open=true')).cases.find((c) => c.risk !== 'high')
  await until(before.length)
  await ask(server, 'POST', `/v1/cases/${other.case_id}/change-risk`, { risk: 'high', note: '复评后调整' })
  await until(before.length + 1)
  await ask(server, 'POST', `/v1/cases/${other.case_id}/change-risk`, { risk: other.risk, note: '再次复评' })
  await until(before.length)
  clean(seen)
  await context.close()
})

test('the city has the board without names, and asks for none', async () => {
  const asked = []
  const { page, seen, context, column } = await board('市禁毒办')
  page.on('request', (r) => asked.push(new URL(r.url()).pathname))
  await page.reload()
  await page.locator('[role=gridcell].name').first().waitFor()
  await page.waitForTimeout(600)
  for (const name of await column('name')) assert.match(name, /^C-[0-9A-Z]{4}$/)
  assert.ok(asked.includes('/v1/board/rows'))
  assert.ok(!asked.includes('/v1/cases/identities') && !asked.includes('/v1/cases'))
  clean(seen)
  await context.close()
})

test('rows are chosen by keys, all of them by a button, and handed on to be reassigned', async () => {
  const { page, seen, context, count } = await board('工作站负责人')
  await page.locator('[role=gridcell].name').first().waitFor()
  await page.keyboard.press('x')
  await page.locator('[role=row][aria-selected=true]').first().waitFor()
  await page.keyboard.press('Shift+J')
  await page.waitForFunction(() => document.querySelectorAll('[role=row][aria-selected=true]').length === 2)
  await page.getByText('已选 2 件').waitFor()
  const n = await count()
  await page.getByRole('button', { name: `选中全部 ${n} 件` }).click()
  await page.getByText(`已选 ${n} 件`).waitFor()
  await page.keyboard.press('b')
  await page.waitForURL('**/c/bulk')
  await page.getByText(`看板上选中的 ${n} 件`).waitFor()
  assert.ok(!page.url().includes('c-'), 'no case in the address')
  clean(seen)
  await context.close()
})

test('thirty thousand rows are drawn as far as they are in sight, in list and columns', async () => {
  const many = 30_000
  const { page, seen, context } = await visit(browser, server)
  await signIn(page, server, '区禁毒办')
  await serve(page, many)
  await page.goto(`${server.address}/c/cases?closed=1`)
  const grid = page.locator('[role=grid]')
  await page.waitForFunction((n) => document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === String(n + 1), many)
  assert.ok((await page.locator('[role=row]').count()) < 80)
  await grid.focus()
  await page.keyboard.press('End')
  await page.locator(`#case-${many - 1}.current`).waitFor()
  assert.ok(await page.locator(`#case-${many - 1} .name a`).isVisible())
  await page.keyboard.press('Home')
  await page.locator('#case-0.current').waitFor()
  assert.ok(await grid.evaluate((g) => g === document.activeElement), 'the focus was lost')
  await page.getByRole('button', { name: '按阶段' }).click()
  await page.locator('.columns section li').first().waitFor()
  assert.ok((await page.locator('.columns li').count()) < 200)
  const counts = (await page.locator('.columns h2 .second').allTextContents()).map((s) => Number(s.replaceAll(',', '')))
  assert.equal(counts.reduce((a, b) => a + b, 0), many)
  clean(seen)
  await context.close()
})
