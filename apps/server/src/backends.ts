import type { Backend } from '@seekyou/protocol'
import { optionsOf } from './bot-settings.ts'
import type { BotSettings } from './bot-settings.ts'
import type { LoadedConfig } from './config.ts'
import type { House } from './house.ts'

/** Makes the network of a bot. */
export type CreateBackend = (settings: BotSettings) => Backend

/** Loads what makes the networks of a configuration, a sandbox or the bridge to a real one, and no more than it needs. */
export async function loadBackends(
  { config: { bots } }: LoadedConfig,
  { store, log, logins }: Pick<House, 'store' | 'log' | 'logins'>,
): Promise<CreateBackend> {
  const types = new Set(bots.map(({ backend }) => backend.type))
  const [sandboxes, bridges] = await Promise.all([
    types.has('sandbox') ? import('@seekyou/backend-sandbox/sandbox') : undefined,
    types.has('onebot') ? import('@seekyou/backend-onebot/bridge') : undefined,
  ])
  return (settings) => {
    const { backend } = optionsOf(settings)
    switch (backend.type) {
      case 'sandbox': {
        const { type: _, ...sandbox } = backend
        const readWorld = async () => {
          const { loadWorldFile } = await import('./world-file.ts')
          return loadWorldFile(settings.loaded, settings.at)
        }
        return sandboxes!.createConfiguredSandbox(sandbox, { readWorld })
      }
      case 'onebot': {
        const { type: _, ...bridge } = backend
        return bridges!.createBridge({
          ...bridge,
          log: log.child({ room: 'backend-onebot' }),
          memory: store.state,
          logins,
        })
      }
    }
  }
}
