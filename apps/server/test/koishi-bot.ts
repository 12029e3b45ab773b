import { once } from 'node:events'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { DialectName } from '@seekyou/protocol'
import { startProgram, within } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import type { Context, Session } from 'koishi'
import type { OneBotBot } from 'koishi-plugin-adapter-onebot'

// The adapter is CommonJS and must meet the very same Koishi, so Koishi is taken from that side too.
const require = createRequire(import.meta.url)
export const koishi = require('koishi') as typeof import('koishi')
const { Server } = require('@koishijs/plugin-server') as typeof import('@koishijs/plugin-server')
type Adapter = typeof import('koishi-plugin-adapter-onebot')
const adapter = (require('koishi-plugin-adapter-onebot') as Adapter).OneBotBot
/** An older version, since the newest hears nothing over HTTP, from anyone: it reads `ctx.body` for `ctx.request.body`. */
const adapterForHttp = (require('koishi-plugin-adapter-onebot-for-http') as Adapter).OneBotBot

/** How Koishi and the program meet. */
export interface KoishiLink {
  /** One of the three ways in which the adapter meets a OneBot implementation, in its own words. */
  readonly mode: 'http' | 'ws' | 'ws-reverse'
  readonly format: 'array' | 'string'
  readonly dialect: DialectName
  /** The dialect of the way between bridge and sandbox, where there is a bridge. */
  readonly through?: DialectName
}

/** The real program and a real Koishi bot, connected to each other. */
export interface ConnectedBot extends AsyncDisposable {
  /** The program that has the sandbox, whether or not the bot talks to it directly. */
  readonly program: Program
  readonly bot: OneBotBot<Context>
  /** What Koishi's own log said. */
  readonly log: readonly string[]
  /** The next message that contains `text`, as Koishi tells it to bots, once `answer` has dealt with it. */
  hears(text: string, answer?: (session: Session) => Promise<unknown>): Promise<Session>
  /** The next event of a kind, such as `message-deleted`. */
  learns(kind: 'message-deleted' | 'notice'): Promise<Session>
}

const token = 'a token, with a comma & an ampersand'
const secret = 'a secret'
const DEADLINE_MS = 10_000
/** `Universal.Status.ONLINE`, an enum that exists for TypeScript only. */
const isOnline = (status: number) => status === 1

/**
 * Starts both sides and connects them; resolves once Koishi calls its bot online. With `through` there is a bridge in
 * between: the bot talks to one program, which has its account from another one in that dialect.
 */
export async function connectKoishi({ mode, format, dialect, through }: KoishiLink): Promise<ConnectedBot> {
  await using opened = new AsyncDisposableStack()
  const log = recordLog()
  const app = new koishi.Context()
  app.plugin(koishi.HTTP)
  // With port 0 the plugin listens nowhere: it looks for a free port itself, and another may take that meanwhile.
  app.plugin(Server, { host: '127.0.0.1', port: 0 })
  await app.start()
  const server = app.server._http.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  opened.defer(async () => {
    await app.stop()
    server.closeAllConnections()
  })

  const connect = {
    http: `[{ type: webhook, name: koishi, url: 'http://127.0.0.1:${port}/onebot', secret: '${secret}' }]`,
    ws: '[]',
    'ws-reverse': `[{ type: reverse-ws, name: koishi, url: 'ws://127.0.0.1:${port}/onebot' }]`,
  }
  const online = whenOnline(app)
  const join = (config: object) => {
    const plugin = mode === 'http' ? adapterForHttp : adapter
    return app.plugin(plugin, { selfId: '10000', token, responseTimeout: DEADLINE_MS, ...config } as never)
  }
  const startServer = async (bot: string, defaults: string) =>
    opened.use(
      await startProgram({
        token,
        config: `
          defaults: { access_token: '${token}', message_format: ${format}, ${defaults} }
          bots: [{ ${bot} }]`,
      }),
    )

  // Whoever is dialled must be there first.
  const early = mode === 'ws-reverse' ? join({ protocol: mode }) : undefined
  const sandbox = through && (await startServer('', `dialect: ${through}, report_self_message: true`))
  const backend = sandbox && `backend: { type: onebot, url: '${webSocketUrl(sandbox)}', access_token: '${token}' }, `
  const served = await startServer(`${backend ?? ''}connect: ${connect[mode]}`, `dialect: ${dialect}`)
  const program = sandbox ?? served
  const endpoint = mode === 'http' ? served.url : webSocketUrl(served)
  const joined = early ?? join({ protocol: mode, endpoint, ...(mode === 'http' && { secret }) })
  // Before the app stops: a bot that is left to that trips over services that are gone.
  opened.defer(() => void joined.dispose())

  const told = () => `Koishi's log:\n${log.join('\n')}\nthe program's log:\n${served.stderr.join('\n')}`
  const soon = <T>(what: string, promise: Promise<T>) =>
    within(DEADLINE_MS, promise, () => `it did not happen that ${what}\n${told()}`)
  await soon('its bot is online', online)
  const owned = opened.move()
  return {
    program,
    bot: app.bots[0] as OneBotBot<Context>,
    log,
    hears(text, answer = async () => undefined) {
      const heard = new Promise<Session>((resolve, reject) => {
        const forget = app.middleware(async (session, next) => {
          if (!session.content?.includes(text)) return next()
          forget()
          await answer(session).then(() => resolve(session), reject)
        })
      })
      return soon(`its bot hears ${text}`, heard)
    },
    learns: (kind) =>
      soon(
        `its bot learns of a ${kind}`,
        new Promise<Session>((resolve) => void app.once(kind as never, resolve as never)),
      ),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const webSocketUrl = ({ url }: Program) => url.replace('http', 'ws')

function whenOnline(app: Context): Promise<void> {
  return new Promise((resolve) => {
    app.on('bot-status-updated', (bot) => {
      if (isOnline(bot.status)) resolve()
    })
  })
}

/** Takes Koishi's log away from the console. Its targets belong to the module: there is one log for all its apps. */
function recordLog(): readonly string[] {
  const lines: string[] = []
  koishi.Logger.targets.splice(0, koishi.Logger.targets.length, {
    colors: 0,
    print: (text) => void lines.push(text),
  })
  return lines
}
