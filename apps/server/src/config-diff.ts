import { isDeepStrictEqual } from 'node:util'
import type { Config } from './config.ts'
import { linkOptionsOf } from './link-settings.ts'

/** Something that was there and still is, at these places of the two lists, and the keys that say something else now. */
export interface Match {
  readonly before: number
  readonly after: number
  readonly changed: readonly string[]
}

/** What became of the things of a list. Numbers are their places in it. */
export interface ListDiff<Kept extends Match = Match> {
  /** Those that go on; what changed of them can change while they run. */
  readonly kept: readonly Kept[]
  /** Those that have to end and begin again. */
  readonly replaced: readonly Match[]
  readonly added: readonly number[]
  readonly removed: readonly number[]
}

/** A bot that goes on. */
export interface BotDiff extends Match {
  readonly listen: ListDiff
  readonly connect: ListDiff
}

export interface ConfigDiff {
  readonly bots: ListDiff<BotDiff>
  /** Keys that are read only when the program starts. */
  readonly needsRestart: readonly string[]
}

type Bot = Config['bots'][number]
type Listener = Bot['listen'][number]
type Connection = Bot['connect'][number]

/** What is read anew from wherever it is wanted, or is no concern of a bot. */
const readAnew: ReadonlySet<string> = new Set(['bots', 'defaults', 'log_level', 'login_limit', 'tokens', 'watch'])

/** Keys of a link that can change while it is open. We show our token only when we dial. */
const adjustable = {
  listen: new Set(['access_token', 'rate_limit', 'filter']),
  connect: new Set(['rate_limit', 'filter']),
}

/** What has to be done so that a server of one configuration becomes one of another. */
export function diffConfig(before: Config, after: Config): ConfigDiff {
  const bots = matchBots(before.bots, after.bots)
  return {
    bots: {
      ...bots,
      kept: bots.kept.map((match): BotDiff => {
        const [left, right] = [before.bots[match.before]!, after.bots[match.after]!]
        const listen = matchLists(placeKeys(left.listen), placeKeys(right.listen))
        const connect = matchLists(
          left.connect.map(({ name }) => name),
          right.connect.map(({ name }) => name),
        )
        return {
          ...match,
          listen: judge(listen, adjustable.listen, (one) => [
            effective(left.listen[one.before]!, before),
            effective(right.listen[one.after]!, after),
          ]),
          connect: judge(connect, adjustable.connect, (one) => [
            effective(left.connect[one.before]!, before),
            effective(right.connect[one.after]!, after),
          ]),
        }
      }),
    },
    needsRestart: changedKeys(before, after).filter((key) => !readAnew.has(key)),
  }
}

/** Says in words what was done, for the log: nothing of what says the same. */
export function describeChanges(
  before: Config,
  after: Config,
  { bots }: ConfigDiff,
): Readonly<Record<string, readonly string[]>> {
  const changes: Record<string, string[]> = {}
  const add = (verb: string, thing: string, changed: readonly string[] = []): void => {
    ;(changes[verb] ??= []).push(changed.length > 0 ? `${thing} (${changed.join(', ')})` : thing)
  }
  const tell = (list: ListDiff, nameOf: (config: Config, which: 'before' | 'after', at: number) => string): void => {
    for (const at of list.added) add('added', nameOf(after, 'after', at))
    for (const at of list.removed) add('removed', nameOf(before, 'before', at))
    for (const match of list.replaced) add('begun_again', nameOf(after, 'after', match.after), match.changed)
    for (const match of list.kept) {
      if (match.changed.length > 0) add('changed', nameOf(after, 'after', match.after), match.changed)
    }
  }
  tell(bots, (_config, _which, at) => `bots[${at}]`)
  for (const bot of bots.kept) {
    tell(
      bot.listen,
      (config, which, at) => `bots[${bot[which]}] listens on ${placeOf(config.bots[bot[which]]!.listen[at]!)}`,
    )
    tell(
      bot.connect,
      (config, which, at) => `bots[${bot[which]}] connects to ${config.bots[bot[which]]!.connect[at]!.name}`,
    )
  }
  return changes
}

/** Bots go by what is theirs alone; of the others the one that is at the same place has been changed. */
function matchBots(before: readonly Bot[], after: readonly Bot[]): ListDiff {
  const same = matchLists(before.map(ownText), after.map(ownText))
  const replaced = same.removed
    .filter((at) => same.added.includes(at))
    .map((at) => ({ before: at, after: at, changed: changedKeys(own(before[at]!), own(after[at]!)) }))
  const isReplaced = (at: number) => replaced.some((one) => one.before === at)
  return {
    kept: same.kept,
    replaced,
    added: same.added.filter((at) => !isReplaced(at)),
    removed: same.removed.filter((at) => !isReplaced(at)),
  }
}

/** What cannot change while an account is in motion. */
function own({ listen: _listen, connect: _connect, ...rest }: Bot): object {
  return rest
}

function ownText(bot: Bot): string {
  return JSON.stringify(Object.entries(own(bot)).toSorted(([left], [right]) => (left < right ? -1 : 1)))
}

/** Where listeners are; those that take any free port are told apart by their order. */
function placeKeys(listeners: readonly Listener[]): readonly string[] {
  const free = new Map<string, number>()
  return listeners.map((listener) => {
    if (listener.socket !== undefined || listener.port !== 0) return placeOf(listener)
    const count = (free.get(listener.host) ?? 0) + 1
    free.set(listener.host, count)
    return `${placeOf(listener)} #${count}`
  })
}

/** A name for the place that a listener takes. */
function placeOf({ host, port, socket }: Pick<Listener, 'host' | 'port' | 'socket'>): string {
  return socket ?? `${host}:${port}`
}

/** What two listeners cannot both have, whatever their hosts: a port may be taken on all of them. */
export function seatOf({ port, socket }: Pick<Listener, 'port' | 'socket'>): string | number {
  return socket ?? port
}

/** A link as it is once what all links get is filled in. */
function effective(link: Listener | Connection, { defaults, tokens }: Pick<Config, 'defaults' | 'tokens'>): object {
  const named = 'scope' in link && typeof link.scope === 'string' ? link.scope : undefined
  // What a link may do changes with the token that it names.
  const scope = named !== undefined && (tokens.find(({ name }) => name === named) ?? named)
  return { ...link, ...(scope !== false && { scope }), ...linkOptionsOf(link, defaults) }
}

/** Pairs the things of two lists by what names them; each name is there once. */
function matchLists(before: readonly string[], after: readonly string[]): ListDiff {
  return {
    kept: before.flatMap((name, index) => {
      const at = after.indexOf(name)
      return at === -1 ? [] : [{ before: index, after: at, changed: [] }]
    }),
    replaced: [],
    added: [...after.keys()].filter((at) => !before.includes(after[at]!)),
    removed: [...before.keys()].filter((at) => !after.includes(before[at]!)),
  }
}

/** Tells what can go on from what has to begin again. */
function judge(
  list: ListDiff,
  canChange: ReadonlySet<string>,
  pair: (match: Match) => readonly [before: object, after: object],
): ListDiff {
  const matches = list.kept.map((match) => ({ ...match, changed: changedKeys(...pair(match)) }))
  const goesOn = ({ changed }: Match) => changed.every((key) => canChange.has(key))
  return { ...list, kept: matches.filter(goesOn), replaced: matches.filter((match) => !goesOn(match)) }
}

function changedKeys(before: object, after: object): string[] {
  const [left, right] = [before, after] as [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...keys].filter((key) => !isDeepStrictEqual(left[key], right[key]))
}
