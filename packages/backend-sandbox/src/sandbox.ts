import { BackendUnreachable } from '@seekyou/protocol'
import type { Backend } from '@seekyou/protocol'
import { createActions } from './actions.ts'
import { createControl } from './control.ts'
import { withFaults } from './faults.ts'
import { Network } from './network.ts'
import type { SandboxOptions } from './options.ts'
import { Scenery } from './scenery.ts'
import type { WorldFile } from './world-file.ts'
import { World } from './world.ts'

/** What a sandbox needs besides its options. */
export interface SandboxSurroundings {
  /** Reads the world file that `world` names; asked at the start, at a reset and at a reload. */
  readonly readWorld?: (() => WorldFile | Promise<WorldFile>) | undefined
  /** Gives numbers from 0 up to 1 for dice and the like where there is no `seed`; default: `Math.random`. */
  readonly random?: (() => number) | undefined
}

/** `createSandbox` for whoever has read a configuration, and needs no schema any more. */
export function createConfiguredSandbox(
  { clock, seed, world: worldName, control, self_id, unsupported_segments: unsupported }: SandboxOptions,
  { readWorld, random = Math.random }: SandboxSurroundings,
): Backend {
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
