import { boolean, integer, text } from '@seekyou/protocol'
import type { ControlVerb } from '@seekyou/protocol'
import * as z from 'zod'
import { connectClient, disconnectClient } from '../client.ts'
import { addFriend } from '../contact.ts'
import type { Network } from '../network.ts'
import { as, defineVerb, playedBy } from '../verb.ts'

/** What happens to the bot's account itself. */
export function createContactVerbs(running: () => Network) {
  return {
    add_friend: defineVerb('add_friend', {
      summary: 'A person and the bot become friends, without a request.',
      reads: false,
      params: () => z.object({ as }),
      async run({ as: person }) {
        await addFriend(playedBy(person, running()), person)
        return null
      },
    }),

    client: defineVerb('client', {
      summary: 'Another device of the bot’s account goes online or offline; nobody has to act for it.',
      reads: false,
      params: () =>
        z.object({
          app_id: integer.describe('the number of the device; one that goes offline needs no more than this'),
          device_name: text.default('My computer'),
          device_kind: text.default('PC'),
          online: boolean.default(true),
        }),
      async run({ online, ...client }) {
        await (online ? connectClient(running(), client) : disconnectClient(running(), client.app_id))
        return null
      },
    }),
  } satisfies Readonly<Record<string, ControlVerb>>
}
