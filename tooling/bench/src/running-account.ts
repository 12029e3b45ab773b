import { Account, accountOptions, linkOptions } from '@seekyou/hub'
import type { Backend, EventSink, Logger } from '@seekyou/protocol'
import { systemClock } from '@seekyou/protocol'
import { openStore } from '@seekyou/store'
import { createMemoryFiles } from '@seekyou/testkit'

const silent = () => undefined
export const log: Logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => log }

/** A running account on a real store in `dataDir`, with a bot that listens; `write` takes what it is told. */
export async function startAccount(backend: Backend, dataDir: string, write: EventSink['write'] = () => true) {
  await using opened = new AsyncDisposableStack()
  const clock = systemClock
  const store = opened.use(await openStore({ dataDir, clock, log }))
  const options = accountOptions.parse({ heartbeat_interval: 0 })
  const setup = {
    backend,
    store,
    files: createMemoryFiles(),
    options,
    clock,
    log,
    version: '0.0.0',
    mediaUrl: () => '',
  }
  const account = opened.use(await Account.open(setup))
  await account.start()
  const gateway = account.gateway(linkOptions.parse({}))
  gateway.subscribe({ write, end: silent }, { lifecycle: 'connect' })
  const owned = opened.move()
  return { gateway, store, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
