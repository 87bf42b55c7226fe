// Measures the board in Chromium: 30,000 made-up rows (ROWS=n for others) are read, scrolled for
// ten seconds, and filtered forty times and sorted. For each part it prints how long the page's thread was
// busy at a stretch (CPU time, which a busy machine does not lengthen), long tasks and frames.
import { launch, signIn, visit } from './browser.mjs'
import { serve } from './board-rows.mjs'
import { start } from './server.mjs'

const count = Number(process.env.ROWS ?? 30_000)

/** Does one part while the page's thread is watched, and says what was seen. */
async function measured(page, what, act) {
  await page.evaluate(() => {
    const seen = (window.seen = { tasks: [], frames: [] })
    seen.observer = new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map((e) => e.duration)))
    seen.observer.observe({ type: 'longtask' })
    let last = performance.now()
    const tick = (now) => {
      seen.frames.push(now - last)
      last = now
      if (window.seen === seen) requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  const browser = page.context().browser()
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'] })
  await act()
  const events = JSON.parse((await browser.stopTracing()).toString()).traceEvents
  const seen = await page.evaluate(() => {
    const { tasks, frames, observer } = window.seen
    observer.disconnect()
    window.seen = undefined
    return { tasks, frames: frames.slice(2) }
  })
  const busy = busiest(events)
  const at = (list, part) => list.sort((x, y) => x - y)[Math.min(list.length - 1, Math.floor(list.length * part))] ?? 0
  console.log(`${what.padEnd(8)} longest stretch ${at(busy, 1).toFixed(1)} ms of CPU (p99 ${at(busy, 0.99).toFixed(1)}); ${seen.tasks.length} long tasks, longest ${at(seen.tasks, 1).toFixed(0)} ms; ` +
    `${seen.frames.length} frames, p95 ${at(seen.frames, 0.95).toFixed(1)} ms, longest ${at(seen.frames, 1).toFixed(1)} ms`)
}

/** The CPU time of each task of the busiest page's main thread, in ms. */
function busiest(events) {
  const threads = new Set(events.filter((e) => e.name === 'thread_name' && e.args.name === 'CrRendererMain').map((e) => `${e.pid}/${e.tid}`))
  const by = new Map()
  for (const e of events) {
    const thread = `${e.pid}/${e.tid}`
    if (!threads.has(thread) || e.tdur === undefined || !/RunTask$/.test(e.name)) continue
    by.set(thread, [...(by.get(thread) ?? []), e.tdur / 1000])
  }
  const sum = (list) => list.reduce((a, b) => a + b, 0)
  return [...by.values()].sort((a, b) => sum(b) - sum(a))[0] ?? []
}

const scroll = (page) =>
  page.evaluate(async () => {
    const body = document.querySelector('[role=grid] .body')
    const began = performance.now()
    for (let now = began; now < began + 10_000; now = await new Promise(requestAnimationFrame)) body.scrollTop += now < began + 5000 ? 90 : 2500
  })

/** From the press of a button until the count is another, in ms. */
async function timed(page, act) {
  const was = await page.locator('[role=grid]').getAttribute('aria-rowcount')
  const began = await page.evaluate(() => performance.now())
  await act()
  await page.waitForFunction((n) => document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') !== n, was)
  return (await page.evaluate(() => performance.now())) - began
}

const server = await start()
const browser = await launch()
try {
  const { page } = await visit(browser, server)
  await signIn(page, server, '区禁毒办')
  await serve(page, count)
  await measured(page, 'load', async () => {
    await page.locator('nav a', { hasText: '个案看板' }).click()
    await page.waitForFunction((n) => Number(document.querySelector('[role=grid]')?.getAttribute('aria-rowcount')) > n / 2, count)
    await page.waitForTimeout(1000)
  })
  await page.getByRole('button', { name: '含已结束' }).click()
  await page.waitForFunction((n) => document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === String(n + 1), count)
  await measured(page, 'scroll', () => scroll(page))
  const took = []
  await measured(page, 'filter', async () => {
    for (let i = 0; i < 10; i++) {
      for (const name of ['逾期', '无社工']) {
        const chip = page.getByRole('region', { name: '条件' }).getByRole('button', { name, exact: true })
        took.push(await timed(page, () => chip.click()), await timed(page, () => chip.click()))
      }
      await page.getByLabel('排序').selectOption(['risk', 'term', 'due'][i % 3])
    }
  })
  took.sort((a, b) => a - b)
  console.log(`filter   press to new count, with the browser's own driver: p50 ${took[took.length >> 1].toFixed(0)} ms, p95 ${took[Math.floor(took.length * 0.95)].toFixed(0)} ms`)
} finally {
  await browser.close()
  await server.stop()
}
