import { normalize } from 'node:path'
import type * as z from 'zod'

/** What is asked of the bots of one process. */
interface BotWithPlaces {
  readonly backend:
    | { readonly type: 'sandbox'; readonly world: string; readonly self_id?: number | undefined }
    | {
        readonly type: 'onebot'
        readonly self_id?: number | undefined
        readonly url?: string | undefined
        readonly listen?: HostAndPort | undefined
      }
  readonly listen: readonly (HostAndPort & { readonly socket?: string | undefined })[]
}

interface HostAndPort {
  readonly host: string
  readonly port: number
}

type Path = (string | number)[]

/** The number of the bot in worlds that are built in. */
const USUAL_NUMBER = 10_000

/** Bots of one process keep what they remember apart by their numbers, and each listener has a place of its own. */
export function refuseSharedBots(bots: readonly BotWithPlaces[], context: z.RefinementCtx): void {
  refuseSharedNumbers(bots, context)
  refuseSharedUpstreams(bots, context)
  refuseSharedPlaces(bots, context)
}

function refuseSharedNumbers(bots: readonly BotWithPlaces[], context: z.RefinementCtx): void {
  const numbers = bots.map(({ backend }) => numberOf(backend))
  for (const [index, number] of numbers.entries()) {
    const first = numbers.indexOf(number)
    if (number === undefined || first === index) continue
    const { backend } = bots[index]!
    const free = backend.type === 'sandbox' ? `, such as ${USUAL_NUMBER + 10 * index}` : ''
    const message = `a number that no other bot has${free} (bots[${first}] has ${number})`
    context.addIssue({ code: 'custom', path: [index, 'backend', 'self_id'], message, input: backend.self_id })
  }
}

/** Whose number is only known once a world file is read, or a network is reached, is looked at then. */
function numberOf(backend: BotWithPlaces['backend']): number | undefined {
  if (backend.self_id !== undefined || backend.type === 'onebot') return backend.self_id
  return /[./\\]/.test(backend.world) ? undefined : USUAL_NUMBER
}

function refuseSharedUpstreams(bots: readonly BotWithPlaces[], context: z.RefinementCtx): void {
  const urls = bots.map(({ backend }) => ('url' in backend ? backend.url : undefined))
  for (const [index, url] of urls.entries()) {
    const first = urls.indexOf(url)
    if (url === undefined || first === index) continue
    const message = `an implementation that no other bot has (bots[${first}] has it)`
    context.addIssue({ code: 'custom', path: [index, 'backend', 'url'], message, input: url })
  }
}

function refuseSharedPlaces(bots: readonly BotWithPlaces[], context: z.RefinementCtx): void {
  const taken: { readonly path: Path; readonly host: string; readonly port: number }[] = []
  const sockets = new Map<string, Path>()
  const take = (path: Path, host: string, port: number): void => {
    const other = taken.find((place) => place.port === port && isOneHost(place.host, host))
    if (port !== 0) taken.push({ path, host, port })
    if (!other || port === 0) return
    const message = `a port that no other listener has, such as ${port + 1} (${written(other.path)} listens on ${other.host} port ${port})`
    context.addIssue({ code: 'custom', path: [...path, 'port'], message, input: port })
  }
  for (const [index, { listen, backend }] of bots.entries()) {
    for (const [at, { host, port, socket }] of listen.entries()) {
      const path = [index, 'listen', at]
      if (socket === undefined) {
        take(path, host, port)
        continue
      }
      const file = normalize(socket)
      const other = sockets.get(file)
      if (!other) sockets.set(file, path)
      else {
        const message = `a path that no other listener has (${written(other)} listens on it)`
        context.addIssue({ code: 'custom', path: [...path, 'socket'], message, input: socket })
      }
    }
    if (backend.type === 'onebot' && backend.listen) {
      take([index, 'backend', 'listen'], backend.listen.host, backend.listen.port)
    }
  }
}

/** Of `localhost` and `127.0.0.1`, or of every network and one of them, only one can be listened on. */
function isOneHost(one: string, other: string): boolean {
  const [left, right] = [one, other].map((host) => (host === 'localhost' ? '127.0.0.1' : host.toLowerCase()))
  return left === right || [left, right].some((host) => host === '0.0.0.0' || host === '::')
}

function written([bot, ...rest]: Path): string {
  return `bots[${bot}]${rest.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')}`
}
