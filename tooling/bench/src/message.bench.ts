/** The message codec against the parsers that bots import from npm, native JSON, and a bare scan of the same text. */
import { decodeCqCode, encodeCqCode, segment, type Segment } from '@seekyou/message'
import { CQCode } from 'koishi-plugin-adapter-onebot'
import { convertCQCodeToJSON, convertJSONToCQCode } from 'node-napcat-ts'
import type { Comparison, Growth, Suite } from './harness.ts'

type Random = (below: number) => number

/** Deterministic, so that every run reads the same messages. */
function randomFrom(seed: number): Random {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff
    return (state >> 8) % below
  }
}

const words = {
  zh: '今天 天气 真好 我们 去吃 火锅 吧 哈哈哈 ， 什么 时候 签到 机器人 。'.split(' '),
  ascii: 'today the weather is fine, let us eat hotpot lol when? bot ok.'.split(' ').map((word) => `${word} `),
}
type Script = keyof typeof words

/** A power of two, to go round with a mask. */
const corpusSize = 64
const mask = corpusSize - 1

function corpus(seed: number, make: (random: Random) => Segment[]): Segment[][] {
  const random = randomFrom(seed)
  return Array.from({ length: corpusSize }, () => make(random))
}

function prose(script: Script, length: number, random: Random): string {
  let text = ''
  while (text.length < length) text += words[script][random(words[script].length)]!
  return text
}

function userId(random: Random): number {
  return 10_000_000 + random(2_000_000_000)
}

function short(script: Script): Segment[][] {
  return corpus(3, (random) => [segment.text(prose(script, 12 + random(12), random))])
}

/** A reply, a mention, text, a face and a picture whose URL needs escapes, as group chats have them. */
function mixed(script: Script): Segment[][] {
  return corpus(7, (random) => [
    segment.reply(userId(random)),
    segment.at(userId(random)),
    segment.text(` ${prose(script, 20 + random(20), random)}`),
    segment.face(random(300)),
    {
      type: 'image',
      data: {
        file: `${(userId(random) * 7).toString(16).padStart(32, '0')}.image`,
        subType: '0',
        url: `https://multimedia.example/download?appid=1407&fileid=${userId(random)}&rkey=${userId(random)}&spec=0&v=${random(9)}`,
      },
    },
    segment.text(prose(script, 10 + random(20), random)),
  ])
}

function long(script: Script): Segment[][] {
  return corpus(5, (random) => [segment.text(prose(script, 8192, random))])
}

/** A mini program card of about 3000 characters, a tenth of which need escapes. */
function card(script: Script): Segment[][] {
  return corpus(11, (random) => {
    const items = Array.from({ length: 36 }, () => ({
      id: userId(random),
      tags: [random(9), random(9), random(9)],
      title: prose(script, 12, random),
      value: String(random(99)),
    }))
    return [segment.json(JSON.stringify({ app: 'com.tencent.miniapp', prompt: '[app]', meta: { items } }))]
  })
}

/** The text as one piece of memory, as it comes off a socket. */
function flat(text: string): string {
  return JSON.parse(Buffer.from(JSON.stringify(text)).toString()) as string
}

/** Makes a joined string one piece, as sending it does too. */
function flatten(text: string): number {
  return text.length + text.charCodeAt(text.length >> 1)
}

/** Finds every `[` and `&`, natively. */
function scan(text: string): number {
  let found = 0
  for (let at = text.indexOf('['); at !== -1; at = text.indexOf('[', at + 1)) found++
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) found++
  return found
}

interface Targets {
  readonly peer?: number
  readonly json?: number
  readonly scan?: number
}

/** What the scan cannot do without: the one segment of a text without codes, by hand. */
function scanAndBuild(text: string): Segment[] {
  if (text.includes('[') || text.includes('&')) throw new Error('this text has something to decode')
  return [{ type: 'text', data: { text } }]
}

function aim(target: number | undefined): { readonly target?: number } {
  return target === undefined ? {} : { target }
}

function decoding(name: string, messages: readonly Segment[][], targets: Targets): Comparison {
  const codes = messages.map((message) => flat(encodeCqCode(message)))
  const jsons = messages.map((message) => flat(JSON.stringify(message)))
  return {
    name: `decode ${name}`,
    contenders: [
      {
        name: '@seekyou/message',
        run: (times) => {
          let last: unknown
          for (let index = 0; index < times; index++) last = decodeCqCode(codes[index & mask]!)
          return last
        },
      },
      {
        name: 'koishi-plugin-adapter-onebot',
        ...aim(targets.peer),
        run: (times) => {
          let last: unknown
          for (let index = 0; index < times; index++) last = CQCode.parse(codes[index & mask]!)
          return last
        },
      },
      {
        name: 'node-napcat-ts',
        ...aim(targets.peer),
        run: (times) => {
          let last: unknown
          for (let index = 0; index < times; index++) last = convertCQCodeToJSON(codes[index & mask]!)
          return last
        },
      },
      {
        name: 'JSON.parse of the segments',
        ...aim(targets.json),
        run: (times) => {
          let last: unknown
          for (let index = 0; index < times; index++) last = JSON.parse(jsons[index & mask]!)
          return last
        },
      },
      {
        name: 'indexOf scan, no result',
        ...aim(targets.scan),
        run: (times) => {
          let found = 0
          for (let index = 0; index < times; index++) found += scan(codes[index & mask]!)
          return found
        },
      },
      ...(targets.scan === undefined
        ? []
        : [
            {
              name: 'indexOf scan, result by hand',
              ...aim(targets.scan),
              run: (times: number): unknown => {
                let last: unknown
                for (let index = 0; index < times; index++) last = scanAndBuild(codes[index & mask]!)
                return last
              },
            },
          ]),
    ],
  }
}

