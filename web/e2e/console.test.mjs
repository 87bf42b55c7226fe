// The main jobs of a manager, in a real browser, against a real server.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
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

test('a head signs in and sees what waits, in one order', async () => {
  const { page, seen, context } = await visit(browser, server)
  await signIn(page, server, '工作站负责人')
  await page.waitForURL('**/c/now')
  await page.locator('ol > li').first().waitFor()
  const rank = ['危机', '限时', '待签收', '逾期', '待决定', '今天', '三天']
  const tags = await page.locator('ol > li .line > .tag').allTextContents()
  const ranks = tags.map((t) => rank.findIndex((r) => t.includes(r)))
  assert.ok(tags.length > 1 && ranks.every((r) => r >= 0), `unknown steps: ${tags}`)
  assert.deepEqual(ranks, [...ranks].sort((a, b) => a - b), `not in order: ${tags}`)
  assert.match(await page.title(), /^今日待办 - 归途$/)
  clean(seen)
  await context.close()
})

test('the life line shows each window, by picture, by keyboard and as a table', async () => {
  const { page, seen, context } = await visit(browser, server)
  await signIn(page, server, '禁毒专职社工')
  const id = clients[1].id
  await page.goto(`${server.address}/c/cases/${id}`)
  const plane = page.locator('.plane')
  await plane.waitFor()
  const view = await ask(server, 'GET', `/v1/cases/${id}`)
  const missed = view.obligations.filter((o) => o.status === 'missed' && /^(contact|test|home_visit|assessment)-/.test(o.id)).length
  assert.ok(missed > 0)
  await page.getByRole('button', { name: '一季' }).click()
  assert.equal(await page.locator('.cell.missed').count(), missed)
  assert.ok((await page.locator('.scroll svg *').count()) <= 400)
  await plane.focus()
  await page.keyboard.press('ArrowRight')
  await page.locator('.card-of').waitFor()
  const first = await page.locator('.card-of b').textContent()
  await page.keyboard.press('ArrowDown')
  assert.notEqual(await page.locator('.card-of b').textContent(), first)
  await page.getByRole('button', { name: '表格' }).click()
  assert.ok((await page.locator('table tbody tr.loud').count()) >= missed)
  clean(seen)
  await context.close()
})

test('a miss is settled inside its row by keys, and leaves the list in another browser too', async () => {
  const one = await visit(browser, server)
  const two = await visit(browser, server)
  for (const { page } of [one, two]) {
    await signIn(page, server, '工作站负责人')
    await page.goto(`${server.address}/c/now?step=miss`)
    await page.locator('ol > li').first().waitFor()
  }
  await two.page.locator('.live.on').waitFor()
  const before = await two.page.locator('ol > li').count()
  const { page } = one
  // An input method that is writing keeps its keys.
  await page.locator('ol').evaluate((e) => e.dispatchEvent(new KeyboardEvent('keydown', { key: 'd', isComposing: true, bubbles: true })))
  await page.waitForTimeout(300)
  assert.equal(await page.locator('form.command').count(), 0, 'a key of an input method acted')
  await page.locator('ol > li', { hasText: '谈话联系' }).first().click({ position: { x: 4, y: 4 } })
  await page.keyboard.press('d')
  await page.locator('form.command textarea').fill('当天已见面，记在旧本上')
  await page.locator('form.command .follows b, form.command > .wrong').waitFor()
  assert.equal(await page.locator('form.command > .wrong').count(), 0, await page.locator('form.command').textContent())
  await page.locator('form.command button[type=submit]').click()
  await page.locator('.done li').first().waitFor()
  assert.match(plain(await page.locator('.done li').first().textContent()), /已入账/)
  await two.page.waitForFunction((n) => document.querySelectorAll('ol > li').length < n, before, { timeout: 20_000 })
  clean(one.seen)
  clean(two.seen)
  await one.context.close()
  await two.context.close()
})

test('the board keeps its conditions in the address and no name in it', async () => {
  const { page, seen, context } = await visit(browser, server)
  await signIn(page, server, '工作站负责人')
  await page.goto(`${server.address}/c/cases`)
  const grid = page.locator('[role=grid]')
  await grid.waitFor()
  assert.equal(await grid.getAttribute('aria-rowcount'), String(clients.length + 1))
  await page.getByRole('button', { name: '逾期', exact: true }).click()
  await page.waitForURL('**/c/cases?overdue=1')
  await page.reload()
  await grid.waitFor()
  const overdue = Number(await grid.getAttribute('aria-rowcount')) - 1
  const truth = await ask(server, 'GET', '/v1/cases?place=110113004&overdue=true&open=true')
  assert.equal(overdue, truth.cases.length)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/c\/cases\/c-/)
  for (const c of clients) assert.ok(!decodeURIComponent(page.url()).includes(c.name))
  clean(seen)
  await context.close()
})

