import type { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { isMessage, mapSegments } from '@seekyou/protocol'
import type { Forgotten, MessageEvent, NetworkEvent, UserId } from '@seekyou/protocol'
import { query } from './database.ts'
import type { Transaction } from './database.ts'
import type { GroupCommit } from './group-commit.ts'
import type { DiskMediaStore } from './media-store.ts'

interface ErasureSetup {
  readonly db: DatabaseSync
  readonly transaction: Transaction
  readonly commits: GroupCommit
  readonly media: DiskMediaStore
}

type Segment = MessageEvent['message'][number]

/** Rows looked at before others get their turn: a few milliseconds. */
const ROWS_PER_TURN = 4000

/** Makes what erases a person from the whole database, one person at a time; see `Store.forget`. */
export function createErasure(setup: ErasureSetup): (person: UserId) => Promise<Forgotten> {
  let last: Promise<unknown> = Promise.resolve()
  return (person) => {
    const erasing = last.then(() => new Erasure(setup, person).run())
    last = erasing.catch(() => undefined)
    return erasing
  }
}

class Erasure {
  readonly #setup: ErasureSetup
  readonly #person: UserId
  readonly #queries: ReturnType<typeof prepareErasure>
  /** Keys of the files in what was erased, but for those that were met elsewhere. */
  readonly #files = new Set<string>()
  #messages = 0
  #events = 0

  constructor(setup: ErasureSetup, person: UserId) {
    this.#setup = setup
    this.#person = person
    this.#queries = prepareErasure(setup.db)
  }

  async run(): Promise<Forgotten> {
    const { db, commits } = this.#setup
    commits.flush()
    commits.catchUp()
    // What is deleted is overwritten too: in the file, and in the log once that is emptied.
    db.exec('PRAGMA secure_delete = ON')
    try {
      await this.#eraseMessages()
      await this.#eraseEvents()
      this.#eraseLetters()
      const media = await this.#removeFiles()
      return { messages: this.#messages, events: this.#events, media }
    } finally {
      db.exec('PRAGMA secure_delete = OFF; PRAGMA wal_checkpoint(TRUNCATE)')
    }
  }

  async #eraseMessages(): Promise<void> {
    const { newestMessage, messagesOf, rewriteMessage, rememberId, deleteMessage } = this.#queries
    const [end] = newestMessage.one()!
    for (let from = 0; from < end; from += ROWS_PER_TURN) {
      this.#setup.transaction(() => {
        for (const [rowId, selfId, id, body] of messagesOf.all(from, from + ROWS_PER_TURN, String(this.#person))) {
          const rest = this.#without(body)
          if (rest === body) continue
          this.#messages++
          if (rest !== undefined) rewriteMessage.run(rest, rowId)
          else {
            rememberId.run(selfId, id)
            deleteMessage.run(rowId)
          }
        }
      })
      await setImmediate()
    }
  }

  async #eraseEvents(): Promise<void> {
    const { journals, eventsOf, rewriteEvent, rememberSeq, deleteEvent } = this.#queries
    for (const [selfId, first, end] of journals.all()) {
      for (let from = first - 1; from < end; from += ROWS_PER_TURN) {
        this.#setup.transaction(() => {
          const rows = eventsOf.all(selfId, from, from + ROWS_PER_TURN, String(this.#person))
          for (const [seq, lastByte, body] of rows) {
            // An entry without a text was that of a message, which is gone.
            const rest = body === null ? undefined : this.#without(body)
            if (rest === body) continue
            if (rest !== undefined) rewriteEvent.run(rest, selfId, seq)
            else {
              this.#events++
              rememberSeq.run(selfId, seq, lastByte)
              deleteEvent.run(selfId, seq)
            }
          }
        })
        await setImmediate()
      }
    }
  }

  #eraseLetters(): void {
    const { lettersOf, rewriteLetter, deleteLetter } = this.#queries
    this.#setup.transaction(() => {
      for (const [selfId, link, seq, body] of lettersOf.all(String(this.#person))) {
        const rest = this.#without(body)
        if (rest === body) continue
        if (rest !== undefined) rewriteLetter.run(rest, selfId, link, seq)
        else {
          this.#events++
          deleteLetter.run(selfId, link, seq)
        }
      }
    })
  }

  /** The text of an event without the person; `undefined` if nothing of it is left. Its files are noted. */
  #without(body: string): string | undefined {
    const event = JSON.parse(body) as NetworkEvent
    const rest = without(this.#person, event)
    if (rest === event) return body
    for (const key of mediaKeysIn(body)) this.#files.add(key)
    return rest && JSON.stringify(rest)
  }

  /** Removes the files that nothing refers to any more. */
  async #removeFiles(): Promise<number> {
    const { newestMessage, messageTexts, journals, eventTexts, letterTexts, stateTexts } = this.#queries
    let seen = 0
    const seenEvents = new Map<number, number>()
    while (this.#files.size > 0 && seen < newestMessage.one()![0]) {
      this.#keep(messageTexts.all(seen, (seen += ROWS_PER_TURN)))
      await setImmediate()
    }
    for (const [selfId, first, end] of journals.all()) {
      let from = first - 1
      for (; this.#files.size > 0 && from < end; from += ROWS_PER_TURN) {
        this.#keep(eventTexts.all(selfId, from, from + ROWS_PER_TURN))
        await setImmediate()
      }
      seenEvents.set(selfId, from)
    }
    // The rest, and what came meanwhile, in one turn with the removal.
    this.#setup.commits.catchUp()
    this.#keep(messageTexts.all(seen, Number.MAX_SAFE_INTEGER))
    for (const [selfId] of journals.all()) {
      this.#keep(eventTexts.all(selfId, seenEvents.get(selfId) ?? 0, Number.MAX_SAFE_INTEGER))
    }
    this.#keep(letterTexts.all())
    this.#keep(stateTexts.all())
    return [...this.#files].filter((key) => this.#setup.media.remove(key)).length
  }

  #keep(texts: readonly (readonly [string])[]): void {
    for (const [text] of texts) for (const key of mediaKeysIn(text)) this.#files.delete(key)
  }
}

