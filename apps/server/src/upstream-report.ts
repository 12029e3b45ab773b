import { examineUpstream } from '@seekyou/backend-onebot'
import type { Clock } from '@seekyou/protocol'
import type { LoadedConfig } from './config.ts'
import { ExpectedError } from './expected-error.ts'
import { createLog } from './log.ts'

const TIMEOUT_SECONDS = 5

/** Real time, with timers that keep the process alive: here there is no server that would. */
const patientClock: Clock = {
  now: () => Date.now(),
  setTimeout(callback, delayMs) {
    const handle = setTimeout(callback, delayMs)
    return { cancel: () => clearTimeout(handle) }
  },
}

/** How well an action is done, in the order of the report. */
const verdicts = { native: 'natively', repaired: 'repaired', lossy: 'with losses', missing: 'not at all' } as const

/**
 * Connects to the upstream of every bot that has one and tells what it is and what it can do; changes nothing.
 * @throws ExpectedError where no bot has one, or one cannot be reached.
 */
export async function reportUpstreams({ config }: LoadedConfig): Promise<readonly string[]> {
  const log = await createLog('silent')
  const lines: string[] = []
  for (const { backend } of config.bots) {
    if (backend.type !== 'onebot') continue
    const { type: _type, ...options } = backend
    const { identity, appName, appVersion, profile, condition, actions } = await examineUpstream({
      ...options,
      log,
      clock: patientClock,
      timeoutSeconds: TIMEOUT_SECONDS,
    }).catch((cause: unknown) => {
      throw new ExpectedError(`upstream: ${(cause as Error).message}`, { exitCode: 2, cause })
    })
    const phase = 'reason' in condition ? `${condition.phase}: ${condition.reason}` : condition.phase
    lines.push(`${appName} ${appVersion} has the account ${identity.user_id} (${identity.nickname}), which is ${phase}`)
    lines.push(`it is treated by the profile ${profile}; of ${actions.length} actions it does`)
    for (const [verdict, words] of Object.entries(verdicts)) {
      const some = actions.filter((action) => action.verdict === verdict)
      lines.push(`  ${words}: ${some.length}`)
      if (verdict === 'native') continue
      for (const { action, reason } of some) lines.push(`    ${action}${reason === undefined ? '' : `: ${reason}`}`)
    }
  }
  if (lines.length > 0) return lines
  throw new ExpectedError('no bot of this configuration has an upstream: a backend of type onebot')
}
