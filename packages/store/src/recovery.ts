import { rmSync } from 'node:fs'
import { chatKey, chatOf, isMessage } from '@seekyou/protocol'
import type { StateQueries } from './backend-state.ts'
import type { Transaction } from './database.ts'
import type { JournalQueries } from './journal.ts'
import type { MessageQueries } from './message-store.ts'
import { reasonOf, StoreUnavailable } from './store-unavailable.ts'
import { readTail } from './tail.ts'
import type { TailRecord, TailSetup } from './tail.ts'

interface RecoverySetup extends TailSetup {
  readonly transaction: Transaction
  readonly queries: {
    readonly journal: JournalQueries
    readonly messages: MessageQueries
    readonly state: StateQueries
  }
}

/**
 * Lets the database have what a process that did not end by itself left in the tail.
 * @throws StoreUnavailable
 */
export function recover(setup: RecoverySetup): void {
  const { db, path, transaction } = setup
  try {
    const { turns, generation } = readTail(setup)
    if (turns.length > 0) {
      transaction(() => {
        for (const turn of turns) redo(turn, setup.queries)
        db.prepare('UPDATE tail SET moved = ?').run(generation)
      })
    }
    rmSync(path, { force: true })
  } catch (error) {
    const sentence = `What ${path} holds cannot be moved into the database: ${reasonOf(error)}.`
    throw new StoreUnavailable(sentence, error)
  }
}

function redo(turn: readonly TailRecord[], { journal, messages, state }: RecoverySetup['queries']): void {
  const sizes = new Map<number, number>()
  for (const record of turn) {
    switch (record[0]) {
      case 'message': {
        const [, selfId, at, event] = record
        const { message_id, message_seq } = event
        const json = JSON.stringify(event)
        const bytes = Buffer.byteLength(json)
        const chat = chatKey(chatOf(event))
        messages.put.run(selfId, message_id, chat, message_seq, at, messages.endOf(bytes), json)
        sizes.set(message_id, bytes)
        break
      }
      case 'told': {
        const [, selfId, seq, at, messageId] = record
        const lastByte = endOf(selfId, seq, sizes.get(messageId) ?? 0)
        if (lastByte !== undefined) journal.appendStored.run(selfId, seq, at, lastByte, messageId)
        break
      }
      case 'event': {
        const [, selfId, seq, at, event] = record
        const json = JSON.stringify(event)
        const lastByte = endOf(selfId, seq, Buffer.byteLength(json))
        const messageId = isMessage(event) ? event.message_id : null
        if (lastByte !== undefined) journal.append.run(selfId, seq, at, lastByte, messageId, json)
        break
      }
      case 'cursor': {
        const [, selfId, link, seq] = record
        journal.saveCursor.run(selfId, link, seq)
        break
      }
      case 'put': {
        const [, selfId, key, value] = record
        state.put.run(selfId, key, JSON.stringify(value))
        break
      }
      case 'delete': {
        const [, selfId, key] = record
        state.delete.run(selfId, key)
      }
    }
  }

  /** Where an entry of so many bytes ends in the journal of an account; `undefined` for one that is there. */
  function endOf(selfId: number, seq: number, bytes: number): number | undefined {
    const [lastSeq, lastByte] = journal.tip.one(selfId) ?? [0, 0]
    return seq > lastSeq ? lastByte + bytes : undefined
  }
}
