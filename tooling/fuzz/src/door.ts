import * as fc from 'fast-check'
import { within } from '@seekyou/testkit'

/** How long one case may take, the questions whether all is well included: far more than any needs. */
const CASE_MS = 15_000

/** A way into the program, or into a part of it, and the cases that are brought to it. */
export interface Door {
  readonly name: string
  /** How many cases are a full run of it. */
  readonly runs: number
  readonly open: () => Promise<OpenDoor>
}

interface OpenDoor extends AsyncDisposable {
  readonly cases: fc.IAsyncPropertyWithHooks<[unknown]>
}

/** Cases, and what is to hold of each: `check` throws if it does not. */
export function casesOf<Case>(
  values: fc.Arbitrary<Case>,
  check: (value: Case) => void | Promise<void>,
): fc.IAsyncPropertyWithHooks<[unknown]> {
  return fc.asyncProperty(values, async (value) => {
    await within(CASE_MS, (async () => check(value))(), () => `it hangs: the case took more than ${CASE_MS / 1000} s`)
  })
}

/** A door that needs nothing opened. */
export function plainDoor<Case>(
  name: string,
  runs: number,
  values: fc.Arbitrary<Case>,
  check: (value: Case) => void | Promise<void>,
): Door {
  const open = async (): Promise<OpenDoor> => ({
    cases: casesOf(values, check),
    [Symbol.asyncDispose]: async () => undefined,
  })
  return { name, runs, open }
}

interface Finding {
  /** The seed and path that bring the smallest case again. */
  readonly seed: number
  readonly path: string
  /** That case. */
  readonly text: string
  readonly error: string
}

export interface DoorResult {
  readonly runs: number
  readonly finding?: Finding
}

export interface RunOptions {
  readonly seed: number
  readonly path?: string | undefined
  readonly runs: number
  /** Ends a run before all cases were brought. */
  readonly ms?: number | undefined
  /** Called before each case with how many there were. */
  readonly onCase?: ((count: number) => void) | undefined
}

/** Brings the cases of a door to it until one fails; that one is made as small as it can be. */
export async function runDoor(door: Door, { seed, path, runs, ms, onCase }: RunOptions): Promise<DoorResult> {
  await using opened = await door.open()
  let count = 0
  opened.cases.beforeEach(async (before) => {
    await before()
    onCase?.(count++)
  })
  const details = await fc.check(opened.cases, {
    seed,
    numRuns: runs,
    ...(path !== undefined && { path }),
    ...(ms !== undefined && { interruptAfterTimeLimit: ms }),
  })
  if (!details.failed) return { runs: details.numRuns }
  const [value] = (details.counterexample ?? []) as readonly [unknown?]
  return {
    runs: details.numRuns,
    finding: {
      seed: details.seed,
      path: details.counterexamplePath ?? '',
      text: shorten(describe(value)),
      error: String((details.errorInstance as Error | undefined)?.stack ?? details.errorInstance),
    },
  }
}

/** What lies too deep to be written as code is told as JSON. */
function describe(value: unknown): string {
  try {
    return fc.stringify(value)
  } catch {
    return JSON.stringify(value)
  }
}

function shorten(text: string): string {
  return text.length > 2000 ? `${text.slice(0, 2000)}… (${text.length} characters)` : text
}
