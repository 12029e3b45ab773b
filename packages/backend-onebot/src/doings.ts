import { catalogue } from '@seekyou/actions'
import type { ActionName } from '@seekyou/actions'
import { BackendRefused, BackendUnreachable, OutcomeUnknown } from '@seekyou/protocol'
import type { ActionHandler, ActionFailure } from '@seekyou/protocol'
import { Unanswered } from './line.ts'
import type { BridgeMedia } from './media.ts'
import type { Profile, UpstreamCall, Verdict } from './profile.ts'
import { textOf } from './reading.ts'
import type { Fields } from './reading.ts'
import { wireActions } from './wire-actions.ts'
import type { WireAction } from './wire-actions.ts'

const translations: Readonly<Record<string, WireAction>> = wireActions

/** Actions of which nothing changes when they are done twice. */
const onlyReads = /^(?:_?get_|can_send|fetch_)/

/** The actions that are more than a row of the tables. */
const ownActionNames = [
  'get_login_info',
  'send_private_msg',
  'send_group_msg',
  'send_discuss_msg',
  'send_private_forward_msg',
  'send_group_forward_msg',
  'delete_msg',
  'get_msg',
  'get_group_msg_history',
  'get_friend_msg_history',
  'get_forward_msg',
  'get_essence_msg_list',
  'get_group_member_list',
  'get_group_member_info',
] as const
export type OwnActionName = (typeof ownActionNames)[number]

const ownNames: readonly string[] = ownActionNames

export interface Doing {
  readonly call: UpstreamCall
  readonly profile: Profile
  readonly media: BridgeMedia
  /** Does something about a message of ours with the id that the upstream has for it. */
  readonly withMessage: <T>(id: unknown, run: (nativeId: string) => Promise<T>) => Promise<T>
}

/** How well an upstream does an action, and if not as it is, why. */
export interface ActionReport {
  readonly action: string
  readonly verdict: Verdict
  readonly reason?: string
}

/** Does an action by the tables. @throws ActionFailure, BackendUnreachable, OutcomeUnknown. */
export async function doAction(
  name: string,
  params: Fields,
  { call, profile, media, withMessage }: Doing,
): Promise<unknown> {
  const row = profile.actions[name]
  if (row?.local) return row.local(params)
  const { files = [], takesPath, aboutMessage, ask, tell }: WireAction = translations[name] ?? {}
  const loaded: Record<string, string> = {}
  for (const param of files) {
    const file = textOf(params[param]) ?? ''
    if (file === '') continue
    loaded[param] = row?.byPath
      ? await media.path(file)
      : (await media.outgoing(file, { isPathAllowed: takesPath === true })).upstream
  }
  const given = { ...params, ...loaded }
  const run = async (fields: Fields): Promise<unknown> => {
    const asked = ask?.(fields) ?? fields
    const repaired = row?.ask?.(asked) ?? asked
    const data = await answered(name, () => (row?.by ? row.by(repaired, call) : call(row?.as ?? name, repaired)))
    return row?.tell ? row.tell(data, params) : data
  }
  const data = aboutMessage
    ? await withMessage(params['message_id'], (message_id) => run({ ...given, message_id: idOnWire(message_id) }))
    : await run(given)
  return tell ? tell(data, params) : data
}

/** Runs a call to its end: one without an answer is repeatable if it only reads, and else of unknown outcome. */
export async function answered<T>(name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error
    if (onlyReads.test(name)) throw new BackendUnreachable(error.message, { cause: error })
    throw new OutcomeUnknown(`${error.message}; it may have been done`, { cause: error })
  }
}

/** Upstreams give their ids as numbers, where they are numbers, and want them back so. */
export function idOnWire(id: string): number | string {
  const number = Number(id)
  return /^-?\d+$/.test(id) && Number.isSafeInteger(number) ? number : id
}

/** How an upstream does every action of the catalogue, by its profile and by what it says it has. */
export function reportActions(profile: Profile, supported: readonly string[] | undefined): readonly ActionReport[] {
  return (Object.keys(catalogue) as ActionName[]).map((action) => reportAction(action, profile, supported))
}

function reportAction(action: ActionName, profile: Profile, supported: readonly string[] | undefined): ActionReport {
  const row = profile.actions[action]
  if (row) {
    const needed = row.as ?? action
    const isThere = row.verdict === 'missing' || row.local || row.by || !supported || supported.includes(needed)
    if (isThere) return { action, verdict: row.verdict, reason: row.why }
  }
  const isBridged = Object.hasOwn(translations, action) || isOwn(action)
  if (isBridged && supported && !supported.includes(action)) {
    return { action, verdict: 'missing', reason: 'the upstream does not list it among its actions' }
  }
  if (isBridged) return { action, verdict: 'native' }
  const { run, needs = [] } = catalogue[action] as { readonly run?: unknown; readonly needs?: readonly string[] }
  if (!run) return { action, verdict: 'missing', reason: 'it has no meaning on a network that others run' }
  const lacking = needs.find(
    (need) => need !== action && reportAction(need as ActionName, profile, supported).verdict === 'missing',
  )
  if (lacking !== undefined) return { action, verdict: 'missing', reason: `it needs ${lacking}` }
  return { action, verdict: 'repaired', reason: 'it is done here' }
}

/** The handlers of every action that is not missing. */
export function handlersOf(
  reports: readonly ActionReport[],
  own: Readonly<Record<OwnActionName, ActionHandler>>,
  doing: () => Doing,
): Readonly<Record<string, ActionHandler>> {
  const handlers = reports
    .filter(({ verdict, action }) => verdict !== 'missing' && (Object.hasOwn(translations, action) || isOwn(action)))
    .map(
      ({ action }) =>
        [action, isOwn(action) ? own[action] : (params: Fields) => doAction(action, params, doing())] as const,
    )
  return Object.fromEntries(handlers)
}

function isOwn(action: string): action is OwnActionName {
  return ownNames.includes(action)
}

/** What was asked for is about a message that the upstream cannot be told of. */
export function messageNotFound(id: unknown): ActionFailure {
  return new BackendRefused(`there is no message ${String(id)} that the upstream could be told of`, {
    kind: 'no-data',
    code: 'MESSAGE_NOT_FOUND',
  })
}
