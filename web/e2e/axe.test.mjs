// Every page of the desk: no finding of axe, no scrolling sideways, no word of the other language.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { launch, visit } from './browser.mjs'
import { accountOf, seed, start } from './server.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const pages = {
  station_head: ['calendar', 'bulk', 'import', 'org', 'transfers', 'referrals', 'supervision', 'training', 'publicity', 'sessions', 'engine'],
  district: ['what-if', 'policy', 'org'],
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
  const a = await accountOf(server, role)
  await page.goto(server.address)
  await page.evaluate(async (body) => (await fetch('/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).status, { account: a.account, password: a.password })
  return { page, context }
}

async function settled(page, name) {
  await page.goto(`${server.address}/c/${name}`)
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('.waiting'))
  await page.waitForTimeout(800)
}

for (const [role, names] of Object.entries(pages)) {
  for (const colorScheme of ['light', 'dark']) {
    test(`axe finds nothing on the pages of ${role}, ${colorScheme}`, async () => {
      const { page, context } = await enter(role, { colorScheme })
      const faults = []
      for (const name of names) {
        for (const width of [360, 768, 1280]) {
          await page.setViewportSize({ width, height: 800 })
          await settled(page, name)
          await page.evaluate(axe)
          const found = await page.evaluate(async () => (await globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).slice(0, 3).join(' | ')}`))
          faults.push(...found.map((f) => `${name} at ${width}: ${f}`))
          if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1)) faults.push(`${name} at ${width} scrolls sideways`)
        }
      }
      assert.deepEqual(faults, [])
      await context.close()
    })
  }
  test(`the pages of ${role} speak English`, async () => {
    const { page, context } = await enter(role, { lang: 'en' })
    for (const name of names) {
      await settled(page, name)
      const said = await page.locator('main h1, main h2, main label, main button, main th[scope=col]').allTextContents()
      assert.deepEqual(said.filter((s) => /[\u4e00-\u9fff]/.test(s.replace(/.某|社工|[\u4e00-\u9fff]+(街道|地区|区|市|镇|乡)/g, ''))), [], name)
    }
    await context.close()
  })
}
