import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { askPath } from '@/api/client'

export interface Account {
  account: string
  name: string
  role: string
  place: string
  organisation?: string
  state: 'active' | 'disabled' | 'ended'
  detail?: string
  must_change_password: boolean
  second_factor: 'none' | 'enrolled'
  created_at: string
}

export interface Token {
  id: string
  actor: string
  role: string
  place: string
  organisation?: string
  label: string
  made_by?: string
  created_at: string
  expires_at: string
  revoked_at?: string
}

/** The roles that an account may have, those of the field first. */
export const roles = ['worker', 'station_head', 'district', 'city', 'police', 'partner', 'system_admin', 'security_admin', 'auditor', 'integration'] as const

function usePages<K extends string, R>(path: string, key: K) {
  type Page = Record<K, R[]> & { next?: string }
  const pages = useInfiniteQuery({
    queryKey: ['accounts', key],
    queryFn: ({ pageParam }) => askPath<Page>('GET', `${path}?${new URLSearchParams({ limit: '100', ...(pageParam ? { after: pageParam } : {}) })}`),
    initialPageParam: '',
    getNextPageParam: (last: Page) => last.next,
  })
  return { pages, rows: computed(() => (pages.data.value?.pages ?? []).flatMap((p) => p[key] as R[])) }
}

export const useAccounts = () => usePages<'accounts', Account>('/v1/accounts', 'accounts')
export const useTokens = () => usePages<'tokens', Token>('/v1/tokens', 'tokens')

/** Changes an account: its sessions end with it. */
export function change(id: string, act: 'disable' | 'enable' | 'reset' | 'sessions'): Promise<{ password?: string; until?: string } | undefined> {
  const path = `/v1/accounts/${encodeURIComponent(id)}/${act}`
  return askPath(act === 'sessions' ? 'DELETE' : 'POST', path)
}
