/** One door in a process of its own, so that a case which never ends can be ended. */
import { runDoor } from './door.ts'
import type { DoorResult, RunOptions } from './door.ts'
import { doors } from './doors.ts'

export interface Order extends Omit<RunOptions, 'onCase'> {
  readonly door: string
}

export type Report = { readonly at: number } | { readonly result: DoorResult } | { readonly broken: string }

const report = (text: Report): void => void process.send?.(text)

process.once('message', (order: Order) => {
  const door = doors.find(({ name }) => name === order.door)!
  runDoor(door, { ...order, onCase: (at) => report({ at }) })
    .then((result) => report({ result }))
    .catch((error: unknown) => report({ broken: String((error as Error).stack ?? error) }))
    .finally(() => process.disconnect())
})
