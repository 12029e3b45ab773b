import * as z from 'zod'
import { userId } from '../ids.ts'
import { once } from '../once.ts'

/** What has passed through the account since it started: counts, and seconds for the time. */
const statistics = () =>
  z.object({
    packet_received: z.int(),
    packet_sent: z.int(),
    packet_lost: z.int(),
    message_received: z.int(),
    message_sent: z.int(),
    disconnect_times: z.int(),
    lost_times: z.int(),
    last_message_time: z.int(),
  })

/** Whether the account is well: what get_status answers and each heartbeat carries. */
export const status = once(() =>
  z.object({
    online: z.boolean(),
    good: z.boolean(),
    app_initialized: z.boolean(),
    app_enabled: z.boolean(),
    app_good: z.boolean(),
    plugins_good: z.boolean(),
    reason: z.string().optional().describe('why the account is not well; absent while it is'),
    stat: statistics(),
  }),
)
export type Status = z.infer<ReturnType<typeof status>>

const common = () => ({ time: z.int(), self_id: userId, post_type: z.literal('meta_event') })

/** A link begins (`connect` on sockets, `enable` on webhooks) or the server stops (`disable`, webhooks only). */
const lifecycle = () =>
  z.object({
    ...common(),
    meta_event_type: z.literal('lifecycle'),
    sub_type: z.enum(['enable', 'disable', 'connect']),
  })

/** A sign of life; `interval` in milliseconds. */
const heartbeat = () =>
  z.object({
    ...common(),
    meta_event_type: z.literal('heartbeat'),
    status: status(),
    interval: z.int(),
  })

/**
 * Events about the server itself; never written to the journal, never replayed.
 * @see https://github.com/botuniverse/onebot-11/blob/master/event/meta.md
 */
export const metaEvent = z.lazy(() => z.discriminatedUnion('meta_event_type', [lifecycle(), heartbeat()]))
export type MetaEvent = z.infer<typeof metaEvent>
