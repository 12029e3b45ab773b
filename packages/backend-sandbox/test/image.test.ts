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

describe('the media behind the name of an image', () => {
  it('is what was sent, in any case of the name', async () => {
    const run = await startSandbox()
    const name = await nameOf(run, base64(images.png))
    const media = { key: sha(images.png), size: images.png.length, type: 'image/png' }
    expect(await run.backend.mediaNamed?.(name)).toEqual(media)
    expect(await run.backend.mediaNamed?.(name.toUpperCase())).toEqual(media)
  })

  it('is fetched into the cache when the image stayed where it was', async () => {
    const url = 'http://example.com/a.png'
    const files = createMemoryFiles({ [url]: { bytes: new Uint8Array(images.gif), type: 'image/gif' } })
    const run = await startSandbox({ files })
    const name = await nameOf(run, url)
    expect(run.host.memory.media.size).toBe(0)
    const media = { key: sha(images.gif), size: images.gif.length, type: 'image/gif' }
    expect(await run.backend.mediaNamed?.(name)).toEqual(media)
    expect(run.host.memory.media.get(media.key)?.isCached).toBe(true)
  })

  it('fails as the fetching fails', async () => {
    const run = await startSandbox()
    const name = await nameOf(run, 'http://example.com/a.png')
    await expect(run.backend.mediaNamed?.(name)).rejects.toMatchObject({ kind: 'file', code: 'FILE_NOT_FOUND' })
  })

  it('is none for a name that nobody heard, or whose file is forgotten', async () => {
    const run = await startSandbox()
    expect(await run.backend.mediaNamed?.('unknown.image')).toBeUndefined()
    const name = await nameOf(run, base64(images.png))
    run.host.memory.media.clear()
    expect(await run.backend.mediaNamed?.(name)).toBeUndefined()
  })
})
