import type { SegmentType } from './segment-type.ts'

/** What a param's string stands for; on the wire every value but a `message` is a string. */
export type ParamType = 'string' | 'integer' | 'number' | 'boolean' | 'message'

/** `both`: events carry it and sends accept it. */
export type SegmentDirection = 'both' | 'send' | 'receive'

/**
 * What a network does with a segment beyond carrying it.
 *
 * - `group-only`: refused outside a group.
 * - `no-message-id`: the send answers `message_id` 0 and cannot be recalled.
 * - `whole-message`: the network sends it as a message of its own, without the segments beside it.
 * - `first-only`: it leads the message, and one is enough: later ones are ignored.
 * - `forward-only`: only the forward actions take it, and only `get_forward_msg` returns it.
 */
export type SegmentLimit = 'group-only' | 'no-message-id' | 'whole-message' | 'first-only' | 'forward-only'

/** One param of a segment type. */
export interface ParamInfo {
  readonly type: ParamType
  readonly about: string
  /** The allowed values and what each means; absent: any value of the type. */
  readonly values?: { readonly [value: string]: string }
  /** What an absent param means. */
  readonly default?: string
  /** Absent: the direction of the segment. */
  readonly direction?: 'send' | 'receive'
  /** Other names the same param goes by in one generation or another. */
  readonly aliases?: readonly string[]
}

/** One segment type. */
export interface SegmentInfo {
  readonly about: string
  readonly direction: SegmentDirection
  /** Which document describes it first: CQHTTP v2.1, OneBot 11, go-cqhttp, or a vendor. */
  readonly since: 'cqhttp' | 'onebot-11' | 'go-cqhttp' | 'vendor'
  readonly limits?: readonly SegmentLimit[]
  /** Alternative sets of params that must be there: one set complete is enough. */
  readonly forms: readonly (readonly string[])[]
  readonly params: { readonly [param: string]: ParamInfo }
}

const file = {
  type: 'string',
  about: 'A received name, or when sending also `file:///…`, `http(s)://…` or `base64://…`.',
} as const
const url = { type: 'string', about: 'Where the file can be fetched.', direction: 'receive' } as const
const download = {
  cache: {
    type: 'boolean',
    about: 'Whether a file fetched before from the same URL may be used again.',
    default: '1',
    direction: 'send',
  },
  proxy: {
    type: 'boolean',
    about: 'Whether the fetch goes through the configured proxy.',
    default: '1',
    direction: 'send',
  },
  timeout: {
    type: 'integer',
    about: 'Seconds the fetch may take; absent: the limit of the network.',
    direction: 'send',
  },
} as const
const threads = {
  type: 'integer',
  about: 'How many connections the download may use; absent: one.',
  values: { '2': 'two', '3': 'three' },
  direction: 'send',
} as const

/**
 * Every segment type of CQHTTP, OneBot 11 and go-cqhttp: types, constructors, schemas and the README table come from here.
 *
 * Types that are not here pass through the codec untouched.
 *
 * @see https://github.com/botuniverse/onebot-11/blob/master/message/segment.md
 */
