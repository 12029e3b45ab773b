import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ApiFailure, request } from '../kit/api.ts'
import { connection } from '../kit/event-stream.ts'
import { useWords } from '../kit/language.ts'
import { Unread } from '../tools/unread.tsx'
import { linksWords } from './words.ts'

interface Readiness {
  readonly status: string
  readonly reasons: readonly string[]
}

const tones: Readonly<Record<string, string>> = { ready: 'good', degraded: 'warn', unready: 'bad' }

/** Whether the server can do its work, and why not. */
export function ReadinessBanner() {
  const words = useWords(linksWords)
  const { data, error } = useQuery({
    queryKey: ['readyz'],
    queryFn: readReadiness,
    staleTime: 0,
    refetchInterval: 4000,
  })
  useEffect(() => () => connection.set('idle'), [])
  if (error) return <Unread error={error} what={words.whatReady} />
  if (!data) return undefined
  return (
    <div className="readiness card" role="status">
      <span className={`tag ${tones[data.status] ?? ''}`}>{words.ready[data.status] ?? data.status}</span>
      {data.reasons.length === 0 ? (
        <span>{words.allWell}</span>
      ) : (
        <ul>
          {data.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** That it is not ready comes with a status of its own, and is an answer all the same. */
async function readReadiness({ signal }: { signal: AbortSignal }): Promise<Readiness> {
  try {
    const { status, answer } = await request('readyz', { signal })
    connection.set('open')
    if (typeof answer === 'object' && answer !== null && 'reasons' in answer) return answer as Readiness
    throw new ApiFailure(`HTTP ${status}`, status, 0)
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 0) connection.set('lost')
    throw error
  }
}
