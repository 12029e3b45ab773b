import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { supportedActions } from '@seekyou/actions'
import { serveApiReference } from '@seekyou/api-reference/serve'
import type { ContractOptions } from '@seekyou/api-reference/serve'
import { createSandbox } from '@seekyou/backend-sandbox'
import { FilterSyntaxError } from '@seekyou/event-filter'
import { Account, linkOptions } from '@seekyou/hub'
import type { LinkOptions } from '@seekyou/hub'
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

/**
 * Builds the house from its rooms and opens the doors: the one place that names every package.
 * @throws ConfigError, StoreUnavailable or ListenFailed; whatever was already open is closed again.
 */
export async function startServer(
  { config, folder }: LoadedConfig,
  { log, version }: { readonly log: Logger; readonly version: string },
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

  for (const bot of config.bots) {
    const backend = createSandbox(bot.backend)
    const account = opened.use(
      await Account.open({
        backend,
        store,
        options: bot,
        clock,
        log,
        version,
        mediaUrl: () => addresses[0]?.url ?? '',
      }),
    )
    const gatewayFor = (link: LinkSettings): Gateway => {
      try {
        return account.gateway(linkOptionsOf(link, config.defaults), readFilter(link.filter, folder))
      } catch (error) {
        if (!(error instanceof FilterSyntaxError)) throw error
        const name = typeof link.filter === 'string' ? link.filter : 'the event filter'
        throw new ConfigError([`${name}: ${error.message}`])
      }
    }
    await account.start()

    for (const options of bot.listen) {
      const gateway = gatewayFor(options)
      const room = log.child({ room: 'listen' })
      const describe = (): ContractOptions => ({
        version,
        host: new URL(address.url).host,
        supported: supportedActions(backend),
        control: backend.control ?? {},
        dialect: gateway.dialect,
        needsToken: !gateway.authorize(undefined).granted,
      })
      const http = opened.use(
        await createHttpServer({
          gateway,
          options,
          media: store.media,
          routes: (app, gate) =>
            serveApiReference(app, { admits: (request, reply) => gate.admitsToken(request, reply), describe }),
          log: room,
        }),
      )
      const sockets = opened.use(createForwardServer({ gateway, options, clock, log: room }))
      http.server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head))
      const address = await http.listen()
      addresses.push(address)
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

/** The rules of a filter: as they stand in the configuration, or from the file it names. */
function readFilter(filter: unknown, folder: string): unknown {
  if (typeof filter !== 'string') return filter
  try {
    return JSON.parse(readFileSync(resolve(folder, filter), 'utf8'))
  } catch (error) {
    throw new ConfigError([`${filter}: the event filter cannot be read: ${(error as Error).message}`])
  }
}
