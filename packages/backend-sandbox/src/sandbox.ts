import { BackendUnreachable } from '@seekyou/protocol'
import type { Backend } from '@seekyou/protocol'
import type * as z from 'zod'
import { createActions } from './actions.ts'
import { createControl } from './control.ts'
import { withFaults } from './faults.ts'
import { Network } from './network.ts'
import { sandboxOptions } from './options.ts'
import { Scenery } from './scenery.ts'
import type { WorldFile } from './world-file.ts'
import { World } from './world.ts'

/** Everything of `sandboxOptions` may be said, and what is no option. */
export interface SandboxSetup extends z.input<typeof sandboxOptions> {
  /** Reads the world file that `world` names; asked at the start, at a reset and at a reload. */
  readonly readWorld?: () => WorldFile | Promise<WorldFile>
  /** Gives numbers from 0 up to 1 for dice and the like where there is no `seed`; default: `Math.random`. */
  readonly random?: () => number
}

/**
 * A chat network in the same process: people, groups and the rules between them, kept in the account's own state.
 * The bot acts on it through `actions`, everyone else through `control`.
 */
export function createSandbox({ readWorld, random = Math.random, ...options }: SandboxSetup): Backend {
  const {
    clock,
    seed,
    world: worldName,
    control,
    self_id,
    unsupported_segments: unsupported,
  } = sandboxOptions.parse(options, { jitless: true })
  const scenery = new Scenery(worldName, readWorld, self_id)
  let network: Network | undefined

  function running(): Network {
    if (network) return network
    throw new BackendUnreachable('the sandbox is not running')
  }

  const actions = createActions(running)
  const canDo = (action: string) => Object.hasOwn(actions, action)

  return {
    kind: 'sandbox',
    identify: () => scenery.identify(),
    async start(host) {
      const world = await World.open(host.self.user_id, host.state)
      await scenery.open(world)
      network = new Network({ world, host, clock, seed, random, unsupported })
    },
    async stop() {
      network?.changes.end()
      network = undefined
    },
    condition: () => (network ? { phase: 'online' } : { phase: 'offline', reason: 'the sandbox is not running' }),
    mediaNamed: (name) => running().mediaNamed(name),
    actions: withFaults(actions, async (action) => running().faults.meet(action)),
    ...(control && { control: createControl(running, scenery, canDo) }),
  }
}
