import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { askPath } from '@/api/client'
import type { Question, Values } from './ask'

/** A record of a register: of it nothing is overwritten, a correction is another version. */
export interface Entry<D = Record<string, unknown>> {
  id: string
  version: number
  place: string
  organisation?: string
  case_id?: string
  programme?: string
  data: D
  note?: string
  reason?: string
  withdrawn?: boolean
  recorded_at: string
  actor: { id: string; role: string }
}

/** Something that can be done about a record, or a new record. */
export interface Act {
  id: string
  label: string
  path: string
  questions: Question[]
  first?: Values
  /** What is sent, where it is not the answers as they are. */
  body?: (v: Values) => Values
}

export function useRegister<D>(name: string, path: string) {
  const pages = useInfiniteQuery({
    queryKey: ['register', name],
    queryFn: ({ pageParam }) => askPath<{ records: Entry<D>[]; next?: string }>('GET', `${path}?${new URLSearchParams({ limit: '50', ...(pageParam ? { after: pageParam } : {}) })}`),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })
  return { pages, records: computed(() => (pages.data.value?.pages ?? []).flatMap((p) => p.records)) }
}
