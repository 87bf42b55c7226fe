// The main jobs of the pages beside the case, in a real browser, against a real server.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { as as enterAs, clean, launch } from './browser.mjs'
import { ask, dayOf, roster, seed, start } from './server.mjs'

const street = '110113004'
const first = `w-${street}-1`
let server, browser, clients
before(async () => {
  server = await start()
  clients = await seed(server, 5)
  for (const n of [2, 3]) await ask(server, 'POST', '/v1/workers', { id: `w-${street}-${n}`, name: `社工${n}`, place: street, post: 'full_time', from: '2026-01-01' })
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const as = (role, options) => enterAs(browser, server, role, options)
const plain = (s) => s.replaceAll('\u2060', '')
const workersOf = async () => {
  const { cases } = await ask(server, 'GET', `/v1/cases?place=${street}&open=true&limit=200`)
  return Object.fromEntries(cases.map((c) => [c.case_id, c.worker]))
}

/** Waits until the server says so. */
async function until(what, says) {
  for (let i = 0; i < 60; i++) {
    if (await says()) return
    await new Promise((done) => setTimeout(done, 1000))
  }
  assert.fail(`never came: ${what}`)
}

test('a cell of the calendar is the list behind it, and its work goes to another with both loads seen before', async () => {
  const { page, seen, context, go } = await as('station_head')
  await go('/c/calendar')
  const cell = page.locator('.cell:not(.zero)').first()
  await cell.waitFor()
  const n = Number((await cell.textContent()).trim())
  await cell.click()
  await page.locator('#calendar-day li').first().waitFor()
  assert.equal(await page.locator('#calendar-day li').count(), n)
  const was = await workersOf()
  await page.locator('#calendar-day li input').first().check()
  await page.locator('#calendar-day select').selectOption(`w-${street}-2`)
  const preview = page.locator('#calendar-day .preview')
  await preview.getByText('社工2 0 件变为 1 件').waitFor()
  assert.deepEqual(await workersOf(), was, 'a preview changed something')
  await page.getByRole('button', { name: '改派所选 1 件' }).click()
  await until('the case has its new worker', async () => Object.values(await workersOf()).includes(`w-${street}-2`))
  clean(seen)
  await context.close()
})

test('a bulk operation does what its dry run said, and the undoing brings back what it was', async () => {
  const { page, seen, context, go } = await as('station_head')
  const was = await workersOf()
  const mine = Object.values(was).filter((w) => w === first).length
  await go('/c/bulk')
  await page.getByRole('button', { name: '新建批量操作' }).click()
  await page.locator('form.ask select').first().selectOption(first)
  await page.getByRole('button', { name: '试算' }).click()
  await page.getByRole('heading', { name: `重新分配社工 ${mine} 件` }).waitFor()
  assert.deepEqual(await workersOf(), was, 'a dry run changed something')
  await page.getByRole('button', { name: `开始办理 ${mine} 件` }).click()
  await page.getByText(`已办 ${mine} / ${mine}`).first().waitFor()
  await page.locator('.desk-table tbody tr').nth(mine - 1).waitFor()
  assert.ok(!Object.values(await workersOf()).includes(first))
  await page.getByRole('button', { name: '整体撤回' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '整体撤回' }).click()
  await until('the cases are back', async () => JSON.stringify(await workersOf()) === JSON.stringify(was))
  clean(seen)
  await context.close()
})

test('a roster is held against the rules, its wrong rows come back marked, and a second run adds nothing', async () => {
  const { page, seen, context, go } = await as('station_head')
  const names = Object.keys(roster()[0])
  const row = (i, change) => names.map((name) => ({ ...roster()[i], ...change })[name]).join(',')
  const here = { household_street: street, residence_street: street, execution_street: street }
  const file = Buffer.from([
    '某街道花名册', names.join(','), row(20, here), row(21, { ...here, id_number: '1.10199E+17' }), row(22, { ...here, served_on: '去年春天' }), row(23, { ...here, id_number: '110199198503137670' }), '合计,4',
  ].join('\n'))
  const choose = async () => {
    await go('/c/import')
    await page.locator('input[type=file]').setInputFiles({ name: '花名册.csv', mimeType: 'text/csv', buffer: file })
    await page.getByText('在第 2 行找到表头，以下 4 行有内容').waitFor()
    await page.getByRole('button', { name: '试跑 4 行' }).click()
  }
  const before = Object.keys(await workersOf()).length
  await choose()
  await page.getByText('4 行：可导入 1，已有 0，有误 3').waitFor()
  await page.getByText('表格把证件号码变成了数字').first().waitFor()
  await page.getByText('日期写法不识别：去年春天').first().waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: '下载有误行' }).click()
  const back = readFileSync(await (await download).path())
  assert.equal(back.subarray(0, 2).toString(), 'PK', 'not a spreadsheet')
  assert.equal(Object.keys(await workersOf()).length, before, 'a dry run opened a case')
  await page.getByRole('button', { name: '导入 1 行' }).click()
  await page.getByText('导入完成：新立案 1 件').waitFor()
  assert.equal(Object.keys(await workersOf()).length, before + 1)
  // What comes back is read again by the page as it is.
  await page.locator('input[type=file]').setInputFiles({ name: '花名册-退回.xlsx', mimeType: 'application/octet-stream', buffer: back })
  await page.getByText('以下 3 行有内容').waitFor()
  await choose()
  await page.getByText('4 行：可导入 0，已有 1，有误 3').waitFor()
  assert.equal(Object.keys(await workersOf()).length, before + 1)
  clean(seen)
  await context.close()
})

