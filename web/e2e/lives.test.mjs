// Two lives, from the order to the volunteer, through the pages alone: the worker on the phone and
// at the case, the head on the console. The cases' clock is set forward between the days.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, signInAs, visit } from './browser.mjs'
import { clean, size } from './phone.mjs'
import { ask, dayOf, roster, start } from './server.mjs'

const street = '110113004'
const worker = `w-${street}-1`
let server, browser, words
before(async () => {
  server = await start()
  words = await ask(server, 'GET', '/v1/codes')
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const word = (list, code) => words.enums.find((e) => e.name === list).codes.find((c) => c.code === code).zh
const commandWord = (code) => words.commands.find((c) => c.code === code).zh
const view = (id) => ask(server, 'GET', `/v1/cases/${id}`)
const today = () => dayOf(server)
const plus = (day, n) => new Date(Date.parse(`${day}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10)
const months = (day, n) => {
  const d = new Date(`${day}T00:00:00Z`)
  d.setUTCMonth(d.getUTCMonth() + n)
  return d.toISOString().slice(0, 10)
}

/** Waits until the server says so. */
async function until(what, says) {
  for (let i = 0; i < 60; i++) {
    if (await says()) return
    await new Promise((done) => setTimeout(done, 500))
  }
  assert.fail(`never came: ${what}`)
}

/** A console that is signed in as the role. */
async function consoleOf(role) {
  const seen = await visit(browser, server)
  await signInAs(seen.page, server, role)
  return seen
}

/** The head opens the case of an order from a list of one row; the case's id. */
async function order(page, row, fields) {
  const all = { ...row, household_street: street, residence_street: street, execution_street: street, worker, ...fields }
  const before = new Set((await ask(server, 'GET', `/v1/cases?place=${street}&limit=200`)).cases.map((c) => c.case_id))
  await page.goto(`${server.address}/c/import`)
  await page.locator('input[type=file]').setInputFiles({ name: '名册.csv', mimeType: 'text/csv', buffer: Buffer.from([Object.keys(all).join(','), Object.values(all).join(',')].join('\n')) })
  await page.getByRole('button', { name: '试跑 1 行' }).click()
  await page.getByRole('button', { name: '导入 1 行' }).click()
  await page.getByText('导入完成：新立案 1 件').waitFor()
  return (await ask(server, 'GET', `/v1/cases?place=${street}&limit=200`)).cases.find((c) => !before.has(c.case_id)).case_id
}

/** Gives a command on the page of the case. */
async function give(page, id, command, fill = async () => undefined) {
  await page.goto(`${server.address}/c/cases/${id}`)
  await page.locator('.history').waitFor()
  await page.getByRole('button', { name: /^记录/ }).first().click()
  await page.locator('.choices').getByRole('button', { name: commandWord(command), exact: true }).click()
  const form = page.locator('form.command')
  await form.waitFor()
  await fill(form)
  await form.locator('button[type=submit]').click()
  await page.locator('.said', { hasText: '已入账' }).first().waitFor()
}

/** The phone after the clock was set: its list and its clock are those of the day. */
async function morning(page) {
  const [, m, d] = (await today()).split('-').map(Number)
  await page.goto(`${server.address}/m/day`)
  await page.waitForFunction((day) => document.querySelector('.top .second')?.textContent.replaceAll('\u2060', '').includes(day), `${m}月${d}日`)
}

/** The worker says on the phone how a contact went. */
async function tell(page, id, way, chosen) {
  await page.goto(`${server.address}/m/report?case=${id}&channel=${way}`)
  await page.locator('h1', { hasText: '某' }).waitFor()
  for (const [name, [list, code]] of Object.entries(chosen)) await page.locator(`[data-field=${name}]`).getByText(word(list, code), { exact: true }).tap()
  await page.locator('.save').tap()
  await page.locator('.saved', { hasText: '已入账' }).waitFor()
}
const outcome = (code) => ({ outcome: ['outcome', code] })

/** The worker records on the phone something that is one tap: the report-in, the agreement. */
async function plain(page, id, command) {
  await page.goto(`${server.address}/m/report?case=${id}&command=${command}`)
  await page.locator('h1', { hasText: '某' }).waitFor()
  await page.locator('.save').tap()
  await page.locator('.saved', { hasText: '已入账' }).waitFor()
}

async function phone() {
  const seen = await visit(browser, server, size)
  await seen.page.goto(`${server.address}/m/`)
  await seen.page.locator('.demo button').first().tap()
  await seen.page.waitForURL('**/m/day')
  return seen
}

test('the client whose registration moved in and who evaded: reached again through the family, without a breach', async () => {
  const head = await consoleOf('station_head')
  const day = await today()
  const r = roster()[24]
  const id = await order(head.page, r, {
    measure: 'treatment', term_months: 36, decided_on: plus(day, -140), served_on: plus(day, -140), reported_on: plus(day, -135), agreement_on: plus(day, -135), tests_done: 5, contacts_done: 10, changed_on: day, risk: 'medium',
  })
  assert.ok((await view(id)).obligations.some((o) => o.id === 'transfer_report_in-1' && o.status === 'open'))
  const seen = await phone()
  const { page } = seen
  await morning(page)
  await plain(page, id, 'report-in')
  await plain(page, id, 'sign-agreement')
  await give(head.page, id, 'report-arrival')
  assert.ok(!(await view(id)).obligations.some((o) => o.status === 'open' && /^(transfer_report_in|arrival_report)-/.test(o.id)))
  await give(head.page, id, 'join-working-group', async (form) => {
    for (const [i, member] of ['p-1', 'm-1', 'mother-1'].entries()) await form.locator('li').nth(i).locator('input').fill(member)
  })

  // He does not answer, then declines twice: that is no refusal of a test, the outreach begins.
  await tell(page, id, 'phone', outcome('no_answer'))
  for (const [n, excuse] of [[3, 'work'], [4, 'illness']]) {
    await server.step(plus(day, n))
    await morning(page)
    await tell(page, id, 'phone', { ...outcome('declined'), excuse: ['excuse', excuse] })
  }
  let now = await view(id)
  assert.equal(now.counters.test_breaches, 0)
  assert.equal(now.outreach?.trigger, 'declined')
  await page.goto(`${server.address}/m/clients/${id}`)
  await page.locator('#reach', { hasText: word('channel', 'phone') }).waitFor()

  // The ladder: two calls, a message, two visits, the family.
  const ladder = [[5, 'phone', 'no_answer'], [6, 'phone', 'no_answer'], [7, 'sms', 'sent'], [9, 'home_visit', 'not_at_home'], [12, 'home_visit', 'not_at_home'], [14, 'family_visit', 'family_met']]
  for (const [n, way, what] of ladder) {
    await server.step(plus(day, n))
    await morning(page)
    assert.equal((await view(id)).outreach.step, way, `the ladder on day ${n}`)
    await tell(page, id, way, outcome(what))
  }
  await server.step(plus(day, 16))
  await morning(page)
  await tell(page, id, 'joint_visit', { ...outcome('met'), mood: ['mood', 'low'] })
  now = await view(id)
  assert.equal(now.outreach, undefined)
  assert.equal(now.summary.engagement, 'engaged')
  assert.deepEqual([now.counters.test_breaches, now.violations ?? []], [0, []])
  await page.goto(`${server.address}/m/clients/${id}`)
  await page.locator('h1').waitFor()
  await page.locator('#reach').waitFor({ state: 'detached' })
  await head.page.goto(`${server.address}/c/cases/${id}`)
  await head.page.locator('.history li', { hasText: '恢复联系' }).waitFor()
  clean(seen.seen)
  clean(head.seen)
  await seen.context.close()
  await head.context.close()
})

test('the client in good standing: from the order over a year of clean tests to a volunteer', async () => {
  const head = await consoleOf('station_head')
  const desk = await consoleOf('worker')
  const day = await today()
  const r = roster()[25]
  const sex = r.sex === '女' ? 'female' : 'male'
  const id = await order(head.page, r, { measure: 'rehabilitation', term_months: 36, decided_on: plus(day, -3), served_on: day, risk: 'low' })
  const seen = await phone()
  const { page } = seen
  await morning(page)
  await plain(page, id, 'report-in')
  await plain(page, id, 'sign-agreement')
  await give(desk.page, id, 'join-working-group', async (form) => {
    for (const [i, member] of ['p-1', 'm-1', 'sister-1'].entries()) await form.locator('li').nth(i).locator('input').fill(member)
  })
  await give(desk.page, id, 'make-plan', async (form) => {
    for (const [i, [code, n]] of [['clean_tests', 6], ['counselling', 12], ['employment', 24]].entries()) {
      await form.locator('li').nth(i).locator('select').nth(1).selectOption(code)
      await form.locator('li').nth(i).locator('input').fill(months(day, n))
    }
  })
  assert.equal((await view(id)).summary.phase, 'in_execution')

  // The weeks after isolation are watched.
  for (const n of [5, 10, 15, 20, 25, 30]) {
    await server.step(plus(day, n))
    await morning(page)
    await tell(page, id, 'phone', outcome('met'))
  }
  const testOnPhone = async () => {
    await page.goto(`${server.address}/m/report?case=${id}&channel=test`)
    await page.locator('[data-field=result]').getByText(word('test_result', 'negative'), { exact: true }).tap()
    if ((await page.locator('[data-field=staff] .chip', { hasText: 'p-1' }).count()) === 0) {
      await page.locator('#staff-other').fill('p-1')
      await page.locator('[data-field=staff]').getByRole('button', { name: '添加' }).tap()
    }
    await page.locator('[data-field=collector_sex]').getByText(word('sex', sex), { exact: true }).tap()
    await page.locator('.save').tap()
    await page.locator('.saved', { hasText: '已入账' }).waitFor()
  }
  for (let n = 2; n <= 12; n++) {
    await server.step(plus(months(day, n), -3))
    await morning(page)
    await tell(page, id, 'home_visit', { ...outcome('met'), mood: ['mood', 'calm'] })
    await testOnPhone()
    if (n % 6 === 0) for (const command of ['record-assessment', 'review-plan']) await give(desk.page, id, command)
    if (n !== 6) continue
    // Half a year is too early, and the page says why before anything is given.
    await desk.page.goto(`${server.address}/c/cases/${id}`)
    await desk.page.locator('.history').waitFor()
    await desk.page.getByRole('button', { name: /^记录/ }).first().click()
    await desk.page.locator('.choices').getByRole('button', { name: commandWord('volunteer-opt-in'), exact: true }).click()
    await desk.page.locator('form.command > .wrong').waitFor()
    assert.equal((await ask(server, 'GET', `/v1/cases/${id}/help`)).volunteer.state, undefined)
  }

  await server.step(plus(months(day, 12), 1))
  await give(desk.page, id, 'volunteer-opt-in')
  await head.page.goto(`${server.address}/c/cases/${id}`)
  const decision = head.page.locator('li', { hasText: words.duties.find((d) => d.code === 'volunteer_decision').zh })
  await decision.getByRole('button', { name: '记录' }).click()
  await head.page.locator('form.command').getByRole('radio', { name: '是', exact: true }).click()
  await head.page.locator('form.command textarea').fill('一年来按期检测，结果均为阴性')
  await head.page.locator('form.command button[type=submit]').click()
  await head.page.locator('.said', { hasText: '已入账' }).first().waitFor()
  await until('the client is a volunteer', async () => (await ask(server, 'GET', `/v1/cases/${id}/help`)).volunteer.state === 'volunteer')
  await head.page.locator('dd', { hasText: word('volunteer_state', 'volunteer') }).waitFor()
  await give(desk.page, id, 'record-positive-event', (form) => form.getByRole('radio', { name: word('positive_kind', 'volunteering'), exact: true }).click())
  const end = await view(id)
  assert.deepEqual([end.summary.phase, end.counters.test_breaches, end.violations ?? []], ['in_execution', 0, []])
  assert.deepEqual(end.escalations.filter((e) => !e.closed_at && /^(test|report_in|agreement)-/.test(e.obligation)), [])
  for (const one of [seen, head, desk]) {
    clean(one.seen)
    await one.context.close()
  }
})
