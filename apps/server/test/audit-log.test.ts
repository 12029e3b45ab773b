import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditEntry } from '@seekyou/hub'
import { createRecordingLogger, createTemporaryFolder, startProgram } from '@seekyou/testkit'
import { describe, expect, test } from 'vitest'
import { openAuditLog } from '../src/audit-log.ts'

const entry: AuditEntry = {
  at: 1_767_225_600_000,
  self_id: 10000,
  token: 'shop',
  action: 'send_group_msg',
  chat: 'group:20002',
  from: '127.0.0.1',
  outcome: 'refused',
  reason: 'x'.repeat(200),
}

async function lines(path: string): Promise<readonly Record<string, unknown>[]> {
  const text = await readFile(path, 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('the audit log', () => {
  test('is put aside when it is full, keeps so many files, and nobody else can read any of them', async () => {
    await using folder = await createTemporaryFolder()
    const options = { max_size: 2000 / 1024 / 1024, max_files: 3 }
    await writeFile(join(folder.path, 'audit.log'), '', { mode: 0o644 })
    for (let n = 0; n < 40; n++) {
      // Each is opened anew, as after a restart.
      await using audit = openAuditLog({ dataDir: folder.path, options, log: createRecordingLogger() })
      audit.write({ ...entry, self_id: n })
    }
    const files = (await readdir(folder.path)).toSorted()
    expect(files).toEqual(['audit.log', 'audit.log.1', 'audit.log.2'])
    const kept: unknown[] = []
    for (const file of files.toReversed()) {
      const { mode, size } = await stat(join(folder.path, file))
      expect(mode & 0o777).toBe(0o600)
      expect(size).toBeLessThanOrEqual(2000)
      kept.push(...(await lines(join(folder.path, file))).map(({ self_id }) => self_id))
    }
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => 40 - kept.length + index))
    expect(kept.length).toBeGreaterThan(8)
  })

  test('counts what strangers try beyond ten in a second, and loses nothing of anyone else', async () => {
    await using folder = await createTemporaryFolder()
    const options = { max_size: 10, max_files: 5 }
    {
      await using audit = openAuditLog({ dataDir: folder.path, options, log: createRecordingLogger() })
      for (let n = 0; n < 100; n++) audit.write({ ...entry, token: null, action: null })
      for (let n = 0; n < 100; n++) audit.write(entry)
    }
    const written = await lines(join(folder.path, 'audit.log'))
    expect(written).toHaveLength(110)
    expect(written[10]).toMatchObject({ token: 'shop', omitted: 90 })
    expect(written[11]).not.toHaveProperty('omitted')
  })

  test('tells the operator where it cannot be written, and goes on', async () => {
    await using folder = await createTemporaryFolder()
    const log = createRecordingLogger()
    {
      const dataDir = join(folder.path, 'nowhere')
      await using audit = openAuditLog({ dataDir, options: { max_size: 10, max_files: 5 }, log })
      audit.write(entry)
    }
    expect(log.lines).toMatchObject([{ level: 'error' }])
  })
})

test('a server writes down who was turned away and who kicked whom, and nothing that was said', async () => {
  await using folder = await createTemporaryFolder()
  const owner = 'the-token-of-the-owner'
  const secret = 'a-secret-of-the-shop'
  const config = JSON.stringify({ tokens: [{ name: 'shop', secret, preset: 'chat', groups: [20001] }] })
  const env = { SEEKYOU_TOKEN: owner }
  const program = await startProgram({ folder: folder.path, config, env, token: owner })
  const ask = (path: string, token: string, headers: Record<string, string> = {}) =>
    fetch(`${program.url}/${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } })
  await ask('send_group_msg?group_id=20002&message=whisper', secret)
  await ask('inspect/links', secret)
  await ask('get_status', 'guessed-token')
  await ask('delete_msg?message_id=999', owner)
  await ask('set_group_kick?group_id=20001&user_id=10001', owner)
  await program.stop()
  const path = join(folder.path, 'data', 'audit.log')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await lines(path)).toMatchObject([
    { token: 'shop', action: 'send_group_msg', chat: 'group:20002', from: '127.0.0.1', outcome: 'refused' },
    { token: 'shop', action: null, outcome: 'refused' },
    { token: null, action: null, outcome: 'refused' },
    { token: null, action: 'delete_msg', chat: null, outcome: 'failed' },
    { token: null, action: 'set_group_kick', chat: 'group:20001', outcome: 'done' },
  ])
  const text = await readFile(path, 'utf8')
  for (const word of ['whisper', owner, secret, 'guessed-token']) expect(text).not.toContain(word)
})
