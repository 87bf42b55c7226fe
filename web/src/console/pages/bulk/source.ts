import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, ask } from '@/api/client'

/** An operation on many cases, and how far it is. */
export interface Operation {
  id: string
  kind: string
  state: string
  total: number
  outcomes: Record<string, number>
  created_at: string
  undo_until?: string
  place: string
  by: { id: string }
}

export const kinds = ['assign-worker', 'migrate-policy', 'apply-calendar', 'move-station'] as const
export const outcomes = ['pending', 'done', 'refused', 'left', 'kept', 'undone', 'not_undone'] as const

const moving = (state: string | undefined) => state === 'running' || state === 'undoing'
const often = 1500

/** The operations of the own area, the latest first. */
export function useOperations() {
  const list = useQuery({
    queryKey: ['fleets'],
    queryFn: () => ask(api.GET('/v1/fleets', { params: { query: { limit: 50 } } })),
    refetchInterval: (q) => (q.state.data?.fleets.some((f) => moving(f.state)) ? often : false),
  })
  return { list, operations: computed(() => (list.data.value?.fleets ?? []) as unknown as Operation[]) }
}

/** One operation with what became of its cases, followed while it moves. */
export function useOperation(id: Ref<string>, outcome: Ref<string>) {
  const one = useQuery({
    queryKey: ['fleets', id],
    queryFn: () => ask(api.GET('/v1/fleets/{id}', { params: { path: { id: id.value } } })),
    enabled: computed(() => id.value !== ''),
    refetchInterval: (q) => (moving(q.state.data?.state) ? often : false),
  })
  const items = useQuery({
    queryKey: ['fleets', id, 'items', outcome],
    queryFn: () => ask(api.GET('/v1/fleets/{id}/items', { params: { path: { id: id.value }, query: { limit: 200, ...(outcome.value ? { outcome: outcome.value as never } : {}) } } })),
    enabled: computed(() => id.value !== ''),
    refetchInterval: () => (moving(one.data.value?.state) ? often * 2 : false),
  })
  return { one, items, operation: computed(() => one.data.value as unknown as Operation | undefined), moves: computed(() => moving(one.data.value?.state)) }
}

/** How many of the cases had their turn, of doing or undoing. */
export function turned(o: Operation): number {
  const n = (name: string) => o.outcomes[name] ?? 0
  return o.state === 'undoing' || o.state === 'undone' ? n('undone') + n('kept') + n('not_undone') + n('refused') : o.total - n('pending')
}
