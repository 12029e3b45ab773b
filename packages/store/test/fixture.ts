import { DatabaseSync } from 'node:sqlite'
import { openStore } from '@seekyou/store'
import type { StoreSetup } from '@seekyou/store'
import { createRecordingLogger, createTemporaryFolder, createVirtualClock } from '@seekyou/testkit'

/** A data directory of the test's own, with the clock and the log of every store that is opened in it. */
export async function createPlace() {
  const folder = await createTemporaryFolder()
  const dataDir = `${folder.path}/data`
  const clock = createVirtualClock()
  const log = createRecordingLogger()
  return {
    dataDir,
    clock,
    log,
    database: `${dataDir}/seekyou.db`,
    open: (options: Partial<StoreSetup> = {}) => openStore({ dataDir, clock, log, ...options }),
    /** Looks into the database from outside, as someone with a query tool would. */
    query(sql: string): unknown[] {
      using db = new DatabaseSync(`${dataDir}/seekyou.db`)
      return db
        .prepare(sql)
        .all()
        .map((row) => Object.values(row))
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}
