import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, ask, Problem } from '@/api/client'
import { role } from '@/app/session'

const often = 30_000
const soon = 1_000

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
/** Who may open a case from here; the city office sees no file. */
const opensCases = computed(() => ['station_head', 'district'].includes(role.value))
const keepsSubscriptions = computed(() => ['district', 'city', 'admin'].includes(role.value))
export { keepsSubscriptions, opensCases, seesCases }

/** What is late, runs and waits, and the last check of all. */
export function useEngine() {
  return useQuery({
    queryKey: ['engine', 'room'], queryFn: () => ask(api.GET('/v1/engine', { params: { query: {} } })),
    refetchInterval: (q) => (q.state.data?.verifying?.state === 'running' ? soon : often),
  })
}

/** The rounds of coverage. */
export function useRounds() {
  return useQuery({ queryKey: ['coverage', 'runs'], queryFn: () => ask(api.GET('/v1/coverage/runs', { params: { query: { limit: 30 } } })), enabled: seesCases, refetchInterval: often * 2 })
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
