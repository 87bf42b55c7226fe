import { createParser } from 'eventsource-parser'
import { ref } from 'vue'
import type { QueryClient } from '@tanstack/vue-query'
import { headers } from '@/api/client'

/** Whether changes of others are heard of as they happen. */
export const live = ref(false)

/** Whether there is a stream for the one who is signed in: administrators have none. */
export const streams = ref(true)

/** How many changes came since the page was opened. */
export const heard = ref(0)

// What a change of a case makes old. A page that shows cases names its queries so.
const lists = ['now', 'cases', 'inbox', 'escalations', 'coverage', 'calendar', 'transfers', 'referrals']

const settle = 400 // changes that come together are asked for together
const longest = 30_000

// A browser opens few connections to a host: one tab follows the stream and tells the others.
const tabs = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('guitu.changes')

/** Follows the stream of changes until it is stopped, and marks what they make old. */
export function follow(queries: QueryClient): () => void {
  const stop = new AbortController()
  let lastId = ''
  let wait = 1000
  const old = new Set<string>()
  let timer = 0

  const refresh = () => {
    timer = 0
    const cases = [...old]
    old.clear()
    for (const list of lists) void queries.invalidateQueries({ queryKey: [list] })
    for (const id of cases) void queries.invalidateQueries({ queryKey: ['case', id] })
  }
  const changed = (id: string) => {
    heard.value++
    old.add(id)
    timer ||= window.setTimeout(refresh, settle)
  }
  const parser = createParser({
    onEvent(e) {
      if (e.id) lastId = e.id
      if (e.event !== 'change') return
      const id = (JSON.parse(e.data) as { case_id: string }).case_id
      tabs?.postMessage({ id, at: lastId })
      changed(id)
    },
  })
  const told = (e: MessageEvent<{ id?: string; at?: string; live?: boolean }>) => {
    if (e.data.live !== undefined) live.value = e.data.live
    if (e.data.at) lastId = e.data.at
    if (e.data.id) changed(e.data.id)
  }
  tabs?.addEventListener('message', told)
  const say = (now: boolean) => {
    live.value = now
    tabs?.postMessage({ live: now })
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        const answer = await fetch('/v1/events', { headers: { ...headers(), ...(lastId ? { 'Last-Event-ID': lastId } : {}) }, signal: stop.signal })
        streams.value = answer.status !== 403
        if (!streams.value) return
        if (!answer.ok || !answer.body) throw new Error(String(answer.status))
        say(true)
        wait = 1000
        const reader = answer.body.getReader()
        const decoder = new TextDecoder()
        for (let part = await reader.read(); !part.done; part = await reader.read()) parser.feed(decoder.decode(part.value, { stream: true }))
      } catch {
        // the next turn tries again
      }
      say(false)
      parser.reset()
      if (stop.signal.aborted) return
      await new Promise((done) => setTimeout(done, wait))
      wait = Math.min(wait * 2, longest)
    }
  }
  // Whoever has the lock follows; when its tab goes, the next one goes on from the same place.
  if (typeof navigator.locks === 'undefined') void run()
  else navigator.locks.request('guitu.changes', { signal: stop.signal }, run).catch(() => undefined) // given up before its turn
  return () => {
    stop.abort()
    tabs?.removeEventListener('message', told)
    clearTimeout(timer)
  }
}
