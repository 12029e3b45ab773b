import { expect, it } from 'vitest'
import { base64, images, startSandbox } from './run.ts'

const frame = Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b080003000501011100', 'hex')
const webp = (format: string, data: string) =>
  Buffer.concat([
    Buffer.from(`RIFF\x20\0\0\0WEBP${format}\x10\0\0\0`, 'latin1'),
    Buffer.from(data.padEnd(32, '0'), 'hex'),
  ])

it.each<[string, Buffer, string]>([
  ['a PNG', images.png, '1×1'],
  ['a GIF', images.gif, '1×1'],
  ['an old bitmap', images.bmp, '1×1'],
  [
    'a bitmap from top to bottom',
    Buffer.from(`424d${'00'.repeat(12)}2800000007000000f9ffffff${'00'.repeat(32)}`, 'hex'),
    '7×7',
  ],
  ['a JPEG', frame, '5×3'],
  ['a JPEG without a frame', images.jpeg, '0×0'],
  ['a lossless WebP', images.webp, '1×1'],
  ['a lossy WebP', webp('VP8 ', '0000009d012a05000300'), '5×3'],
  ['a WebP with more to it', webp('VP8X', '00000000040000020000'), '5×3'],
])('tells how large %s is', async (_, bytes, size) => {
  const run = await startSandbox()
  await run.act('_send_group_notice', { group_id: 20001, content: 'x', image: base64(bytes) })
  const [notice] = (await run.act('_get_group_notice', { group_id: 20001 })) as {
    message: { images: { width: string; height: string }[] }
  }[]
  const [image] = notice!.message.images
  expect(`${image!.width}×${image!.height}`).toBe(size)
})