test('an office registers a worker, who leaves after the cases are seen', async () => {
  const { page, seen, context, go } = await as('district')
  await go(`/c/org?place=${street}`)
  await page.getByRole('button', { name: '登记社工' }).click()
  const form = page.getByRole('dialog').locator('form')
  await form.getByLabel('编号').fill('w-e2e-1')
  await form.getByLabel('姓名').fill('辰某')
  await form.getByRole('radio', { name: '兼职' }).click()
  await form.getByLabel('自哪天起').fill('2026-01-01')
  await form.locator('button[type=submit]').click()
  await page.getByText('已登记：登记社工 辰某').waitFor()
  assert.equal((await ask(server, 'GET', '/v1/workers/w-e2e-1')).periods[0].post, 'part_time')
  await page.getByRole('button', { name: '离岗 社工3' }).click()
  await page.getByText('离岗前先改派').waitFor()
  clean(seen)
  await context.close()
})

test('the security administrator shuts an account and ends its sessions, the auditor sees who read', async () => {
  const victim = await as('worker')
  await victim.go('/c/now')
  const { page, seen, context, go } = await as('security_admin')
  await go('/c/accounts')
  const row = page.locator('tr', { hasText: first })
  await row.getByRole('button', { name: /^停用/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: '停用' }).click()
  await page.getByText('已停用，所有登录已退出').waitFor()
  assert.equal(await victim.page.evaluate(async () => (await fetch('/v1/me')).status), 401)
  await row.getByRole('button', { name: /^启用/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: '启用' }).click()
  await page.locator('tr', { hasText: first }).getByText('在用').waitFor()
  await go('/c/sessions')
  await page.getByText('本机', { exact: true }).waitFor()
  await page.locator('th', { hasText: /^\s*Chrome \d+ · Linux/ }).first().waitFor()
  clean(seen)
  const auditor = await as('auditor')
  await auditor.go('/c/audit')
  await auditor.page.locator('tbody tr').first().waitFor()
  await auditor.page.getByLabel('账号').fill('demo-head')
  await auditor.page.getByRole('button', { name: '查找', exact: true }).click()
  await auditor.page.waitForFunction(() => {
    const who = [...document.querySelectorAll('tbody th')]
    return who.length > 0 && who.every((x) => x.textContent.includes('demo-head'))
  })
  assert.ok((await auditor.page.locator('tbody tr').count()) > 0)
  clean(auditor.seen)
  for (const c of [context, victim.context, auditor.context]) await c.close()
})

test('the engine room says that the parts answer, and when they do not', async () => {
  const { page, seen, context, go } = await as('district')
  await go('/c/engine')
  await page.getByText('一切正常').waitFor()
  await page.route('**/readyz', (r) => r.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ status: 503, detail: 'x', errors: [{ field: 'temporal', detail: 'x' }] }) }))
  await page.reload()
  await page.getByText('Temporal没有回应').waitFor()
  await page.getByText('需要处理 1 项').waitFor()
  clean(seen)
  await context.close()
})

