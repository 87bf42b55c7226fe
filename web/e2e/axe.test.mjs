// Every page of the desk: no finding of axe, no scrolling sideways, no word of the other language.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { launch, signInAs, visit } from './browser.mjs'
import { photo } from './phone.mjs'
import { accountOf, ask, seed, start } from './server.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const pages = {
  station_head: ['now', 'cases', 'calendar', 'bulk', 'import', 'org', 'transfers', 'referrals', 'supervision', 'training', 'publicity', 'sessions', 'engine'],
  district: ['figures', 'figures?show=contact_rate', 'what-if', 'policy', 'org', 'break-glass'],
  city: ['figures', 'figures?place=110113&show=open_cases'],
  security_admin: ['accounts'],
  auditor: ['audit'],
}

let server, browser
before(async () => {
  server = await start()
  await seed(server, 3)
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

async function enter(role, options) {
  // The tool is put into the page from outside, past the policy that the other tests watch.
  const { page, context } = await visit(browser, server, { ...options, bypassCSP: true })
  if (!role) return { page, context }
  await signInAs(page, server, role)
  return { page, context }
}

async function settled(page, path) {
  await page.goto(server.address + path)
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('.waiting'))
  await page.waitForTimeout(500)
}

/** What is wrong with the page as it stands, at each width. */
async function faultsAt(page, name) {
  const faults = []
  await page.evaluate(axe)
  for (const width of [360, 768, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    await page.waitForTimeout(200)
    const found = await page.evaluate(async (runOnly) => (await globalThis.axe.run(document, { runOnly, resultTypes: ['violations'] })).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).slice(0, 3).join(' | ')}`), rules)
    faults.push(...found.map((f) => `${name} at ${width}: ${f}`))
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1)) faults.push(`${name} at ${width} scrolls sideways`)
  }
  return faults
}

for (const colorScheme of ['light', 'dark']) {
  for (const [role, names] of Object.entries(pages)) {
    test(`axe finds nothing on the pages of ${role}, ${colorScheme}`, async () => {
      const { page, context } = await enter(role, { colorScheme })
      const faults = []
      for (const name of names) {
        await settled(page, `/c/${name}`)
        faults.push(...(await faultsAt(page, name)))
      }
      assert.deepEqual(faults, [])
      await context.close()
    })
  }

  test(`axe finds nothing where one signs in, nor on a page that is not there, ${colorScheme}`, async () => {
    const { page, context } = await enter(undefined, { colorScheme })
    await page.goto(server.address)
    await page.locator('#account').waitFor()
    const faults = await faultsAt(page, 'sign-in')
    await page.locator('#account').fill('nobody')
    await page.locator('#password').fill('not a password')
    await page.locator('button[type=submit]').click()
    await page.locator('[role=alert]').first().waitFor()
    faults.push(...(await faultsAt(page, 'sign-in refused')))
    assert.deepEqual(faults, [])
    await context.close()
  })

  test(`axe finds nothing on a case, its forms and photos, nor on a form with faults, ${colorScheme}`, async () => {
    const { page, context } = await enter('worker', { colorScheme })
    const { account } = await accountOf(server, 'worker') // the tests before have given cases to somebody else
    const id = (await ask(server, 'GET', `/v1/cases?open=true&worker=${account}`)).cases[0].case_id
    await settled(page, `/c/cases/${id}`)
    const faults = await faultsAt(page, 'case')
    await page.getByRole('tab', { name: '照片和扫描件' }).click()
    if ((await ask(server, 'GET', `/v1/cases/${id}/attachments`)).attachments.length === 0) await page.locator('#file-pick').setInputFiles(await photo(page, { width: 600, height: 400 }))
    await page.locator('.files li img').first().waitFor()
    faults.push(...(await faultsAt(page, 'photos')))
    await page.getByRole('tab', { name: /^表单/ }).click()
    await page.locator('#form-choose').waitFor()
    faults.push(...(await faultsAt(page, 'forms')))
    for (const form of ['visit_record', 'test_register', 'phq9']) {
      await page.locator('#form-choose').selectOption(form)
      await page.getByRole('button', { name: '填表', exact: true }).click()
      await page.locator('dialog form.fill').getByRole('button', { name: '提交表单' }).click()
      await page.locator('dialog .bad').waitFor()
      faults.push(...(await faultsAt(page, form)))
      await page.locator('dialog').getByRole('button', { name: '返回' }).click()
    }
    assert.deepEqual(faults, [])
    await context.close()
  })
}

for (const [role, names] of Object.entries(pages)) {
  test(`the pages of ${role} speak English`, async () => {
    const { page, context } = await enter(role, { lang: 'en' })
    for (const name of names) {
      await settled(page, `/c/${name}`)
      const said = await page.locator('main h1, main h2, main label, main button:not(.tile, .street), main th[scope=col]').allTextContents()
      assert.deepEqual(said.filter((s) => /[\u4e00-\u9fff]/.test(s.replace(/.某|社工|[\u4e00-\u9fff]+(街道|地区|区|市|镇|乡)/g, ''))), [], name)
    }
    await context.close()
  })
}
