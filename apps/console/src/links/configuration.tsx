import { useQuery } from '@tanstack/react-query'
import { ask } from '../kit/api.ts'
import { useWords } from '../kit/language.ts'
import { JsonView } from '../tools/json-view.tsx'
import { Unread } from '../tools/unread.tsx'
import { linksWords } from './words.ts'

/** The configuration that is in force, without its secrets. */
export function Configuration() {
  const words = useWords(linksWords)
  const { data, error, refetch } = useQuery({
    queryKey: ['inspect', 'config'],
    queryFn: ({ signal }) => ask('inspect/config', { signal }),
    staleTime: 0,
  })
  return (
    <section className="links-section configuration" aria-labelledby="config-title">
      <h2 id="config-title" className="visually-hidden">
        {words.tabs.configuration}
      </h2>
      <p className="hint">{words.configHint}</p>
      {error && <Unread error={error} what={words.whatConfig} onRetry={() => void refetch()} />}
      {data !== undefined && <JsonView value={data} label={words.config} />}
    </section>
  )
}
