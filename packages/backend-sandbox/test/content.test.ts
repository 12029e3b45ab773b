import { createHash } from 'node:crypto'
import { mediaUri } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { base64, images, refusal, restart, startSandbox } from './run.ts'
import type { Run } from './run.ts'

const send = (run: Run, message: unknown, group_id = 20001) => run.act('send_group_msg', { group_id, message })

/** What a message looks like on the other side. */
async function carried(run: Run, message: unknown): Promise<unknown> {
  await send(run, message)
  const event = run.last()
  return event && 'message' in event ? event.message : undefined
}

const md5 = (bytes: Buffer | string) => createHash('md5').update(bytes).digest('hex')
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

describe('text, mentions, faces, cards', () => {
  it.each([
    ['text', { text: 'a & [b]' }],
    ['at', { qq: '10001' }],
    ['at', { qq: 'all' }],
    ['face', { id: '178' }],
    ['face', { id: '5', type: 'sticker' }],
    ['share', { url: 'http://x/', title: 'X' }],
    ['json', { data: '{"a":1}' }],
    ['xml', { data: '<a/>' }],
    ['music', { type: '163', id: '1' }],
    ['location', { lat: '1.5', lon: '2.5' }],
    ['contact', { type: 'qq', id: '10001' }],
  ])('carries %s as it is: %o', async (type, data) => {
    const run = await startSandbox()
    expect(await carried(run, [{ type, data }])).toEqual([{ type, data }])
  })

  it('carries what the bot says and what people say alike', async () => {
    const run = await startSandbox()
    await run.play('say', { as: 10001, group_id: 20001, message: '[CQ:at,qq=10000] hi' })
    const heard = run.last()
    await send(run, [
      { type: 'at', data: { qq: 10000 } },
      { type: 'text', data: { text: ' hi' } },
    ])
    expect(heard).toMatchObject({
      message: [
        { type: 'at', data: { qq: '10000' } },
        { type: 'text', data: { text: ' hi' } },
      ],
    })
    expect(run.last()).toMatchObject({ message: (heard as { message: unknown }).message })
  })

  it.each([
    ['at', { qq: 'everyone' }],
    ['at', {}],
    ['face', { id: 'smile' }],
    ['share', { url: 'http://x/' }],
    ['reply', { id: 'x' }],
    ['dice', { value: '7' }],
    ['rps', { value: '3' }],
    ['image', {}],
  ])('refuses %s with %o as a bad param', async (type, data) => {
    const run = await startSandbox()
    expect(await refusal(run, send(run, [{ type, data }]))).toBe('bad-params BAD_PARAMS')
  })

  it.each([
    'poke',
    'record',
    'video',
    'forward',
    'node',
    'tts',
    'gift',
    'redbag',
    'anonymous',
    'shake',
    'file',
    'mystery',
  ])('refuses what it cannot carry: %s', async (type) => {
    const run = await startSandbox()
    const message = [
      { type: 'text', data: { text: 'x' } },
      { type, data: { qq: '10001', id: '1', file: 'x' } },
    ]
    expect(await refusal(run, send(run, message))).toBe('refused UNSUPPORTED_SEGMENT')
  })
})

describe('replies', () => {
  it('quote a message of the same chat, and come first', async () => {
    const run = await startSandbox()
    await run.play('say', { as: 10001, group_id: 20001, message: 'hi' })
    expect(await carried(run, '[CQ:at,qq=10001] yes[CQ:reply,id=1]')).toEqual([
      { type: 'reply', data: { id: '1' } },
      { type: 'at', data: { qq: '10001' } },
      { type: 'text', data: { text: ' yes' } },
    ])
  })

  it('refuse a message of another chat, and one that is not there', async () => {
    const run = await startSandbox()
    await run.play('say', { as: 10001, message: 'hi' })
    expect(await refusal(run, send(run, '[CQ:reply,id=1]yes'))).toBe('no-data REPLY_NOT_FOUND')
    expect(await refusal(run, send(run, '[CQ:reply,id=77]yes'))).toBe('no-data REPLY_NOT_FOUND')
    expect(await refusal(run, send(run, '[CQ:reply,text=a,qq=10001]yes'))).toBe('refused UNSUPPORTED_SEGMENT')
  })
})

describe('dice and rps', () => {
  it.each([
    [0, '1', '0'],
    [0.5, '4', '1'],
    [0.999, '6', '2'],
  ])('are drawn: %f gives %s and %s', async (chance, pips, hand) => {
    const run = await startSandbox({ random: () => chance })
    expect(await carried(run, '[CQ:dice][CQ:rps]')).toEqual([
      { type: 'dice', data: { value: pips } },
      { type: 'rps', data: { value: hand } },
    ])
  })

  it('show the value that was asked for', async () => {
    const run = await startSandbox({ random: () => 0 })
    expect(await carried(run, '[CQ:dice,value=5]')).toEqual([{ type: 'dice', data: { value: '5' } }])
  })
})

