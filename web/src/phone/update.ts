import { ref, watch } from 'vue'
import { waiting } from './outbox'

/** Whether the pages open without a network. */
export const offlineReady = ref(false)
export const hasWorker = 'serviceWorker' in navigator
/** A new version lies ready. */
export const fresh = ref(false)

let registered: ServiceWorkerRegistration | undefined

/** Keeps the pages on the device. A new version is taken when nothing waits to be sent by the old one. */
export async function keepPages(): Promise<void> {
  if (!hasWorker) return
  registered = await navigator.serviceWorker.register('/sw.js', { scope: '/m/' }).catch(() => undefined)
  if (!registered) return
  const had = navigator.serviceWorker.controller
  const ready = () => (fresh.value = Boolean(registered?.waiting && had))
  ready()
  registered.addEventListener('updatefound', () => registered?.installing?.addEventListener('statechange', ready))
  void navigator.serviceWorker.ready.then(() => (offlineReady.value = true))
  let reloading = false
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (had && !reloading) {
      reloading = true
      location.reload()
    }
  })
  setInterval(() => void registered?.update().catch(() => undefined), 3_600_000)
}

let wanted = false

/** Takes the new version: at once where nothing waits, or else when it was sent. */
export function update(): void {
  wanted = true
  if (waiting.value === 0) registered?.waiting?.postMessage('update')
}
watch(waiting, (n) => {
  if (n === 0 && wanted) update()
})

interface InstallPrompt extends Event {
  prompt: () => Promise<void>
}
export const installable = ref<InstallPrompt>()
addEventListener('beforeinstallprompt', (e) => {
  e.preventDefault()
  installable.value = e as InstallPrompt
})
export const installed = matchMedia('(display-mode: standalone)').matches
