import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, ask, Problem } from '@/api/client'
import { role } from '@/app/session'
import { now } from '@/app/time'

const often = 30_000
const pagesRead = 10 // of 200 cases each
const graceMs = 5 * 60_000 // a wake is called late after this

/** The parts behind the service, and how long the answer took. */
export function useHealth() {
  return useQuery({
    queryKey: ['engine', 'health'],
    queryFn: async () => {
      const began = performance.now()
      try {
        const got = await ask(api.GET('/readyz'))
        return { version: got.version, down: [] as string[], ms: Math.round(performance.now() - began) }
      } catch (err) {
        if (!(err instanceof Problem) || err.status !== 503) throw err
        return { version: '', down: err.errors.map((e) => e.field), ms: Math.round(performance.now() - began) }
      }
    },
    refetchInterval: often,
  })
}

const seesCases = computed(() => ['station_head', 'district', 'city', 'admin'].includes(role.value))
const keepsSubscriptions = computed(() => ['district', 'city', 'admin'].includes(role.value))
export { keepsSubscriptions, seesCases }

/** Open cases whose wake is over and that have not moved on. */
export function useLate() {
  return useQuery({
    queryKey: ['engine', 'late'],
    queryFn: async () => {
      const late: { case_id: string; wake_at: string }[] = []
      let seen = 0
      let after = ''
      for (let page = 0; page < pagesRead; page++) {
        const got = await ask(api.GET('/v1/cases', { params: { query: { open: true, limit: 200, ...(after ? { after } : {}) } } }))
        seen += got.cases.length
        for (const c of got.cases) if (c.wake_at && Date.parse(c.wake_at) < now() - graceMs) late.push({ case_id: c.case_id, wake_at: c.wake_at })
        after = got.next ?? ''
        if (!after) break
      }
      return { late: late.sort((a, b) => a.wake_at.localeCompare(b.wake_at)), seen, part: after !== '' }
    },
    enabled: seesCases,
    refetchInterval: often * 2,
  })
}

/** What runs, what is on the way, and the rounds of coverage. */
export function useRunning() {
  const fleets = useQuery({ queryKey: ['fleets'], queryFn: () => ask(api.GET('/v1/fleets', { params: { query: { limit: 50 } } })), enabled: seesCases, refetchInterval: often })
  const transfers = useQuery({ queryKey: ['transfers', 'engine'], queryFn: () => ask(api.GET('/v1/transfers', { params: { query: { limit: 200 } } })), enabled: computed(() => ['station_head', 'district'].includes(role.value)), refetchInterval: often })
  const rounds = useQuery({ queryKey: ['coverage', 'runs'], queryFn: () => ask(api.GET('/v1/coverage/runs', { params: { query: { limit: 30 } } })), enabled: seesCases, refetchInterval: often * 2 })
  return { fleets, transfers, rounds }
}

/** What became of the notices of each subscription lately. */
export function useDeliveries() {
  return useQuery({
    queryKey: ['engine', 'deliveries'],
    queryFn: async () => {
      const { subscriptions } = await ask(api.GET('/v1/subscriptions', { params: { query: { limit: 50 } } }))
      return Promise.all(subscriptions.map(async (s) => ({ subscription: s, deliveries: (await ask(api.GET('/v1/subscriptions/{id}/deliveries', { params: { path: { id: s.id }, query: { limit: 100 } } }))).deliveries })))
    },
    enabled: keepsSubscriptions,
    refetchInterval: often * 2,
  })
}
