import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useCodes, useWorkers } from '@/app/codes'
import { lang } from '@/app/i18n'
import { dayNumber, dayOf, distance, today } from '@/app/time'
import type { Row } from './table'

export const columns = ['name', 'measure', 'phase', 'risk', 'worker', 'next', 'due', 'climb', 'engagement', 'term'] as const
export type Column = (typeof columns)[number]

/** What a case says in each column but that of its name: the words, and the class of how they look. */
export type Cells = Record<Exclude<Column, 'name'>, readonly [text: string, look: string]>

const ended: Record<string, string> = { suspended: 'suspended', released: 'kept', terminated: 'ended', transferred_out: 'ended', awaiting_sealing: 'sealed' }
const rungs = ['worker', 'station_head', 'district', 'city']

/** Puts the codes of a case into words. They are kept with the row until language, day or words are others. */
export function useCells(): (row: Row) => Cells {
  const { t } = useI18n()
  const { word, codes } = useCodes()
  const { worker, workers } = useWorkers()
  const day = computed(() => dayNumber(today()))
  const kept = computed(() => {
    void [lang.value, codes.value, workers.value, day.value]
    return new WeakMap<Row, Cells>()
  })

  function due(row: Row): readonly [string, string] {
    if (row.overdue > 0) return [t('cases.overdue', { n: row.overdue }), 'tag overdue']
    if (!row.next_due) return ['', '']
    const left = row.next_due - day.value
    return [distance(dayOf(row.next_due)), left > 3 ? 'tag' : left > 0 ? 'tag soon' : 'tag due']
  }
  function term(row: Row): string {
    if (!row.term_end || !row.served_on) return ''
    const left = row.term_end - day.value
    return left < 0 ? t('cases.ended', { n: -left }) : t('cases.day', { n: day.value - row.served_on + 1, left })
  }
  function make(row: Row): Cells {
    const lost = row.engagement === 'stalled' || row.engagement === 'lost'
    return {
      measure: [word('measure', row.measure), ''],
      phase: [word('phase', row.phase), `tag ${ended[row.phase] ?? ''}`],
      risk: [word('risk', row.risk), row.risk === 'high' ? 'strong' : ''],
      worker: [worker(row.worker), row.worker ? '' : 'strong'],
      next: [word('duty', row.next_kind), ''],
      due: due(row),
      climb: row.top_rung ? [t('form.rung', { who: t(`rung.${row.top_rung}`) }), `tag rung bars-${Math.max(0, rungs.indexOf(row.top_rung)) + 1}`] : [t('cases.none'), 'hint'],
      engagement: [word('engagement', row.engagement), lost ? 'strong' : ''],
      term: [term(row), 'second'],
    }
  }
  return (row) => {
    let cells = kept.value.get(row)
    if (!cells) kept.value.set(row, (cells = make(row)))
    return cells
  }
}
