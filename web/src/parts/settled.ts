import type { Ref } from 'vue'
import { api, ask, Problem } from '@/api/client'
import { t } from '@/app/i18n'

const first = 1000
const longest = 15_000

/** Follows a command that was taken and does not stand in the ledger yet, until it is known what became of it: a sentence that says so. */
export async function settled(key: string, caseId: string, what: string): Promise<string> {
  for (let wait = first; ; wait = Math.min(wait * 1.5, longest)) {
    await new Promise((go) => setTimeout(go, wait))
    try {
      const { commands } = await ask(api.GET('/v1/commands/{key}', { params: { path: { key } } }))
      const mine = commands.find((c) => c.case_id === caseId)
      if (mine?.state === 'recorded') return t('state.settled', { what })
      if (mine?.state === 'known') return t('state.known')
      if (mine?.state === 'refused') return t('state.turnedDown', { what, why: mine.problem?.detail ?? '' })
    } catch (err) {
      if (err instanceof Problem && (err.status === 401 || err.status === 403)) return t('state.pending') // nobody is there to hear of it
    }
  }
}

/** Puts a sentence before the others. What is said later takes its place. */
export function tell(said: Ref<string[]>, sentence: string, later?: Promise<string>): void {
  said.value.unshift(sentence)
  void later?.then((now) => {
    const at = said.value.indexOf(sentence)
    if (at >= 0) said.value[at] = now
  })
}
