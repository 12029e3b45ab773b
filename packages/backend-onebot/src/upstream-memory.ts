import type { BackendState, Identity } from '@seekyou/protocol'
import * as z from 'zod'
import type { BridgeOptions } from './options.ts'
import { isFields } from './reading.ts'
import type { UpstreamInfo } from './upstream.ts'

/** Where the upstream and its account are remembered, for a start without it. */
export interface UpstreamMemory {
  /** What was kept last; `undefined` where there is nothing, or it is of another account than the options name. */
  recall(): Promise<UpstreamInfo | undefined>
  keep(info: UpstreamInfo): void
}

export function createUpstreamMemory(
  state: Pick<BackendState, 'get' | 'put'> | undefined,
  { url, listen, self_id }: BridgeOptions,
): UpstreamMemory {
  const key = `upstream ${url ?? `${listen?.host}:${listen?.port}`}`
  return {
    async recall() {
      const value = await state?.get(key)
      if (!isFields(value)) return undefined
      const read = rememberedInfo.safeParse(value)
      if (!read.success) return undefined
      const { supported, identity, ...rest } = read.data
      if (self_id !== undefined && identity.user_id !== self_id) return undefined
      return { ...rest, identity: identity as Identity, ...(supported && { supported }) }
    },
    keep: (info) => state?.put(key, info),
  }
}

const rememberedInfo = z.object({
  identity: z.object({ user_id: z.int().positive(), nickname: z.string() }),
  appName: z.string(),
  appVersion: z.string(),
  supported: z.array(z.string()).optional(),
})
