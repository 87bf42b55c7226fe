// What tests of the worker's phone have in common.
import assert from 'node:assert/strict'
import { visit } from './browser.mjs'

export const size = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }

/** A photo as a camera makes it: a JPEG that says where it was taken. */
export async function photo(page, { width = 2600, height = 1800 } = {}) {
  const base64 = await page.evaluate(([w, h]) => {
    const c = Object.assign(document.createElement('canvas'), { width: w, height: h })
    const pen = c.getContext('2d')
    pen.fillStyle = '#2a6'
    pen.fillRect(0, 0, w, h)
    pen.fillStyle = '#fff'
    pen.fillRect(w / 4, h / 4, w / 2, h / 8)
    return c.toDataURL('image/jpeg', 0.9).split(',')[1]
  }, [width, height])
  const raw = Buffer.from(base64, 'base64')
  const said = Buffer.concat([Buffer.from('Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0', 'latin1'), Buffer.from('GPS 40.13N 116.65E')])
  const head = Buffer.from([0xff, 0xe1, (said.length + 2) >> 8, (said.length + 2) & 0xff])
  return { name: 'IMG_0001.JPG', mimeType: 'image/jpeg', buffer: Buffer.concat([raw.subarray(0, 2), head, said, raw.subarray(2)]) }
}

/** Somebody on the phone's pages, signed in, with the list of the day there and the pages kept. */
export async function onPhone(browser, server, options = {}) {
  const seen = await visit(browser, server, { ...size, ...options })
  await enter(seen.page, server)
  await seen.page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  return seen
}
/** Signs in as the worker of the demonstration. */
export async function enter(page, server) {
  await page.goto(`${server.address}/m/`)
  await page.locator('.demo button').first().tap()
  await page.waitForURL('**/m/day')
  await page.locator('.stop li').first().waitFor()
}
/** Nothing was done that a page must never do. */
export function clean(seen) {
  assert.deepEqual([seen.hosts, seen.policy, seen.faults], [[], [], []])
}

/** Reports that the client was met in a visit, from the page of the client; three taps. */
export async function meet(page, server, id, note = '') {
  await page.goto(`${server.address}/m/clients/${id}`)
  await page.locator('.acts .primary').last().tap()
  await page.getByRole('radio', { name: '入户走访', exact: true }).tap()
  await page.getByRole('radio', { name: '见到本人' }).tap()
  if (note) await page.locator('#r-note').fill(note)
  await page.locator('.save').tap()
  await page.locator('.saved').waitFor()
}

/** Everything that the browser keeps, as text: databases, storage and caches. */
export function kept(page) {
  return page.evaluate(async () => {
    const out = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)]
    const text = (v) => {
      if (v instanceof ArrayBuffer) return new TextDecoder('utf-8').decode(v) + new TextDecoder('utf-16le').decode(v.slice(0, v.byteLength & ~1))
      if (ArrayBuffer.isView(v)) return text(v.slice().buffer)
      return v && typeof v === 'object' ? Object.entries(v).map(([k, x]) => k + text(x)).join(' ') : String(v)
    }
    for (const { name } of await indexedDB.databases()) {
      const d = await new Promise((done) => (indexedDB.open(name).onsuccess = (e) => done(e.target.result)))
      for (const s of d.objectStoreNames) out.push(text(await new Promise((done) => (d.transaction(s).objectStore(s).getAll().onsuccess = (e) => done(e.target.result)))))
      d.close()
    }
    for (const name of await caches.keys()) for (const r of await (await caches.open(name)).matchAll()) if (!/\/assets\//.test(r.url)) out.push(await r.text())
    return out.join('\n')
  })
}

/** How many keys and how much of what was fetched lie on the device. */
export function open(page) {
  return page.evaluate(async () => {
    const d = await new Promise((done) => (indexedDB.open('workbench').onsuccess = (e) => done(e.target.result)))
    const count = (s) => new Promise((done) => (d.transaction(s).objectStore(s).count().onsuccess = (e) => done(e.target.result)))
    return [await count('keys'), await count('kept')]
  })
}
