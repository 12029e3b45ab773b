import type { ActionName } from '@seekyou/actions'
import { describeBackend } from '@seekyou/testkit'
import type { BackendStage, UpstreamKind } from '@seekyou/testkit'
import { describe } from 'vitest'
import { startBridge } from './run.ts'
import type { Run } from './run.ts'

function stageOf(run: Run, kind: UpstreamKind): BackendStage {
  const { backend, host, upstream } = run
  return {
    backend,
    host,
    act: (action, params) => run.act(action as ActionName, params),
    say: async (as, { group_id }, message) => {
      upstream.network.say(as, group_id === undefined ? { user_id: 10000 } : { group_id }, message)
    },
    async recallLast(as, group_id) {
      upstream.network.recall(as, upstream.network.messagesIn(group_id).at(-1)!.id)
    },
    poke: async (as, target, group_id) => upstream.network.poke(as, target, group_id),
    askToJoin: async (as, group_id, comment) => upstream.network.askToJoin(as, group_id, comment, 'flag|1'),
    async restart() {
      await backend.stop()
      return stageOf(await startBridge(kind, { upstream, kept: host.memory }), kind)
    },
    async [Symbol.asyncDispose]() {
      await backend.stop()
      await run[Symbol.asyncDispose]()
    },
  }
}

describe.each(['generic', 'go-cqhttp', 'napcat', 'llonebot', 'lagrange'] as const)(
  'a bridge to %s is a backend',
  (kind) => {
    describeBackend(async () => stageOf(await startBridge(kind), kind))
  },
)