test('a worker reports a visit from the case, and the ledger has it', async () => {
  const { page, seen, context } = await visit(browser, server)
  await signIn(page, server, '禁毒专职社工')
  const id = clients[0].id
  await page.goto(`${server.address}/c/cases/${id}`)
  await page.getByRole('heading', { level: 1, name: clients[0].name }).waitFor()
  const before = (await ask(server, 'GET', `/v1/cases/${id}`)).counters.contacts
  await page.keyboard.press('r')
  await page.getByRole('button', { name: '登记联系' }).click()
  await page.getByRole('radio', { name: '入户走访', exact: true }).click()
  await page.locator('form.command textarea').fill('在家中见到本人，正在找工作')
  await page.locator('form.command button[type=submit]').click()
  await page.locator('.said').first().waitFor()
  assert.match(plain(await page.locator('.said').first().textContent()), /已入账：登记联系/)
  assert.equal((await ask(server, 'GET', `/v1/cases/${id}`)).counters.contacts, before + 1)
  clean(seen)
  await context.close()
})

test('a past day is shown as it was known then', async () => {
  const { page, seen, context } = await visit(browser, server)
  await signIn(page, server, '工作站负责人')
  const served = (await ask(server, 'GET', `/v1/cases/${clients[0].id}`)).summary.served_on
  await page.goto(`${server.address}/c/cases/${clients[0].id}?as_of=${served}&known=now`)
  await page.locator('.past').waitFor()
  await page.locator('.phase').first().waitFor()
  assert.equal(await page.locator('.phase.in_execution').count(), 0, 'the agreement lies after that day')
  await page.getByRole('button', { name: '返回今天' }).click()
  await page.locator('.phase.in_execution').waitFor()
  clean(seen)
  await context.close()
})

test('a correction shows what changes with it before anybody agrees', async () => {
  const { page, seen, context } = await visit(browser, server)
  await signIn(page, server, '工作站负责人')
  await page.goto(`${server.address}/c/cases/${clients[2].id}`)
  await page.getByRole('button', { name: '更正', exact: true }).first().click()
  await page.locator('form.amend').waitFor()
  await page.locator('#amend-day').fill('昨天')
  await page.locator('.would').waitFor()
  assert.match(await page.locator('.would').textContent(), /更正前[\s\S]*更正后[\s\S]*随之变化/)
  await page.keyboard.press('Escape')
  assert.equal(await page.locator('form.amend').count(), 0)
  clean(seen)
  await context.close()
})

test('a client is found by name, and the name stands in no address', async () => {
  const { page, seen, context } = await visit(browser, server)
  const asked = []
  page.on('request', (r) => asked.push(decodeURIComponent(r.url())))
  await signIn(page, server, '工作站负责人')
  await page.locator('ol > li').first().waitFor()
  await page.keyboard.press('/')
  await page.getByRole('combobox', { name: '查找' }).fill(clients[3].name)
  await page.locator('#found [role=option]').first().waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/c/cases/${clients[3].id}`)
  assert.deepEqual(asked.filter((u) => clients.some((c) => u.includes(c.name))), [])
  clean(seen)
  await context.close()
})

test('a number on the map equals the gaps behind it', async () => {
  const { page, seen, context } = await visit(browser, server)
  await signIn(page, server, '市禁毒办')
  await page.goto(`${server.address}/c/figures`)
  await page.locator('.tile').first().waitFor()
  assert.equal(await page.locator('.tile').count(), 16)
  const truth = await ask(server, 'GET', '/v1/coverage?place=110113')
  const tile = page.locator('[data-code="110113"] b')
  assert.equal(await tile.textContent(), truth.open === truth.covered ? '✓' : String(truth.open - truth.covered))
  await page.locator('[data-code="110113"]').click()
  await page.waitForURL('**/c/figures?place=110113')
  clean(seen)
  await context.close()
})

test('a page that is not for the role says so and shows nothing', async () => {
  const { page, seen, context } = await visit(browser, server)
  await signIn(page, server, '市禁毒办')
  assert.equal(await page.locator('nav a', { hasText: '日历与负荷' }).count(), 0)
  await page.goto(`${server.address}/c/cases/${clients[0].id}`)
  await page.getByText('此页面不向您的岗位开放').waitFor()
  assert.ok(!(await page.locator('body').textContent()).includes(clients[0].name))
  clean(seen)
  await context.close()
})

test('a session that ends asks to sign in again and keeps what was typed', async () => {
  const { page, context } = await visit(browser, server)
  await signIn(page, server, '工作站负责人')
  await page.goto(`${server.address}/c/now?step=miss`)
  await page.locator('ol > li').first().waitFor()
  await page.keyboard.press('d')
  await page.locator('form.command textarea').fill('写到一半的理由')
  await context.clearCookies()
  await page.locator('form.command button[type=submit]').click()
  await page.getByText('您写的内容都在').waitFor()
  assert.equal(await page.locator('form.command textarea').inputValue(), '写到一半的理由')
  await context.close()
})

test('every page speaks the language that was chosen', async () => {
  const { page, seen, context } = await visit(browser, server, { lang: 'en' })
  await signIn(page, server, 'Station head')
  for (const path of ['/c/now', '/c/cases', `/c/cases/${clients[0].id}`, '/c/figures']) {
    await page.goto(server.address + path)
    await page.locator('h1').waitFor()
    await page.waitForFunction(() => !document.querySelector('.waiting'))
    await page.waitForTimeout(800)
    const text = await page.locator('nav, h1, h2, [role=columnheader], .chip').allTextContents()
    assert.deepEqual(text.filter((t) => /[\u4e00-\u9fff]/.test(t.replace(/.某|[\u4e00-\u9fff]+(街道|地区|区|市)|中文/g, ''))), [], path)
  }
  clean(seen)
  await context.close()
})
