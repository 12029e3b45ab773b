import { queryOptions } from '@tanstack/react-query'
import type { AsyncApi, OpenApi } from '../playground/contract.ts'
import { ask, urlOf } from '../kit/api.ts'
import type { Target } from './call-text.ts'

/** What can be called, as the server tells it; it does not change while the server runs. */
export const openApiQuery = queryOptions({
  queryKey: ['openapi.json'],
  queryFn: ({ signal }) => ask<OpenApi>('openapi.json', { signal }),
  staleTime: Infinity,
})

/** What events look like, as the server tells it. */
export const asyncApiQuery = queryOptions({
  queryKey: ['asyncapi.json'],
  queryFn: ({ signal }) => ask<AsyncApi>('asyncapi.json', { signal }),
  staleTime: Infinity,
})

/** Where this server is, and whether it wants to see a token. */
export function targetOf({ security = [] }: Pick<OpenApi, 'security'>): Target {
  return { origin: urlOf('').replace(/\/$/, ''), needsToken: security.length > 0 }
}
