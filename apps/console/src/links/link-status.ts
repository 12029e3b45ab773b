import { queryOptions } from '@tanstack/react-query'
import { ask } from '../kit/api.ts'

/** A link as `/inspect/links` lists it. Times are in milliseconds since 1970. */
export interface LinkStatus {
  /** What the tap and the tools of operators call it. */
  readonly id: string
  readonly name: string | null
  readonly kind: string | null
  readonly state: LinkState | null
  /** The last event that its program has. */
  readonly cursor: number
  /** How many events come after that. */
  readonly lag: number
  /** Whether it cannot take more at the moment. */
  readonly paused: boolean
  /** Whether an operator holds it back. */
  readonly held: boolean
  readonly last_written_at: number | null
  readonly connections: number
  /** How often an event had to be posted again. */
  readonly retries?: number
  readonly dead_letters: number
}

type LinkState =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'open'; readonly since: number }
  | { readonly phase: 'waiting'; readonly since: number; readonly lastError: string; readonly nextTryAt: number }
  | { readonly phase: 'ended' }

/** The links, asked for every two seconds while somebody looks. */
export const linksQuery = queryOptions({
  queryKey: ['inspect', 'links'],
  queryFn: ({ signal }) => ask<readonly LinkStatus[]>('inspect/links', { signal }),
  refetchInterval: 2000,
})
