import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { quote, writeClientCall, writeClientListener, writeCurl } from '../../src/tools/call-text.ts'

const open = { origin: 'http://127.0.0.1:5700', needsToken: false }
const guarded = { ...open, needsToken: true }
const nasty = `it's "$HOME" \`id\` \\ !! %s\n你好 🎈 -- ; | &`

/** The words that a shell makes of a command line. */
function wordsOf(commandLine: string): string[] {
  const shown = execFileSync('sh', ['-c', `for word in ${commandLine}; do printf '%s\\0' "$word"; done`], {
    env: { SEEKYOU_TOKEN: 'secret' },
  })
  return shown.toString().split('\0').slice(0, -1)
}

describe('a call as curl', () => {
  test('comes out of a shell as it went in', () => {
    const words = wordsOf(writeCurl({ action: 'send_msg', params: { message: nasty } }, open))
    expect(words.slice(0, 3)).toEqual(['curl', '-sS', 'http://127.0.0.1:5700/send_msg'])
    expect(words.at(-2)).toBe('--data-raw')
    expect(JSON.parse(words.at(-1)!)).toEqual({ message: nasty })
    expect(words.join(' ')).not.toContain('Authorization')
  })

  test('takes the token from the environment where one is needed', () => {
    expect(wordsOf(writeCurl({ action: 'get_status', params: {} }, guarded))).toContain('Authorization: Bearer secret')
  })

  test('says no params as an empty object, and an odd action as a path', () => {
    const words = wordsOf(writeCurl({ action: "a b'c?/x", params: undefined }, open))
    expect(words[2]).toBe("http://127.0.0.1:5700/a%20b'c%3F/x")
    expect(words.at(-1)).toBe('{}')
  })

  test.each([['plain'], ["'"], ["''"], ['$(id)'], [nasty], ['']])('quotes %j as one word', (text) => {
    expect(wordsOf(quote(text))).toEqual([text])
  })
})

describe('a call as a program', () => {
  test('calls an action of the registry by its name', () => {
    const program = writeClientCall({ action: 'get_group_info', params: { group_id: 20001 } }, guarded, true)
    expect(program).toContain(`client.call("get_group_info", {\n  "group_id": 20001\n})`)
    expect(program).toContain(`url: "http://127.0.0.1:5700/", accessToken: process.env['SEEKYOU_TOKEN']`)
  })

  test('leaves params out where there are none, but not of an action that only one vendor has', () => {
    expect(writeClientCall({ action: 'get_status', params: {} }, open, true)).toContain('client.call("get_status")')
    expect(writeClientCall({ action: 'odd', params: {} }, open, false)).toContain('client.callAny("odd", {})')
  })

  test('asks a control verb by fetch', () => {
    const program = writeClientCall({ action: 'sandbox/say', params: { as: 10001 } }, guarded, true)
    expect(program).toContain('fetch("http://127.0.0.1:5700/sandbox/say"')
    expect(program).toContain("`Bearer ${process.env['SEEKYOU_TOKEN']}`")
  })

  test('listens to events over a WebSocket', () => {
    const program = writeClientListener('message.group', open)
    expect(program).toContain('url: "ws://127.0.0.1:5700/"')
    expect(program).toContain('client.on("message.group"')
  })
})
