import { ActionFailure, failures } from '@seekyou/protocol'
import type { ActionHandler, BackendHost, FailureKind } from '@seekyou/protocol'

/** What is wrong with an action of the bot, with those of one name or with all. */
export interface ActionFault {
  /** The action it happens to; absent: every action that has no fault of its own. */
  readonly action?: string | undefined
  /** Real milliseconds that the answer takes longer. */
  readonly delay_ms?: number | undefined
  /** It is not done, and answered with this. */
  readonly fail?: { readonly retcode: number; readonly wording: string } | undefined
  /** How many more calls it happens to; absent: all. */
  readonly times?: number | undefined
}

/** What goes wrong on the network, because someone asked for it. Nobody remembers it after a restart. */
export class Faults {
  readonly #host: Pick<BackendHost, 'clock' | 'disconnect'>
  readonly #actions = new Map<string | undefined, ActionFault>()
  /** How many of the next events are lost, and told twice. */
  #drop = 0
  #duplicate = 0
  /** Until when connections break, in milliseconds since 1970 of the host. */
  #cutUntil = 0

  constructor(host: Pick<BackendHost, 'clock' | 'disconnect'>) {
    this.#host = host
  }

  /** Sets what goes wrong with an action; with neither a delay nor a failure nothing does. */
  setAction(fault: ActionFault): void {
    this.#actions.delete(fault.action)
    if (fault.delay_ms || fault.fail) this.#actions.set(fault.action, fault)
  }

  setEvents({ drop = this.#drop, duplicate = this.#duplicate }: { drop?: number; duplicate?: number }): void {
    this.#drop = drop
    this.#duplicate = duplicate
  }

  /** Breaks every connection, and new ones for so many seconds. */
  cut(seconds: number): void {
    this.#cutUntil = this.#host.clock.now() + seconds * 1000
    this.#host.disconnect(seconds)
  }

  clear(): void {
    this.#actions.clear()
    this.#drop = 0
    this.#duplicate = 0
    if (this.#secondsCut() > 0) this.cut(0)
  }

  /** What is set; of broken connections, for how many seconds more. */
  describe() {
    return {
      actions: [...this.#actions.values()],
      drop_events: this.#drop,
      duplicate_events: this.#duplicate,
      disconnect: this.#secondsCut(),
    }
  }

  /** What becomes of the event that is about to be told. */
  nextEvent(): 'told' | 'lost' | 'twice' {
    if (this.#drop > 0) {
      this.#drop--
      return 'lost'
    }
    if (this.#duplicate === 0) return 'told'
    this.#duplicate--
    return 'twice'
  }

  /** Lets an action be late, or fail, as it is set. @throws ActionFailure */
  async meet(action: string): Promise<void> {
    const fault = this.#actions.get(action) ?? this.#actions.get(undefined)
    if (!fault) return
    const { delay_ms, fail, times } = fault
    if (times !== undefined) this.setAction(times > 1 ? { ...fault, times: times - 1 } : { action: fault.action })
    if (delay_ms) await new Promise<void>((resolve) => void this.#host.clock.setTimeout(resolve, delay_ms))
    if (fail) throw failureOf(fail)
  }

  #secondsCut(): number {
    return Math.max(0, Math.ceil((this.#cutUntil - this.#host.clock.now()) / 1000))
  }
}

/** The same actions, each meeting its faults first. */
export function withFaults<Actions extends Readonly<Record<string, ActionHandler>>>(
  actions: Actions,
  meet: (action: string) => Promise<void>,
): Actions {
  const faulty = Object.entries(actions).map(([name, handler]): [string, ActionHandler] => [
    name,
    async (params) => {
      await meet(name)
      return handler(params)
    },
  ])
  return Object.fromEntries(faulty) as Actions
}

/** The kinds of failure that answer with a retcode of ours; the first of each. */
const kinds = new Map(
  Object.entries(failures)
    .toReversed()
    .map(([kind, { retcode }]): [number, FailureKind] => [retcode, kind as FailureKind]),
)

/** The retcodes a fault can answer with, but for the negative ones, which are all the network's. */
export const knownRetcodes: readonly number[] = [...kinds.keys()].toSorted((left, right) => left - right)

function failureOf({ retcode, wording }: NonNullable<ActionFault['fail']>): ActionFailure {
  return new ActionFailure(kinds.get(retcode) ?? 'refused', wording, { retcode })
}
