import { useQuery } from '@tanstack/react-query'
import { ask } from '../kit/api.ts'
import { connection } from '../kit/event-stream.ts'
import { useWords } from '../kit/language.ts'
import { useStore } from '../kit/store.ts'
import { Unread } from '../tools/unread.tsx'
import { inspectorWords } from './words.ts'

/** Says why nothing comes, when the stream is not there. */
export function TapState() {
  const words = useWords(inspectorWords)
  const isLost = useStore(connection) === 'lost'
  // A stream does not tell why it failed; a page of it does.
  const { error } = useQuery({
    queryKey: ['tap'],
    queryFn: ({ signal }) => ask('inspect/tap?format=json&limit=1', { signal }),
    enabled: isLost,
    retry: false,
    gcTime: 0,
  })
  return isLost && error ? <Unread error={error} what={words.what} /> : undefined
}
