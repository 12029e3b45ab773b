import * as z from 'zod'
import { integer, readInteger, readText } from './scalar.ts'

/*
 * A group id sent where a user id belongs is the bug of this protocol, so every id has a type of its own.
 * On the wire all of them are plain numbers; each schema also takes the decimal string that many clients send.
 * The `id` of a schema's metadata is its name in the API reference.
 */

const positive = { error: 'a positive integer (a number or a decimal string)' }
const id = z.preprocess(readInteger, z.int(positive).positive(positive))

/** A person's account number; positive integer. */
export const userId = id.brand<'UserId'>().meta({ id: 'UserId' })
export type UserId = z.infer<typeof userId>

/** A group's number; positive integer. */
export const groupId = id.brand<'GroupId'>().meta({ id: 'GroupId' })
export type GroupId = z.infer<typeof groupId>

/** A discuss group's number (CQHTTP v2 to v4); positive integer. */
export const discussId = id.brand<'DiscussId'>().meta({ id: 'DiscussId' })
export type DiscussId = z.infer<typeof discussId>

/**
 * A message's number: positive int32, unique in its account, never reused. Any integer is read, since other programs
 * give negative ones: such a message is not wrong, only unknown here.
 */
export const messageId = integer.brand<'MessageId'>().meta({ id: 'MessageId' })
export type MessageId = z.infer<typeof messageId>

const uint64 = { error: 'an unsigned 64-bit integer (a decimal string)' }

/** A guild id, channel id or tiny id: decimal text, since it does not fit into a double. */
export const guildScopedId = z
  .preprocess(
    readText,
    z.string(uint64).refine((value) => /^\d{1,20}$/.test(value) && BigInt(value) < 2n ** 64n, uint64),
  )
  .brand<'GuildScopedId'>()
  .meta({ id: 'GuildScopedId' })
export type GuildScopedId = z.infer<typeof guildScopedId>

/** A position in an account's journal: positive integer, rising by one per event. */
export type Seq = number
