/** One door in a thread of its own, so that a case which never ends can be ended. */
import { parentPort, workerData } from 'node:worker_threads'
import { runDoor } from './door.ts'
import type { RunOptions } from './door.ts'
import { doors } from './doors.ts'

export interface Order extends Omit<RunOptions, 'onCase'> {
  readonly door: string
  /** Where the number of the case that is being brought is written. */
  readonly at: Int32Array
}

const { door: name, at, ...options } = workerData as Order
const door = doors.find((one) => one.name === name)!
const result = await runDoor(door, { ...options, onCase: (count) => Atomics.store(at, 0, count) })
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread has none
parentPort!.postMessage(result)
