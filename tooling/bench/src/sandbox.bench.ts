/** The sandbox behind the real hub and store: messages said with the journal on disk, and a large world. */
import { Agent, request } from 'node:http'
import { createSandbox, worldFile } from '@seekyou/backend-sandbox'
import type { Gateway } from '@seekyou/protocol'
import { createTemporaryFolder } from '@seekyou/testkit'
import { createHttpServer, httpServerOptions } from '@seekyou/transport-http'
import type { Job, OpenJob, Suite } from './harness.ts'
import { createBareBackend, groupMessage } from './bare-backend.ts'
import { log, startAccount } from './running-account.ts'

/** Opens what a job needs in a folder of its own, and closes it with the folder. */
async function inFolder(
  open: (dataDir: string, opened: AsyncDisposableStack) => Promise<OpenJob['run']>,
): Promise<OpenJob> {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await createTemporaryFolder())
  const run = await open(folder.path, opened)
  const owned = opened.move()
  return { run, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

const text = 'good morning, has anyone seen the new plans for the harbour?'
const params = { as: 10001, group_id: 20001, message: text }

/** Does `say` so often, with so many at a time. */
async function saying(say: () => Promise<void>, times: number, atOnce: number): Promise<number> {
  let left = times
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await say()
    }),
  )
  return times
}

async function sayThrough(gateway: Gateway): Promise<void> {
  const { body } = await gateway.control({ action: 'say', params, reads: false })
  if (body.retcode !== 0) throw new Error(JSON.stringify(body))
}

function sayJob(name: string, atOnce: number): Job {
  return {
    name,
    goalMs: 1,
    open: ({ isSmoke }) =>
      inFolder(async (dataDir, opened) => {
        const { gateway } = opened.use(await startAccount(createSandbox({}), dataDir))
        return () => saying(() => sayThrough(gateway), isSmoke ? 2 : 3000, atOnce)
      }),
  }
}

const sayOverHttp: Job = {
  name: 'say over HTTP, client included',
  goalMs: 1,
  open: ({ isSmoke }) =>
    inFolder(async (dataDir, opened) => {
      const { gateway, store } = opened.use(await startAccount(createSandbox({}), dataDir))
      const options = httpServerOptions.parse({ port: 0 })
      const server = opened.use(await createHttpServer({ gateway, options, media: store.media, log }))
      const { url } = await server.listen()
      const agent = opened.adopt(new Agent({ keepAlive: true }), (kept) => kept.destroy())
      const body = JSON.stringify(params)
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      const say = () =>
        new Promise<void>((resolve, reject) => {
          const sent = request(`${url}/sandbox/say`, { method: 'POST', agent, headers }, (response) => {
            response.resume().on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error('refused'))))
          })
          sent.on('error', reject).end(body)
        })
      return () => saying(say, isSmoke ? 2 : 2000, 8)
    }),
}

/** The same message with no network behind it: what the hub and the store take of it. */
const bareEmit: Job = {
  name: 'the hub and the store alone',
  open: ({ isSmoke }) =>
    inFolder(async (dataDir, opened) => {
      const { backend, emit } = createBareBackend()
      opened.use(await startAccount(backend, dataDir))
      let seq = 0
      const say = async () => void (await emit(groupMessage(text, ++seq)))
      return () => saying(say, isSmoke ? 2 : 3000, 1)
    }),
}

/** A world of so many groups with 500 members each, all of 5000 people; in a smoke run it is small. */
function largeWorld(isSmoke: boolean) {
  const [groups, people, members] = isSmoke ? [2, 20, 10] : [1000, 5000, 500]
  return {
    users: [{ user_id: `100001-${100000 + people}`, nickname: 'Member {id}' }],
    groups: Array.from({ length: groups }, (_, index) => {
      const first = 100001 + ((index * members) % people)
      return { group_name: `Group ${index}`, owner: 'bot', members: [`${first}-${first + members - 2}`] }
    }),
  }
}

const world = './large.yml'

const firstStart: Job = {
  name: 'first start, file checked',
  goalMs: 2000,
  open: async ({ isSmoke }) => ({
    async run() {
      const readWorld = () => worldFile.parse(largeWorld(isSmoke))
      await using folder = await createTemporaryFolder()
      await using account = await startAccount(createSandbox({ world, readWorld }), folder.path)
      return account.gateway.selfId > 0 ? 1 : 0
    },
    [Symbol.asyncDispose]: async () => undefined,
  }),
}

const laterStart: Job = {
  name: 'start of the world as it was left',
  goalMs: 2000,
  open: ({ isSmoke }) =>
    inFolder(async (dataDir) => {
      const file = worldFile.parse(largeWorld(isSmoke))
      const start = () => startAccount(createSandbox({ world, readWorld: () => file }), dataDir)
      await (await start())[Symbol.asyncDispose]()
      return async () => {
        await using account = await start()
        return account.gateway.selfId > 0 ? 1 : 0
      }
    }),
}

function listJob(name: string, action: string, given: object): Job {
  return {
    name,
    goalMs: 20,
    open: ({ isSmoke }) =>
      inFolder(async (dataDir, opened) => {
        const file = worldFile.parse(largeWorld(isSmoke))
        const { gateway } = opened.use(await startAccount(createSandbox({ world, readWorld: () => file }), dataDir))
        return async () => {
          const times = isSmoke ? 1 : 100
          for (let time = 0; time < times; time++) {
            // Someone speaks in between, so that nothing can be kept from the time before.
            await gateway.control({ action: 'say', params: { ...params, as: 100001 }, reads: false })
            JSON.stringify((await gateway.call({ action, params: given })).body)
          }
          return times
        }
      }),
  }
}

export const suite: Suite = {
  about: 'The sandbox behind the real hub and store: messages said with the journal on disk, and a large world.',
  jobs: [
    {
      name: 'a message said, journal on disk',
      jobs: [sayJob('say, one after the other', 1), sayJob('say, 16 at a time', 16), sayOverHttp, bareEmit],
    },
    { name: 'a world of 1000 groups of 500 members', jobs: [firstStart, laterStart] },
    {
      name: 'lists of that world, with a message said before each',
      jobs: [
        listJob('get_group_member_list', 'get_group_member_list', { group_id: 20001 }),
        listJob('get_group_list', 'get_group_list', {}),
      ],
    },
  ],
}
