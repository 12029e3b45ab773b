import type { ActionName, catalogue } from '@seekyou/actions'
import type { Segment } from '@seekyou/message'
import type * as z from 'zod'
import type { Plain } from './plain.ts'

type Catalogue = typeof catalogue

/** Answered at once and done afterwards; `_rate_limited` also one after another, with a pause between. */
type Later = 'async' | 'rate_limited'

/**
 * Every action of the registry, by its wire name, and each with `_async` or `_rate_limited` behind it.
 * @see https://github.com/botuniverse/onebot-11/blob/master/api/README.md
 */
export type CallName = ActionName | `${ActionName}_${Later}`

type BaseOf<Name extends CallName> = Name extends ActionName
  ? Name
  : Name extends `${infer Base extends ActionName}_${Later}`
    ? Base
    : never

/** A message in any form that a send takes: text with CQ codes, one segment, or an array of them. */
export type MessageInput = string | Segment | readonly Segment[]

/** What a caller may write where a handler gets a `T`: whoever gets segments may be sent any form of a message. */
type Writable<T> = T extends readonly Segment[] ? MessageInput : Plain<T>

/**
 * One param. A schema that reads anything says nothing of its input; then what comes out tells what may go in, but for
 * those that do not come out, or not as they went in: `auto_escape`, `_idempotency_key`, and the nodes of a bundle.
 */
type Param<Key, In, Out> = unknown extends In
  ? Key extends 'messages'
    ? MessageInput
    : Key extends keyof Out
      ? Writable<Out[Key]>
      : Key extends 'auto_escape'
        ? boolean
        : Key extends '_idempotency_key'
          ? string
          : unknown
  : Plain<In>

type Params<In, Out> = { readonly [Key in keyof In]: Param<Key, In[Key], Out> }

/** The same type, spelled out where an editor shows it. */
type Spelled<T> = { [Key in keyof T]: T[Key] }

/** What a call of an action takes: ids as plain numbers, a message in any form, the names that are in use today. */
export type CallParams<Name extends CallName> = Spelled<
  Params<z.input<Catalogue[BaseOf<Name>]['params']>, z.output<Catalogue[BaseOf<Name>]['params']>>
>

/** What a call of an action gives; `null` too for one that is done later. */
export type CallData<Name extends CallName> = Name extends ActionName
  ? Plain<z.output<Catalogue[Name]['data']>>
  : Plain<z.output<Catalogue[BaseOf<Name>]['data']>> | null

export interface CallOptions {
  /** How long this call may take; default: the client's `timeoutMs`. */
  readonly timeoutMs?: number
}

/** What stands behind the name of an action; params may be left out where all of them may. */
export type CallArguments<Name extends CallName> =
  Record<string, never> extends CallParams<Name>
    ? [params?: CallParams<Name>, options?: CallOptions]
    : [params: CallParams<Name>, options?: CallOptions]

/** Every action as a method. */
export type Actions = {
  readonly [Name in CallName]: (...rest: CallArguments<Name>) => Promise<CallData<Name>>
}
