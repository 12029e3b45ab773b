/** How one bot of the process is doing; `bot` is its place in the configuration. */
export interface BotStatus {
  readonly bot: string
  /** `null` until it is known. */
  readonly self_id: number | null
  /** What kind of network it is on. */
  readonly backend: string
  readonly phase: 'serving' | 'waiting' | 'failed'
  /** What is wrong with it, if anything is. */
  readonly reason: string | null
  readonly listeners: readonly { readonly url: string; readonly host: string; readonly port: number }[]
}
