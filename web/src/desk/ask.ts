import './setup'
import { ref } from 'vue'
import { newKey, Problem } from '@/api/client'

// What a form of the desk asks for. Its words are given; what it sends is the values by name.

export type Values = Record<string, unknown>

export interface Question {
  name: string
  label: string
  /** text, long: words; list: several, with commas between; choice: chips; select: a list to choose from. */
  kind: 'text' | 'long' | 'list' | 'day' | 'number' | 'choice' | 'select'
  options?: { value: string; label: string }[]
  required?: boolean
  hint?: string
  max?: number
  min?: number
  /** Whether it is asked for, given what is filled in. What is not asked for is not sent. */
  when?: (v: Values) => boolean
}

/** The values as they are sent: those asked for and filled in. */
export function answersOf(questions: Question[], v: Values): Values {
  const out: Values = {}
  for (const q of questions) {
    if (q.when && !q.when(v)) continue
    const value = v[q.name]
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue
    out[q.name] = q.kind === 'number' ? Number(value) : value
  }
  return out
}

/** Does things one at a time, and keeps what came of them: sentences, or what went wrong. */
export function useAct() {
  const busy = ref('')
  const problem = ref<Problem>()
  const said = ref<string[]>([])
  async function act(name: string, work: () => Promise<string | undefined | void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = name
    problem.value = undefined
    try {
      const sentence = await work()
      if (sentence) said.value.unshift(sentence)
      return true
    } catch (err) {
      problem.value = err instanceof Problem ? err : new Problem(0)
      return false
    } finally {
      busy.value = ''
    }
  }
  return { busy, problem, said, act }
}

/** A header that makes a request act once, however often it is sent. */
export function once(key = newKey()): Record<string, string> {
  return { 'Idempotency-Key': key }
}
