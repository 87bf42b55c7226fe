import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, ask } from '@/api/client'
import type { Entry } from '@/api/schema'
import { lang } from '@/app/i18n'
import { dayNumber, dayOf, today } from '@/app/time'
import { lifeOf, type Sight } from './life/model'

/** Everything about a case, as of the day that is looked at. */
export function useCase(id: Ref<string>, day: Ref<string>, known: Ref<'then' | 'now'>) {
  const past = computed(() => day.value !== '' && day.value !== today())
  const asOf = computed(() => (past.value ? { as_of: day.value, known: known.value } : {}))
  const path = computed(() => ({ id: id.value }))
  const key = (part: string, ...more: Ref<unknown>[]) => ['case', id, part, ...more] as const

  const view = useQuery({
    queryKey: key('view', asOf),
    queryFn: () => ask(api.GET('/v1/cases/{id}', { params: { path: path.value, query: asOf.value } })),
    placeholderData: (was) => (was?.summary.case_id === id.value ? was : undefined),
  })
  const present = useQuery({ queryKey: key('view', computed(() => ({}))), queryFn: () => ask(api.GET('/v1/cases/{id}', { params: { path: path.value } })) })
  const why = useQuery({ queryKey: key('why', asOf), queryFn: () => ask(api.GET('/v1/cases/{id}/why', { params: { path: path.value, query: asOf.value } })) })
  // What is to come is drawn of today alone: as far ahead as the term goes, or the engine tells.
  const until = computed(() => dayOf(Math.min(dayNumber(today()) + 1090, Math.max(dayNumber(present.data.value?.summary.term_end || today()) + 20, dayNumber(today()) + 45))))
  const windows = useQuery({
    queryKey: key('windows', until),
    queryFn: () => ask(api.GET('/v1/cases/{id}/windows', { params: { path: path.value, query: { until: until.value } } })),
    enabled: computed(() => present.data.value !== undefined),
  })
  const help = useQuery({
    queryKey: key('help', computed(() => (past.value ? day.value : ''))),
    queryFn: () => ask(api.GET('/v1/cases/{id}/help', { params: { path: path.value, query: past.value ? { as_of: day.value } : {} } })),
  })
  const papers = useQuery({ queryKey: key('papers', asOf), queryFn: () => ask(api.GET('/v1/cases/{id}/documents', { params: { path: path.value, query: asOf.value } })) })
  const forms = useQuery({ queryKey: key('forms', lang), queryFn: () => ask(api.GET('/v1/cases/{id}/forms', { params: { path: path.value } })) })
  const entries = useQuery({
    queryKey: key('timeline'),
    queryFn: async () => {
      const all: Entry[] = []
      for (let after: number | undefined; ; ) {
        const got = await ask(api.GET('/v1/cases/{id}/timeline', { params: { path: path.value, query: { limit: 200, after } } }))
        all.push(...got.entries)
        if (!got.next) return all
        after = got.next
      }
    },
  })

  const sight = computed<Sight>(() => ({ day: dayNumber(past.value ? day.value : today()), known: past.value ? known.value : 'now' }))
  const life = computed(() => (present.data.value && entries.data.value ? lifeOf(present.data.value, entries.data.value, windows.data.value?.windows ?? [], dayNumber(today()), sight.value) : undefined))
  return { view, present, why, help, papers, forms, entries, past, life, sight }
}
