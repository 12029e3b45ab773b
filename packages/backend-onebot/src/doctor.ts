import { systemClock } from '@seekyou/protocol'
import type { Clock, Condition, Identity, Logger } from '@seekyou/protocol'
import type * as z from 'zod'
import { reportActions } from './doings.ts'
import type { ActionReport } from './doings.ts'
import { bridgeOptions, requireUpstream } from './options.ts'
import type { ProfileName } from './profile-name.ts'
import { Upstream } from './upstream.ts'

/** What was found on the other side. */
export interface Examination {
  readonly identity: Identity
  /** What the upstream calls itself. */
  readonly appName: string
  readonly appVersion: string
  readonly profile: ProfileName
  readonly condition: Condition
  /** Every action of the catalogue, in its order. */
  readonly actions: readonly ActionReport[]
}

/** Everything of `bridgeOptions` may be said, and what is no option. */
export interface ExaminationSetup extends z.input<typeof bridgeOptions> {
  readonly log: Logger
  /** Default: the machine's own. */
  readonly clock?: Clock
  /** Default: 15. */
  readonly timeoutSeconds?: number
}

/**
 * Connects to an upstream, asks who it is and what it can do, and tells for each action how well it is done there. It
 * changes nothing.
 * @throws Error in one sentence when there is no such upstream within the time for that.
 */
export async function examineUpstream({
  log,
  clock = systemClock,
  timeoutSeconds = 15,
  ...given
}: ExaminationSetup): Promise<Examination> {
  const options = bridgeOptions.superRefine(requireUpstream).parse(given)
  await using upstream = await Upstream.open({ options, clock, log, random: Math.random })
  const patience = Promise.withResolvers<never>()
  const timer = clock.setTimeout(() => {
    const condition = upstream.condition()
    patience.reject(new Error('reason' in condition ? condition.reason : `nothing was heard of ${upstream.awaits}`))
  }, timeoutSeconds * 1000)
  try {
    const { identity, appName, appVersion, supported } = await Promise.race([upstream.met(), patience.promise])
    return {
      identity,
      appName,
      appVersion,
      profile: upstream.profile.name,
      condition: upstream.condition(),
      actions: reportActions(upstream.profile, supported),
    }
  } finally {
    timer.cancel()
  }
}