function mediaKeysIn(text: string): readonly string[] {
  return Array.from(text.matchAll(/\bmedia:([0-9a-f]{64})\b/g), ([, key]) => key!)
}

/** The event without what the person said, the same object if there is nothing of it, `undefined` if that was all. */
function without(person: UserId, event: NetworkEvent): NetworkEvent | undefined {
  const isToThem = isMessage(event) && event.message_type === 'private' && event.target_id === person
  const isTheirs = isToThem || ('user_id' in event && event.user_id === person)
  return isTheirs ? undefined : mapSegments(event, (segment) => withoutQuotes(person, segment))
}

/** A segment in which nothing is left of what the person said: a node of a bundle, or a reply with words of its own. */
function withoutQuotes(person: UserId, segment: Segment): Segment {
  const { data } = segment
  const author = data['user_id'] ?? data['uin'] ?? (segment.type === 'reply' ? data['qq'] : undefined)
  if (author === String(person)) {
    if (segment.type === 'node') return { type: 'node', data: { user_id: '0', nickname: '', content: [] } }
    if (segment.type === 'reply' && data['text'] !== undefined) {
      const { text: _, qq: __, user_id: ___, ...rest } = data
      return { type: 'reply', data: rest }
    }
  }
  const content = data['content']
  if (typeof content !== 'object') return segment
  const rest = content.map((inner) => withoutQuotes(person, inner))
  return rest.every((inner, index) => inner === content[index])
    ? segment
    : { ...segment, data: { ...data, content: rest } }
}

function prepareErasure(db: DatabaseSync) {
  return {
    newestMessage: query<[rowId: number]>(db, 'SELECT coalesce(max(rowid), 0) FROM message'),
    messagesOf: query<[rowId: number, selfId: number, id: number, body: string]>(
      db,
      'SELECT rowid, self_id, message_id, body FROM message WHERE rowid > ? AND rowid <= ? AND instr(body, ?)',
    ),
    messageTexts: query<[body: string]>(
      db,
      "SELECT body FROM message WHERE rowid > ? AND rowid <= ? AND instr(body, 'media:')",
    ),
    rewriteMessage: db.prepare('UPDATE message SET body = ? WHERE rowid = ?'),
    rememberId: db.prepare(
      `INSERT INTO account (self_id, last_message_id) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET last_message_id = max(last_message_id, excluded.last_message_id)`,
    ),
    deleteMessage: db.prepare('DELETE FROM message WHERE rowid = ?'),

    journals: query<[selfId: number, first: number, last: number]>(
      db,
      'SELECT self_id, min(seq), max(seq) FROM journal GROUP BY self_id',
    ),
    eventsOf: query<[seq: number, lastByte: number, body: string | null]>(
      db,
      `SELECT j.seq, j.last_byte, j.body FROM journal j
       WHERE j.self_id = ?1 AND j.seq > ?2 AND j.seq <= ?3 AND (
         instr(j.body, ?4) OR j.body IS NULL AND NOT EXISTS (
           SELECT 1 FROM message m WHERE m.self_id = j.self_id AND m.message_id = j.message_id))`,
    ),
    eventTexts: query<[body: string]>(
      db,
      "SELECT body FROM journal WHERE self_id = ? AND seq > ? AND seq <= ? AND instr(body, 'media:')",
    ),
    rewriteEvent: db.prepare('UPDATE journal SET body = ? WHERE self_id = ? AND seq = ?'),
    rememberSeq: db.prepare(
      `INSERT INTO account (self_id, last_seq, last_byte) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE
       SET last_seq = max(last_seq, excluded.last_seq), last_byte = max(last_byte, excluded.last_byte)`,
    ),
    deleteEvent: db.prepare('DELETE FROM journal WHERE self_id = ? AND seq = ?'),

    lettersOf: query<[selfId: number, link: string, seq: number, body: string]>(
      db,
      'SELECT self_id, link, seq, body FROM dead_letter WHERE instr(body, ?)',
    ),
    letterTexts: query<[body: string]>(db, "SELECT body FROM dead_letter WHERE instr(body, 'media:')"),
    rewriteLetter: db.prepare('UPDATE dead_letter SET body = ? WHERE self_id = ? AND link = ? AND seq = ?'),
    deleteLetter: db.prepare('DELETE FROM dead_letter WHERE self_id = ? AND link = ? AND seq = ?'),

    stateTexts: query<[value: string]>(db, "SELECT value FROM state WHERE instr(value, 'media:')"),
  }
}
