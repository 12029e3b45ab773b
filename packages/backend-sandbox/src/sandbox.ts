import { BackendUnreachable } from '@seekyou/protocol'
import type { Backend } from '@seekyou/protocol'
import { createActions } from './actions.ts'
import { createControl } from './control.ts'
import { bot, defaultWorld, emptyWorld } from './default-world.ts'
import { Network } from './network.ts'
import type { SandboxOptions } from './options.ts'
import { World } from './world.ts'

const worlds = { default: defaultWorld, empty: emptyWorld }

/**
 * A chat network in the same process: people, groups and the rules between them, kept in the account's own state.
 * The bot acts on it through `actions`, everyone else through `control`.
 *
 * `random` gives numbers from 0 up to 1 for dice and the like; default: `Math.random`.
 */
export function createSandbox(options: SandboxOptions & { readonly random?: () => number }): Backend {
  const fresh = worlds[options.world]
  let network: Network | undefined

  function running(): Network {
    if (network) return network
    throw new BackendUnreachable('the sandbox is not running')
  }

  return {
    kind: 'sandbox',
    identify: async () => bot,
    async start(host) {
      const world = await World.open(host.self.user_id, host.state, fresh)
      network = new Network(world, host, options.random ?? Math.random)
    },
    async stop() {
      network = undefined
    },
    isOnline: () => network !== undefined,
    mediaNamed: (name) => running().mediaNamed(name),
    actions: createActions(running),
    control: createControl(running, fresh),
  }
}
