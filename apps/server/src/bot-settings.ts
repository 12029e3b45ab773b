import type { Config, LoadedConfig } from './config.ts'

/** A configuration, and the place in it of the bot that is spoken of. */
export interface BotSettings {
  readonly loaded: LoadedConfig
  readonly at: number
}

export type ListenerOptions = Config['bots'][number]['listen'][number]
export type ConnectionOptions = Config['bots'][number]['connect'][number]

/** What the configuration says of the bot. */
export function optionsOf({ loaded, at }: BotSettings): Config['bots'][number] {
  return loaded.config.bots[at]!
}
