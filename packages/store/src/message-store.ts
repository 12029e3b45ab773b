import type { DatabaseSync } from 'node:sqlite'
import { chatKey, chatOf } from '@seekyou/protocol'
import type { Chat, Clock, MessageEvent, MessageId, MessageStore, StoredMessage, UserId } from '@seekyou/protocol'
import { query } from './database.ts'
import type { EventTexts } from './event-text.ts'
import type { GroupCommit } from './group-commit.ts'

const MAX_ID = 0x7fff_ffff

/** The statements that the messages of all accounts share. */
export type MessageQueries = ReturnType<typeof prepareMessages>

export function prepareMessages(db: DatabaseSync) {
  const lastByte = query<[lastByte: number]>(db, 'SELECT last_byte FROM message ORDER BY rowid DESC LIMIT 1')
  let [written] = lastByte.one() ?? [0]
  return {
    /** Where a message of so many bytes ends, in the row of all messages. One that is not written after all leaves a gap. */
    endOf: (bytes: number): number => (written += bytes),
    // Where the newest message was removed by retention, or its id was never used, the account remembers it.
    lastId: query<[id: number | null]>(
      db,
      `SELECT max(id) FROM (
         SELECT max(message_id) AS id FROM message WHERE self_id = ?1
         UNION ALL SELECT last_message_id FROM account WHERE self_id = ?1)`,
    ),
    saveLastId: db.prepare(
      `INSERT INTO account (self_id, last_message_id) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET last_message_id = max(last_message_id, excluded.last_message_id)`,
    ),
    put: db.prepare(
      `INSERT INTO message (self_id, message_id, chat, message_seq, at, last_byte, body) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    ),
    get: query<Row>(db, 'SELECT body, recalled FROM message WHERE self_id = ? AND message_id = ?'),
    page: query<Row>(
      db,
      `SELECT body, recalled FROM message WHERE self_id = ? AND chat = ? AND message_seq <= ?
       ORDER BY message_seq DESC, message_id DESC LIMIT ?`,
    ),
    list: query<Row>(
      db,
      'SELECT body, recalled FROM message WHERE self_id = ? AND message_id > ? ORDER BY message_id LIMIT ?',
    ),
    count: query<[messages: number]>(db, 'SELECT count(*) FROM message WHERE self_id = ?'),
    lastSeq: query<[seq: number | null]>(db, 'SELECT max(message_seq) FROM message WHERE self_id = ? AND chat = ?'),
    recall: db.prepare('UPDATE message SET recalled = 1 WHERE self_id = ? AND message_id = ?'),
  }
}

type Row = readonly [body: string, recalled: number]

/** The messages of one account. */
export class SqliteMessageStore implements MessageStore {
  readonly #selfId: UserId
  readonly #queries: MessageQueries
  readonly #commits: GroupCommit
  readonly #clock: Clock
  readonly #texts: EventTexts
  #lastId: number
  /** The highest id that was ever put. */
  #lastPut: number
  /** The ids of what was put last and is not in the database yet. */
  readonly #behind = new Set<number>()

  constructor(
    selfId: UserId,
    queries: MessageQueries,
    { commits, clock, texts }: { readonly commits: GroupCommit; readonly clock: Clock; readonly texts: EventTexts },
  ) {
    this.#selfId = selfId
    this.#queries = queries
    this.#commits = commits
    this.#clock = clock
    this.#texts = texts
    this.#lastId = this.#lastPut = queries.lastId.one(selfId)?.[0] ?? 0
  }

  /** The queries, of a database that has everything. */
  get #read(): MessageQueries {
    this.#commits.catchUp()
    return this.#queries
  }

  allocateId(): MessageId {
    if (this.#lastId >= MAX_ID) throw new Error('every message id of this account has been given')
    return ++this.#lastId as MessageId
  }

  put(event: MessageEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      const { message_id, message_seq } = event
      const chat = chatKey(chatOf(event))
      const text = this.#texts.of(event)
      const at = this.#clock.now()
      const lastByte = this.#queries.endOf(text.bytes)
      this.#lastId = Math.max(this.#lastId, message_id)
      // Whether another one is there already, only the database knows.
      const isSurelyNew = message_id > this.#lastPut
      this.#lastPut = Math.max(this.#lastPut, message_id)
      let isNew = isSurelyNew
      this.#commits.addMessage({
        ...(isSurelyNew && {
          record: () => {
            text.isStored = true
            this.#behind.add(message_id)
            return `["message",${this.#selfId},${at},${text.json}]`
          },
        }),
        apply: () => {
          const { put } = this.#queries
          this.#behind.delete(message_id)
          isNew = put.run(this.#selfId, message_id, chat, message_seq, at, lastByte, text.json).changes === 1
          text.isStored = isNew
        },
        settled: () => {
          text.isStored = false
        },
        // One message that was there before must not take the rest of its turn with it.
        committed: () => {
          if (isNew) resolve()
          else reject(new Error(`message ${message_id} is already stored`))
        },
        failed: reject,
      })
    })
  }

  async get(id: MessageId): Promise<StoredMessage | undefined> {
    // Whoever reads what has long been there need not wait for what was written last.
    if (this.#behind.has(id) || this.#commits.isStuck) this.#commits.catchUp()
    const row = this.#queries.get.one(this.#selfId, id)
    return row && read(row)
  }

  async page(
    chat: Chat,
    { upTo = Number.MAX_SAFE_INTEGER, limit }: { readonly upTo?: number; readonly limit: number },
  ): Promise<readonly StoredMessage[]> {
    return this.#read.page.all(this.#selfId, chatKey(chat), upTo, Math.max(0, limit)).map(read).toReversed()
  }

  async list({ after, limit }: { readonly after: number; readonly limit: number }): Promise<readonly StoredMessage[]> {
    return this.#read.list.all(this.#selfId, after, Math.max(0, limit)).map(read)
  }

  async count(): Promise<number> {
    return this.#read.count.one(this.#selfId)?.[0] ?? 0
  }

  async lastSeq(chat: Chat): Promise<number> {
    return this.#read.lastSeq.one(this.#selfId, chatKey(chat))?.[0] ?? 0
  }

  markRecalled(id: MessageId): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let isThere = false
      this.#commits.addMessage({
        apply: () => {
          isThere = this.#queries.recall.run(this.#selfId, id).changes === 1
        },
        committed: () => resolve(isThere),
        failed: reject,
      })
    })
  }

  /** Saves how far ids have been given, with the next commit: those of messages never stored are not seen otherwise. */
  saveLastId(): void {
    this.#commits.add({ apply: () => void this.#queries.saveLastId.run(this.#selfId, this.#lastId) })
  }
}

function read([body, recalled]: Row): StoredMessage {
  return { event: JSON.parse(body) as MessageEvent, recalled: recalled === 1 }
}
