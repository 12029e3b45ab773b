import type { AccountSetup, LoginLimit, Tap, Tokens } from '@seekyou/hub'
import type { Clock, FileSource, Logger, Store, UserId } from '@seekyou/protocol'
import type { MediaSeal, Sessions } from '@seekyou/transport-http'
import type { AuditLog } from './audit-log.ts'
import type { BotStatus } from './bot-status.ts'

/** Where a listener of a bot can be reached. */
export interface Address {
  readonly self_id: UserId
  readonly url: string
  readonly host: string
  readonly port: number
  /** The console; where a token is asked for, a link that signs in who opens it, once and within ten minutes. */
  readonly consoleUrl: string
  /** The places of the bot and of the listener in the configuration. */
  readonly bot: number
  readonly listener: number
}

/** What all bots of a process share. */
export interface House extends Pick<AccountSetup, 'restart' | 'onForgotten'> {
  /** Given the tap of every account and its number, until the server ends. */
  readonly trace?: (tap: Tap, selfId: UserId) => Disposable
  readonly store: Store
  readonly files: FileSource
  readonly seal: MediaSeal
  /** The scoped tokens, those of the configuration and those that commands made. */
  readonly tokens: Tokens
  /** How many wrong tokens may be shown to all bots together. */
  readonly logins: LoginLimit
  /** Reads the tokens that commands made again. */
  readonly readTokens: () => void
  readonly auditLog: AuditLog
  /** Who is signed in with a browser. */
  readonly sessions: Sessions
  readonly dataDir: string
  readonly clock: Clock
  readonly log: Logger
  readonly version: string
  /** Where listeners were before the program was restarted: one that takes any free port takes the same again. */
  readonly before: readonly Address[]
  /** Every bot, and how it is doing. */
  readonly bots: () => readonly BotStatus[]
}
