import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createSandbox } from '@seekyou/backend-sandbox'
import { FilterSyntaxError } from '@seekyou/event-filter'
import { createFileSource } from '@seekyou/file-source'
import { Account, linkOptions } from '@seekyou/hub'
import type { FilterSource, LinkOptions } from '@seekyou/hub'
import { systemClock } from '@seekyou/protocol'
import type { Gateway, Logger } from '@seekyou/protocol'
import { openStore } from '@seekyou/store'
import { createHttpServer, createWebhook } from '@seekyou/transport-http'
import { createForwardServer, createReverseClient } from '@seekyou/transport-ws'
import { ConfigError } from './config-error.ts'
import type { LoadedConfig } from './config.ts'

/** Where a running server can be reached. */
export interface Address {
  readonly url: string
  readonly host: string
  readonly port: number
}

/** A server that accepts; disposing of it stops everything, in order. */
export interface RunningServer extends AsyncDisposable {
  readonly addresses: readonly Address[]
}

/** What the server is started with, besides its configuration. */
export interface ServerSetup {
  readonly log: Logger
  readonly version: string
  /** Ends this server and starts another; called when a client asks for it. */
  readonly restart?: () => void
}

/**
 * Builds the house from its rooms and opens the doors: the one place that names every package.
 * @throws ConfigError, StoreUnavailable or ListenFailed; whatever was already open is closed again.
 */
export async function startServer(
  { config, folder }: LoadedConfig,
  { log, version, restart }: ServerSetup,
): Promise<RunningServer> {
  await using opened = new AsyncDisposableStack()
  const clock = systemClock
  const store = opened.use(
    await openStore({
      ...config.store,
      dataDir: resolve(folder, config.data_dir),
      clock,
      log: log.child({ room: 'store' }),
    }),
  )
  const addresses: Address[] = []
  const mediaUrl = () => addresses[0]?.url ?? ''
  const files = opened.use(
    createFileSource({
      ...config.files,
      allowed_paths: config.files.allowed_paths.map((path) => resolve(folder, path)),
      media: store.media,
      mediaUrl,
      clock,
    }),
  )

  for (const bot of config.bots) {
    const account = opened.use(
      await Account.open({
        backend: createSandbox(bot.backend),
        store,
        files,
        options: bot,
        clock,
        log,
        version,
        mediaUrl,
        ...(restart && { restart }),
      }),
    )
    const gatewayFor = (link: LinkSettings): Gateway => {
      const filter = filterSource(link.filter, folder)
      try {
        return account.gateway(linkOptionsOf(link, config.defaults), filter)
      } catch (error) {
        if (!(error instanceof FilterSyntaxError)) throw error
        throw new ConfigError([`${filter?.name}: ${error.message}`])
      }
    }
    await account.start()

    for (const options of bot.listen) {
      const gateway = gatewayFor(options)
      const room = log.child({ room: 'listen' })
      const http = opened.use(await createHttpServer({ gateway, options, media: store.media, log: room }))
      const sockets = opened.use(createForwardServer({ gateway, options, clock, log: room }))
      http.server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head))
      addresses.push(await http.listen())
    }

    for (const options of bot.connect) {
      const gateway = gatewayFor(options)
      const room = log.child({ room: 'connect' })
      await account.expectLink(options.name)
      if (options.type === 'webhook') {
        opened.use(createWebhook({ gateway, options, clock, log: room }))
      } else {
        const accessToken = options.access_token ?? config.defaults.access_token
        opened.use(createReverseClient({ gateway, options, accessToken, clock, log: room }))
      }
    }
  }

  const running = opened.move()
  return { addresses, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

type LinkSettings = { readonly [Key in keyof LinkOptions]?: LinkOptions[Key] | undefined } & {
  readonly filter?: unknown
}

/** What a link says itself, and for the rest what all links get. */
function linkOptionsOf(link: LinkSettings, defaults: LinkOptions): LinkOptions {
  const keys = Object.keys(linkOptions.shape) as (keyof LinkOptions)[]
  return Object.assign({}, ...keys.map((key) => ({ [key]: link[key] ?? defaults[key] })))
}

/** Where the rules of a filter are: in the configuration itself, or in the file it names. */
function filterSource(filter: unknown, folder: string): FilterSource | undefined {
  if (filter === undefined) return undefined
  if (typeof filter !== 'string') return { name: 'the event filter', read: () => filter }
  return {
    name: filter,
    read(): unknown {
      try {
        return JSON.parse(readFileSync(resolve(folder, filter), 'utf8'))
      } catch (error) {
        const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT'
        const reason = isAbsent ? 'there is no such file' : (error as Error).message
        throw new ConfigError([`${filter}: the event filter cannot be read: ${reason}`])
      }
    },
  }
}
