import { ActionFailure, boolean, integer, once, text, userId } from '@seekyou/protocol'
import type { ControlVerb } from '@seekyou/protocol'
import * as z from 'zod'
import { readEvent } from './event-input.ts'
import { knownRetcodes } from './faults.ts'
import type { Network } from './network.ts'
import { defineVerb } from './verb.ts'

const mostMs = 10 * 365 * 24 * 3600 * 1000

function upTo(most: number, error: string) {
  return integer.refine((value) => value >= 0 && value <= most, { error }).meta({ minimum: 0, maximum: most })
}

const retcode = once(() =>
  integer.refine((value) => value < 0 || (knownRetcodes.includes(value) && value > 1), {
    error: `an integer below 0 (the network’s own), or one of ${knownRetcodes.join(', ')}`,
  }),
)

const told = once(() =>
  z
    .looseObject({ post_type: z.string(), time: z.int(), self_id: userId })
    .describe('the event as the server keeps it, its message as segments'),
)

const faultsData = once(() =>
  z.object({
    actions: z.array(
      z.object({
        action: z.string().optional(),
        delay_ms: z.int().optional(),
        fail: z.object({ retcode: z.int(), wording: z.string() }).optional(),
        times: z.int().optional(),
      }),
    ),
    drop_events: z.int(),
    duplicate_events: z.int(),
    disconnect: z.int().describe('for how many seconds more connections break'),
  }),
)

/** What a trial of a bot needs that no network has: any event, a clock to turn, things that go wrong. */
export function createTrialVerbs(running: () => Network, canDo: (action: string) => boolean) {
  return {
    emit: defineVerb('emit', {
      summary: 'Tells the bot any event, and changes nothing in the world; answers it as it was told.',
      reads: false,
      data: () => told(),
      params: () =>
        z.object({
          event: z
            .record(z.string(), z.unknown(), { error: 'an event (an object)' })
            .describe(
              'an event as a link with message_format array is told it; the server gives self_id, message_id and font, and time, message_seq and sender where they are absent',
            ),
        }),
      async run({ event }) {
        const network = running()
        const { draft, log } = readEvent(event, network)
        if (log) network.world.put(log)
        return network.tell(draft)
      },
    }),

    clock: defineVerb('clock', {
      summary: 'Moves the time of the network on, where it has a clock of its own; GET shows it.',
      reads: false,
      data: () => z.object({ clock: z.enum(['real', 'virtual']), now_ms: z.number() }),
      params: () =>
        z.object({
          advance_ms: upTo(mostMs, 'a number of milliseconds from 0 to ten years').describe('by how many milliseconds'),
        }),
      read: async () => describeClock(running()),
      async run({ advance_ms }) {
        const network = running()
        if (!network.isVirtual) {
          throw new ActionFailure(
            'unsupported',
            'the clock of this sandbox is the real one; `clock: virtual` gives it its own',
          )
        }
        network.advance(advance_ms)
        await network.world.saved()
        return describeClock(network)
      },
    }),

    faults: defineVerb('faults', {
      summary: 'Lets actions be late or fail, events be lost or come twice, connections break; GET shows what is set.',
      reads: false,
      data: () => faultsData(),
      params: () =>
        z.object({
          clear: boolean.default(false).describe('ends everything that was set before'),
          action: text.optional().describe('the action that `delay_ms` and `fail` are about; absent: every other'),
          delay_ms: upTo(600_000, 'a number of milliseconds from 0 to 600000')
            .optional()
            .describe('how many milliseconds later it is done, in real time'),
          fail: z
            .object(
              { retcode: retcode(), wording: text.default('this failure was asked for') },
              { error: 'an object with retcode and wording' },
            )
            .optional()
            .describe('it is not done and answers this'),
          times: upTo(1_000_000, 'an integer from 1 to 1000000')
            .refine((value) => value > 0, { error: 'an integer from 1 to 1000000' })
            .optional()
            .describe('how many calls it happens to; absent: all'),
          drop_events: upTo(1_000_000, 'an integer from 0 to 1000000')
            .optional()
            .describe('how many of the next events happen without the bot hearing of them; not counted: what it says'),
          duplicate_events: upTo(1_000_000, 'an integer from 0 to 1000000')
            .optional()
            .describe('how many of the next events are told twice'),
          disconnect: upTo(3600, 'a number of seconds from 0 to 3600')
            .optional()
            .describe('breaks every WebSocket and event stream, and new ones for so many seconds; 0: once'),
        }),
      read: async () => running().faults.describe(),
      async run({ clear, action, delay_ms, fail, times, drop_events: drop, duplicate_events: duplicate, disconnect }) {
        const { faults } = running()
        if (action !== undefined && !canDo(action)) {
          throw new ActionFailure(
            'bad-params',
            `faults: action takes an action that the sandbox does itself, such as send_group_msg, not ${JSON.stringify(action.slice(0, 40))}`,
          )
        }
        if (clear) faults.clear()
        if (action !== undefined || delay_ms !== undefined || fail) faults.setAction({ action, delay_ms, fail, times })
        faults.setEvents({ ...(drop !== undefined && { drop }), ...(duplicate !== undefined && { duplicate }) })
        if (disconnect !== undefined) faults.cut(disconnect)
        return faults.describe()
      },
    }),
  } satisfies Readonly<Record<string, ControlVerb>>
}

function describeClock(network: Network) {
  return { clock: network.isVirtual ? 'virtual' : 'real', now_ms: network.nowMs() } as const
}
