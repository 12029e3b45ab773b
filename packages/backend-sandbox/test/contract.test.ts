import type { ActionName } from '@seekyou/actions'
import { describeBackend } from '@seekyou/testkit'
import type { BackendStage } from '@seekyou/testkit'
import { describe } from 'vitest'
import { restart, startSandbox } from './run.ts'
import type { Run } from './run.ts'

function stageOf(run: Run): BackendStage {
  const { backend, host } = run
  return {
    backend,
    host,
    act: (action, params) => run.act(action as ActionName, params),
    say: async (as, chat, message) => void (await run.play('say', { as, ...chat, message })),
    async recallLast(as, group_id) {
      const last = host.events.findLast(
        (event) => 'message' in event && 'group_id' in event && event.group_id === group_id,
      )
      await run.play('recall', { as, message_id: last && 'message_id' in last ? last.message_id : 0 })
    },
    poke: async (as, target_id, group_id) => void (await run.play('poke', { as, target_id, group_id })),
    askToJoin: async (as, group_id, comment) => void (await run.play('request_join', { as, group_id, comment })),
    restart: async () => stageOf(await restart(run)),
    [Symbol.asyncDispose]: () => backend.stop(),
  }
}

describe('the sandbox is a backend', () => {
  describeBackend(async () => stageOf(await startSandbox()))
})
