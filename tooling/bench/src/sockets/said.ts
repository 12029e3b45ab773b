/** What is said in the benchmark, as a person of a Chinese group would. */
export const text =
  '今天下午三点的会改到四点，地点不变，麻烦大家转告一下没有看群的同学；资料我已经放到群文件里了 https://example.com/minutes?id=20260101&from=group'

/** What a server by hand can do. */
export const actions = new Map<string, () => object>([
  ['get_login_info', () => ({ user_id: 10000, nickname: 'SeekYou' })],
])

let seq = 0
/** Says it once more, and returns the event as a server by hand tells it. */
export function happen(said = `[CQ:at,qq=10000]${text}`): string {
  seq++
  return JSON.stringify({
    post_type: 'message',
    message_type: 'group',
    sub_type: 'normal',
    message_seq: seq,
    user_id: 10001,
    group_id: 20001,
    anonymous: null,
    message: said,
    raw_message: said,
    sender: { user_id: 10001, nickname: 'Alice', card: '产品经理', role: 'member' },
    time: Math.floor(Date.now() / 1000),
    self_id: 10000,
    message_id: seq,
    font: 0,
  })
}
