import { catalogue } from '@seekyou/actions'
import type { ActionName } from '@seekyou/actions'
import { createSandbox } from '@seekyou/backend-sandbox'
import type { SandboxSetup } from '@seekyou/backend-sandbox'
import { ActionFailure, failures } from '@seekyou/protocol'
import type { Backend, FileSource, LoadedFile, NetworkEvent } from '@seekyou/protocol'
import { createBackendHost, createVirtualClock } from '@seekyou/testkit'
import type { BackendMemory, MemoryBackendHost, VirtualClock } from '@seekyou/testkit'
import { expect } from 'vitest'
import type * as z from 'zod'

/** A sandbox that runs on a host in memory, driven through its port. */
export interface Run {
  readonly backend: Backend
  readonly host: MemoryBackendHost
  readonly clock: VirtualClock
  /** Does an action as the dispatcher would, and checks what it answers against the action's schema. */
  act(action: ActionName, params?: object): Promise<unknown>
  /** Does a control verb with params as they come off the wire. */
  play(verb: string, params?: unknown): Promise<unknown>
  /** What a verb shows when it is called with GET. */
  look(verb: string): Promise<unknown>
  /** How the sandbox was set up. */
  readonly setup: SandboxSetup
  /** The newest event. */
  last(): NetworkEvent | undefined
}

export async function startSandbox({
  time: clock = createVirtualClock(),
  memory,
  files,
  ...setup
}: SandboxSetup & {
  readonly memory?: BackendMemory
  readonly files?: FileSource
  /** The clock of the host. */
  readonly time?: VirtualClock
} = {}): Promise<Run> {
  const backend = createSandbox(setup)
  const host = createBackendHost({
    self: await backend.identify(),
    clock,
    ...(memory && { memory }),
    ...(files && { files }),
  })
  await backend.start(host)
  return {
    backend,
    host,
    clock,
    async act(action, params = {}) {
      const read: unknown = catalogue[action].params.parse(params)
      const data = await backend.actions[action]?.(read as never)
      const { source, data: schema }: { readonly source?: z.ZodType | undefined; readonly data: z.ZodType } =
        catalogue[action]
      expect((source ?? schema).parse(data)).toEqual(data)
      return data
    },
    async play(verb, params = {}) {
      const data = await backend.control?.[verb]?.run(params)
      expect(backend.control?.[verb]?.data?.parse(data)).toEqual(data)
      return data
    },
    look: async (verb) => backend.control?.[verb]?.read?.({}),
    setup,
    last: () => host.events.at(-1),
  }
}

/** Stops a sandbox and starts it again on what it left behind, with some of its documents changed. */
export async function restart(run: Run, changes: Readonly<Record<string, object>> = {}): Promise<Run> {
  await run.backend.stop()
  const { memory } = run.host
  for (const [key, change] of Object.entries(changes)) {
    const document: unknown = JSON.parse(memory.state.get(key)!)
    memory.state.set(key, JSON.stringify({ ...(document as object), ...change }))
  }
  return startSandbox({ ...run.setup, memory, time: run.clock })
}

/** The messages that the bot heard or said, in order, each as its segments. */
export function messagesOf(run: Run): readonly unknown[] {
  return run.host.events.flatMap((event) => ('message' in event ? [event.message] : []))
}

/** What a refused call answers, as `kind code`; the call must have left everything as it was. */
export async function refusal(run: Run, call: Promise<unknown>): Promise<string> {
  const { kind, code } = await failureOf(run, call)
  return `${kind} ${code}`
}

/** All that a refused call answers, as `retcode code: wording`; the call must have left everything as it was. */
export async function answerOf(run: Run, call: Promise<unknown>): Promise<string> {
  const { kind, code, message } = await failureOf(run, call)
  return `${failures[kind].retcode} ${code}: ${message}`
}

async function failureOf(run: Run, call: Promise<unknown>): Promise<ActionFailure> {
  const remembered = () => ({
    state: Object.fromEntries(run.host.memory.state),
    messages: Object.fromEntries(run.host.memory.messages),
    events: run.host.events.length,
  })
  const before = remembered()
  const failure: unknown = await call.then(
    () => 'it was done',
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(ActionFailure)
  expect(remembered()).toEqual(before)
  expect((failure as ActionFailure).message).toMatch(/^[^\n]{20,300}$/)
  return failure as ActionFailure
}

/** What the verb `world` shows, as far as tests look at it. */
export interface Overview {
  readonly bot: number
  readonly users: readonly { readonly user_id: number; readonly nickname: string }[]
  readonly friends: readonly { readonly user_id: number; readonly direction: string }[]
  readonly groups: readonly {
    readonly group_id: number
    readonly group_name: string
    readonly whole_ban: boolean
    readonly members: readonly {
      readonly user_id: number
      readonly role: string
      readonly card: string
      readonly mute_until: number
    }[]
    readonly exiles: readonly number[]
  }[]
  readonly requests: readonly { readonly flag: string; readonly user_id: number; readonly answer: object | null }[]
  readonly discusses: readonly { readonly discuss_id: number; readonly member_ids: readonly number[] }[]
}

export const worldOf = async (run: Run) => (await run.play('world')) as Overview

export const text = (content: string) => [{ type: 'text', data: { text: content } }]

/** The smallest files that are images, one for each kind. */
export const images = {
  png: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
  gif: Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64'),
  jpeg: Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex'),
  webp: Buffer.from('RIFF\x1A\0\0\0WEBPVP8L\x0D\0\0\0\x2F\0\0\0\x10\x07\x10\x11\x11\x88\x88\xFE\x07\0', 'latin1'),
  bmp: Buffer.from(`424d1e000000000000001a0000000c000000010001000100180000${'00'.repeat(4)}`, 'hex'),
}

/** A file that a source would load, of the type that its sniffer would tell. */
export const file = (bytes: Buffer | string, type: string): LoadedFile => ({ bytes: Buffer.from(bytes), type })

export const base64 = (bytes: Buffer) => `base64://${bytes.toString('base64')}`
