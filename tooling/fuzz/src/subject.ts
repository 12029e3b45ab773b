import { startProgram, within } from '@seekyou/testkit'
import type { Program, ProgramSetup } from '@seekyou/testkit'

/** How long the program may take to answer a simple question while it is attacked: far more than it needs. */
const PULSE_MS = 8000

/** What the program writes of a fault of its own. */
const faultOfOurs =
  /never should|a fault of the program|failed inside|"level":(?:60)|an HTTP request failed|unhandled|uncaught/i

/** The real program, watched while something is done to it. */
export interface Subject extends AsyncDisposable {
  readonly program: Program
  /** @throws Error if it has ended, does not answer any more, or wrote of a fault of its own. */
  isWell(): Promise<void>
}

export async function startSubject(setup?: ProgramSetup): Promise<Subject> {
  const program = await startProgram(setup)
  let ended: string | undefined
  void program.exit.then(({ code, signal }) => (ended = `the program ended with ${code ?? signal}`))
  let read = 0
  const faults = (): readonly string[] => {
    const fresh = program.stderr.slice(read).filter((line) => faultOfOurs.test(line))
    read = program.stderr.length
    return fresh
  }
  return {
    program,
    async isWell() {
      const answer = await within(PULSE_MS, fetch(`${program.url}/healthz`), () => 'the program does not answer').catch(
        (error: unknown) => {
          throw new Error(ended ?? `the program is not well: ${String(error)}`, { cause: error })
        },
      )
      await answer.arrayBuffer()
      if (answer.status !== 200) throw new Error(`/healthz was answered with ${answer.status}`)
      const [fault] = faults()
      if (fault !== undefined) throw new Error(`the program wrote of a fault of its own: ${fault}`)
      if (ended !== undefined) throw new Error(ended)
    },
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]()
    },
  }
}

const statuses: ReadonlySet<unknown> = new Set(['ok', 'failed', 'async'])

/** What keeps a value from being the answer to a call; `undefined` if it is one. */
function envelopeProblem(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'it is no object'
  const { status, retcode } = body as { readonly status?: unknown; readonly retcode?: unknown }
  if (!statuses.has(status)) return `its status is ${JSON.stringify(status)}`
  if (!Number.isInteger(retcode)) return `its retcode is ${JSON.stringify(retcode)}`
  if (!('data' in body)) return 'it has no data'
  if (retcode === 1500) return 'it tells of a fault of the program'
  const isFine = status === 'failed' ? retcode !== 0 && retcode !== 1 : retcode === (status === 'ok' ? 0 : 1)
  return isFine ? undefined : `status ${String(status)} goes with retcode ${String(retcode)}`
}

/** @throws Error if a value is not the answer to a call. */
export function requireEnvelope(body: unknown): void {
  const problem = envelopeProblem(body)
  if (problem !== undefined) throw new Error(`no valid envelope: ${problem}: ${JSON.stringify(body)?.slice(0, 500)}`)
}
