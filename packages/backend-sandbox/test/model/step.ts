import { ActionFailure } from '@seekyou/protocol'
import type { NetworkEvent } from '@seekyou/protocol'
import type { AsyncCommand } from 'fast-check'
import { expect } from 'vitest'
import type { Run } from '../run.ts'
import { expectSame, restartReal } from './model.ts'
import type { Model, Real } from './model.ts'

/** One thing that is tried, and what the model says becomes of it. */
export interface Step {
  /** How a counterexample shows it. */
  readonly name: string
  /** The code it is refused with; `undefined` where it is done. */
  refusal(model: Model): string | undefined
  /** Does it to the sandbox; returns what it answers. */
  act(run: Run): Promise<unknown>
  /** Does it to the model. */
  apply(model: Model, answer: never): void
  /** The fields that tell its event, asked before `apply`; absent or `undefined`: it tells none. */
  event?(model: Model, answer: never): object | undefined
}

/** A step as fast-check runs it: done or refused as the model says, and all is the same afterwards. */
export class StepCommand implements AsyncCommand<Model, Real> {
  readonly #step: Step

  constructor(step: Step) {
    this.#step = step
  }

  check(): boolean {
    return true
  }

  async run(model: Model, real: Real): Promise<void> {
    const refusal = this.#step.refusal(model)
    const outcome = await this.#step.act(real.run).then(
      (answer) => ({ answer, code: undefined }),
      (error: unknown) => {
        if (!(error instanceof ActionFailure)) throw error
        return { answer: undefined, code: error.code }
      },
    )
    expect(outcome.code).toBe(refusal)
    const told = real.run.host.events.slice(real.heard)
    real.heard = real.run.host.events.length
    if (refusal === undefined) {
      const event = this.#step.event?.(model, outcome.answer as never)
      this.#step.apply(model, outcome.answer as never)
      expect(told).toEqual(event ? [expect.objectContaining({ time: model.now, ...event })] : [])
    } else {
      expect(told).toEqual([] satisfies NetworkEvent[])
    }
    await expectSame(model, real)
  }

  toString(): string {
    return this.#step.name
  }
}

/** Stops the sandbox and starts it on what it left behind: nothing may be different. */
export class RestartCommand implements AsyncCommand<Model, Real> {
  check(): boolean {
    return true
  }

  async run(model: Model, real: Real): Promise<void> {
    await restartReal(real)
    await expectSame(model, real)
  }

  toString(): string {
    return 'restart'
  }
}
