import { supportedActions } from '@seekyou/actions'
import { serveApiReference } from '@seekyou/api-reference/serve'
import type { Account } from '@seekyou/hub'
import type { Backend, Gateway, Logger } from '@seekyou/protocol'
import { eventRoutes } from '@seekyou/transport-http'
import type { PageGate } from '@seekyou/transport-http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from './config.ts'
import { serveConsole } from './console-page.ts'
import type { House } from './house.ts'
import { serveOperations } from './operations.ts'
import { serveTokens } from './token-routes.ts'

interface PagesSetup {
  readonly house: House
  readonly account: Account
  readonly backend: Backend
  readonly gateway: Gateway
  /** The configuration as it is now. */
  readonly config: () => Config
  /** Whether `/metrics` asks for no token. */
  readonly metricsAreOpen: boolean
  /** The address of the listener. */
  readonly url: () => string | undefined
  readonly log: Logger
}

/** Serves what people and operators open: the API reference, the console, its tokens, health, metrics and what passes. */
export function servePages(app: FastifyInstance, gate: PageGate, setup: PagesSetup): void {
  const { house, account, backend, gateway, config, metricsAreOpen, url, log } = setup
  const { bots, clock, dataDir, readTokens, store, tokens, version } = house
  const admits = (request: FastifyRequest, reply: FastifyReply) => gate.admit(request, reply) !== undefined
  const admitsOwner = (request: FastifyRequest, reply: FastifyReply) => gate.admitOwner(request, reply) !== undefined

  serveConsole(app)
  serveTokens(app, { admitsOwner, gateway, tokens, reload: readTokens, dataDir, clock, log })
  const inspections = serveOperations(app, {
    admits: admitsOwner,
    account,
    dataDir,
    media: store.media,
    config,
    metricsAreOpen,
    bots,
    clock,
    log,
  })
  serveApiReference(app, {
    admits,
    describe() {
      const address = url()
      return {
        version,
        supported: supportedActions(backend),
        control: backend.control ?? {},
        routes: [...eventRoutes, ...inspections],
        dialect: gateway.dialect,
        needsToken: !gateway.authorize(undefined).granted,
        ...(address !== undefined && { host: new URL(address).host }),
      }
    },
  })
}
