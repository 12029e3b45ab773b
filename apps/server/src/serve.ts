import { EventEmitter, once } from 'node:events'
import { flushCompileCache } from 'node:module'
import { StoreUnavailable } from '@seekyou/store'
import { ListenFailed } from '@seekyou/transport-http'
import type { Logger } from 'pino'
import { startServer } from './compose.ts'
import type { Address, RunningServer, ServerSetup } from './compose.ts'
import { ConfigError } from './config-error.ts'
import { loadConfig } from './config.ts'
import type { LoadedConfig, Overrides } from './config.ts'
import { ExpectedError } from './expected-error.ts'
import { createLog } from './log.ts'
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
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'a fault of the program: it ends now, and what is in the journal is safe')
    process.exit(1)
  })

  const inspect = traceFile === undefined ? undefined : traceTraffic(traceFile, log)
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
      ...(inspect && { inspect }),
    })
    if (!server) break
    before = server.addresses
    announce(server.addresses, printReady)
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

/** `undefined` if it was told to stop before it stood. */
async function start(loaded: LoadedConfig, setup: ServerSetup): Promise<RunningServer | undefined> {
  // A server that waits for its network has no socket open yet, and its timers keep no process alive.
  const alive = setInterval(() => undefined, 2 ** 30)
  try {
    return await startServer(loaded, setup)
  } catch (cause) {
    if (setup.signal?.aborted) return undefined
    if (cause instanceof StoreUnavailable || cause instanceof ListenFailed) {
      throw new ExpectedError(cause.message, { cause })
    }
    throw cause
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
  readonly log: Logger
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