describe('images', () => {
  it.each(Object.entries(images))('store the bytes of a %s', async (kind, bytes) => {
    const run = await startSandbox()
    const key = sha256(bytes)
    expect(await carried(run, [{ type: 'image', data: { file: base64(bytes), cache: 0 } }])).toEqual([
      { type: 'image', data: { file: `${md5(bytes)}.image`, url: mediaUri(key) } },
    ])
    expect(await run.host.media.get(key)).toMatchObject({ type: `image/${kind}`, size: bytes.length })
  })

  it('can be sent again by the name they were received with, in any chat and case', async () => {
    const run = await startSandbox()
    const image = await carried(run, [{ type: 'image', data: { file: base64(images.png) } }])
    expect(await carried(run, image)).toEqual(image)
    const file = `${md5(images.png).toUpperCase()}.image`
    await run.play('say', { as: 10002, message: [{ type: 'image', data: { file } }] })
    expect(run.last()).toMatchObject({ message: image })
  })

  it('are known by their names after a restart', async () => {
    const run = await startSandbox()
    const image = await carried(run, [{ type: 'image', data: { file: base64(images.png) } }])
    expect(await carried(await restart(run), [{ type: 'image', data: { file: `${md5(images.png)}.image` } }])).toEqual(
      image,
    )
  })

  it('stay where they are when they are given as a URL', async () => {
    const run = await startSandbox()
    const url = 'https://example.org/a.png'
    const image = [{ type: 'image', data: { file: `${md5(url)}.image`, url } }]
    expect(await carried(run, [{ type: 'image', data: { file: url } }])).toEqual(image)
    expect(await carried(run, [{ type: 'image', data: { file: `${md5(url)}.image` } }])).toEqual(image)
    expect(await carried(run, [{ type: 'image', data: { file: 'a.png', url } }])).toEqual(image)
  })

  it('keep how they are shown', async () => {
    const run = await startSandbox()
    expect(
      await carried(run, [{ type: 'image', data: { file: base64(images.gif), type: 'show', id: '40002' } }]),
    ).toMatchObject([{ data: { type: 'show', id: '40002' } }])
  })

  it.each([
    ['bytes that are no image', base64(Buffer.from('hello, this is text')), 'refused NOT_AN_IMAGE'],
    [
      'text that begins like a bitmap',
      base64(Buffer.from('BM is how a bitmap begins, and this')),
      'refused NOT_AN_IMAGE',
    ],
    ['what is not base64', 'base64://!!!', 'refused NOT_AN_IMAGE'],
    ['nothing', 'base64://', 'refused NOT_AN_IMAGE'],
    ['a file of the machine', 'file:///etc/passwd', 'refused FILE_REFUSED'],
    ['a name never seen', 'abc.image', 'no-data IMAGE_NOT_FOUND'],
    ['a path', '../secret.png', 'no-data IMAGE_NOT_FOUND'],
  ])('refuse %s', async (_, file, answer) => {
    const run = await startSandbox()
    expect(await refusal(run, send(run, [{ type: 'image', data: { file } }]))).toBe(answer)
  })

  it('have at most 30 MB', async () => {
    const run = await startSandbox()
    const bytes = Buffer.alloc(30 * 1024 * 1024)
    images.png.copy(bytes)
    await send(run, [{ type: 'image', data: { file: base64(bytes) } }])
    const more = [{ type: 'image', data: { file: base64(Buffer.concat([bytes, Buffer.alloc(1)])) } }]
    expect(await refusal(run, send(run, more))).toBe('refused IMAGE_TOO_LARGE')
  })
})

describe('length', () => {
  const image = { type: 'image', data: { file: base64(images.png) } }
  const withText = (length: number) => [
    { type: 'reply', data: { id: '1' } },
    image,
    { type: 'text', data: { text: 'x'.repeat(length) } },
  ]

  it('is at most 5000 bytes of text', async () => {
    const run = await startSandbox()
    await send(run, 'x'.repeat(5000))
    expect(await refusal(run, send(run, 'x'.repeat(5001)))).toBe('refused MESSAGE_TOO_LONG')
    expect(await refusal(run, send(run, '喂'.repeat(1667)))).toBe('refused MESSAGE_TOO_LONG')
  })

  it('counts a reply as 444 and an image as 100', async () => {
    const run = await startSandbox()
    await send(run, 'first')
    await send(run, withText(5000 - 544))
    expect(await refusal(run, send(run, withText(5001 - 544)))).toBe('refused MESSAGE_TOO_LONG')
  })

  it('is at most 50 images', async () => {
    const run = await startSandbox()
    await send(
      run,
      Array.from({ length: 50 }, () => image),
    )
    expect(
      await refusal(
        run,
        send(
          run,
          Array.from({ length: 51 }, () => image),
        ),
      ),
    ).toBe('refused TOO_MANY_IMAGES')
  })
})

it('is refused when what it was allowed for is gone by the time it is ready', async () => {
  const run = await restart(await startSandbox(), { 'discuss/30001': { member_ids: [10000, 10003] } })
  const put = run.host.media.put.bind(run.host.media)
  run.host.media.put = async (bytes, type) => {
    await run.play('reset')
    return put(bytes, type)
  }
  const message = [{ type: 'image', data: { file: base64(images.png) } }]
  const said = run.play('say', { as: 10003, discuss_id: 30001, message })
  await expect(said).rejects.toMatchObject({ code: 'MEMBER_NOT_FOUND' })
  expect(run.host.events).toEqual([])
})
