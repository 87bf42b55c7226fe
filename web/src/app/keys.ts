import { onBeforeUnmount, onMounted } from 'vue'
import { look } from './look'

/** What single keys do; words with a blank are two keys, one after the other. */
export type Keys = Record<string, (e: KeyboardEvent) => void>

let before = ''

/** Whether the key belongs to what is being typed, or to an input method. */
function typing(e: KeyboardEvent): boolean {
  if (e.isComposing || e.keyCode === 229) return true
  const at = e.target as HTMLElement
  return at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)
}

/** Listens while the component is there. Keys act outside of fields alone, and can be switched off. */
export function useKeys(keys: Keys): void {
  const hear = (e: KeyboardEvent) => {
    if (!look.keys.value || typing(e) || e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return
    const two = before ? `${before} ${e.key}` : ''
    const act = (two && keys[two]) || (two.startsWith('g ') ? undefined : keys[e.key])
    before = e.key
    window.setTimeout(() => (before = ''), 900)
    if (!act) return
    e.preventDefault()
    act(e)
  }
  onMounted(() => document.addEventListener('keydown', hear))
  onBeforeUnmount(() => document.removeEventListener('keydown', hear))
}
