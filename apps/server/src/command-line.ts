import { EventEmitter, once } from 'node:events'
import { readFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { parseArgs } from 'node:util'
import { StoreUnavailable } from '@seekyou/store'
import { ListenFailed } from '@seekyou/transport-http'
import type { Logger } from 'pino'
import { startServer } from './compose.ts'
import type { Address, RunningServer } from './compose.ts'
import { ConfigError } from './config-error.ts'
import { loadConfig } from './config.ts'
import type { LoadedConfig } from './config.ts'
import { createLog } from './log.ts'

// By its name, since the program is at one depth as sources and at another as it is shipped.
const manifest = new URL(import.meta.resolve('seekyou/package.json'))
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }

const help = `seekyou ${version} – a CQHTTP / OneBot 11 / go-cqhttp bot API server

Usage: seekyou [flags]        in a clone: npm start -- [flags]

  --config <file>       configuration (default: seekyou.yml, if there is one)
  --host <address>      address to listen on (default 127.0.0.1)         SEEKYOU_HOST
  --port <number>       port to listen on, 0 for any free one (5700)     SEEKYOU_PORT
  --data-dir <folder>   where the database and media live (./data)       SEEKYOU_DATA_DIR
  --strict-store        refuse to start with a damaged database instead of setting it aside
  --log-level <level>   fatal, error, warn, info, debug, trace, silent   SEEKYOU_LOG_LEVEL
  --print-ready         one line of JSON on standard output once everything accepts
  --version, --help

  SEEKYOU_TOKEN         the access token that clients must show

With no configuration it runs the sandbox, a simulated chat network, on http://127.0.0.1:5700.
`

/** Errors that are the operator's to mend: told in a sentence, without a stack. */
const expected = [ConfigError, StoreUnavailable, ListenFailed]

/** Time that a clean end may take. */
const SHUTDOWN_MS = 4_500

/** Runs the program: reads the command line, serves until a signal comes, restarts in between, then ends the process. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    await serve(args)
  } catch (error) {
    const isExpected = expected.some((kind) => error instanceof kind)
    process.stderr.write(`${isExpected ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`)
    process.exitCode = 1
  }
}

async function serve(args: readonly string[]): Promise<void> {
  const flags = readFlags(args)
  if (flags.help || flags.version) {
    process.stdout.write(flags.help ? help : `${version}\n`)
    return
  }
  const { env } = process
  const overrides = {
    host: flags.host ?? (env['SEEKYOU_HOST'] || undefined),
    port: readPort('--port', flags.port) ?? readPort('SEEKYOU_PORT', env['SEEKYOU_PORT'] || undefined),
    dataDir: flags['data-dir'] ?? (env['SEEKYOU_DATA_DIR'] || undefined),
    logLevel: flags['log-level'] ?? (env['SEEKYOU_LOG_LEVEL'] || undefined),
    token: env['SEEKYOU_TOKEN'] || undefined,
    strictStore: flags['strict-store'],
  }
  const load = (): LoadedConfig => loadConfig(flags.config, overrides, env)
  let loaded = load()
  const log = await createLog(loaded.config.log_level)

  // Signals are heard from the first moment: one that comes while the server starts stops it as soon as it stands.
  const stop = Promise.withResolvers<NodeJS.Signals>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.resolve(signal))
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'a fault of the program: it ends now, and what is in the journal is safe')
    process.exit(1)
  })

  const clients = new EventEmitter()
  const restart = (): void => void clients.emit('restart')
  let before: readonly Address[] = []
  for (;;) {
    const server = await startServer(loaded, { log, version, restart, before })
    before = server.addresses
    announce(server.addresses, flags['print-ready'] ?? false)
    flushCompileCache()

    const next = await Promise.race([stop.promise, nextConfig({ clients, load, log })])
    const isRestart = typeof next === 'object'
    if (isRestart) log.info({}, 'restarting, since a client asked for it')
    else log.info({ signal: next }, 'stopping')
    await end(server, log)
    if (!isRestart) break
    loaded = next
    log.level = loaded.config.log_level
  }
  log.info({}, 'stopped')
  process.exit(0)
}

/** Waits until a client asks for a restart, and reads the configuration for it. */
async function nextConfig({
  clients,
  load,
  log,
}: {
  readonly clients: EventEmitter
  readonly load: () => LoadedConfig
  readonly log: Logger
}): Promise<LoadedConfig> {
  for (;;) {
    await once(clients, 'restart')
    try {
      return load()
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      log.error({ reason: error.message }, 'no restart: the configuration is wrong, so the server goes on as it is')
    }
  }
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        host: { type: 'string' },
        port: { type: 'string' },
        'data-dir': { type: 'string' },
        'log-level': { type: 'string' },
        'strict-store': { type: 'boolean' },
        'print-ready': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    }).values
  } catch (error) {
    throw new ConfigError([`${(error as Error).message.split('. ')[0]}; --help lists the flags`])
  }
}

function readPort(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value)
  throw new ConfigError([`${name} takes a port number from 0 to 65535, not ${JSON.stringify(value)}`])
}

function announce(addresses: readonly Address[], asJson: boolean): void {
  const [{ url, host, port }] = addresses as [Address]
  if (asJson) {
    process.stdout.write(`${JSON.stringify({ ready: true, url, host, port })}\n`)
    return
  }
  process.stdout.write(`
  SeekYou ${version} is ready.

  HTTP API            ${url}/<action>          try ${url}/get_login_info
  WebSocket           ${url.replace('http', 'ws')}/
  API reference       ${url}/docs              as documents: /openapi.json, /asyncapi.json
  Play the other side POST ${url}/sandbox/say  {"as": 10001, "group_id": 20001, "message": "hello"}

  Ctrl-C stops it.

`)
}

/** Ends the server. If it does not end in time the process does, with a word about it. */
async function end(server: RunningServer, log: Logger): Promise<void> {
  const overdue = setTimeout(() => {
    log.error({}, 'something did not stop in time; leaving anyway, what is in the journal is safe')
    process.exit(1)
  }, SHUTDOWN_MS)
  await server[Symbol.asyncDispose]()
  clearTimeout(overdue)
}
