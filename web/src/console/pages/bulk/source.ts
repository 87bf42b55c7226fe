import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { api, ask } from '@/api/client'
import { usePlaces, useWorkers } from '@/app/codes'

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

/** What the command of a case changes, in words. */
export function useChanged() {
  const { t } = useI18n()
  const { worker } = useWorkers()
  const { place } = usePlaces()
  return (body: string): string => {
    try {
      const b = JSON.parse(body) as { worker?: string; to?: { id: string; version: string }; place?: string }
      if (b.worker) return t('bulk.change.worker', { v: worker(b.worker) })
      if (b.to) return t('bulk.change.policy', { v: `${b.to.id}@${b.to.version}` })
      if (b.place) return t('bulk.change.place', { v: place(b.place) })
    } catch {
      return body
    }
    return t('bulk.change.calendar')
  }
}

/** The versions of the rules that cases can go under, as choices. */
export function useVersions() {
  const { data } = useQuery({ queryKey: ['calendar', 'policies'], queryFn: () => ask(api.GET('/v1/policies', { params: { query: {} } })) })
  return computed(() => (data.value?.policies ?? []).filter((p) => !p.draft).map((p) => ({ value: `${p.id}@${p.version}`, label: `${p.id}@${p.version}` })))
}
