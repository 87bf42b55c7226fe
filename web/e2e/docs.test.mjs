// The contract of the API as a page: found, read and tried out under the session.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, signIn, visit } from './browser.mjs'
import { start } from './server.mjs'

let server, browser
before(async () => {
  server = await start()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

test('an operation is found by what stands in it and tried out under the session', async () => {
  const { page, seen, context } = await visit(browser, server)
  await signIn(page, server, '工作站负责人')
  await page.waitForURL('**/c/now')
  page.setDefaultTimeout(180_000) // the renderer resolves the whole contract
  await page.goto(`${server.address}/docs`)
  await page.locator('.opblock-tag').first().waitFor()
  const all = await page.locator('.opblock-tag').count()
  await page.locator('.operation-filter-input').fill('get-me /v1/me')
  await page.waitForFunction((n) => document.querySelectorAll('.opblock-tag').length < n, all)
  const block = page.locator('.opblock', { hasText: 'get-me' }).first()
  if (!(await block.isVisible())) await page.locator('.opblock-tag').first().click()
  await block.locator('.opblock-summary-control').click()
  await block.locator('.try-out__btn').click()
  await block.locator('.execute').click()
  await block.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor()
  assert.match(await block.locator('.live-responses-table').textContent(), /station_head/)
  assert.deepEqual(seen.hosts, [], 'another host was asked')
  assert.deepEqual(seen.policy, [], 'the policy was broken')
  assert.deepEqual(seen.faults, [], 'a fault of a page')
  await context.close()
})
