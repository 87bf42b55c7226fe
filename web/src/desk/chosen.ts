import { shallowRef, watch } from 'vue'
import { session } from '@/app/session'

/** Cases that were chosen on the board, on their way to a bulk operation. They stand in no address. */
export const chosen = shallowRef<string[]>([])

watch(() => session.value?.account, () => (chosen.value = []))
