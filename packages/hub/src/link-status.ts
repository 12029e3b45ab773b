import type { LinkKind, LinkState, Seq } from '@seekyou/protocol'

/** How a link is doing, for operators. */
export interface LinkStatus {
  /** What operators call it: its name, or for one that has none a number that no other link gets. */
  readonly id: string
  /** Absent for one that is live only. */
  readonly name: string | undefined
  /** Absent where only the name is known, as of a socket that is not connected now. */
  readonly kind: LinkKind | undefined
  /** Absent where nobody is connected, and it is not us who connect. */
  readonly state: LinkState | undefined
  /** The last event that its program has; what comes after it is told again on the next connection. */
  readonly cursor: Seq
  /** How many events of the journal come after that. */
  readonly lag: number
  /** Whether it asked for a pause, or waits for its turn while it catches up. */
  readonly isPaused: boolean
  /** Whether an operator holds it back. */
  readonly isHeld: boolean
  /** When it was last told an event, in milliseconds since 1970; absent since the server started. */
  readonly lastWrittenAt: number | undefined
  /** How often it was connected since the server started. */
  readonly connections: number
  /** How often an event had to be posted to it again since the server started. */
  readonly retries: number
}
