// Coverage and figures from the city down to the cases, and simulations, in a real browser, against a real server.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { as as enterAs, clean, launch } from './browser.mjs'
import { ask, seed, start } from './server.mjs'

const district = '110113'
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

const as = (role, options) => enterAs(browser, server, role, options)

test('the city goes from a tile to the cases in two presses, and sees no name and no link', async () => {
  const { page, seen, context, go } = await as('city')
  await go('/c/figures')
  await page.locator(`.tile[data-code="${district}"]`).click()
  const tree = page.locator('.tree .street')
  await tree.first().waitFor()
  const truth = await ask(server, 'GET', `/v1/coverage?place=${district}`)
  assert.equal(await tree.count(), truth.streets.length)
  await page.locator(`.street[data-code="${street}"]`).click()
  await page.waitForURL(`**/c/figures?place=${street}`)
  await page.locator('.side').waitFor()
  const gaps = truth.gaps.filter((g) => g.place === street)
  assert.equal(await page.locator('.gaps li').count(), gaps.length)
  assert.equal(await page.locator('.side a').count(), 0)
  const body = await page.locator('body').textContent()
  for (const c of clients) assert.ok(!body.includes(c.name))
  clean(seen)
  await context.close()
})

test('the gaps are compared with how they stood at the end of last month or quarter', async () => {
  const { page, seen, context, go } = await as('city', { locale: 'zh-CN' })
  const head = page.locator('.head .second')
  await go('/c/figures')
  await head.filter({ hasText: '，上月末无数据' }).waitFor() // nobody has looked then
  // The watch had found two gaps more in the district, and one elsewhere that is no more.
  const now = await ask(server, 'GET', '/v1/coverage')
  const gaps = now.streets.filter((s) => s.place.startsWith(district)).reduce((n, s) => n + s.open - s.covered, 0)
  const whole = now.streets.reduce((n, s) => n + s.open - s.covered, 0)
  const then = [[district, gaps + 2], ['110101', 1]].map(([place, n]) => ({ place, taken_at: '2026-01-01T00:00:00Z', open: n + 5, covered: 5, gaps: {} }))
  const days = []
  await page.route('**/v1/coverage/on/*', (route) => {
    days.push(route.request().url().match(/on\/([^?]+)/)[1])
    return route.fulfill({ json: { day: days.at(-1), places: then } })
  })
  await page.reload()
  const diff = whole - gaps - 3
  await head.filter({ hasText: diff === 0 ? '，与上月末相同' : `，较上月末${diff > 0 ? '多' : '少'}${Math.abs(diff)}` }).waitFor()
  const tile = page.locator(`.tile[data-code="${district}"]`)
  assert.equal(await tile.locator('small').textContent(), '−2')
  assert.match(await tile.locator('.only-reader').textContent(), /，较上月末少2$/)
  await page.getByLabel('对比').selectOption({ label: '上季末' })
  await head.filter({ hasText: '上季末' }).waitFor()
  assert.match(days.at(-1), /-(03-31|06-30|09-30|12-31)$/)
  await page.getByLabel('对比').selectOption({ label: '不对比' })
  await tile.locator('small').waitFor({ state: 'detached' })
  clean(seen)
  await context.close()
})

