import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTemporaryFolder } from '@seekyou/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { messagesOf, refusal, startSandbox } from './run.ts'

const tts = { group_id: 20001, message: '[CQ:tts,text=hello]' }

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('tts', () => {
  it('is a record of what espeak-ng says', async () => {
    await using folder = await createTemporaryFolder()
    const program = join(folder.path, 'espeak-ng')
    await writeFile(program, `#!${process.execPath}\nprocess.stdin.pipe(process.stdout)`)
    await chmod(program, 0o755)
    vi.stubEnv('PATH', folder.path)
    const run = await startSandbox()
    await run.act('send_group_msg', tts)
    expect(messagesOf(run)).toMatchObject([[{ type: 'record', data: { file: expect.stringMatching(/\.amr$/) } }]])
    const [media] = run.host.memory.media.values()
    expect(media).toMatchObject({ type: 'audio/wav', size: 'hello'.length })
  })

  it('is refused where there is no espeak-ng, and outside groups', async () => {
    vi.stubEnv('PATH', '')
    const run = await startSandbox()
    expect(await refusal(run, run.act('send_group_msg', tts))).toBe('refused TTS_UNAVAILABLE')
    const inPrivate = run.act('send_private_msg', { user_id: 10001, message: tts.message })
    expect(await refusal(run, inPrivate)).toBe('refused TTS_REFUSED')
  })
})
