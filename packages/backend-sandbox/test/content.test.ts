import { createHash } from 'node:crypto'
import { mediaUri } from '@seekyou/protocol'
import { createMemoryFiles, settle } from '@seekyou/testkit'
import { describe, expect, it } from 'vitest'
import { answerOf, base64, file, images, messagesOf, refusal, restart, startSandbox } from './run.ts'
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
    ['at', { qq: '0' }],
    ['music', { type: 'mine', id: '1' }],
    ['music', { type: 'custom', url: 'http://x/', title: 'X' }],
    ['music', { type: 'custom', id: '1' }],
    ['contact', { type: 'person', id: '1' }],
    ['location', { lat: '91', lon: '0' }],
    ['json', { data: '{' }],
    ['xml', { data: 'a' }],
    ['poke', { qq: 'x' }],
    ['poke', { type: '1', id: '-1' }],
    ['gift', { qq: '10001', id: '14' }],
    ['record', {}],
    ['cardimage', { file: base64(images.png), minwidth: '0' }],
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

  it.each(['node', 'redbag', 'markdown', 'mystery'])('refuses what it cannot carry: %s', async (type) => {
    const run = await startSandbox()
    const message = [
      { type: 'text', data: { text: 'x' } },
      { type, data: { title: 'x', id: '1', content: 'x' } },
    ]
    expect(await refusal(run, send(run, message))).toBe('refused UNSUPPORTED_SEGMENT')
  })

  it.each(['toString', 'constructor', '__proto__'])(
    'knows no segment because every object has one: %s',
    async (type) => {
      const run = await startSandbox()
      expect(await answerOf(run, send(run, [{ type, data: {} }]))).toBe(
        `103 UNSUPPORTED_SEGMENT: the sandbox knows no ${type} segments`,
      )
    },
  )
})

describe('replies', () => {
  it('quote a message of the same chat, and come first', async () => {
    const run = await startSandbox()
    await run.play('say', { as: 10001, group_id: 20001, message: 'hi' })
    expect(await carried(run, '[CQ:at,qq=10001] yes[CQ:reply,id=1]')).toEqual([
      { type: 'reply', data: { id: '1', seq: '1', qq: '10001', time: expect.stringMatching(/^\d+$/), text: 'hi' } },
      { type: 'at', data: { qq: '10001' } },
      { type: 'text', data: { text: ' yes' } },
    ])
  })

  it('refuse a message of another chat, and one that is not there', async () => {
    const run = await startSandbox()
    await run.play('say', { as: 10001, message: 'hi' })
    expect(await refusal(run, send(run, '[CQ:reply,id=1]yes'))).toBe('no-data REPLY_NOT_FOUND')
    expect(await refusal(run, send(run, '[CQ:reply,id=77]yes'))).toBe('no-data REPLY_NOT_FOUND')
  })

  it('can be made up; the id of a message that is there wins over that', async () => {
    const run = await startSandbox()
    const madeUp = { id: '0', seq: '0', qq: '10001', time: String(run.clock.now() / 1000), text: 'never said' }
    expect(await carried(run, '[CQ:reply,text=never said,qq=10001]yes')).toEqual([
      { type: 'reply', data: madeUp },
      { type: 'text', data: { text: 'yes' } },
    ])
    expect(await carried(run, [{ type: 'reply', data: madeUp }])).toEqual([{ type: 'reply', data: madeUp }])
    expect(await carried(run, '[CQ:reply,text=x,user_id=7,time=9,seq=3]')).toEqual([
      { type: 'reply', data: { id: '0', seq: '3', qq: '7', time: '9', text: 'x' } },
    ])
    // What a message that is there says is known, and a quotation in it is not quoted again.
    expect(await carried(run, '[CQ:reply,id=1,text=x,qq=7]')).toMatchObject([
      { type: 'reply', data: { id: '1', qq: '10000', text: 'yes' } },
    ])
    expect(await refusal(run, send(run, '[CQ:reply,text=x,qq=nobody]'))).toBe('bad-params BAD_PARAMS')
  })
})