export const segmentTable = {
  text: {
    about: 'Plain text.',
    direction: 'both',
    since: 'cqhttp',
    forms: [['text']],
    params: { text: { type: 'string', about: 'The text itself, unescaped.' } },
  },
  face: {
    about: 'A face of the network’s own set.',
    direction: 'both',
    since: 'cqhttp',
    forms: [['id']],
    params: {
      id: { type: 'integer', about: 'Number of the face.' },
      type: { type: 'string', about: 'How it is shown.', values: { sticker: 'large and moving' } },
    },
  },
  emoji: {
    about: 'A Unicode emoji as a code point, from clients of CQHTTP.',
    direction: 'both',
    since: 'cqhttp',
    forms: [['id']],
    params: { id: { type: 'integer', about: 'Decimal code point; a keycap is 100000 + its code.' } },
  },
  image: {
    about: 'A picture.',
    direction: 'both',
    since: 'cqhttp',
    forms: [['file']],
    params: {
      file,
      type: {
        type: 'string',
        about: 'Absent: an ordinary picture.',
        values: { flash: 'shown once', show: 'shown with an effect' },
      },
      subType: { type: 'integer', about: 'Kind of the picture, as the network numbers it.' },
      url,
      ...download,
      id: {
        type: 'integer',
        about: 'Effect of a `show` picture.',
        values: {
          '40000': '普通 (plain)',
          '40001': '幻影 (phantom)',
          '40002': '抖动 (shaking)',
          '40003': '生日 (birthday)',
          '40004': '爱你 (love you)',
          '40005': '征友 (looking for friends)',
        },
        default: '40000',
      },
      c: threads,
    },
  },
  record: {
    about: 'A voice message.',
    direction: 'both',
    since: 'cqhttp',
    limits: ['whole-message'],
    forms: [['file']],
    params: {
      file,
      magic: { type: 'boolean', about: 'Whether the voice is changed.', default: '0' },
      url,
      ...download,
    },
  },
  video: {
    about: 'A short video.',
    direction: 'both',
    since: 'onebot-11',
    limits: ['whole-message'],
    forms: [['file']],
    params: {
      file,
      url,
      cover: {
        type: 'string',
        about: 'JPEG cover, in the file forms of `file`; absent: a frame of the video.',
        direction: 'send',
      },
      ...download,
      c: threads,
    },
  },
  at: {
    about: 'A mention.',
    direction: 'both',
    since: 'cqhttp',
    forms: [['qq']],
    params: {
      qq: { type: 'string', about: 'User id, or `all` for everyone.', aliases: ['target'] },
      name: { type: 'string', about: 'Name to show when the user is not in the group.', direction: 'send' },
    },
  },
  rps: {
    about: 'Rock, paper, scissors.',
    direction: 'both',
    since: 'cqhttp',
    limits: ['whole-message'],
    forms: [[]],
    params: {
      value: {
        type: 'integer',
        about: 'Outcome; absent: the network draws one.',
        values: { '0': 'rock', '1': 'scissors', '2': 'paper' },
      },
    },
  },
  dice: {
    about: 'A thrown die.',
    direction: 'both',
    since: 'cqhttp',
    limits: ['whole-message'],
    forms: [[]],
    params: {
      value: {
        type: 'integer',
        about: 'Pips; absent: the network throws.',
        values: { '1': 'one', '2': 'two', '3': 'three', '4': 'four', '5': 'five', '6': 'six' },
      },
    },
  },
  shake: {
    about: 'A shake of the other’s window.',
    direction: 'send',
    since: 'cqhttp',
    limits: ['whole-message'],
    forms: [[]],
    params: {},
  },
  poke: {
    about: 'A poke.',
    direction: 'both',
    since: 'onebot-11',
    limits: ['no-message-id'],
    forms: [['qq'], ['type', 'id']],
    params: {
      qq: { type: 'integer', about: 'User to poke (go-cqhttp, in groups).', direction: 'send' },
      type: { type: 'integer', about: 'Kind of the poke (OneBot 11).' },
      id: { type: 'integer', about: 'Variant of the kind (OneBot 11).' },
      name: { type: 'string', about: 'Name of the poke.', direction: 'receive' },
    },
  },
  anonymous: {
    about: 'Asks for the message to be sent anonymously.',
    direction: 'send',
    since: 'cqhttp',
    limits: ['group-only', 'first-only'],
    forms: [[]],
    params: {
      ignore: {
        type: 'boolean',
        about: 'Whether to send in one’s own name when anonymity fails.',
        default: '0',
      },
    },
  },
  share: {
    about: 'A shared link.',
    direction: 'both',
    since: 'cqhttp',
    limits: ['whole-message'],
    forms: [['url', 'title']],
    params: {
      url: { type: 'string', about: 'The link.' },
      title: { type: 'string', about: 'Its title.' },
      content: { type: 'string', about: 'Its description.' },
      image: { type: 'string', about: 'URL of its picture.' },
    },
  },
  contact: {
    about: 'A recommended friend or group.',
    direction: 'both',
    since: 'cqhttp',
    limits: ['whole-message'],
    forms: [['type', 'id']],
    params: {
      type: { type: 'string', about: 'What is recommended.', values: { qq: 'a user', group: 'a group' } },
      id: { type: 'integer', about: 'User or group id.' },
    },
  },
  location: {
    about: 'A place on the map.',
    direction: 'both',
    since: 'cqhttp',
    limits: ['whole-message'],
    forms: [['lat', 'lon']],
    params: {
      lat: { type: 'number', about: 'Latitude in degrees.' },
      lon: { type: 'number', about: 'Longitude in degrees.' },
      title: { type: 'string', about: 'Name of the place.' },
      content: { type: 'string', about: 'Its address.' },
    },
  },
  music: {
    about: 'A song of a known service by its id, or with `type=custom` one described in full.',
    direction: 'send',
    since: 'cqhttp',
    limits: ['whole-message'],
    forms: [
      ['type', 'id'],
      ['type', 'url', 'audio', 'title'],
    ],
    params: {
      type: {
        type: 'string',
        about: 'Where the song comes from.',
        values: { qq: 'QQ 音乐', '163': '网易云音乐', xm: '虾米音乐', custom: 'described by the other params' },
      },
      id: { type: 'string', about: 'Id of the song at the service.' },
      subtype: {
        type: 'string',
        about: 'Look of a `custom` card; absent: an XML card.',
        values: { qq: 'QQ 音乐', '163': '网易云音乐', migu: '咪咕', kugou: '酷狗', kuwo: '酷我' },
      },
      url: { type: 'string', about: 'Page opened by a click.' },
      audio: { type: 'string', about: 'URL of the audio.', aliases: ['voice'] },
      title: { type: 'string', about: 'Title of the song.' },
      content: { type: 'string', about: 'Description.' },
      image: { type: 'string', about: 'URL of the cover.' },
    },
  },
  reply: {
    about: 'A quotation: of a message by `id`, or of a made-up one. With both, `id` wins.',
    direction: 'both',
    since: 'onebot-11',
    limits: ['first-only'],
    forms: [['id'], ['text', 'qq']],
    params: {
      id: { type: 'integer', about: 'Message to quote, of the same chat.' },
      text: { type: 'string', about: 'Text of a made-up quotation.' },
      qq: { type: 'integer', about: 'Author of a made-up quotation.', aliases: ['user_id'] },
      time: { type: 'integer', about: 'When it was written, Unix seconds.' },
      seq: { type: 'integer', about: 'First message number, as `get_msg` tells it.' },
    },
  },
  forward: {
    about: 'A bundle of messages; `get_forward_msg` returns what is in it.',
    direction: 'both',
    since: 'onebot-11',
    limits: ['whole-message'],
    forms: [['id']],
    params: { id: { type: 'string', about: 'Id of the bundle.' } },
  },
  node: {
    about: 'One message of a bundle: a stored one by `id`, or a made-up one.',
    direction: 'both',
    since: 'onebot-11',
    limits: ['forward-only'],
    forms: [['id'], ['name', 'uin', 'content'], ['nickname', 'user_id', 'content']],
    params: {
      id: { type: 'integer', about: 'Stored message to quote.', direction: 'send' },
      name: { type: 'string', about: 'Name of the author (go-cqhttp).' },
      uin: { type: 'integer', about: 'Id of the author (go-cqhttp).' },
      nickname: { type: 'string', about: 'Name of the author (OneBot 11).' },
      user_id: { type: 'integer', about: 'Id of the author (OneBot 11).' },
      content: { type: 'message', about: 'What was said: a message in any form; may hold nodes again.' },
      time: { type: 'integer', about: 'When it was said, Unix seconds.' },
      seq: { type: 'integer', about: 'Message number.' },
    },
  },
  xml: {
    about: 'An XML card.',
    direction: 'both',
    since: 'onebot-11',
    limits: ['whole-message'],
    forms: [['data']],
    params: {
      data: { type: 'string', about: 'The XML.' },
      resid: { type: 'integer', about: 'Service number.' },
    },
  },
  json: {
    about: 'A JSON card.',
    direction: 'both',
    since: 'onebot-11',
    limits: ['whole-message'],
    forms: [['data']],
    params: {
      data: { type: 'string', about: 'The JSON text.' },
      resid: { type: 'integer', about: '0: a mini program; otherwise rich text.', default: '0' },
    },
  },
  redbag: {
    about: 'A red packet.',
    direction: 'receive',
    since: 'go-cqhttp',
    forms: [['title']],
    params: { title: { type: 'string', about: 'The wish or the password on it.' } },
  },
  gift: {
    about: 'A free gift to a member of the group.',
    direction: 'send',
    since: 'go-cqhttp',
    limits: ['group-only', 'no-message-id'],
    forms: [['qq', 'id']],
    params: {
      qq: { type: 'integer', about: 'Who gets it.' },
      id: {
        type: 'integer',
        about: 'Which gift.',
        values: {
          '0': '甜Wink',
          '1': '快乐肥宅水',
          '2': '幸运手链',
          '3': '卡布奇诺',
          '4': '猫咪手表',
          '5': '绒绒手套',
          '6': '彩虹糖果',
          '7': '坚强',
          '8': '告白话筒',
          '9': '牵你的手',
          '10': '可爱猫咪',
          '11': '神秘面具',
          '12': '我超忙的',
          '13': '爱心口罩',
        },
      },
    },
  },
  cardimage: {
    about: 'A picture as a large card.',
    direction: 'send',
    since: 'go-cqhttp',
    limits: ['whole-message'],
    forms: [['file']],
    params: {
      file,
      minwidth: { type: 'integer', about: 'Least width in pixels.', default: '400' },
      minheight: { type: 'integer', about: 'Least height in pixels.', default: '400' },
      maxwidth: { type: 'integer', about: 'Greatest width in pixels.', default: '500' },
      maxheight: { type: 'integer', about: 'Greatest height in pixels.', default: '1000' },
      source: { type: 'string', about: 'Name of where it was shared from.' },
      icon: { type: 'string', about: 'URL of that source’s icon.' },
      brief: { type: 'string', about: 'What a chat list shows for it.' },
    },
  },
  tts: {
    about: 'Text that the network speaks.',
    direction: 'send',
    since: 'go-cqhttp',
    limits: ['group-only', 'whole-message'],
    forms: [['text']],
    params: { text: { type: 'string', about: 'What is said.' } },
  },
  file: {
    about: 'A file.',
    direction: 'both',
    since: 'vendor',
    limits: ['whole-message'],
    forms: [['file'], ['path', 'name']],
    params: {
      file: { ...file, about: 'Name or, when sending, a file form as of an image.' },
      name: { type: 'string', about: 'Name to show.' },
      path: { type: 'string', about: 'Path in the group’s files (go-cqhttp).', direction: 'receive' },
      size: { type: 'integer', about: 'Bytes.', direction: 'receive', aliases: ['file_size'] },
      busid: { type: 'integer', about: 'Storage number of a group file.', direction: 'receive', aliases: ['bus_id'] },
      file_id: { type: 'string', about: 'Id for the file actions.', direction: 'receive' },
      url,
    },
  },
  mface: {
    about: 'A face bought in the market.',
    direction: 'both',
    since: 'vendor',
    forms: [['emoji_id', 'emoji_package_id', 'key']],
    params: {
      emoji_id: { type: 'string', about: 'Id of the face.' },
      emoji_package_id: { type: 'string', about: 'Id of the set.' },
      key: { type: 'string', about: 'Key of the face.' },
      summary: { type: 'string', about: 'Its name, as a chat list shows it.' },
      url,
    },
  },
} as const satisfies { readonly [T in SegmentType]: SegmentInfo }