test('the district goes from an indicator to the cases behind its number by mouse and by keys', async () => {
  const { page, seen, context, go } = await as('district')
  const period = await page.evaluate(() => fetch('/v1/me').then((r) => r.json()).then((me) => `${me.now.slice(0, 4)}-Q${Math.ceil(Number(me.now.slice(5, 7)) / 3)}`))
  await go(`/c/figures?show=contact_rate&period=${period}`)
  const tile = page.locator(`.street[data-code="${street}"]`)
  await tile.waitFor()
  await tile.focus()
  await page.keyboard.press('Enter')
  const behind = page.locator('.behind')
  await behind.locator('tbody tr').first().waitFor()
  const facts = await ask(server, 'GET', `/v1/evaluation/cases?indicator=contact_rate&level=street&unit=${street}&period=${period}&limit=50`)
  assert.equal(await behind.locator('tbody tr').count(), facts.facts.length)
  assert.match(await behind.locator('tbody a').first().getAttribute('href'), /^\/c\/cases\//)
  await page.keyboard.press('Backspace')
  await tile.waitFor()
  // The matrix: this period, the one before, the change, the rank; a number opens what is behind it.
  const row = page.locator('.side tbody tr', { hasText: await page.locator('.side tbody th').first().textContent() })
  assert.equal(await row.first().locator('td').count(), 4)
  await page.locator('.side tbody button').first().click()
  await behind.waitFor()
  clean(seen)
  await context.close()
})

test('the funnel and the trend are drawn, and each has its table', async () => {
  const { page, seen, context, go } = await as('district')
  await go('/c/figures')
  const truth = await ask(server, 'GET', `/v1/escalations/funnel?place=${district}`)
  assert.ok(truth.climbs > 0)
  const funnel = page.locator('.funnel')
  await funnel.locator('[role=img]').waitFor()
  assert.match(await funnel.locator('[role=img]').getAttribute('aria-label'), new RegExp(`共 ${truth.climbs} 次预警`))
  await funnel.getByRole('button', { name: '表格' }).click()
  assert.deepEqual(await funnel.locator('tbody td:nth-child(2)').allTextContents(), truth.steps.map((s) => String(s.told)))
  const trend = page.locator('.trend')
  await trend.locator('[role=img] svg path').first().waitFor({ state: 'attached' })
  await trend.getByRole('button', { name: '表格' }).click()
  assert.equal(await trend.locator('tbody tr').count(), 12)
  await trend.getByText('虚线为本月').waitFor()
  clean(seen)
  await context.close()
})

test('figures are taken away once it is said what for, and that is noted', async () => {
  const { page, seen, context, go } = await as('district')
  await go('/c/figures')
  await page.locator('.tree .street').first().waitFor()
  await page.keyboard.press('e')
  const form = page.getByRole('dialog').locator('form')
  await form.getByText('导出会留档').waitFor()
  await form.getByLabel('用途').fill('会')
  await form.getByRole('button', { name: '导出表格' }).click()
  await form.locator('.wrong').first().waitFor()
  await form.getByLabel('用途').fill('季度工作会')
  const download = page.waitForEvent('download')
  await form.getByRole('button', { name: '导出表格' }).click()
  const file = await download
  assert.match(file.suggestedFilename(), /\.xlsx$/)
  assert.equal(readFileSync(await file.path()).subarray(0, 2).toString(), 'PK')
  await page.getByRole('dialog').locator('tbody td', { hasText: '季度工作会' }).waitFor()
  clean(seen)
  await context.close()
})

test('a simulation goes on without its page, is kept, shared and opened by its address', async () => {
  const { page, seen, context, go } = await as('district')
  await go('/c/what-if?months=2&runs=2&contacts=40')
  await page.locator('select[id$="-policy"] option[value*="@"]').first().waitFor({ state: 'attached' }) // the versions are chosen, not typed
  await page.getByRole('button', { name: '运行', exact: true }).click()
  await page.waitForURL(/id=sim-/)
  const address = page.url()
  await go('/c/figures')
  await go(new URL(address).pathname + new URL(address).search)
  await page.locator('.desk-table tbody tr').first().waitFor({ timeout: 180_000 })
  assert.match(await page.locator('figure [role=img]').getAttribute('aria-label'), /2 个月/)
  await page.locator('figure').getByRole('button', { name: '表格' }).click()
  const first = (text) => Number(/^[\d.]+/.exec(text.trim())[0])
  const months = (await page.locator('figure tbody tr td:nth-child(2)').allTextContents()).map(first)
  assert.equal(months.length, 2)
  const whole = first(await page.locator('tr', { has: page.getByRole('button', { name: '待确认逾期' }) }).locator('td').first().textContent())
  assert.ok(Math.abs(months[0] + months[1] - whole) < 0.2, `${months} is not ${whole}`)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: '导出对比' }).click()
  assert.match(readFileSync(await (await download).path(), 'utf8'), /^\ufeff指标,现状/)

  const other = await as('city')
  await other.page.goto(address)
  await other.page.getByText('没有这项推演').waitFor()
  await page.getByLabel('场景名称').fill('联系减少')
  await page.getByLabel('共享给').check()
  await page.getByRole('button', { name: '保存场景' }).click()
  await page.getByText('已保存：联系减少').waitFor()
  await other.page.goto(address)
  await other.page.locator('.desk-table tbody tr').first().waitFor()
  await other.page.getByRole('heading', { name: '联系减少' }).waitFor()
  assert.equal(await other.page.getByLabel('按期联系（%）').inputValue(), '40')
  assert.equal(await other.page.getByRole('button', { name: '保存场景' }).count(), 0)
  clean(seen)
  clean(other.seen)
  await context.close()
  await other.context.close()
})

test('a simulation says how far it is and is stopped', async () => {
  const { page, seen, context, go } = await as('district')
  const made = await page.evaluate(() => fetch('/v1/simulations', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ made_up: { streets: 60, cases: 60, workers: 2 }, months: 36, runs: 3, change: { keeps_contact: 50 } }),
  }).then((r) => r.json()))
  await go(`/c/what-if?id=${made.id}`)
  await page.getByText(/第 \d\/6 轮，\d+%/).first().waitFor({ timeout: 120_000 })
  await page.locator('h1').click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '停止推演' }).click()
  await page.getByText('已停止，设置已保留').waitFor()
  await page.getByText('这项推演没有算完').waitFor()
  const now = await page.evaluate((id) => fetch(`/v1/simulations/${id}`).then((r) => r.json()), made.id)
  assert.equal(now.state, 'stopped')
  clean(seen)
  await context.close()
})
