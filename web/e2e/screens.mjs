// Takes a picture of every screen in both languages into docs/screens. GUITU_ADDRESS: a running
// guitu-dev, such as one that has played the demonstration; without it one is started and told a few lives.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launch, signInAs, visit } from './browser.mjs'
import { phoneScreens } from './screens-phone.mjs'
import { ask, dayOf, seed, start } from './server.mjs'

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname
const out = process.env.GUITU_SCREENS ?? join(here, '../../docs/screens')
mkdirSync(out, { recursive: true })

const running = process.env.GUITU_ADDRESS
const server = running ? { address: running, stop: async () => undefined } : await start()
if (!running) await recorded(await seed(server, 10))
const browser = await launch()

/** What the pages beside the cases have to show. */
async function recorded(clients) {
  const street = '110113004'
  const worker = `w-${street}-1`
  const today = Date.parse(await dayOf(server))
  const on = (days) => new Date(today + days * 86_400_000).toISOString().slice(0, 10)
  const post = (path, body) => ask(server, 'POST', path, body)
  const [stuck, crisis] = [['stalled_engagement', 'external'], ['crisis', 'peer']].map(([topic, help]) => ({ topic, help, supervisees: [worker], place: street }))
  const planned = await post('/v1/supervisions', stuck)
  await post(`/v1/supervisions/${planned.id}/plan`, { supervisor: 'x-07', form: 'online', planned_on: on(2) })
  await post('/v1/supervisions', crisis)
  const { id } = await post('/v1/trainings', {
    place: '110113', organisation: 'org-1',
    data: { title: '培新计划', from: on(-60), to: on(60), phases: [{ title: '基础', from: on(-60), to: on(0) }, { title: '实务', from: on(1), to: on(60) }] },
  })
  const lesson = (phase, subject, days) => post(`/v1/trainings/${id}/sessions`, { phase, subject, trainers: ['t-1'], form: 'in_person', on: on(days), minutes: 180, invited: [{ worker, place: street }] })
  const held = await lesson(1, '社区戒毒协议的签订与履行', -7)
  await post(`/v1/training-sessions/${held.id}/attendance`, { entries: [{ worker, presence: 'attended' }] })
  await lesson(2, '动机式访谈', 6)
  for (const [activity, audience, title, days, reached] of [['lecture', 'students', '禁毒进校园', -20, 340], ['exhibition', 'residents', '社区展板', -9, 120]])
    await post('/v1/publicity', { place: street, data: { activity, audience, title, on: on(days), reached, by: [worker] } })
  for (const [client, agency, kind] of [[clients[1], 'human_resources', 'job'], [clients[2], 'civil_affairs', 'temporary_aid']]) await post(`/v1/cases/${client.id}/refer`, { agency, kind })
}

/** The case whose life has most to show. */
async function liveliest(page) {
  return page.evaluate(async () => {
    const { cases } = await (await fetch('/v1/cases?limit=200&open=true')).json()
    return cases.filter((c) => c.phase === 'in_execution').sort((a, b) => b.seq - a.seq)[0].case_id
  })
}

const only = process.argv.slice(2)
async function shot(page, name, lang) {
  await page.waitForTimeout(400)
  await page.screenshot({ path: join(out, `${name}.${lang}.png`) })
  console.log(`${name}.${lang}`)
}
const wanted = (name) => only.length === 0 || only.includes(name)