test('the station that takes a client over sees the five steps and answers', async () => {
  const day = await dayOf(server)
  const r = roster()[30]
  const from = '110113001'
  const opened = await ask(server, 'POST', '/v1/cases', {
    order_no: '京公戒字〔2026〕990001号', measure: 'treatment', term_months: 36, decided_on: '2026-09-01', served_on: '2026-09-02', service_method: 'direct', name: r.name, sex: 'male', id_number: r.id_number, household_street: from, execution_street: from, risk: 'low',
  })
  const give = (command, body) => ask(server, 'POST', `/v1/cases/${opened.case_id}/${command}`, body)
  await give('report-in', { occurred_at: '2026-09-05' })
  await give('sign-agreement', { occurred_at: '2026-09-07' })
  await give('request-transfer', { to: street, reason: 'household', occurred_at: day })
  await give('forward-file', { occurred_at: day })
  const { page, seen, context, go } = await as('station_head')
  await go('/c/transfers')
  await page.locator('li button').first().click()
  await page.getByRole('button', { name: '接收' }).waitFor()
  assert.equal(await page.locator('.steps li.done').count(), 2)
  await page.keyboard.press('a')
  await page.locator('form.command button[type=submit]').click()
  await page.getByText(/已入账/).first().waitFor()
  await until('the transfer is accepted', async () => (await ask(server, 'GET', `/v1/transfers?place=${street}&direction=in`)).transfers.some((x) => x.case_id === opened.case_id && x.state === 'accepted'))
  clean(seen)
  await context.close()
})

test('an office sees what another version of the rules would bring before anything changes', async () => {
  const { page, seen, context, go } = await as('district')
  await go('/c/policy')
  await page.getByRole('rowheader', { name: '报到', exact: true }).waitFor()
  await page.getByLabel('换成').selectOption('national@2026.1')
  await page.getByRole('button', { name: '试算' }).click()
  await page.getByText(/预览：顺义区 \d+ 件/).waitFor()
  const truth = await ask(server, 'POST', '/v1/policies/preview', { place: '110113', to: 'national@2026.1' })
  await page.getByText(`届满日有变 ${truth.total.terms} 件`).waitFor()
  clean(seen)
  await context.close()
})

test('an activity is recorded, corrected with what it was kept, and withdrawn', async () => {
  const { page, seen, context, go } = await as('station_head')
  await go('/c/publicity')
  await page.getByRole('button', { name: '登记活动' }).click()
  const form = page.getByRole('dialog').locator('form')
  await form.getByLabel('活动名称').fill('禁毒进社区')
  await form.getByRole('radio', { name: '展台' }).click()
  await form.getByRole('radio', { name: '居民' }).click()
  await form.getByLabel('日期').fill('昨天')
  await form.getByLabel('人数').fill('120')
  await form.locator('button[type=submit]').click()
  await page.getByRole('cell', { name: '120人' }).waitFor()
  await page.getByRole('button', { name: '更正' }).click()
  await form.getByLabel('人数').fill('102')
  await form.getByLabel('为什么更正').fill('数字写反')
  await form.locator('button[type=submit]').click()
  await page.getByRole('cell', { name: '102人' }).waitFor()
  await page.getByRole('button', { name: '2 版' }).click()
  await page.getByText('120人').waitFor()
  clean(seen)
  await context.close()
})

test('an office asks to see an identity for an hour, and the auditor reviews it', async () => {
  const { page, seen, context, go } = await as('district')
  await go(`/c/break-glass?case=${clients[0].id}`)
  const form = page.getByRole('dialog').locator('form')
  await form.getByLabel('事由').fill('信访核实身份')
  await form.locator('button[type=submit]').click()
  await page.getByText(/已开放：姓名和证件可查看至/).waitFor()
  await go(`/c/cases/${clients[0].id}`)
  await page.getByRole('heading', { level: 1, name: clients[0].name }).waitFor()
  const auditor = await as('auditor')
  await auditor.go('/c/break-glass')
  await auditor.page.locator('tr', { hasText: '信访核实身份' }).getByRole('button', { name: /^复核/ }).click()
  await auditor.page.getByRole('dialog').getByRole('radio', { name: '认可' }).click()
  await auditor.page.getByRole('dialog').locator('button[type=submit]').click()
  await auditor.page.getByText('已复核：认可').waitFor()
  await auditor.page.getByText('没有待复核的临时查看').waitFor()
  clean(seen)
  clean(auditor.seen)
  await context.close()
  await auditor.context.close()
})