describe('dice and rps', () => {
  it.each([
    [0, '1', '0'],
    [0.5, '4', '1'],
    [0.999, '6', '2'],
  ])('are drawn: %f gives %s and %s', async (chance, pips, hand) => {
    const run = await startSandbox({ random: () => chance })
    expect(await carried(run, '[CQ:dice]')).toEqual([{ type: 'dice', data: { value: pips } }])
    expect(await carried(run, '[CQ:rps,value=]')).toEqual([{ type: 'rps', data: { value: hand } }])
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
      { type: 'image', data: { file: `${md5(bytes)}.image`, subType: '0', url: mediaUri(key) } },
    ])
    expect(await run.host.media.get(key)).toMatchObject({ type: `image/${kind}`, size: bytes.length })
  })

  it('can be sent again by the name they were received with, in any chat and case', async () => {
    const run = await startSandbox()
    const image = await carried(run, [{ type: 'image', data: { file: base64(images.png) } }])
    expect(await carried(run, image)).toEqual(image)
    const name = `${md5(images.png).toUpperCase()}.image`
    await run.play('say', { as: 10002, group_id: 20001, message: [{ type: 'image', data: { file: name } }] })
    expect(run.last()).toMatchObject({ message: image })
  })

  it('are known by their names after a restart', async () => {
    const run = await startSandbox()
    const image = await carried(run, [{ type: 'image', data: { file: base64(images.png) } }])
    expect(await carried(await restart(run), [{ type: 'image', data: { file: `${md5(images.png)}.image` } }])).toEqual(
      image,
    )
  })

  it('are fetched from a URL, or from a file of a folder that is open', async () => {
    const [url, path] = ['https://example.org/a.png', 'file:///pictures/a.png']
    const run = await startSandbox({
      files: createMemoryFiles({ [url]: file(images.png, 'image/png'), [path]: file(images.gif, 'image/gif') }),
    })
    const shown = (bytes: Buffer) => [
      { type: 'image', data: { file: `${md5(bytes)}.image`, subType: '0', url: mediaUri(sha256(bytes)) } },
    ]
    expect(await carried(run, [{ type: 'image', data: { file: url, cache: '0' } }])).toEqual(shown(images.png))
    expect(await carried(run, [{ type: 'image', data: { file: path } }])).toEqual(shown(images.gif))
    expect(await carried(run, [{ type: 'image', data: { file: 'unknown.image', url } }])).toEqual(shown(images.png))
  })

  it('keep how they are shown', async () => {
    const run = await startSandbox()
    expect(
      await carried(run, [{ type: 'image', data: { file: base64(images.gif), type: 'show', id: '40002' } }]),
    ).toMatchObject([{ data: { type: 'show', id: '40002' } }])
    const shown = async (data: object) => carried(run, [{ type: 'image', data: { file: base64(images.gif), ...data } }])
    expect(await shown({ type: 'show' })).toMatchObject([{ data: { type: 'show', id: '40000' } }])
    expect(await shown({ type: 'flash', subType: 3 })).toMatchObject([{ data: { type: 'flash', subType: '3' } }])
  })

  it.each([{ type: 'show', id: '40006' }, { type: 'hidden' }, { subType: 'x' }])('refuse %o', async (data) => {
    const run = await startSandbox()
    const image = { type: 'image', data: { file: base64(images.gif), ...data } }
    expect(await refusal(run, send(run, [image]))).toBe('bad-params BAD_PARAMS')
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
    ['a file that cannot be loaded', 'file:///etc/passwd', 'file FILE_NOT_FOUND'],
    ['a name never seen', 'abc.image', 'no-data IMAGE_NOT_FOUND'],
    ['a path', '../secret.png', 'no-data IMAGE_NOT_FOUND'],
  ])('refuse %s', async (_, named, answer) => {
    const run = await startSandbox()
    expect(await refusal(run, send(run, [{ type: 'image', data: { file: named } }]))).toBe(answer)
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

describe('records', () => {
  const sound = file('a record', 'audio/amr')
  const record = {
    type: 'record',
    data: { file: `${md5('a record')}.amr`, url: mediaUri(sha256(Buffer.from('a record'))) },
  }

  it('are stored, and can be said again by their name', async () => {
    const run = await startSandbox({ files: createMemoryFiles({ 'file:///a.amr': sound }) })
    await run.play('say', { as: 10001, message: '[CQ:record,file=file:///a.amr]' })
    expect(messagesOf(run)).toEqual([[record]])
    const magic = { ...record, data: { ...record.data, magic: '1' } }
    expect(await carried(await restart(run), [{ type: 'record', data: { ...record.data, magic: 1 } }])).toEqual([magic])
    expect(await run.host.media.get(sha256(Buffer.from('a record')))).toMatchObject({ type: 'audio/amr' })
  })

  it('are refused when they are no sound, or were never heard', async () => {
    const run = await startSandbox({ files: createMemoryFiles({ 'file:///a.png': file(images.png, 'image/png') }) })
    expect(await refusal(run, send(run, '[CQ:record,file=file:///a.png]'))).toBe('refused NOT_A_RECORD')
    expect(await refusal(run, send(run, '[CQ:record,file=base64://]'))).toBe('refused NOT_A_RECORD')
    expect(await refusal(run, send(run, '[CQ:record,file=b.amr]'))).toBe('no-data RECORD_NOT_FOUND')
  })
})

describe('videos', () => {
  const files = { 'file:///a.mp4': file('a video', 'video/mp4'), 'file:///a.txt': file('text', 'text/plain') }
  const video = { file: `${md5('a video')}.video`, url: mediaUri(sha256(Buffer.from('a video'))) }

  it('are stored with their cover, and can be sent again by their name', async () => {
    const run = await startSandbox({ files: createMemoryFiles(files) })
    expect(await carried(run, '[CQ:video,file=file:///a.mp4]')).toEqual([{ type: 'video', data: video }])
    const covered = [{ type: 'video', data: { ...video, cover: `${md5(images.png)}.image` } }]
    const cover = base64(images.png)
    expect(await carried(run, [{ type: 'video', data: { file: 'file:///a.mp4', cover } }])).toEqual(covered)
    expect(await carried(run, [{ type: 'video', data: { file: video.file } }])).toEqual(covered)
  })

  it('are no records, though both are known by their names', async () => {
    const run = await startSandbox({ files: createMemoryFiles(files) })
    await carried(run, '[CQ:video,file=file:///a.mp4]')
    expect(await refusal(run, send(run, `[CQ:record,file=${video.file}]`))).toBe('no-data RECORD_NOT_FOUND')
  })

  it('are refused when they are no video, too large, never seen, or covered by what is no image', async () => {
    const large = file(Buffer.alloc(100 * 1024 * 1024 + 1), 'video/mp4')
    const run = await startSandbox({ files: createMemoryFiles({ ...files, 'file:///large.mp4': large }) })
    expect(await refusal(run, send(run, '[CQ:video,file=file:///a.txt]'))).toBe('refused NOT_A_VIDEO')
    expect(await refusal(run, send(run, '[CQ:video,file=file:///large.mp4]'))).toBe('refused VIDEO_TOO_LARGE')
    expect(await refusal(run, send(run, '[CQ:video,file=b.video]'))).toBe('no-data VIDEO_NOT_FOUND')
    const covered = '[CQ:video,file=file:///a.mp4,cover=file:///a.txt]'
    expect(await refusal(run, send(run, covered))).toBe('refused NOT_AN_IMAGE')
  })
})

describe('cards', () => {
  it('hold an image between its least and its greatest size', async () => {
    const run = await startSandbox()
    const data = { file: base64(images.png), maxwidth: '700', source: 'X', brief: 'Y' }
    expect(await carried(run, [{ type: 'cardimage', data }])).toEqual([
      {
        type: 'cardimage',
        data: {
          file: `${md5(images.png)}.image`,
          minwidth: '400',
          minheight: '400',
          maxwidth: '700',
          maxheight: '1000',
          source: 'X',
          brief: 'Y',
          url: mediaUri(sha256(images.png)),
        },
      },
    ])
  })

  it('play a song of one’s own, whose sound may be called voice', async () => {
    const run = await startSandbox()
    const music = { type: 'custom', url: 'http://x/', audio: 'http://x/a', title: 'X' }
    expect(await carried(run, '[CQ:music,type=custom,url=http://x/,voice=http://x/a,title=X]')).toEqual([
      { type: 'music', data: music },
    ])
  })
})

describe('what the network sends on its own', () => {
  it('is a message of its own, and so is what stands before and after it', async () => {
    const run = await startSandbox()
    await send(run, 'first')
    const answer = await send(run, 'a[CQ:face,id=1][CQ:dice,value=1]\n[CQ:rps,value=0]b[CQ:reply,id=1]')
    expect(messagesOf(run).slice(1)).toEqual([
      [
        { type: 'reply', data: expect.objectContaining({ id: '1', qq: '10000', text: 'first' }) },
        { type: 'text', data: { text: 'a' } },
        { type: 'face', data: { id: '1' } },
      ],
      [{ type: 'dice', data: { value: '1' } }],
      [{ type: 'rps', data: { value: '0' } }],
      [{ type: 'text', data: { text: 'b' } }],
    ])
    expect(answer).toEqual({ message_id: 5 })
  })

  it('is not sent when another part of the message is refused', async () => {
    const run = await startSandbox()
    expect(await refusal(run, send(run, '[CQ:dice]a[CQ:contact,type=qq,id=x]'))).toBe('bad-params BAD_PARAMS')
  })
})

describe('shakes', () => {
  it('are for private chats', async () => {
    const run = await startSandbox()
    await run.act('send_private_msg', { user_id: 10001, message: '[CQ:shake]' })
    expect(messagesOf(run)).toEqual([[{ type: 'shake', data: {} }]])
    expect(await refusal(run, send(run, '[CQ:shake]'))).toBe('refused SHAKE_REFUSED')
  })
})

it('red packets are given by people', async () => {
  const run = await startSandbox()
  await run.play('say', { as: 10001, group_id: 20001, message: '[CQ:redbag,title=luck]' })
  expect(messagesOf(run)).toEqual([[{ type: 'redbag', data: { title: 'luck' } }]])
})

it('messages said at once by one author keep their order, however long one takes to read', async () => {
  const run = await startSandbox({ files: createMemoryFiles({ 'https://slow/a.png': file(images.png, 'image/png') }) })
  const load = run.host.files.load.bind(run.host.files)
  run.host.files.load = async (...args) => {
    for (let turn = 0; turn < 20; turn += 1) await settle()
    return load(...args)
  }
  await Promise.all([send(run, '[CQ:image,file=https://slow/a.png]'), send(run, 'second'), send(run, 'third')])
  expect(messagesOf(run)).toMatchObject([
    [{ type: 'image' }],
    [{ data: { text: 'second' } }],
    [{ data: { text: 'third' } }],
  ])
  const failing = send(run, '[CQ:image,file=https://slow/b.png]')
  const next = send(run, 'next')
  await expect(failing).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  expect(await next).toEqual({ message_id: 4 })
})

describe('anonymous', () => {
  it('puts a mask on the bot; with ignore it goes without where masks are not allowed', async () => {
    const run = await startSandbox()
    await send(run, '[CQ:anonymous]hi')
    expect(run.last()).toMatchObject({ sub_type: 'anonymous', message: [{ type: 'text' }] })
    expect(await refusal(run, run.act('send_private_msg', { user_id: 10001, message: '[CQ:anonymous]hi' }))).toBe(
      'refused ANONYMOUS_REFUSED',
    )
    await run.act('send_private_msg', { user_id: 10001, message: '[CQ:anonymous,ignore=1]hi' })
    expect(run.last()).toMatchObject({ message_type: 'private', message: [{ type: 'text' }] })
  })
})