function encoding(name: string, messages: readonly Segment[][], targets: Targets): Comparison {
  const elements = messages.map((message) => CQCode.parse(encodeCqCode(message)))
  return {
    name: `encode ${name}`,
    contenders: [
      {
        name: '@seekyou/message',
        run: (times) => {
          let length = 0
          for (let index = 0; index < times; index++) length += flatten(encodeCqCode(messages[index & mask]!))
          return length
        },
      },
      {
        name: 'koishi-plugin-adapter-onebot',
        ...aim(targets.peer),
        run: (times) => {
          let length = 0
          for (let index = 0; index < times; index++) {
            let encoded = ''
            for (const { type, attrs } of elements[index & mask]!) {
              encoded += type === 'text' ? CQCode.escape(attrs['content']) : CQCode(type, attrs)
            }
            length += flatten(encoded)
          }
          return length
        },
      },
      {
        // What it writes cannot be read back: there is no escaping in it to be fast or slow at. Hence no target.
        name: 'node-napcat-ts (escapes nothing)',
        run: (times) => {
          let length = 0
          for (let index = 0; index < times; index++) {
            length += flatten(convertJSONToCQCode(messages[index & mask] as Parameters<typeof convertJSONToCQCode>[0]))
          }
          return length
        },
      },
      {
        name: 'JSON.stringify',
        ...aim(targets.json),
        run: (times) => {
          let length = 0
          for (let index = 0; index < times; index++) length += flatten(JSON.stringify(messages[index & mask]))
          return length
        },
      },
    ],
  }
}

/** Inputs that make a careless parser quadratic: what is repeated, and what is put around it. */
const hostile: { readonly [name: string]: readonly [piece: string, before?: string, after?: string] } = {
  'unclosed codes': ['[CQ:a,b='],
  'open brackets': ['['],
  'code openings': ['[CQ:'],
  'commas in one code': [',', '[CQ:a,', ']'],
  'equals signs in one code': ['=', '[CQ:a,', ']'],
  'names without value in one code': [',a', '[CQ:a', ']'],
  'repeated names in one code': [',a=1', '[CQ:a', ']'],
  'empty codes': ['[CQ:a]'],
  'codes with one param': ['[CQ:a,b=c]'],
  'codes and far separators': ['[CQ:a]', '', ',='],
  'escaped ampersands': ['&amp;'],
  'bare ampersands': ['&'],
  'escapes in Chinese': ['&#91;中'],
  'escapes in a value': ['&#91;', '[CQ:a,b=', ']'],
  'closing brackets': [']'],
  'spaces around a name': [' ', '[CQ:a,', '=1]'],
}

const growths: Growth[] = Object.entries(hostile).map(([name, [piece, before = '', after = '']]) => ({
  name,
  sizes: [64 * 1024, 256 * 1024],
  prepare: (size) => {
    const text = flat(before + piece.repeat(Math.floor(size / Buffer.byteLength(piece))) + after)
    return (times) => {
      let last: unknown
      for (let index = 0; index < times; index++) last = decodeCqCode(text)
      return last
    }
  },
}))

/** Within 1.2 times the time of the scan. */
const nearScan = 1 / 1.2

export const suite: Suite = {
  about:
    'The codec of CQ codes beside those that bots import from npm, native JSON of the same segments, and a bare `indexOf` scan of the same text. Of hostile input the cost per byte has to stay as it grows.',
  comparisons: [
    decoding('short text, Chinese', short('zh'), { scan: nearScan }),
    decoding('short text, ASCII', short('ascii'), { scan: nearScan }),
    decoding('mixed message, Chinese', mixed('zh'), { peer: 4, json: 2 }),
    decoding('mixed message, ASCII', mixed('ascii'), { peer: 4, json: 2 }),
    decoding('long text, Chinese', long('zh'), { scan: nearScan }),
    decoding('long text, ASCII', long('ascii'), { scan: nearScan }),
    decoding('JSON card, Chinese', card('zh'), { peer: 5, json: 1 }),
    decoding('JSON card, ASCII', card('ascii'), { peer: 5, json: 1 }),
    encoding('mixed message, Chinese', mixed('zh'), { peer: 2 }),
    encoding('mixed message, ASCII', mixed('ascii'), { peer: 2 }),
    encoding('long text, Chinese', long('zh'), {}),
    encoding('long text, ASCII', long('ascii'), {}),
    encoding('JSON card, Chinese', card('zh'), { peer: 2 }),
    encoding('JSON card, ASCII', card('ascii'), { peer: 2 }),
  ],
  growths,
}
