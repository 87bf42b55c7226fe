// Chromium as Debian has it, and what every page is watched for.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { accountOf } from './server.mjs'

let shared
let users = 0

/** The browser of this process; the last close() ends it. */
export async function launch() {
  users++
  shared ??= chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--headless=new'] })
  const browser = await shared
  return {
    newContext: (options) => browser.newContext(options),
    close: async () => {
      await pictures(browser)
      if (--users === 0) await browser.close()
    },
  }
}

/** A test that fails leaves its pages open: they are put into the folder that GUITU_TEST_PICTURES names. */
async function pictures(browser) {
  const folder = process.env.GUITU_TEST_PICTURES
  let n = 0
  for (const context of folder ? browser.contexts() : []) {
    for (const page of context.pages()) await page.screenshot({ path: join(folder, `${Date.now()}-${++n}.png`), timeout: 10_000 }).catch((e) => console.error(e.message))
    await context.close().catch(() => undefined)
  }
}

/** A page of somebody who is not signed in; seen has what a page must never do. */
export async function visit(browser, server, { lang = 'zh-CN', ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: lang, timezoneId: 'America/Los_Angeles', ...options })
  await context.addInitScript((l) => localStorage.setItem('guitu.language', l), lang)
  context.setDefaultTimeout(60_000) // a test machine may be busy
  const page = await context.newPage()
  const seen = { hosts: [], policy: [], faults: [] }
  page.on('request', (r) => {
    const url = new URL(r.url())
    if (url.protocol !== 'blob:' && url.protocol !== 'data:' && url.origin !== server.address) seen.hosts.push(url.origin)
  })
  page.on('console', (m) => {
    if (/Content Security Policy/i.test(m.text())) seen.policy.push(m.text())
  })
  page.on('pageerror', (e) => seen.faults.push(e.message))
  return { page, seen, context }
}

/** Signs in as the demonstration's account of the role. */
export async function signIn(page, server, role) {
  await page.goto(server.address)
  await page.locator('.demo button', { hasText: role }).first().click()
  await page.waitForURL(/\/(c|m)\//)
}

/** Signs in as the demonstration's account of the role, past the page that offers it: role is as the API calls it. */
export async function signInAs(page, server, role) {
  const { account, password } = await accountOf(server, role)
  await page.goto(server.address)
  const status = await page.evaluate(async (body) => (await fetch('/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).status, { account, password })
  assert.equal(status, 200, `${role} cannot sign in`)
}

/** A page that is signed in so; go opens an address of it. */
export async function as(browser, server, role, options) {
  const one = await visit(browser, server, options)
  await signInAs(one.page, server, role)
  return { ...one, go: (path) => one.page.goto(server.address + path) }
}

/** That a page did nothing that it must never do: ask another host, break the policy, have a fault. */
export const clean = (seen) => assert.deepEqual(seen, { hosts: [], policy: [], faults: [] })
