import type { Command } from 'commander'
import { ConfigError } from '../config-error.ts'
import type { Overrides } from '../config.ts'

/** Flags of every command that reads the configuration. */
export interface ConfigFlags {
  readonly config?: string | undefined
  readonly host?: string | undefined
  readonly port?: string | undefined
  readonly dataDir?: string | undefined
  readonly strictStore?: boolean | undefined
  readonly logLevel?: string | undefined
}

/** Lets a command take the flags that say what the configuration is. */
export function addConfigOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'the configuration (default: seekyou.yml, if there is one)')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1; SEEKYOU_HOST)')
    .option('--port <number>', 'port to listen on, 0 for any free one (default: 5700; SEEKYOU_PORT)')
    .option('--data-dir <folder>', 'where the database and media live (default: ./data; SEEKYOU_DATA_DIR)')
    .option('--strict-store', 'refuse to start with a damaged database instead of setting it aside')
    .option('--log-level <level>', 'fatal, error, warn, info, debug, trace or silent (SEEKYOU_LOG_LEVEL)')
}

/** What flags and environment say; flags win. @throws ConfigError */
export function readOverrides(flags: ConfigFlags, env: NodeJS.ProcessEnv): Overrides {
  // What a script leaves empty by mistake would be the current folder.
  if (flags.dataDir === '') throw new ConfigError(['--data-dir takes a folder, not ""'])
  return {
    host: flags.host ?? (env['SEEKYOU_HOST'] || undefined),
    port: readPort('--port', flags.port) ?? readPort('SEEKYOU_PORT', env['SEEKYOU_PORT'] || undefined),
    dataDir: flags.dataDir ?? (env['SEEKYOU_DATA_DIR'] || undefined),
    logLevel: flags.logLevel ?? (env['SEEKYOU_LOG_LEVEL'] || undefined),
    token: env['SEEKYOU_TOKEN'] || undefined,
    strictStore: flags.strictStore,
    names: {
      ...(flags.host === undefined && { host: 'SEEKYOU_HOST' }),
      ...(flags.port === undefined && { port: 'SEEKYOU_PORT' }),
      ...(flags.dataDir === undefined && { dataDir: 'SEEKYOU_DATA_DIR' }),
      ...(flags.logLevel === undefined && { logLevel: 'SEEKYOU_LOG_LEVEL' }),
    },
  }
}

/** @throws ConfigError */
export function readPort(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value)
  throw new ConfigError([`${name} takes a port number from 0 to 65535, not ${JSON.stringify(value)}`])
}
