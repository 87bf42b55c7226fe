// Forms and photos on the page of a case, in a real browser, against a real server.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, signInAs, visit } from './browser.mjs'
import { clean, photo } from './phone.mjs'
import { accountOf, ask, dayOf, seed, start } from './server.mjs'

let server, browser, id
before(async () => {
  server = await start()
  id = (await seed(server))[0].id
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** A page that is signed in as the role, at the case. */
async function at(role, options = {}, path = `/c/cases/${id}`) {
  const seen = await visit(browser, server, options)
  await signInAs(seen.page, server, role)
  await seen.page.goto(server.address + path)
  await seen.page.locator('.history').waitFor()
  return seen
}
const caseForms = () => ask(server, 'GET', `/v1/cases/${id}/forms`)
const answer = async (form, field, ...labels) => {
  const box = form.locator(`[data-question="${field}"]`)
  for (const label of labels) {
    if ((await box.locator('select').count()) > 0) await box.locator('select').selectOption({ label })
    else await box.getByText(label, { exact: true }).click()
  }
}
const cell = (form, field) => form.locator(`[data-question="${field}"]`)

test('a visit whose form is missing gets it from the case, each fault at its field', async () => {
  const yesterday = new Date(Date.parse(`${await dayOf(server)}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
  await ask(server, 'POST', `/v1/cases/${id}/record-contact`, { channel: 'home_visit', outcome: 'met', occurred_at: yesterday })
  const lacks = (await caseForms()).missing.filter((m) => m.forms.some((f) => f.split('|').includes('visit_record')))
  assert.ok(lacks.length > 0, 'no duty lacks its form')
  const { page, seen, context } = await at('worker')
  await page.getByRole('tab', { name: /^表单/ }).click()
  await page.locator('.missing button', { hasText: '填走访记录表' }).first().click()
  const form = page.locator('dialog form.fill')
  await form.waitFor()
  await answer(form, 'channel', '入户走访')
  await answer(form, 'outcome', '见到本人')
  await cell(form, 'promise_on').locator('input').fill('下周五')
  await form.getByRole('button', { name: '提交表单' }).click()
  for (const field of ['state', 'next', 'sign', 'needs']) assert.match(await cell(form, field).locator('.wrong').textContent(), /请填写此项/, field)
  assert.equal((await caseForms()).forms.length, 0, 'a form with faults was filed')
  await answer(form, 'state', '平静')
  await answer(form, 'next', '按计划联系')
  await answer(form, 'sign', '戒断表现', '未见异常')
  assert.equal(await cell(form, 'sign').locator('[aria-pressed=true]').count(), 1, 'nothing and something at the same time')
  await answer(form, 'needs', '就业')
  await cell(form, 'promise_on').locator('input').fill('2026-12-31')
  await cell(form, 'content').locator('textarea').fill('在家中谈话，正在找工作')
  await form.getByRole('button', { name: '提交表单' }).click()
  await page.locator('dialog').getByText('已入账：走访记录表').waitFor()
  await page.locator('dialog').getByRole('button', { name: '关闭' }).click()
  const filed = (await caseForms()).forms
  assert.equal(filed.length, 1)
  assert.ok(lacks.some((m) => m.obligation === filed[0].obligation))
  assert.ok(!(await caseForms()).missing.some((m) => m.obligation === filed[0].obligation && m.forms.some((f) => f.includes('visit_record'))))
  await page.locator('.forms li').getByRole('button', { name: '查看' }).click()
  await page.locator('article.filed').getByText('在家中谈话，正在找工作').waitFor()
  clean(seen)
  await context.close()
})

test('a form that was filled in about somebody else is withdrawn with its reason, and stays to be seen struck through', async () => {
  const { page, seen, context } = await at('worker')
  const { labels } = await ask(server, 'GET', '/v1/forms/phone_record')
  await page.getByRole('tab', { name: /^表单/ }).click()
  await page.locator('#form-choose').selectOption('phone_record')
  await page.getByRole('button', { name: '填表', exact: true }).click()
  const form = page.locator('dialog form.fill')
  await form.waitFor()
  await answer(form, 'outcome', labels['outcome.met'])
  await answer(form, 'who', labels['who.family'])
  await answer(form, 'next', labels['next.as_planned'])
  await form.getByRole('button', { name: '提交表单' }).click()
  await page.locator('dialog').getByRole('button', { name: '关闭' }).click()
  const row = page.locator('.forms li').first()
  await row.locator('b', { hasText: '电话' }).waitFor()
  const { seq } = (await caseForms()).forms.at(-1)
  await row.getByRole('button', { name: '撤回误录' }).click()
  const reason = page.locator('form.command')
  await reason.locator('button[type=submit]').click()
  await reason.locator('.wrong').first().waitFor()
  assert.ok(!(await caseForms()).forms.find((f) => f.seq === seq).withdrawn, 'withdrawn without a reason')
  await reason.locator('textarea').fill('填到了别人名下')
  await reason.locator('button[type=submit]').click()
  await page.locator('.said', { hasText: '已入账：撤回误录' }).waitFor()
  await row.locator('s', { hasText: '电话' }).waitFor()
  await row.getByText('已撤回', { exact: true }).waitFor()
  assert.deepEqual(await row.getByRole('button').allTextContents(), [], 'what was withdrawn can be read or changed by a worker')
  assert.ok((await caseForms()).forms.find((f) => f.seq === seq).withdrawn)
  clean(seen)
  await context.close()
  // Its head still reads what stood there.
  const head = await at('station_head')
  await head.page.getByRole('tab', { name: /^表单/ }).click()
  await head.page.locator('.forms li').first().getByRole('button', { name: '查看' }).click()
  await head.page.locator('article.filed').getByText(labels['who.family']).waitFor()
  clean(head.seen)
  await head.context.close()
})

test('a form is filled in by the keyboard alone, and the focus goes to what is wrong and back where it was', async () => {
  const { page, seen, context } = await at('worker')
  const press = async (...keys) => {
    for (const k of keys) await page.keyboard.press(k)
  }
  const focused = () => page.evaluate(() => document.activeElement.closest('[data-question]')?.dataset.question ?? document.activeElement.textContent.trim())
  const before = (await caseForms()).forms.length
  await page.getByRole('tab', { name: /^表单/ }).focus()
  await press('Enter')
  await page.locator('#form-choose').focus()
  for (let i = 0; i < 40 && (await page.locator('#form-choose').inputValue()) !== 'phone_record'; i++) await press('ArrowDown')
  await press('Tab', 'Enter')
  const form = page.locator('dialog form.fill')
  await form.waitFor()
  await form.getByRole('button', { name: '提交表单' }).focus()
  await press('Enter')
  await cell(form, 'outcome').locator('.wrong').waitFor()
  assert.equal(await focused(), 'outcome')
  await press('ArrowDown', 'Tab', 'ArrowRight', 'ArrowRight')
  assert.equal(await focused(), 'who')
  await press('Tab', 'Tab', 'Tab')
  assert.equal(await focused(), 'next')
  await press('ArrowDown', 'Tab')
  await page.keyboard.type('由家人接听')
  await press('Tab')
  assert.equal(await focused(), '提交表单')
  await press('Enter')
  await page.locator('dialog').getByText('已入账：电话（视频）联系记录').waitFor()
  await page.locator('dialog').getByRole('button', { name: '关闭' }).focus()
  await press('Enter')
  await page.locator('dialog').waitFor({ state: 'detached' })
  assert.equal(await focused(), '填表')
  const { forms } = await caseForms()
  assert.equal(forms.length, before + 1)
  clean(seen)
  await context.close()
})

/** Answers the screening with so much at each factor. */
async function screen(page, yes) {
  await page.getByRole('tab', { name: /^表单/ }).click()
  await page.locator('#form-choose').selectOption('risk_screening')
  await page.getByRole('button', { name: '填表', exact: true }).click()
  const form = page.locator('dialog form.fill')
  await form.waitFor()
  const view = await ask(server, 'GET', '/v1/forms/risk_screening')
  for (const name of view.schema.required) {
    const codes = view.schema.properties[name].enum
    const label = view.labels[`${name}.${name.startsWith('hard_') ? (name === yes ? 'yes' : 'no') : codes[0]}`]
    await answer(form, name, label)
  }
  await form.getByRole('button', { name: '提交表单' }).click()
}

test('a screening shows its score and proposes a class of risk, which a person decides', async () => {
  const risk = async () => (await ask(server, 'GET', `/v1/cases/${id}`)).summary.risk
  const was = await risk()
  const { page, seen, context } = await at('station_head')
  await screen(page, 'hard_self_harm')
  await page.locator('.proposed', { hasText: '建议风险等级：高风险' }).waitFor()
  await page.locator('.proposed', { hasText: '这只是建议' }).waitFor()
  assert.equal(await risk(), was, 'a proposal decided')
  await page.getByRole('button', { name: '按建议调整风险等级' }).click()
  const form = page.locator('form.command')
  assert.equal(await form.getByRole('radio', { name: /^高/ }).getAttribute('aria-checked'), 'true')
  await form.locator('textarea').fill('筛查有自伤情形')
  await form.locator('button[type=submit]').click()
  await page.locator('.said', { hasText: '已入账' }).first().waitFor()
  assert.equal(await risk(), 'high')
  // A second one makes a line of the scores.
  await screen(page, '')
  await page.locator('.outcome').waitFor()
  await page.locator('dialog').getByRole('button', { name: '关闭' }).click()
  await page.locator('.trend svg[role=img]').first().waitFor()
  assert.match(await page.locator('.trend').first().textContent(), /分（0至\d+）.*与上次相同|较上次/)
  clean(seen)
  await context.close()
})

test('a form speaks the language of the page, its faults too, and the server’s own word stands at the field', async () => {
  const { page, seen, context } = await at('worker', { lang: 'en' })
  await page.getByRole('tab', { name: /^Forms/ }).click()
  await page.locator('#form-choose').selectOption('phone_record')
  await page.getByRole('button', { name: 'Fill in a form', exact: true }).click()
  const form = page.locator('dialog form.fill')
  await form.waitFor()
  await form.getByRole('button', { name: 'File the form' }).click()
  await cell(form, 'outcome').getByText('Fill this in.').waitFor()
  const text = await form.locator('label, .label, .chip, option, h4').allTextContents()
  assert.deepEqual(text.filter((x) => /[\u4e00-\u9fff]/.test(x)), [])
  // What only the server sees to be wrong comes back to its field.
  await page.route('**/forms', (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    const body = route.request().postDataJSON()
    return route.continue({ postData: JSON.stringify({ ...body, answers: { ...body.answers, next: 'nowhere' } }) })
  })
  await answer(form, 'outcome', 'Reached')
  await answer(form, 'who', 'Family')
  await cell(form, 'next').locator('select').selectOption({ index: 1 })
  await form.getByRole('button', { name: 'File the form' }).click()
  await cell(form, 'next').getByText(/is one of/).waitFor()
  clean(seen)
  await context.close()
})

test('a photo is added on the case page, seen small and whole, and says who added it; offices open it with a reason', async () => {
  const { page, seen, context } = await at('worker')
  await page.getByRole('tab', { name: '照片和扫描件' }).click()
  await page.locator('#file-kind').selectOption('test_strip')
  await page.locator('#file-pick').setInputFiles(await photo(page))
  const row = page.locator('.files li').first()
  await row.locator('img').waitFor()
  assert.match(await row.textContent(), /试剂板/)
  const { attachments } = await ask(server, 'GET', `/v1/cases/${id}/attachments`)
  assert.equal(attachments.at(-1).kind, 'test_strip')
  assert.equal(attachments.at(-1).by.id, (await accountOf(server, 'worker')).account)
  await row.locator('.thumb').click()
  await page.locator('dialog img.whole').waitFor()
  assert.ok((await page.locator('dialog img.whole').evaluate((i) => i.decode().then(() => i.naturalWidth))) > 1000)
  await page.locator('dialog').getByRole('button', { name: '关闭' }).click()
  await page.locator('#file-pick').setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('not a picture') })
  await page.locator('.files .bad').waitFor()
  clean(seen)
  await context.close()

  const office = await at('district')
  await office.page.getByRole('tab', { name: '照片和扫描件' }).click()
  await office.page.locator('.files li').first().getByText('未打开').waitFor()
  assert.equal(await office.page.locator('.files img').count(), 0)
  await office.page.locator('#file-reason').fill('信访核查')
  await office.page.getByRole('button', { name: '按此事由查看' }).click()
  await office.page.locator('.files li img').first().waitFor()
  clean(office.seen)
  await office.context.close()

  const head = await at('station_head')
  await head.page.getByRole('tab', { name: '照片和扫描件' }).click()
  await head.page.getByRole('button', { name: '不属于本案……' }).first().click()
  await head.page.locator('#file-why').fill('传错了人')
  await head.page.locator('dialog button.danger').click()
  await head.page.locator('.files li').first().getByText('传错了人').waitFor()
  clean(head.seen)
  await head.context.close()
})