for (const lang of ['zh-CN', 'en']) {
  const stranger = await visit(browser, server, { lang, viewport: { width: 1200, height: 740 } })
  if (wanted('sign-in')) {
    await stranger.page.goto(server.address)
    await stranger.page.locator('.demo').waitFor()
    await shot(stranger.page, 'sign-in', lang)
  }
  await stranger.context.close()

  const head = await visit(browser, server, { lang, viewport: { width: 1200, height: 740 } })
  const { page } = head
  await signInAs(page, server, 'station_head')
  const go = async (path, ready) => {
    await page.goto(server.address + path)
    await page.locator(ready).first().waitFor()
  }
  if (wanted('now')) {
    await go('/c/now', 'ol > li')
    await shot(page, 'now', lang)
    await page.keyboard.press('c')
    await page.locator('form.command').waitFor()
    await page.waitForTimeout(1500)
    await shot(page, 'now-settle', lang)
  }
  if (wanted('cases')) {
    await go('/c/cases', '[role=row].row')
    await shot(page, 'cases', lang)
    await go('/c/cases?show=phases', '.columns')
    await shot(page, 'cases-phases', lang)
  }
  const id = await liveliest(page)
  if (wanted('case')) {
    await go(`/c/cases/${id}`, '.phase')
    await page.waitForTimeout(800)
    await shot(page, 'case', lang)
    await page.keyboard.press('r')
    await page.locator('.choices button').first().click()
    await page.waitForTimeout(1500)
    await shot(page, 'case-record', lang)
  }
  if (wanted('case-forms')) {
    await go(`/c/cases/${id}`, '.phase')
    await page.locator('.history [role=tab]').nth(2).click()
    await page.locator('#form-choose').waitFor()
    await page.locator('.history').evaluate((e) => e.scrollIntoView())
    await page.evaluate(() => scrollBy(0, -60))
    await shot(page, 'case-forms', lang)
    await page.locator('#form-choose').selectOption('visit_record')
    await page.locator('.forms .choose button').click()
    await page.locator('dialog form.fill button[type=submit]').click()
    await page.locator('dialog .bad').waitFor()
    await shot(page, 'case-form', lang)
  }
  if (wanted('docs')) {
    await go('/docs', '.opblock-tag')
    await shot(page, 'docs', lang)
  }
  if (wanted('search')) {
    await go('/c/now', 'ol > li')
    await page.keyboard.press('/')
    await page.locator('input[role=combobox]').fill('甲某')
    await page.locator('#found [role=option]').first().waitFor()
    await shot(page, 'search', lang)
  }
  for (const name of ['calendar', 'bulk', 'import', 'transfers', 'referrals', 'supervision', 'training', 'publicity', 'sessions', 'engine']) {
    if (!wanted(name)) continue
    await go(`/c/${name}`, 'h1')
    await page.waitForFunction(() => !document.querySelector('.waiting'))
    if (name === 'calendar') await page.locator('.cell:not(.zero)').first().click()
    if (name === 'bulk') await page.locator('.desk-head .button.primary').click()
    await page.waitForTimeout(1200)
    await shot(page, name, lang)
  }
  if (wanted('notice')) {
    const position = await page.evaluate(async () => (await (await fetch('/v1/inbox?part=notices')).json()).notices.at(-1)?.position)
    await go(`/c/notices/${position}`, 'dl')
    await shot(page, 'notice', lang)
  }
  await head.context.close()

  const office = await visit(browser, server, { lang, viewport: { width: 1200, height: 740 } })
  await signInAs(office.page, server, 'district')
  for (const name of ['org', 'policy', 'what-if']) {
    if (!wanted(name)) continue
    await office.page.goto(`${server.address}/c/${name}${name === 'what-if' ? '?contacts=40&months=6' : ''}`)
    await office.page.locator('h1').waitFor()
    if (name === 'what-if') {
      await office.page.locator('form.ask button[type=submit]').click()
      await office.page.locator('.desk-table').first().waitFor({ timeout: 180_000 })
    }
    await office.page.waitForTimeout(1200)
    await shot(office.page, name, lang)
  }
  if (wanted('figures-streets')) {
    await office.page.goto(`${server.address}/c/figures?show=contact_rate`)
    await office.page.locator('h1').waitFor()
    await office.page.waitForFunction(() => !document.querySelector('.waiting'))
    await office.page.waitForTimeout(1500)
    await office.page.screenshot({ path: join(out, `figures-streets.${lang}.png`), fullPage: true })
    console.log(`figures-streets.${lang}`)
  }
  await office.context.close()

  for (const [role, name] of [['security_admin', 'accounts'], ['auditor', 'audit'], ['auditor', 'break-glass']]) {
    if (!wanted(name)) continue
    const guard = await visit(browser, server, { lang, viewport: { width: 1200, height: 740 } })
    await signInAs(guard.page, server, role)
    await guard.page.goto(`${server.address}/c/${name}`)
    await guard.page.locator('h1').waitFor()
    await guard.page.waitForTimeout(1500)
    await shot(guard.page, name, lang)
    await guard.context.close()
  }

  const city = await visit(browser, server, { lang, viewport: { width: 1200, height: 740 } })
  await signInAs(city.page, server, 'city')
  if (wanted('figures')) {
    await city.page.goto(`${server.address}/c/figures`)
    await city.page.locator('.tile').first().waitFor()
    await shot(city.page, 'figures', lang)
  }
  await city.context.close()

  const dark = await visit(browser, server, { lang, viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  await signInAs(dark.page, server, 'station_head')
  if (wanted('case-narrow')) {
    await dark.page.goto(`${server.address}/c/cases/${id}`)
    await dark.page.locator('.phase').first().waitFor()
    await shot(dark.page, 'case-narrow', lang)
    await dark.page.goto(`${server.address}/c/now`)
    await dark.page.locator('ol > li').first().waitFor()
    await shot(dark.page, 'now-narrow', lang)
  }
  await dark.context.close()
  await phoneScreens(browser, server, lang, { wanted, shot })
}
await browser.close()
await server.stop()
