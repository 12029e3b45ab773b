import { MessageInputError, readMessage } from '@seekyou/message'
import {
  ActionFailure,
  chatKey,
  chatOf,
  guildMessageEvent,
  isMessage,
  messageEvent,
  noticeEvent,
  requestEvent,
} from '@seekyou/protocol'
import type { EventDraft, NetworkEvent } from '@seekyou/protocol'
import type * as z from 'zod'
import type { Log } from './document.ts'
import type { Network } from './network.ts'

type Fields = Readonly<Record<string, unknown>>

const schemas: Readonly<Record<string, z.ZodType<NetworkEvent>>> = {
  message: messageEvent,
  message_sent: messageEvent,
  notice: noticeEvent,
  request: requestEvent,
}

/** What the server gives a message, whatever was said of it. */
const given = { message_id: 1, font: 0 }

/** Fields of a told message that say again what another field says. */
const repeated = new Set(['raw_message'])

/**
 * Reads an event that someone made up, by the schema of its type, as what can be told; for a message also how far its
 * conversation has come then.
 * @throws ActionFailure that names each field that is wrong.
 */
export function readEvent(fields: Fields, network: Network): { draft: EventDraft; log?: Log } {
  const postType = fields['post_type']
  const known = typeof postType === 'string' && Object.hasOwn(schemas, postType) ? schemas[postType] : undefined
  const schema = known === messageEvent && fields['message_type'] === 'guild' ? guildMessageEvent : known
  if (!schema) {
    const accepted = Object.keys(schemas).join(', ')
    throw wrong([`event.post_type takes one of ${accepted}: what the server says of itself cannot be made up`])
  }
  const isSaid = schema === messageEvent
  const self_id = network.world.bot
  const complete = {
    time: network.now(),
    ...(isSaid && defaultsOf(fields, network)),
    ...fields,
    self_id,
    ...(isSaid && given),
    ...((isSaid || schema === guildMessageEvent) && { message: readContent(fields['message']) }),
  }
  const read = schema.safeParse(complete, { reportInput: true })
  if (!read.success) throw wrong(read.error.issues.map((issue) => describeIssue(issue)))
  const stray = strayField('message' in complete ? omit(complete, repeated) : complete, read.data, 'event')
  if (stray !== undefined) throw wrong([`${stray} is no field of such an event`])

  const event = read.data
  if (!isMessage(event)) return { draft: omit(event, new Set(['self_id'])) as EventDraft }
  const log = network.world.log(chatOf(event))
  const message_seq = fields['message_seq'] === undefined ? log.last_seq + 1 : event.message_seq
  const draft = { ...omit(event, new Set(['self_id', 'message_id', 'font'])), message_seq } as EventDraft
  return { draft, log: { ...log, chat: chatKey(chatOf(event)), last_seq: Math.max(log.last_seq, message_seq) } }
}

/** What a message says of itself where it was left out. */
function defaultsOf({ user_id }: Fields, { world }: Network): Fields {
  const user = world.users().find((one) => String(one.user_id) === String(user_id))
  return {
    message_seq: 0,
    sender: { user_id, nickname: user?.nickname ?? '', ...(user && { sex: user.sex, age: user.age }) },
  }
}

function readContent(message: unknown): unknown {
  try {
    return readMessage(message, { autoEscape: false })
  } catch (error) {
    if (error instanceof MessageInputError) throw wrong([`event.message: ${error.message}`])
    throw error
  }
}

/** The path of the first field that the schema left out, or else nothing. */
function strayField(whole: unknown, read: unknown, path: string): string | undefined {
  if (Array.isArray(whole) && Array.isArray(read)) {
    for (const [index, item] of whole.entries()) {
      const stray = strayField(item, read[index], `${path}.${index}`)
      if (stray !== undefined) return stray
    }
    return undefined
  }
  if (!isObject(whole) || !isObject(read)) return undefined
  for (const [key, value] of Object.entries(whole)) {
    if (!Object.hasOwn(read, key)) return `${path}.${key}`
    const stray = strayField(value, read[key], `${path}.${key}`)
    if (stray !== undefined) return stray
  }
  return undefined
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function omit(fields: object, keys: ReadonlySet<string>): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.has(key)))
}

const typeNames: Readonly<Record<string, string>> = {
  int: 'an integer',
  number: 'an integer',
  string: 'text',
  boolean: 'true or false',
  object: 'an object',
  array: 'an array',
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const path = ['event', ...issue.path.map(String)].join('.')
  const accepted = acceptedBy(issue)
  if (issue.input === undefined) return `${path} is missing; it takes ${accepted}`
  return `${path} takes ${accepted}`
}

function acceptedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.startsWith('Invalid') ? (typeNames[issue.expected] ?? issue.expected) : issue.message
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options) ? `one of ${issue.options.join(', ')}` : 'another value'
    default:
      return issue.message
  }
}

function wrong(problems: readonly string[]): ActionFailure {
  return new ActionFailure('bad-params', `emit: ${problems.join('; ')}`)
}
