import { once } from 'node:events'
import type { Program } from '@seekyou/testkit'
import { WebSocket } from 'ws'

/** What the program is started with, so that it can be looked into. */
export const inspectable = { NODE_OPTIONS: '--inspect=127.0.0.1:0' }

/** A look into a running program, through the inspector of its Node. */
export interface Inspector extends Disposable {
  /** MiB that are alive: what is left of the heap, and what it holds outside, once what is dead was collected. */
  liveMiB(): Promise<number>
  /** How late its event loop was in 99 of 100 turns at most, in ms, since this was opened. */
  lagMs(): Promise<number>
  /** Processor time that it took so far, in ms, all threads. */
  busyMs(): Promise<number>
}

const LAG = 'globalThis.soakLag'

export async function openInspector(program: Program): Promise<Inspector> {
  const url = program.stderr.map((line) => /^Debugger listening on (ws:\S+)$/.exec(line)?.[1]).find((found) => found)
  if (url === undefined) throw new Error(`the program tells of no inspector: ${program.stderr.join('\n')}`)
  const socket = new WebSocket(url)
  await once(socket, 'open')
  const waiting = new Map<number, (result: unknown) => void>()
  socket.on('message', (data: Buffer) => {
    const { id, result } = JSON.parse(data.toString()) as { readonly id?: number; readonly result: unknown }
    if (id !== undefined) waiting.get(id)?.(result)
  })
  let last = 0
  function ask<Result>(method: string, params: object = {}): Promise<Result> {
    const id = ++last
    socket.send(JSON.stringify({ id, method, params }))
    return new Promise((resolve) => waiting.set(id, resolve as (result: unknown) => void))
  }
  const evaluate = (expression: string): Promise<{ readonly result: { readonly value: number } }> =>
    ask('Runtime.evaluate', { expression, returnByValue: true })

  const monitor = `process.getBuiltinModule('node:perf_hooks').monitorEventLoopDelay({ resolution: 10 })`
  await evaluate(`${LAG} = ${monitor}; ${LAG}.enable(); 0`)
  return {
    async liveMiB() {
      await ask('HeapProfiler.collectGarbage')
      const { usedSize } = await ask<{ readonly usedSize: number }>('Runtime.getHeapUsage')
      const { result } = await evaluate('process.memoryUsage().external')
      return (usedSize + result.value) / 1024 / 1024
    },
    async lagMs() {
      return (await evaluate(`${LAG}.percentile(99) / 1e6`)).result.value
    },
    async busyMs() {
      return (await evaluate(`(({ user, system }) => (user + system) / 1000)(process.cpuUsage())`)).result.value
    },
    [Symbol.dispose]: () => socket.terminate(),
  }
}
