import { useI18n } from 'vue-i18n'
import type { Entry } from '@/api/schema'
import { useCodes } from '@/app/codes'

/** What an entry of the history says, in words. */
export function useEntryText() {
  const { t, te } = useI18n()
  const { word, duty } = useCodes()
  const kindsOf: Record<string, string> = { help_given: 'help_kind', positive_event: 'positive_kind', placement_started: 'placement_kind', crisis_raised: 'crisis_kind', referral_made: 'referral_kind' }

  return (e: Entry): string => {
    const d = (e.data ?? {}) as Record<string, unknown>
    const key = `case.event.${e.type}`
    if (!te(key)) return e.type.replaceAll('_', ' ')
    const about = (d.obligation as { id?: string } | undefined)?.id ?? (typeof d.obligation === 'string' ? d.obligation : typeof d.id === 'string' ? d.id : '')
    return t(key, {
      duty: duty(about), role: d.role ? t(`role.${String(d.role)}`) : '', step: word('duty', String(d.step ?? '')), method: word('test_method', String(d.method ?? '')), result: word('test_result', String(d.result ?? '')),
      channel: word('channel', String(d.channel ?? '')), outcome: word('outcome', String(d.outcome ?? '')), kind: word(kindsOf[e.type] ?? 'help_kind', String(d.kind ?? '')), agency: word('agency', String(d.agency ?? '')), to: word('risk', String(d.to ?? '')),
    })
  }
}
