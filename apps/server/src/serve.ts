import { EventEmitter, once } from 'node:events'
import { flushCompileCache } from 'node:module'
import { isatty } from 'node:tty'
import { StoreUnavailable } from '@seekyou/store'
import { ListenFailed } from '@seekyou/transport-http'
import type { Address } from './house.ts'
import { openServer } from './compose.ts'
import type { RunningServer, ServerSetup } from './compose.ts'
import { ConfigError } from './config-error.ts'
import { loadConfig } from './config.ts'
import type { LoadedConfig, Overrides } from './config.ts'
import { ExpectedError } from './expected-error.ts'
import { createLog } from './log.ts'
import type { ServerLog } from './log.ts'
import { startReloading } from './reload.ts'
import type { Reloading } from './reload.ts'
import { traceTraffic } from './traffic-trace.ts'
import { version } from './version.ts'

/** Time that a clean end may take. */
const SHUTDOWN_MS = 4_500

/**
 * Serves until a signal comes, restarts in between, then ends the process.
 * @throws ExpectedError for whatever keeps it from starting and is the operator's to mend.
 */
export async function serve({
  file,
  overrides,
  printReady,
  traceFile,
}: {
  readonly file: string | undefined
  readonly overrides: Overrides
  /** Whether to announce readiness as one line of JSON, and not to a person. */
  readonly printReady: boolean
  /** Where everything that passes through is written. */
  readonly traceFile?: string | undefined
}): Promise<void> {
  const load = (): Promise<LoadedConfig> => loadConfig(file, overrides, process.env)
  let loaded = await load()
  const log = await createLog(loaded.config.log_level)
  for (const note of loaded.notes) log.warn({ file: loaded.file }, note)

  // Signals are heard from the first moment: one that comes while the server starts stops it as soon as it stands, or
  // at once where it still waits for the network.
  const stop = Promise.withResolvers<NodeJS.Signals>()
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stop.resolve(signal)
      stopping.abort()
    })
  }
  let reloading: Reloading | undefined
  const terminal = [0, 1, 2].find((fd) => isatty(fd))
  process.on('SIGHUP', () => {
    // The same signal says that the terminal was closed in which the program was started.
    if (terminal === undefined || isatty(terminal)) reloading?.ask()
    else process.emit('SIGTERM')
  })
  process.on('exit', () => log.flush())
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'a fault of the program: it ends now, and what is in the journal is safe')
    process.exit(1)
  })

  // It says where it is, again after a restart; whoever read that may have gone, and the bots are still there.
  process.stdout.removeAllListeners('error').on('error', () => undefined)

  const trace = traceFile === undefined ? undefined : traceTraffic(traceFile, log)
  const clients = new EventEmitter()
  const restart = (): void => void clients.emit('restart')
  let before: readonly Address[] = []
  for (;;) {
    const server = await start(loaded, {
      log,
      version,
      restart,
      before,
      signal: stopping.signal,
      ...(trace && { trace }),
    })
    reloading = startReloading({ server, loaded, load, log })
    if (await stands(server, stopping.signal)) {
      announce(server.addresses, printReady)
      flushCompileCache()
    }

    const next = await Promise.race([stop.promise, nextConfig({ clients, load, log })])
    const isRestart = typeof next === 'object'
    if (isRestart) log.info({}, 'restarting, since a client asked for it')
    else log.info({ signal: next }, 'stopping')
    before = server.addresses
    await end([reloading, server], log)
    reloading = undefined
    if (!isRestart) break
    loaded = next
    log.setLevels(loaded.config.log_level)
  }
  // What was held back is older than this.
  log.flush()
  log.info({}, 'stopped')
  process.exit(0)
}

async function start(loaded: LoadedConfig, setup: ServerSetup): Promise<RunningServer> {
  try {
    return await openServer(loaded, setup)
  } catch (cause) {
    throw cause instanceof StoreUnavailable ? new ExpectedError(cause.message, { cause }) : cause
  }
}

/** Waits until a server stands; false if it was told to stop before that. */
async function stands(server: RunningServer, signal: AbortSignal): Promise<boolean> {
  // A server that waits for its network has no socket open yet, and its timers keep no process alive.
  const alive = setInterval(() => undefined, 2 ** 30)
  try {
    await server.ready
    return true
  } catch (cause) {
    if (signal.aborted) return false
    await server[Symbol.asyncDispose]()
    throw cause instanceof ListenFailed ? new ExpectedError(cause.message, { cause }) : cause
  } finally {
    clearInterval(alive)
  }
}

/** Waits until a client asks for a restart, and reads the configuration for it. */
async function nextConfig({
  clients,
  load,
  log,
}: {
  readonly clients: EventEmitter
  readonly load: () => Promise<LoadedConfig>
  readonly log: ServerLog
}): Promise<LoadedConfig> {
  for (;;) {
    await once(clients, 'restart')
    try {
      return await load()
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      log.error({ reason: error.message }, 'no restart: the configuration is wrong, so the server goes on as it is')
    }
  }
}

function announce(addresses: readonly Address[], asJson: boolean): void {
  const listeners = addresses.map(({ self_id, url, host, port }) => ({ self_id, url, host, port }))
  const [first = { url: '', host: '', port: 0 }] = listeners
  const consoleUrl = addresses[0]?.consoleUrl ?? ''
  if (asJson) {
    const { url, host, port } = first
    process.stdout.write(`${JSON.stringify({ ready: true, url, host, port, listeners })}\n`)
    return
  }
  const { url } = first
  const bots = Map.groupBy(listeners, ({ self_id }) => self_id)
  const places = bots.size < 2 ? '' : [...bots].map(([self_id, [at]]) => `\n  ${self_id} is at ${at!.url}`).join('')
  process.stdout.write(`
  SeekYou ${version} is ready.${places}

  Console             ${consoleUrl}
  HTTP API            ${url}/<action>          try ${url}/get_login_info
  WebSocket           ${url.replace('http', 'ws')}/
  API reference       ${url}/docs              as documents: /openapi.json, /asyncapi.json
  Play the other side POST ${url}/sandbox/say  {"as": 10001, "group_id": 20001, "message": "hello"}

  Ctrl-C stops it.

`)
}

/** Ends the server. If it does not end in time the process does, with a word about it. */
async function end(parts: readonly AsyncDisposable[], log: ServerLog): Promise<void> {
  const overdue = setTimeout(() => {
    log.error({}, 'something did not stop in time; leaving anyway, what is in the journal is safe')
    process.exit(1)
  }, SHUTDOWN_MS)
  for (const part of parts) await part[Symbol.asyncDispose]()
  clearTimeout(overdue)
}
