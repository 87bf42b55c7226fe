import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { api, ask } from '@/api/client'
import type { PolicyVersion } from '@/api/schema'

export const refOf = (p: PolicyVersion) => `${p.id}@${p.version}`

/** Every version of the rules that is known, as choices, with the cases under each. */
export function usePolicies() {
  const { t } = useI18n()
  const { data } = useQuery({ queryKey: ['calendar', 'policies'], queryFn: () => ask(api.GET('/v1/policies', { params: { query: {} } })) })
  const versions = computed(() => data.value?.policies ?? [])
  const label = (p: PolicyVersion) => [
    refOf(p), p.draft ? t('policy.draft') : '', p.default ? t('policy.current') : '', p.open > 0 ? t('policy.under', { n: p.open }) : '', p.in_force ? t('policy.inForce', { day: p.in_force }) : '',
  ].filter(Boolean).join(' · ')
  const choices = computed(() => versions.value.map((p) => ({ value: refOf(p), label: label(p) })))
  /** The version under which cases are opened: what is shown first. */
  const current = computed(() => versions.value.filter((p) => p.default).map(refOf)[0] ?? '')
  return { versions, choices, current }
}

/** What is known of the days of each year. */
export function useCalendars() {
  return useQuery({ queryKey: ['calendar', 'years'], queryFn: () => ask(api.GET('/v1/calendars')) })
}
