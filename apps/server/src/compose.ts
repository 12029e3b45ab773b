import { resolve } from 'node:path'
import { createConfiguredFileSource } from '@seekyou/file-source'
import { LoginLimit, Tokens, tokenSettings } from '@seekyou/hub'
import { systemClock } from '@seekyou/protocol'
import type { Logger } from '@seekyou/protocol'
import { openConfiguredStore } from '@seekyou/store'
import { createMediaSeal, createSessions } from '@seekyou/transport-http'
import { openAuditLog } from './audit-log.ts'
import { loadBackends } from './backends.ts'
import type { Address, House } from './house.ts'
import { Bots } from './bots.ts'
import { refuseNamedFiles } from './config-check.ts'
import type { ConfigDiff } from './config-diff.ts'
import type { LoadedConfig } from './config.ts'
import { readTokenFolder, watchTokenFolder } from './token-files.ts'

/** A server; disposing of it stops everything, in order. */
export interface RunningServer extends AsyncDisposable {
  /**
   * Resolves once it accepts: all bots serve, or one does and the others wait for their networks.
   * @throws ConfigError, ListenFailed
   */
  readonly ready: Promise<void>
  readonly addresses: readonly Address[]
  /**
   * Goes by another configuration from now on, as far as it can, and touches nothing that it says the same of.
   * @throws ConfigError, ListenFailed; then everything is as it was.
   */
  reload(loaded: LoadedConfig): Promise<ConfigDiff>
}

/** What the server is started with, besides its configuration. */
export interface ServerSetup extends Pick<House, 'restart' | 'trace'> {
  readonly log: Logger
  readonly version: string
  /** Where the server listened before it was restarted: who listens on any free port takes the same one again. */
  readonly before?: readonly Address[]
  /** Aborted when the server is told to stop before it stands; then `ready` rejects. */
  readonly signal?: AbortSignal
}

/** How long the address of a stored file holds at least; every event and every answer carries a fresh one. */
const MEDIA_LIFETIME_SECONDS = 3600

/**
 * Builds the house that all bots share and starts them. This file and `bot.ts` are the only ones that name every package.
 * @throws ConfigError, StoreUnavailable
 */
export async function openServer(
  loaded: LoadedConfig,
  { log, signal, before = [], ...setup }: ServerSetup,
): Promise<RunningServer> {
  await refuseNamedFiles(loaded)
  const { config, folder } = loaded
  await using opened = new AsyncDisposableStack()
  const clock = systemClock
  const dataDir = resolve(folder, config.data_dir)
  const store = opened.use(
    await openConfiguredStore({
      options: config.store,
      dataDir,
      clock,
      log: log.child({ room: 'store' }),
    }),
  )
  const files = opened.use(
    createConfiguredFileSource({
      options: { ...config.files, allowed_paths: config.files.allowed_paths.map((path) => resolve(folder, path)) },
      media: store.media,
      // A unix socket is no place that other programs can fetch from.
      mediaUrl: () => (bots.addresses.find(({ port }) => port > 0) ?? bots.addresses[0])?.url ?? '',
      clock,
    }),
  )
  const auditLog = opened.use(openAuditLog({ dataDir, options: config.audit, log: log.child({ room: 'hub' }) }))
  const tokens = opened.use(new Tokens(clock))
  let current = config.tokens
  tokens.replace(current.map(tokenSettings))
  const readTokens = tokenReader({ dataDir, tokens, log })
  readTokens()
  opened.use(
    watchTokenFolder(dataDir, clock, () => {
      try {
        readTokens()
      } catch (error) {
        log.error({ err: error }, 'the tokens stay as they were')
      }
    }),
  )

  const logins = new LoginLimit(config.login_limit, clock, (from, reason) => {
    log.child({ room: 'hub' }).warn({ from, reason }, 'somebody may be guessing a token')
    auditLog.write({ at: clock.now(), token: null, action: null, chat: null, from, outcome: 'rate-limited', reason })
  })

  const house: House = {
    ...setup,
    store,
    files,
    seal: createMediaSeal({ clock, lifetime: MEDIA_LIFETIME_SECONDS }),
    tokens,
    logins,
    readTokens,
    auditLog,
    sessions: createSessions({ clock }),
    dataDir,
    clock,
    log,
    before,
    bots: () => bots.status(),
    onForgotten: () => bots.readAgain(),
  }
  const createBackend = await loadBackends(loaded, house)
  const bots: Bots = opened.use(new Bots(loaded, house, { createBackend, signal }))
  const running = opened.move()
  return {
    ready: bots.ready,
    get addresses() {
      return bots.addresses
    },
    async reload(next) {
      // Closes whoever shows one that is gone, and links may go by those that are new.
      tokens.replace(next.config.tokens.map(tokenSettings))
      try {
        const diff = await bots.change(next)
        logins.change(next.config.login_limit)
        current = next.config.tokens
        return diff
      } catch (error) {
        tokens.replace(current.map(tokenSettings))
        throw error
      }
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Takes the tokens of the data folder into use whenever it is called; what is damaged opens nothing, and is told once. */
function tokenReader({
  dataDir,
  tokens,
  log,
}: {
  readonly dataDir: string
  readonly tokens: Tokens
  readonly log: Logger
}): () => void {
  let told: readonly string[] = []
  return () => {
    const read = readTokenFolder(dataDir)
    for (const reason of read.problems) if (!told.includes(reason)) log.error({ reason }, 'a token is left out')
    told = read.problems
    tokens.replace(read.tokens, 'file')
  }
}
