/** What the codec's own code has to know of a segment type; what there is to tell of it stands in the segment table. */
export interface SegmentTrait {
  /** What a chat list shows for it, without the brackets. */
  readonly label: string
  /** The param that a constructor's lone string or number stands for. */
  readonly main?: string
}

/** Every type of the segment table. They stand apart from it because it is half as large as all the rest of the package. */
export const segmentTypes = {
  text: { label: '', main: 'text' },
  face: { label: '表情', main: 'id' },
  emoji: { label: '表情', main: 'id' },
  image: { label: '图片', main: 'file' },
  record: { label: '语音', main: 'file' },
  video: { label: '视频', main: 'file' },
  at: { label: '@', main: 'qq' },
  rps: { label: '猜拳', main: 'value' },
  dice: { label: '骰子', main: 'value' },
  shake: { label: '窗口抖动' },
  poke: { label: '戳一戳', main: 'qq' },
  anonymous: { label: '匿名' },
  share: { label: '分享' },
  contact: { label: '名片' },
  location: { label: '位置' },
  music: { label: '音乐' },
  reply: { label: '回复', main: 'id' },
  forward: { label: '聊天记录', main: 'id' },
  node: { label: '聊天记录', main: 'id' },
  xml: { label: '卡片消息', main: 'data' },
  json: { label: '卡片消息', main: 'data' },
  redbag: { label: '红包' },
  gift: { label: '礼物' },
  cardimage: { label: '图片', main: 'file' },
  tts: { label: '语音', main: 'text' },
  file: { label: '文件', main: 'file' },
  mface: { label: '表情' },
} as const satisfies { readonly [type: string]: SegmentTrait }

/** A segment type of the segment table. */
export type SegmentType = keyof typeof segmentTypes
