import type { Segment } from '@seekyou/message'
import type { ProfileName } from './profile-name.ts'
import { generic } from './profile/generic.ts'
import { goCqhttp } from './profile/go-cqhttp.ts'
import { lagrange } from './profile/lagrange.ts'
import { llonebot } from './profile/llonebot.ts'
import { napcat } from './profile/napcat.ts'
import type { Fields } from './reading.ts'

/** Everything in which one implementation differs from go-cqhttp. A table: nothing else asks for its name. */
export interface Profile {
  readonly name: ProfileName
  /** What such an implementation calls itself. */
  readonly appName: RegExp
  readonly actions: Readonly<Record<string, ActionRow>>
  /** go-cqhttp's message event, from the one that came. */
  readonly message?: (event: Fields) => Fields
  /** By `post_type.detail` or `post_type.detail.sub_type`; the more exact row wins. */
  readonly events: Readonly<Record<string, EventRow>>
  /** What it puts into messages, by segment type. */
  readonly incoming: Readonly<Record<string, (data: Fields) => Segment>>
  /** What it can be given in a message, by segment type; a type without a row goes as it is. */
  readonly outgoing: Readonly<Record<string, OutgoingRow>>
  /** An answer that looks like a failure and says nothing of the outcome. */
  readonly isUnanswered?: (failure: { readonly retcode: number; readonly wording: string }) => boolean
  /** It knows a message only for a while: the failure that says so, upon which the message is looked for again. */
  readonly forgets?: (wording: string) => boolean
  /** What `message_seq` means when history is asked for. Default: a sequence number. */
  readonly historyFrom?: 'message_id'
}

/** How well an action is done: by the upstream as it is, with its differences repaired, in part, or not at all. */
export type Verdict = 'native' | 'repaired' | 'lossy' | 'missing'

/** How one action differs. */
export interface ActionRow {
  readonly verdict: Exclude<Verdict, 'native'>
  /** What differs, in a sentence. */
  readonly why: string
  /** Its name there. */
  readonly as?: string
  /** Its params there, from those of go-cqhttp. */
  readonly ask?: (params: Fields) => Fields
  /** It takes files only by their path on a disk that both sides see. */
  readonly byPath?: true
  /** go-cqhttp's data, from what it answered. */
  readonly tell?: (data: unknown, params: Fields) => unknown
  /** Does it here, without asking. */
  readonly local?: (params: Fields) => unknown
  /** Does it by other actions of the upstream. */
  readonly by?: (params: Fields, call: UpstreamCall) => Promise<unknown>
}

export type UpstreamCall = (action: string, params: Fields) => Promise<unknown>

/** How a notice or a request differs: go-cqhttp's event from the one that came, with the upstream asked for what is missing. */
type EventRow = (event: Fields, call: UpstreamCall) => Fields | Promise<Fields>

/** What becomes of a segment that cannot go as it is: another segment, an action instead, or nothing of the kind. */
export type OutgoingRow =
  | { readonly become: (segment: Segment) => Segment }
  | { readonly unsupported: string; readonly when?: (segment: Segment) => boolean }

/** Every profile; the last one fits whatever no other does. */
export const profiles: readonly Profile[] = [napcat, llonebot, lagrange, goCqhttp, generic]

/** The profile of an implementation that calls itself so. */
export function profileOf(appName: string): Profile {
  return profiles.find((profile) => profile.appName.test(appName)) ?? generic
}

/** @throws Error for a name that is none. */
export function profileNamed(name: ProfileName): Profile {
  const found = profiles.find((profile) => profile.name === name)
  if (!found) throw new Error(`there is no profile ${name}`)
  return found
}
