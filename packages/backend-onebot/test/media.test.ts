import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ActionFailure, mediaUri } from '@seekyou/protocol'
import type { FileSource } from '@seekyou/protocol'
import { createMemoryFiles } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { png, startBridge, text } from './run.ts'

const group_id = 20001
const key = '6b7fa434f92a8b80aab02d9bf1a12e49ffcae424e4013a1c4f68b67e3d2bbcd0'
const image = { type: 'image', data: { file: 'CAT.png', url: 'https://cdn.test/cat?rkey=soon-gone' } }

/** The public internet with one file in it, and whatever is inline. */
function internet(url: string, load: () => Promise<Buffer> = async () => png): FileSource {
  return {
    async load(file) {
      if (file !== url) return createMemoryFiles().load(file)
      return { bytes: new Uint8Array(await load()), type: 'image/png' }
    },
  }
}

test('a picture that is heard is kept before its address goes', async () => {
  await using run = await startBridge('go-cqhttp', { files: internet(image.data.url) })
  run.upstream.network.say(10001, { group_id }, [...text('look'), image])
  expect(await run.hears({ post_type: 'message' })).toMatchObject({
    message: [...text('look'), { type: 'image', data: { file: 'CAT.png', url: mediaUri(key) } }],
  })
  expect(await run.backend.mediaNamed!('CAT.png')).toMatchObject({ key })
})

test('a picture that takes too long is linked, and found by its name later', async () => {
  const slow = Promise.withResolvers<Buffer>()
  const files = internet(image.data.url, () => slow.promise)
  await using run = await startBridge('go-cqhttp', { files, media_timeout: 0.05 })
  run.upstream.network.say(10001, { group_id }, [image])
  run.upstream.network.say(10001, { user_id: 10000 }, 'meanwhile')
  await run.hears({ message: text('meanwhile') })
  expect(await run.hears({ group_id })).toMatchObject({ message: [image] })
  slow.resolve(png)
  await expect.poll(() => run.backend.mediaNamed!('CAT.png')).toMatchObject({ key })
})

test('events of a chat keep their order while a picture is fetched, and no other chat waits', async () => {
  const slow = Promise.withResolvers<Buffer>()
  await using run = await startBridge('go-cqhttp', {
    files: internet(image.data.url, () => slow.promise),
    media_timeout: 60,
  })
  run.upstream.network.say(10001, { group_id }, [image])
  run.upstream.network.say(10001, { group_id }, 'after the picture')
  run.upstream.network.say(10001, { group_id: 20002 }, 'elsewhere')
  await run.hears({ message: text('elsewhere') })
  slow.resolve(png)
  await run.hears({ message: text('after the picture') })
  expect(run.host.events.map((event) => ('group_id' in event ? event.group_id : 0))).toEqual([
    20002,
    group_id,
    group_id,
  ])
})

test('what cannot be fetched is linked, as everything is where that is wanted', async () => {
  const failing = internet(image.data.url, () => Promise.reject(new ActionFailure('file', 'gone')))
  for (const options of [{ files: failing }, { files: internet(image.data.url), media: 'link' as const }]) {
    await using run = await startBridge('go-cqhttp', options)
    run.upstream.network.say(10001, { group_id }, [image])
    expect(await run.hears({ post_type: 'message' })).toMatchObject({ message: [image] })
  }
})

test('a picture that was not kept is asked for by its name', async () => {
  await using run = await startBridge('napcat')
  run.upstream.answer('get_image', ({ file }) => ({
    file: '/in/a/container',
    base64: png.toString('base64'),
    name: file,
  }))
  expect(await run.backend.mediaNamed!('OLD.png')).toMatchObject({ key })
  expect(await run.backend.mediaNamed!('NEVER.silk')).toBeUndefined()
  // It is sent again as what it is, since the upstream may have forgotten it.
  await run.act('send_group_msg', { group_id, message: [{ type: 'image', data: { file: 'OLD.png' } }] })
  const { message } = run.upstream.paramsOf('send_group_msg').at(-1)!
  expect(message).toEqual([{ type: 'image', data: { file: `base64://${png.toString('base64')}` } }])
})

test('the upstream itself may be on a private network, and nothing else on it', async () => {
  await using opened = new AsyncDisposableStack()
  const server = createServer((_request, response) => response.end(png)).listen(0, '127.0.0.1')
  opened.defer(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret`
  await using run = await startBridge('generic', { files: internet('https://nowhere.test/') })
  run.upstream.network.say(10001, { group_id }, [{ type: 'image', data: { file: 'A.png', url: elsewhere } }])
  expect(await run.hears({ group_id })).toMatchObject({ message: [{ data: { url: elsewhere } }] })
  const own = `${run.upstream.httpUrl}/get_status`
  run.upstream.network.say(10001, { group_id: 20002 }, [{ type: 'image', data: { file: 'B.png', url: own } }])
  expect(await run.hears({ group_id: 20002 })).toMatchObject({
    message: [{ data: { url: expect.stringMatching(/^media:/) } }],
  })
})
