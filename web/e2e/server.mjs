// Starts a guitu-dev of its own for the tests, and tells it some lives.
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname
const program = process.env.GUITU_DEV ?? join(here, '../../bin/guitu-dev')

// All tests of a process share one server: most of the time of a short test is its start.
let shared
let users = 0

/** The server of this process; the last stop() ends it and takes its folder away. Its clock can be set forward. */
export async function start() {
  users++
  shared ??= run()
  const server = await shared
  return { ...server, stop: async () => (--users === 0 ? server.stop() : undefined) }
}

async function run() {
  const given = process.env.GUITU_DATA
  const data = given ?? mkdtempSync(join(tmpdir(), 'guitu-e2e-'))
  if (!given) chmodSync(data, 0o711) // PostgreSQL runs as a user of its own where we are root
  const child = spawn(program, ['--data', data, '--api-port', '0', '--ui-port', '0', '--temporal-port', '0', '--speed', '1', '--steps'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, GUITU_DEV: '', GUITU_SCREENS: '' }, // which are of the tests, and no settings of it
  })
  let said = ''
  const hear = (chunk) => (said += chunk)
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const until = (pattern, from) =>
    new Promise((done, fail) => {
      const ended = (code) => settle(() => fail(new Error(`guitu-dev ended with ${code}: ${said}`)))
      const look = () => {
        const m = pattern.exec(said.slice(from))
        if (m) settle(() => done(m))
      }
      const settle = (act) => {
        child.stdout.off('data', look)
        child.off('exit', ended)
        child.off('error', ended)
        act()
      }
      child.stdout.on('data', look)
      child.on('exit', ended)
      child.on('error', ended)
      look()
    })
  const address = (await until(/(?:serves at|接口地址)\s+(http:\S+)/, 0))[1]
  const token = /token:\s*(\S+)/.exec(readFileSync(join(data, 'guitu.yaml'), 'utf8'))[1]
  return {
    address, token, data,
    /** Sets the cases' clock forward to the day or instant. */
    async step(to) {
      const from = said.length
      child.stdin.write(`${to}\n`)
      const [line] = await until(/(?:The clock says|当前时间|the clock was not set|时钟没有拨动).*\n/, from)
      if (/not set|没有拨动/.test(line)) throw new Error(line.trim())
    },
    async stop() {
      child.stdin.end()
      child.kill('SIGTERM')
      await new Promise((done) => child.on('exit', done))
      if (!given) rmSync(data, { recursive: true, force: true })
    },
  }
}

/** Asks the API; throws what it refuses. */
export async function ask(server, method, path, body) {
  const answer = await fetch(server.address + path, {
    method, headers: { Authorization: `Bearer ${server.token}`, 'Accept-Language': 'zh-CN', ...(body ? { 'Content-Type': 'application/json' } : {}) }, body: body && JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return text ? JSON.parse(text) : undefined
}

const street = '110113004'
const worker = `w-${street}-1`
const day = (number) => new Date(number * 86_400_000).toISOString().slice(0, 10)
const numberOf = (d) => Math.round(Date.parse(`${d}T00:00:00Z`) / 86_400_000)

/** The day in Beijing by the cases' clock. */
export async function dayOf(server) {
  return new Date(Date.parse((await ask(server, 'GET', '/v1/me')).now) + 8 * 3_600_000).toISOString().slice(0, 10)
}

/** The clients of the roster, one row each. */
export function roster() {
  const [head, ...rows] = readFileSync(join(here, 'roster.csv'), 'utf8').trim().split('\n').map((l) => l.split(','))
  return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])))
}

let seeding = Promise.resolve()
const lives = [] // as they were told by this process, with their names in full

/** Opens cases whose orders were served in the last weeks, and lets most of what is due be done; one caller after the other. */
export function seed(server, howMany = 6) {
  return (seeding = seeding.then(() => tellLives(server, howMany)))
}

async function tellLives(server, howMany) {
  if (lives.length >= howMany) return lives
  const told = (await ask(server, 'GET', '/v1/cases?limit=200')).cases // a folder of before is left as it is
  if (told.length >= howMany) return told.map((c) => ({ id: c.case_id, name: c.identity?.name }))
  const today = numberOf(await dayOf(server))
  for (const [i, r] of roster().slice(0, howMany).entries()) {
    if (i < lives.length) continue
    const served = today - 70 + i * 7
    const opened = await ask(server, 'POST', '/v1/cases', {
      order_no: r.order_no, measure: r.measure, term_months: 36, decided_on: day(served - 2), served_on: day(served), service_method: 'direct', name: r.name, sex: r.sex === '女' ? 'female' : 'male',
      id_number: r.id_number, phone: r.phone, household_street: street, execution_street: street, risk: r.risk, worker,
    })
    const id = opened.case_id
    const give = (command, body) => ask(server, 'POST', `/v1/cases/${id}/${command}`, body)
    await give('update-client', { residence_address: `丁香胡同${3 + 2 * Math.floor(i / 2)}号${1 + (i % 2)}单元`, family_contact: r.family_contact, family_phone: r.family_phone, note: '首次见面时登记' })
    await give('report-in', { occurred_at: day(served + 3) })
    await give('sign-agreement', { occurred_at: day(served + 5) })
    // The first client keeps most, the second misses what comes to contacts and tests.
    const windows = (await ask(server, 'GET', `/v1/cases/${id}`)).obligations.filter((o) => o.status === 'missed' && /^(contact|home_visit|test)-/.test(o.id))
    for (const [n, o] of windows.entries()) {
      if (i === 1 && n % 2 === 0) continue
      const on = day(Math.max(numberOf(o.opens), numberOf(o.due) - 2))
      if (o.id.startsWith('test-')) await give('record-test', { method: 'urine', result: 'negative', staff: [worker, `w-${street}-2`], collector_sex: r.sex === '女' ? 'female' : 'male', occurred_at: on })
      else await give('record-contact', { channel: o.id.startsWith('home_visit') ? 'home_visit' : 'talk', outcome: 'met', occurred_at: on, note: '按计划见面，情绪平稳' })
    }
    lives.push({ id, name: r.name })
  }
  return lives
}

/** The account of the role that the development server offers. */
export async function accountOf(server, role) {
  const answer = await fetch(`${server.address}/v1/demo-accounts`)
  const list = await answer.json()
  return (Array.isArray(list) ? list : list.accounts).find((a) => a.role === role)
}
