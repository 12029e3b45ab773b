import { ActionFailure, OutcomeUnknown } from '@seekyou/protocol'
import type { Backend, CallRequest, FailureKind, Logger, Outcome } from '@seekyou/protocol'
import { closest, distance } from 'fastest-levenshtein'
import type * as z from 'zod'
import type { ActionCall } from './action.ts'
import { brief } from './brief.ts'
import { catalogue } from './catalogue.ts'

/** An action as the dispatcher sees it: any of the catalogue. */
interface AnyAction {
  readonly params: z.ZodType
  readonly alsoCalled?: readonly string[]
  readonly aliases?: Readonly<Record<string, string>>
  readonly run?: (params: never, call: ActionCall, ask: never) => unknown
  readonly needs?: readonly string[]
  readonly isAnsweredAsync?: boolean
  readonly absence?: { readonly kind: FailureKind; readonly wording: string }
}

/** An action and the name that backends know it by. */
interface NamedAction {
  readonly name: string
  readonly action: AnyAction
}

const actions: ReadonlyMap<string, NamedAction> = new Map(
  Object.entries<AnyAction>(catalogue).flatMap(([name, action]) =>
    [name, ...(action.alsoCalled ?? [])].map((called) => [called, { name, action }] as const),
  ),
)

const actionNames = [...actions.keys()]

/** Does a call and tells how it ended. */
export function invoke({ action, params }: CallRequest, call: ActionCall): Promise<Outcome> {
  return actions.has(action) ? invokeNow(action, action, params, call) : invokeOther(action, params, call)
}

/** Does what is no action by that name: one with suffixes, or one that only the backend knows. */
async function invokeOther(action: string, params: unknown, call: ActionCall): Promise<Outcome> {
  const { base, suffixes } = readSuffixes(action)
  if (suffixes.size === 0) return invokeNow(action, action, params, call)
  if (!isKnown(base, call.backend)) return { type: 'failed', failure: unknownAction(base) }
  const isLimited = suffixes.has('_rate_limited')
  if (!isLimited && call.dialect.async === 'now') return invokeNow(action, base, params, call)
  // Who may not do it is told so now, and not by a log.
  const prepared = await attempt(action, call.log, () => prepare(base, params, call))
  if (prepared.type !== 'done') return prepared
  const run = async (): Promise<void> => {
    const outcome = await attempt(action, call.log, prepared.data as () => unknown)
    if (outcome.type === 'unknown') {
      call.log.warn({ action, reason: outcome.wording }, 'of an action done later nobody knows whether it was')
    }
    if (outcome.type !== 'failed') return
    call.log.warn({ action, reason: outcome.failure.message }, 'an action done later failed')
  }
  if (!isLimited) {
    void run()
    return { type: 'later' }
  }
  const queued = await attempt(action, call.log, async () => call.queue.add(run))
  return queued.type === 'failed' ? queued : { type: 'later' }
}

function invokeNow(name: string, action: string, params: unknown, call: ActionCall): Promise<Outcome> {
  const ending = attempt(name, call.log, () => perform(action, params, call))
  return actions.get(action)?.action.isAnsweredAsync ? ending.then(doneLater) : ending
}

function doneLater(outcome: Outcome): Outcome {
  return outcome.type === 'done' ? { type: 'later' } : outcome
}

const suffixNames = ['_async', '_rate_limited'] as const
type Suffix = (typeof suffixNames)[number]

/** Takes off the suffixes of a name that is no action by itself, each of them once. */
function readSuffixes(name: string): { readonly base: string; readonly suffixes: ReadonlySet<Suffix> } {
  const suffixes = new Set<Suffix>()
  let base = name
  while (!actions.has(base)) {
    const suffix = suffixNames.find((candidate) => base.endsWith(candidate) && !suffixes.has(candidate))
    if (!suffix) break
    suffixes.add(suffix)
    base = base.slice(0, -suffix.length)
  }
  return { base, suffixes }
}

/** The action that a name means, whatever it is called and with whichever suffixes; `undefined` if there is none. */
export function actionNamed(name: string): string | undefined {
  return (actions.get(name) ?? actions.get(readSuffixes(name).base))?.name
}

/** Runs what a client asked for and tells how it ended. The one place where anything thrown becomes a failure. */
export async function attempt(name: string, log: Logger, run: () => unknown): Promise<Outcome> {
  try {
    return { type: 'done', data: await run() }
  } catch (error) {
    if (error instanceof OutcomeUnknown) return { type: 'unknown', wording: error.message, outcome: error.outcome }
    if (error instanceof ActionFailure) return { type: 'failed', failure: error }
    // A fault of ours: the operator gets all of it, the client only that it happened.
    log.error({ action: name, err: error }, 'an action failed in a way it never should')
    const wording = `${brief(name)} failed inside the server; its log tells more`
    return { type: 'failed', failure: new ActionFailure('internal', wording, { cause: error }) }
  }
}

/**
 * Does an action and returns its data, or the promise of it: every promise between a call and its answer is paid for by
 * each of them. @throws ActionFailure, or whatever a handler throws.
 */
export function perform(name: string, params: unknown, call: ActionCall): unknown {
  if (call.guard) return prepare(name, params, call).then((run) => run())
  const found = actions.get(name)
  return found ? runFound(found, name, call, () => readParams(name, found.action, params)) : passOn(name, params, call)
}

