/**
 * The message memory beside bare node:sqlite: the same rows, indexes and pragmas, the same JSON written and read, in
 * turns in one run, at 10 000, 100 000 and 1 000 000 messages of 1000 groups.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import type { Chat, GroupId, Logger, MessageEvent, MessageId, MessageStore, UserId } from '@seekyou/protocol'
import { systemClock } from '@seekyou/protocol'
import { openStore } from '@seekyou/store'
import { createTemporaryFolder, sampleMessage } from '@seekyou/testkit'
import type { Job, OpenJob, Report, Suite } from './harness.ts'
import { restingMemory } from './resting-memory.ts'

const silent = () => undefined
const log: Logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => log }

const GROUPS = 1000
const PAGE = 20
/** What is written in one turn of the event loop while a store is filled. */
const FILLING = 2000

/** Every message is one of these but for its numbers. */
const template = sampleMessage(1, { text: 'good morning, has anyone seen the new plans for the harbour? 大家早上好' })

function messageOf(id: number): MessageEvent {
  const group_id = (20_001 + (id % GROUPS)) as GroupId
  return { ...template, message_id: id as MessageId, message_seq: Math.ceil(id / GROUPS), group_id } as MessageEvent
}

const chatOf = (id: number): Chat => ({ type: 'group', group_id: (20_001 + (id % GROUPS)) as GroupId })

/** The same numbers in every run and for every contender. */
function* numbersUpTo(most: number): Generator<number, never> {
  for (let state = 1; ;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    yield 1 + (state % most)
  }
}

/** What is measured, whoever does it. */
interface Engine extends AsyncDisposable {
  /** Writes these messages in one turn; resolves when they are safe. */
  put(first: number, count: number): Promise<unknown>
  get(id: number): Promise<{ readonly event: MessageEvent } | undefined>
  page(id: number, upTo: number): Promise<readonly { readonly event: MessageEvent }[]>
}

