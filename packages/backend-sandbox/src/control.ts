import { createContactVerbs } from './control/contact.ts'
import { createDiscussVerbs } from './discuss-verbs.ts'
import { createFileVerbs } from './control/file.ts'
import { createGroupVerbs } from './control/group.ts'
import { createGuildVerbs } from './control/guild.ts'
import { createRequestVerbs } from './control/request.ts'
import type { Network } from './network.ts'
import { createGuildWorldVerbs } from './guild-verbs.ts'
import { createPeopleVerbs } from './people-verbs.ts'
import type { Scenery } from './scenery.ts'
import { createTrialVerbs } from './trial-verbs.ts'
import { createWorldVerbs } from './world-verbs.ts'

/**
 * What the people of the network, and whoever owns it, can do.
 * `running` gives the network, or fails while there is none; `canDo` tells whether an action is one of the bot's here.
 */
export function createControl(running: () => Network, scenery: Scenery, canDo: (action: string) => boolean) {
  return {
    ...createPeopleVerbs(running),
    ...createGroupVerbs(running),
    ...createFileVerbs(running),
    ...createRequestVerbs(running),
    ...createContactVerbs(running),
    ...createGuildVerbs(running),
    ...createWorldVerbs(running, scenery),
    ...createDiscussVerbs(running),
    ...createGuildWorldVerbs(running),
    ...createTrialVerbs(running, canDo),
  }
}