function runFound({ name, action }: NamedAction, asked: string, call: ActionCall, read: () => unknown): unknown {
  const handler = call.backend.actions[name]
  if (action.run) {
    const ask = async (given: unknown): Promise<unknown> => {
      if (!handler) throw unsupported(asked, call.backend)
      return handler(given as never)
    }
    return action.run(read() as never, call, ask as never)
  }
  if (!handler) throw action.absence ? absent(action.absence) : unsupported(asked, call.backend)
  return handler(read() as never)
}

function passOn(name: string, params: unknown, { backend }: ActionCall): unknown {
  if (!backend.passthrough) throw unknownAction(name)
  return backend.passthrough(name, params)
}

/** Has an action judged, where somebody judges, and gives the way to do it. @throws ActionFailure */
async function prepare(name: string, params: unknown, call: ActionCall): Promise<() => unknown> {
  const { guard, ...rest } = call
  if (!guard) return () => perform(name, params, call)
  const found = actions.get(name)
  if (!found && !call.backend.passthrough) throw unknownAction(name)
  return guard.judge({
    ...(found && { name: found.name }),
    asked: name,
    call,
    read: () => (found ? readParams(name, found.action, params) : params),
    run(read, inner) {
      const within: ActionCall = { ...rest, guard: inner, call: async (other, given) => perform(other, given, within) }
      return found ? runFound(found, name, within, () => read) : passOn(name, read, within)
    },
  })
}

/** The names of all actions that an account on `backend` can do, in the order of the catalogue. */
export function supportedActions(backend: Backend): readonly string[] {
  return [...actions]
    .filter(([, { name, action }]) =>
      (action.needs ?? (action.run ? [] : [name])).every((needed) => backend.actions[needed]),
    )
    .map(([called]) => called)
}

function isKnown(name: string, backend: Backend): boolean {
  return actions.has(name) || backend.passthrough !== undefined
}

function unsupported(name: string, { kind }: Backend): ActionFailure {
  return new ActionFailure('unsupported', `the ${kind} backend of this account cannot do ${name}`)
}

function absent({ kind, wording }: NonNullable<AnyAction['absence']>): ActionFailure {
  return new ActionFailure(kind, wording)
}

function unknownAction(name: string): ActionFailure {
  const meant = similarAction(name)
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`
  return new ActionFailure(
    'unknown-action',
    `there is no action ${brief(name)}${hint}; get_supported_actions lists them`,
  )
}

/** The action whose name is nearest to one that was mistyped; `undefined` where none is near. */
function similarAction(name: string): string | undefined {
  const most = Math.min(3, name.length / 4)
  // Names of another length are further away: anyone may ask for anything, and each of them costs time.
  const near = actionNames.filter((other) => Math.abs(other.length - name.length) <= most)
  const nearest = near.length > 0 ? closest(name, near) : undefined
  return nearest !== undefined && distance(name, nearest) <= most ? nearest : undefined
}

/**
 * Reads params as they came off the wire; what is wrong with them is told in one sentence that begins with `name`.
 * @throws ActionFailure
 */
export function readParams<Params extends z.ZodType>(
  name: string,
  schema: { readonly params: Params; readonly aliases?: Readonly<Record<string, string>> },
  params: unknown,
): z.output<Params> {
  const given = present(params, schema.aliases)
  const read = schema.params.safeParse(given, { reportInput: true })
  if (read.success) return read.data
  // That a text must not be empty is a rule of its own, and such a text was meant.
  const blank = read.error.issues.filter(
    ({ path, input, code }) => path.length === 1 && input === '' && code !== 'custom',
  )
  if (blank.length > 0) {
    // Query strings are written with `duration=` where there is none.
    const isBlank = new Set(blank.map(({ path }) => path[0]))
    const filled = Object.fromEntries(Object.entries(given).filter(([key]) => !isBlank.has(key)))
    const reread = schema.params.safeParse(filled)
    if (reread.success) return reread.data
  }
  throw new ActionFailure('bad-params', `${name}: ${read.error.issues.map((issue) => describeIssue(issue)).join('; ')}`)
}

/** The params that are there: null means absent, and a name of old stands in for the one of today. */
function present(params: unknown, aliases?: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  if (params === undefined || params === null) return {}
  if (typeof params !== 'object' || Array.isArray(params)) {
    throw new ActionFailure('bad-request', `params must be an object, not ${brief(params)}`)
  }
  const given = new Params()
  const all = params as Readonly<Record<string, unknown>>
  for (const key of Object.keys(all)) if (all[key] !== null) given[key] = all[key]
  if (aliases) for (const [old, name] of Object.entries(aliases)) given[name] ??= given[old]
  return given
}

/** Fields that inherit none, so that `constructor` is one like any other; what Object.create(null) makes is slow to read. */
class Params {
  [name: string]: unknown
}
Object.setPrototypeOf(Params.prototype, null)
Reflect.deleteProperty(Params.prototype, 'constructor')

function describeIssue(issue: z.core.$ZodIssue): string {
  // What is said of the params as a whole is a sentence of its own; see `message-param.ts`.
  if (issue.path.length === 0) return issue.message
  const param = issue.path.join('.')
  const accepted = issue.message
  if (issue.input === undefined) return `${param} is missing; it takes ${accepted}`
  return `${param} takes ${accepted}, not ${brief(issue.input)}`
}
