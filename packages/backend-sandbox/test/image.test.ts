import { createHash } from 'node:crypto'
import { createMemoryFiles } from '@seekyou/testkit'
import { describe, expect, it } from 'vitest'
import { base64, images, startSandbox } from './run.ts'

const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** Sends an image to a group and returns the name it is heard under. */
async function nameOf(run: Awaited<ReturnType<typeof startSandbox>>, file: string): Promise<string> {
  await run.play('say', { as: 10001, group_id: 20001, message: [{ type: 'image', data: { file } }] })
  const event = run.last()
  const [segment] = event && 'message' in event ? event.message : []
  return segment?.data['file'] as string
}

describe('the media behind a name', () => {
  it('is what was sent, in any case of the name', async () => {
    const run = await startSandbox()
    const name = await nameOf(run, base64(images.png))
    const media = { key: sha(images.png), size: images.png.length, type: 'image/png', name }
    expect(await run.backend.mediaNamed?.(name)).toEqual(media)
    expect(await run.backend.mediaNamed?.(name.toUpperCase())).toEqual(media)
  })

  it('is there for records, too', async () => {
    const sound = Buffer.from('a record')
    const files = createMemoryFiles({ 'file:///a.amr': { bytes: sound, type: 'audio/amr' } })
    const run = await startSandbox({ files })
    await run.play('say', { as: 10001, message: '[CQ:record,file=file:///a.amr]' })
    const name = `${createHash('md5').update(sound).digest('hex')}.amr`
    const media = { key: sha(sound), size: sound.length, type: 'audio/amr', name }
    expect(await run.backend.mediaNamed?.(name)).toEqual(media)
  })

  it('is there for files by their ids, of those whom they were sent to', async () => {
    const run = await startSandbox()
    const fileOf = (text: string) => ({ as: 10001, name: 'a.txt', content: base64(Buffer.from(text)) })
    const { file_id } = (await run.play('upload_file', { group_id: 20001, ...fileOf('group') })) as { file_id: string }
    const { file_id: sent } = (await run.play('send_file', fileOf('private'))) as { file_id: string }
    expect(await run.backend.mediaNamed?.(file_id)).toMatchObject({ key: sha(Buffer.from('group')), name: 'a.txt' })
    expect(await run.backend.mediaNamed?.(sent)).toMatchObject({ key: sha(Buffer.from('private')) })
    expect(await run.backend.mediaNamed?.('/f999')).toBeUndefined()
    await run.act('set_group_leave', { group_id: 20001, is_dismiss: true })
    expect(await run.backend.mediaNamed?.(file_id)).toBeUndefined()
  })

  it('is none for a name that nobody heard, or whose file is forgotten', async () => {
    const run = await startSandbox()
    expect(await run.backend.mediaNamed?.('unknown.image')).toBeUndefined()
    const name = await nameOf(run, base64(images.png))
    run.host.memory.media.clear()
    expect(await run.backend.mediaNamed?.(name)).toBeUndefined()
  })
})
