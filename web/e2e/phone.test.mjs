// The worker's phone, in a real browser, against a real server: four taps, a day without a
// network, a case that was given to somebody else meanwhile, a sign-out with records waiting.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { launch, visit } from './browser.mjs'
import { clean, enter as enterAt, kept, meet as meetAt, onPhone as phoneAt, open, size } from './phone.mjs'
import { accountOf, ask, seed, start } from './server.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const colleague = 'w-e2e-colleague'
let server, browser, worker

before(async () => {
  server = await start()
  worker = await accountOf(server, 'worker')
  await seed(server, 4)
  const { workers } = await ask(server, 'GET', '/v1/workers?limit=200')
  if (!workers.some((w) => w.id === colleague)) await ask(server, 'POST', '/v1/workers', { id: colleague, name: '申某', place: worker.place, post: 'full_time', qualification: 'none', from: '2026-01-01' })
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const mine = async () => (await ask(server, 'GET', `/v1/cases?open=true&limit=50&worker=${worker.account}`)).cases
const onPhone = (options) => phoneAt(browser, server, options)
const enter = (page) => enterAt(page, server)
const meet = (page, id, note) => meetAt(page, server, id, note)
const contacts = async (id) => (await ask(server, 'GET', `/v1/cases/${id}/timeline?limit=200`)).entries.filter((e) => e.type === 'contact_recorded')

test('a visit is reported in four taps and fifteen seconds, from the list of the day', async () => {
  const { page, seen, context } = await onPhone()
  const row = page.locator('.stop li').filter({ hasText: /走访|谈话联系/ }).first()
  let taps = 0
  const tap = async (l) => {
    await l.tap()
    taps++
  }
  const begun = Date.now()
  await tap(row.locator('.primary'))
  if ((await page.locator('[aria-checked=true]').count()) < 2) await tap(page.getByRole('radio', { name: '入户走访', exact: true }))
  await tap(page.locator('[data-field=outcome] .chip').first())
  await tap(page.locator('.save'))
  await page.locator('.saved').waitFor()
  const seconds = (Date.now() - begun) / 1000
  console.log(`  ${taps} taps, ${seconds.toFixed(1)} s`)
  assert.ok(taps <= 4 && seconds <= 15, `${taps} taps, ${seconds} s`)
  await page.locator('.saved', { hasText: '已入账' }).waitFor()
  assert.equal(await page.title(), '工作台')
  clean(seen)
  await context.close()
})

test('a day without a network: the list, three records and a crisis; back, all are in the ledger once, the crisis first', async () => {
  const { page, seen, context } = await onPhone()
  const ids = (await mine()).map((c) => c.case_id)
  const before = await Promise.all(ids.slice(0, 3).map(contacts))
  const crises = async () => (await ask(server, 'GET', `/v1/cases/${ids[3]}`)).crises.length
  const openBefore = await crises()
  await context.setOffline(true)
  await page.goto(`${server.address}/m/day`)
  await page.locator('.stop li').first().waitFor()
  await page.getByText('离线：名单为').waitFor()
  for (const id of ids.slice(0, 3)) {
    await meet(page, id)
    assert.match(await page.locator('.saved').textContent(), /已存本机/)
  }
  await page.locator('.crisis-button').tap()
  assert.equal(await page.locator('a[href="tel:120"]').count(), 1)
  await page.locator('#crisis-who').selectOption(ids[3])
  await page.getByRole('radio', { name: '自伤' }).tap()
  await page.getByRole('button', { name: '上报' }).tap()
  await page.getByText('已存本机，最先发送').waitFor()
  await page.getByRole('button', { name: '关闭' }).tap()
  await page.goto(`${server.address}/m/outbox`)
  await page.locator('[data-fate=waiting]').nth(3).waitFor()
  assert.equal(await page.locator('[data-fate=recorded]').count(), 0, 'done before the server said so')
  const sent = []
  page.on('request', (r) => r.url().endsWith('/v1/commands') && sent.push(r.postDataJSON().items.map((i) => i.type)))
  await context.setOffline(false)
  await page.locator('[data-fate=recorded]').nth(3).waitFor()
  assert.deepEqual(sent[0], ['raise-crisis'])
  const now = await Promise.all(ids.slice(0, 3).map(contacts))
  assert.deepEqual(now.map((n, i) => n.length - before[i].length), [1, 1, 1])
  assert.equal(await crises(), openBefore + 1)
  clean(seen)
  await context.close()
})

test('a record of a case that was given to somebody else meanwhile is taken, and the page says so', async () => {
  const { page, context } = await onPhone()
  const id = (await mine()).at(-1).case_id
  const before = (await contacts(id)).length
  await context.setOffline(true)
  await meet(page, id)
  await ask(server, 'POST', `/v1/cases/${id}/assign-worker`, { worker: colleague, note: '调整分工' })
  await context.setOffline(false)
  await page.goto(`${server.address}/m/outbox`)
  await page.locator('[data-fate=recorded]', { hasText: '个案现由他人负责' }).waitFor()
  assert.equal((await contacts(id)).length, before + 1)
  await ask(server, 'POST', `/v1/cases/${id}/assign-worker`, { worker: worker.account, note: '恢复分工' })
  await context.close()
})

test('what waits at a sign-out can be read by nobody, and goes when the same account is back', async () => {
  const { page, context } = await onPhone()
  const own = (await mine())[0]
  await page.goto(`${server.address}/m/clients/${own.case_id}`)
  const name = (await page.locator('h1').textContent()).trim()
  const before = (await contacts(own.case_id)).length
  const marker = `标记${Date.now()}`
  await context.setOffline(true)
  await meet(page, own.case_id, marker)
  await page.goto(`${server.address}/m/me`)
  await page.getByRole('button', { name: '退出' }).tap()
  await page.getByRole('button', { name: '留待下次登录后发送' }).tap()
  await page.waitForURL('**/m/sign-in*')
  assert.deepEqual(await open(page), [0, 0], 'keys or the list are there after the sign-out')
  const all = await kept(page)
  assert.ok(all.includes(worker.account), 'the search sees what is kept')
  for (const secret of [marker, own.case_id, name, 'home_visit']) assert.ok(!all.includes(secret), `${secret} lies on the device`)
  await context.setOffline(false)
  await enter(page)
  await page.goto(`${server.address}/m/outbox`)
  await page.locator('[data-fate=recorded]').first().waitFor()
  assert.equal((await contacts(own.case_id)).length, before + 1)
  await context.close()
})

test('after the idle time the list is gone; calls and a first note work', async () => {
  const { page, context } = await onPhone()
  const name = (await page.locator('.who a').first().textContent()).trim()
  await page.evaluate(async () => {
    const d = await new Promise((done) => (indexedDB.open('workbench').onsuccess = (e) => done(e.target.result)))
    const s = d.transaction('keys', 'readwrite').objectStore('keys')
    s.get('open').onsuccess = (e) => s.put({ ...e.target.result, touched: Date.now() - 3_600_000 }, 'open')
  })
  await page.getByRole('heading', { name: '已锁定' }).waitFor()
  assert.ok(!(await page.locator('body').textContent()).includes(name))
  assert.ok(!(await kept(page)).includes(name))
  assert.deepEqual(await open(page), [0, 0], 'keys or the list are there after the idle time')
  await page.locator('.crisis-button').tap()
  assert.equal(await page.locator('a[href="tel:110"]').count(), 1)
  await page.getByRole('button', { name: '关闭' }).tap()
  await page.getByRole('button', { name: '先记一笔' }).tap()
  await page.locator('#jot').fill('门口遇到，约明天见')
  await page.getByRole('button', { name: '保存' }).tap()
  await page.getByText('已加密存本机').waitFor()
  assert.ok(!(await kept(page)).includes('门口遇到'))
  await page.locator('#account').fill(worker.account)
  await page.locator('#password').fill(worker.password)
  await page.getByRole('button', { name: '登录', exact: true }).tap()
  await page.locator('.stop li').first().waitFor()
  await page.goto(`${server.address}/m/outbox`)
  await page.locator('[data-fate=note]', { hasText: '门口遇到' }).getByRole('link', { name: '补全' }).tap()
  await page.locator('#who').selectOption({ index: 1 })
  assert.equal(await page.locator('#r-note').inputValue(), '门口遇到，约明天见')
  await context.close()
})

test('nothing is called recorded before the answer, and what was only taken turns by itself', async () => {
  const { page, context } = await onPhone()
  const id = (await mine())[1].case_id
  let held
  await page.route('**/v1/commands', async (route) => {
    await new Promise((done) => (held = done))
    const items = route.request().postDataJSON().items.map((i) => ({ id: i.id, status: 202, receipt: { case_id: i.case_id, command_id: i.id, pending: true } }))
    await route.fulfill({ json: { taken: items.length, refused: 0, items } })
  })
  await meet(page, id)
  await page.waitForTimeout(2000)
  assert.doesNotMatch(await page.locator('.saved').textContent(), /已入账|已受理/)
  held()
  await page.locator('.saved', { hasText: '已受理' }).waitFor()
  await page.unroute('**/v1/commands')
  await page.locator('.saved', { hasText: '已入账' }).waitFor({ timeout: 90_000 })
  await context.close()
})

test('the same visit told by another is asked about once, and both answers come to an end', async () => {
  const { page, context } = await onPhone()
  const ids = (await mine()).slice(0, 2).map((c) => c.case_id)
  for (const [id, answer] of [[ids[0], '是同一次'], [ids[1], '是另一次']]) {
    await ask(server, 'POST', `/v1/cases/${id}/record-contact`, { channel: 'family_visit', outcome: 'not_at_home' })
    const before = (await contacts(id)).length
    await page.goto(`${server.address}/m/report?case=${id}&channel=family_visit`)
    await page.getByRole('radio', { name: '家中无人' }).or(page.locator('[data-field=outcome] .chip').nth(2)).first().tap()
    await page.locator('.save').tap()
    await page.locator('.saved', { hasText: '同一次' }).waitFor()
    await page.goto(`${server.address}/m/outbox`)
    await page.getByRole('button', { name: answer }).tap()
    await page.locator('[data-fate=known]').waitFor({ state: 'detached' })
    await page.locator('[data-fate=waiting]').waitFor({ state: 'detached' })
    assert.equal((await contacts(id)).length, before + (answer === '是另一次' ? 1 : 0))
  }
  await context.close()
})

test('several tabs keep one stream of changes', async () => {
  const { page, context } = await onPhone()
  let streams = 0
  context.on('request', (r) => r.url().endsWith('/v1/events') && streams++)
  const others = await Promise.all([context.newPage(), context.newPage()])
  for (const p of others) {
    await p.goto(`${server.address}/m/day`)
    await p.locator('.stop li').first().waitFor()
  }
  assert.equal(streams, 0, 'the first tab has it')
  await page.close()
  await others[0].waitForTimeout(3000)
  assert.equal(streams, 1, 'one of the others goes on')
  await context.close()
})

test('every page is usable by everybody: no finding of axe, no sideways scroll, light and dark, large type', async () => {
  for (const look of [{}, { colorScheme: 'dark' }, { large: true }]) {
    const { page, seen, context } = await onPhone(look.large ? {} : look)
    if (look.large) await page.evaluate(() => localStorage.setItem('guitu.large', '1'))
    const id = (await mine())[0].case_id
    for (const path of ['day', 'clients', `clients/${id}`, `report?case=${id}&channel=home_visit`, `report?case=${id}&channel=test`, 'outbox', 'me']) {
      await page.goto(`${server.address}/m/${path}`)
      await page.locator('h1').waitFor()
      await page.waitForTimeout(300)
      const root = await page.evaluate(() => document.documentElement.className)
      assert.equal(root, look.large ? 'large' : look.colorScheme === 'dark' ? 'dark' : '')
      await page.evaluate(axe)
      const found = await page.evaluate(async () => (await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`))
      assert.deepEqual(found, [], `${path} ${JSON.stringify(look)}`)
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} scrolls sideways`)
    }
    clean(seen)
    await context.close()
  }
})

test('how much is loaded at first, and how soon it can be used on a slow device', async () => {
  const { page, context } = await onPhone()
  const cdp = await context.newCDPSession(page)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await page.goto(`${server.address}/m/day`)
  await page.locator('.stop li .primary').first().waitFor()
  const ms = await page.evaluate(() => performance.now())
  const { metrics } = await cdp.send('Performance.getMetrics')
  const busy = metrics.find((m) => m.name === 'TaskDuration').value
  console.log(`  usable ${(ms / 1000).toFixed(2)} s after the start at a quarter of the speed, of which the page's thread had the processor for ${busy.toFixed(2)} s`)
  const fresh = await visit(browser, server, size)
  let bytes = 0
  const other = await fresh.context.newCDPSession(fresh.page)
  await other.send('Network.enable')
  other.on('Network.loadingFinished', (e) => (bytes += e.encodedDataLength))
  await fresh.page.goto(`${server.address}/m/`)
  await fresh.page.locator('#account').waitFor()
  console.log(`  first load ${(bytes / 1024).toFixed(0)} KB`)
  assert.ok(bytes <= 250 * 1024, `${bytes} bytes`)
  await fresh.context.close()
  await context.close()
})
