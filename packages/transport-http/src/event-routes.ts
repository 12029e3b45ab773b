import { integer } from '@seekyou/protocol'
import * as z from 'zod'
import { pollParams } from './long-polling.ts'

/** How events come over HTTP, for those who describe it. */
export const eventRoutes = [
  {
    method: 'any',
    path: '/get_updates',
    summary: 'The events since it was last called, or the next that happens while it waits.',
    get params() {
      return pollParams()
    },
    get data() {
      return z.array(z.looseObject({ post_type: z.string() }))
    },
  },
  {
    method: 'GET',
    path: '/_events',
    summary: 'Every event as it happens, as a stream of server-sent events.',
    get params() {
      return z.object({
        resume: integer.optional().describe('begin after the event of this id; Last-Event-ID says the same'),
      })
    },
    isStream: true,
  },
] as const
