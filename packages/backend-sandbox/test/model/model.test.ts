import * as fc from 'fast-check'
import { it } from 'vitest'
import { Model, startReal } from './model.ts'
import { RestartCommand, StepCommand } from './step.ts'
import { steps } from './steps.ts'

it('does and refuses any row of steps as a simple model says, and a restart in between changes nothing', async () => {
  const commands = fc.commands(
    [...steps.map((step) => step.map((one) => new StepCommand(one))), fc.constant(new RestartCommand())],
    { maxCommands: 60, size: 'max' },
  )
  const property = fc.asyncProperty(commands, (row) =>
    fc.asyncModelRun(async () => ({ model: new Model(), real: await startReal() }), row),
  )
  await fc.assert(property, { numRuns: 150 })
})
