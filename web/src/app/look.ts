import { ref, watchEffect } from 'vue'

// How the pages look is kept on the device; it says nothing about anybody.
const dark = ref(localStorage.getItem('guitu.dark') === null ? matchMedia('(prefers-color-scheme: dark)').matches : localStorage.getItem('guitu.dark') === '1')
const large = ref(localStorage.getItem('guitu.large') === '1')
const keys = ref(localStorage.getItem('guitu.keys') !== '0')
const folded = ref(localStorage.getItem('guitu.rail') === '1')

watchEffect(() => document.documentElement.classList.toggle('dark', dark.value))
watchEffect(() => document.documentElement.classList.toggle('large', large.value))

/** Turns a setting over and keeps it. */
function turn(name: string, value: typeof dark): () => void {
  return () => {
    value.value = !value.value
    localStorage.setItem(`guitu.${name}`, value.value ? '1' : '0')
  }
}

export const look = {
  dark, large, keys, folded,
  turnDark: turn('dark', dark), turnLarge: turn('large', large), turnKeys: turn('keys', keys), turnRail: turn('rail', folded),
}