async function openOurs(): Promise<Engine> {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await createTemporaryFolder())
  const store = opened.use(await openStore({ dataDir: folder.path, clock: systemClock, log }))
  const messages: MessageStore = store.account(template.self_id).messages
  const owned = opened.move()
  return {
    put: (first, count) => Promise.all(Array.from({ length: count }, (_, nth) => messages.put(messageOf(first + nth)))),
    get: (id) => messages.get(id as MessageId),
    page: (id, upTo) => messages.page(chatOf(id), { upTo, limit: PAGE }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** The least that the same work can be: prepared statements, one transaction for what is put together. */
async function openBare(): Promise<Engine> {
  const folder = await createTemporaryFolder()
  const db = new DatabaseSync(join(folder.path, 'bare.db'))
  db.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 67108864;
    CREATE TABLE message (
      self_id INTEGER NOT NULL, message_id INTEGER NOT NULL, chat TEXT NOT NULL, message_seq INTEGER NOT NULL,
      at INTEGER NOT NULL, recalled INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX message_by_id ON message (self_id, message_id);
    CREATE INDEX message_by_chat ON message (self_id, chat, message_seq, message_id);`)
  const [begin, commit] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('COMMIT')]
  const insert = db.prepare(
    'INSERT INTO message (self_id, message_id, chat, message_seq, at, body) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const get = db.prepare('SELECT body, recalled FROM message WHERE self_id = ? AND message_id = ?')
  const page = db.prepare(
    `SELECT body, recalled FROM message WHERE self_id = ? AND chat = ? AND message_seq <= ?
     ORDER BY message_seq DESC, message_id DESC LIMIT ?`,
  )
  for (const query of [get, page]) query.setReturnArrays(true)
  const self: UserId = template.self_id
  const read = (row: unknown): { event: MessageEvent; recalled: boolean } => {
    const [body, recalled] = row as [string, number]
    return { event: JSON.parse(body) as MessageEvent, recalled: recalled === 1 }
  }
  return {
    async put(first, count) {
      begin.run()
      for (let id = first; id < first + count; id++) {
        const event = messageOf(id)
        const chat = `group:${20_001 + (id % GROUPS)}`
        insert.run(self, id, chat, event.message_seq, Date.now(), JSON.stringify(event))
      }
      commit.run()
      // Between two turns there is the event loop, for everyone.
      await setImmediate()
    },
    async get(id) {
      const row = get.get(self, id)
      return row && read(row)
    },
    async page(id, upTo) {
      return page
        .all(self, `group:${20_001 + (id % GROUPS)}`, upTo, PAGE)
        .map(read)
        .toReversed()
    },
    async [Symbol.asyncDispose]() {
      db.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

async function fill(engine: Engine, rows: number): Promise<void> {
  for (let first = 1; first <= rows; first += FILLING) await engine.put(first, Math.min(FILLING, rows - first + 1))
}

const engines = { ours: openOurs, 'bare node:sqlite': openBare } as const

/** One kind of work, done by both in turns on a store of so many messages. */
function jobs(name: string, rows: number, target: number, work: (engine: Engine, size: number) => OpenJob['run']) {
  const job = (called: keyof typeof engines): Job => ({
    name: called,
    ...(called !== 'ours' && { target }),
    async open({ isSmoke }) {
      const engine = await engines[called]()
      const size = isSmoke ? 100 : rows
      await fill(engine, size)
      return { run: work(engine, size), [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() }
    },
  })
  const [ours, bare] = [job('ours'), job('bare node:sqlite')]
  return { name: `${name}, ${rows.toLocaleString('en')} messages`, jobs: [ours, bare] as const }
}

function inserting(atOnce: number, turns: number) {
  return (engine: Engine, size: number): OpenJob['run'] => {
    let next = size + 1
    return async () => {
      for (let turn = 0; turn < turns; turn++, next += atOnce) await engine.put(next, atOnce)
      return atOnce * turns
    }
  }
}

function getting(engine: Engine, size: number): OpenJob['run'] {
  const numbers = numbersUpTo(size)
  return async () => {
    const times = Math.min(size, 20_000)
    for (let time = 0; time < times; time++) {
      const id = numbers.next().value
      if ((await engine.get(id))?.event.message_id !== id) throw new Error(`message ${id} is not there`)
    }
    return times
  }
}

function paging(engine: Engine, size: number): OpenJob['run'] {
  const numbers = numbersUpTo(size)
  return async () => {
    const times = Math.min(size, 4000)
    for (let time = 0; time < times; time++) {
      const id = numbers.next().value
      if ((await engine.page(id, Math.ceil(id / GROUPS))).length === 0) throw new Error('a page is empty')
    }
    return times
  }
}

/** How much larger the process is with a million messages behind it than with ten thousand. */
const memory: Report = {
  name: 'memory while the messages grow from 10,000 to 1,000,000, with reading and paging in between',
  async run({ isSmoke }) {
    await using engine = await openOurs()
    const [few, many] = isSmoke ? [100, 300] : [10_000, 1_000_000]
    const use = async (from: number, to: number) => {
      for (let first = from; first <= to; first += 250) await engine.put(first, Math.min(250, to - first + 1))
      await getting(engine, to)()
      await paging(engine, to)()
      return restingMemory()
    }
    const before = await use(1, few)
    const growth = ((await use(few + 1, many)) - before) / 1024 / 1024
    return [{ name: 'RSS grew by', value: growth, unit: 'MiB', goal: { of: 'value', atMost: 40 } }]
  },
}

const sizes = [10_000, 100_000, 1_000_000]

export const suite: Suite = {
  about:
    'The message memory beside bare `node:sqlite` with the same rows, indexes and pragmas. 1 x would be the database alone.',
  reports: [memory],
  jobs: sizes.flatMap((rows) => [
    jobs('insert, 256 in a turn', rows, 0.85, inserting(256, 40)),
    jobs('insert, 16 in a turn', rows, 0.85, inserting(16, 400)),
    jobs('get_msg', rows, 0.8, getting),
    jobs(`history page of ${PAGE}`, rows, 0.8, paging),
  ]),
}
