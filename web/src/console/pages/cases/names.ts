import { shallowReactive, watch, type Ref } from 'vue'
import { api, ask } from '@/api/client'
import { session } from '@/app/session'

// Names are asked for the rows in sight, once these stand still, and stay in memory until
// somebody signs out. Each that is shown stands in the read log.

const names = shallowReactive(new Map<string, { name: string; at: number }>())
const atOnce = 60
const still = 150
const fresh = 10 * 60_000

watch(() => session.value?.account, () => names.clear())

async function fetchNames(cases: string[]): Promise<void> {
  const who = session.value?.account
  const got = await ask(api.POST('/v1/cases/identities', { body: { cases } })).catch(() => undefined)
  if (!got || who !== session.value?.account) return
  const at = Date.now()
  for (const id of cases) names.set(id, { name: got.identities.find((x) => x.case_id === id)?.identity.name ?? '', at })
}

/** Names of the cases in sight; empty where one is not known, or not for these eyes. */
export function useNames(inSight: Ref<string[]>, wanted: boolean) {
  let timer = 0
  watch(inSight, () => {
    clearTimeout(timer)
    if (wanted) timer = window.setTimeout(look, still)
  }, { immediate: true })
  function look(): void {
    const since = Date.now() - fresh
    const missing = inSight.value.filter((id) => (names.get(id)?.at ?? 0) < since)
    for (let i = 0; i < missing.length; i += atOnce) void fetchNames(missing.slice(i, i + atOnce))
  }
  return (id: string): string => names.get(id)?.name ?? ''
}
