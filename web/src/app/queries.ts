import { QueryClient } from '@tanstack/vue-query'
import { Problem } from '@/api/client'

/** What the server said, kept until a change of it is heard of. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (times, err) => times < 2 && (!(err instanceof Problem) || err.status === 0 || err.status === 503),
    },
  },
})
