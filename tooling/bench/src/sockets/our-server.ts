/** Our stack as the program wires it: a backend with no network behind it, the hub, the store on disk, both transports. */
import type { BackendActions } from '@seekyou/actions'
import { Account, accountOptions, linkOptions } from '@seekyou/hub'
import { systemClock } from '@seekyou/protocol'
import type { Backend, BackendHost, GroupId, Logger, UserId } from '@seekyou/protocol'
import { openStore } from '@seekyou/store'
import { createMemoryFiles, createTemporaryFolder } from '@seekyou/testkit'
import { createHttpServer, httpServerOptions } from '@seekyou/transport-http'
import { createForwardServer, forwardServerOptions } from '@seekyou/transport-ws'
import { text } from './said.ts'
import { listenForStimuli, portOf } from './stimulus.ts'
import { serve } from './worker.ts'

await using opened = new AsyncDisposableStack()
const silent = () => undefined
const log: Logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => log }
const clock = systemClock
const folder = opened.use(await createTemporaryFolder())
const store = opened.use(await openStore({ dataDir: folder.path, clock, log }))

const self = { user_id: 10000 as UserId, nickname: 'SeekYou' }
let host: BackendHost
const backend: Backend = {
  kind: 'bench',
  identify: async () => self,
  start: async (lent) => void (host = lent),
  stop: async () => undefined,
  condition: () => ({ phase: 'online' }),
  actions: { get_login_info: async () => self } satisfies BackendActions,
}
const account = opened.use(
  await Account.open({
    backend,
    store,
    files: createMemoryFiles(),
    options: accountOptions.parse({ heartbeat_interval: 0 }),
    clock,
    log,
    version: '0.0.0',
    mediaUrl: () => '',
  }),
)
await account.start()

const gateway = account.gateway(linkOptions.parse({}))
const http = opened.use(
  await createHttpServer({ gateway, options: httpServerOptions.parse({ port: 0 }), media: store.media, log }),
)
const sockets = opened.use(createForwardServer({ gateway, options: forwardServerOptions.parse({}), clock, log }))
http.server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head))
const { port } = await http.listen()

let seq = 0
async function say(): Promise<void> {
  await host.emit({
    post_type: 'message',
    message_type: 'group',
    sub_type: 'normal',
    message_seq: ++seq,
    user_id: 10001 as UserId,
    group_id: 20001 as GroupId,
    anonymous: null,
    message: [
      { type: 'at', data: { qq: '10000' } },
      { type: 'text', data: { text } },
    ],
    sender: { user_id: 10001 as UserId, nickname: 'Alice', card: '产品经理', role: 'member' },
  })
}
const stimuli = opened.adopt(
  await listenForStimuli(async (times) => {
    await Promise.all(Array.from({ length: times }, say))
  }),
  (server) => void server.close(),
)

const owned = opened.move()
serve(
  {
    ports: () => ({ sockets: port, stimuli: portOf(stimuli) }),
    cpuUsage: () => process.cpuUsage(),
  },
  () => owned.disposeAsync(),
)
