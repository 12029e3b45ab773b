import { expect, test } from 'vitest'
import { callablesOf, eventShapesOf, searchCallables } from '../../src/playground/contract.ts'
import type { OpenApi } from '../../src/playground/contract.ts'

const post = (tag: string, rest: object = {}) => ({ post: { tags: [tag], summary: `does ${tag}`, ...rest } })
const schema = { type: 'object', properties: { group_id: { type: 'integer' } } } as const
const contract: OpenApi = {
  tags: [{ name: 'message' }, { name: 'group' }, { name: 'empty' }, { name: 'sandbox' }],
  paths: {
    '/get_group_info': post('group', { 'x-also-called': ['group_info'], 'x-unsafe': true, 'x-supported': false }),
    '/send_msg': post('message', {
      requestBody: {
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/send_msg.params' },
            examples: { call: { value: { group_id: 1 } } },
          },
        },
      },
    }),
    '/sandbox/say': post('sandbox'),
    '/inspect/links': { get: {} },
    '/inspect/replay': post('inspect'),
    '/_events': post('server'),
    '/get_updates': { get: {} },
  },
  components: { schemas: { 'send_msg.params': schema } },
}

test('lists what can be called by chapter, in the order of the document', () => {
  const chapters = [...callablesOf(contract)].map(([chapter, list]) => [chapter, list.map(({ name }) => name)])
  expect(chapters).toEqual([
    ['message', ['send_msg']],
    ['group', ['get_group_info']],
    ['sandbox', ['sandbox/say']],
  ])
})

test('tells what the document tells of an action', () => {
  const [send, info] = [...callablesOf(contract).values()].flat()
  expect(send).toMatchObject({ params: schema, example: { group_id: 1 }, isSupported: true, isUnsafe: false })
  expect(info).toMatchObject({
    params: {},
    example: {},
    isSupported: false,
    isUnsafe: true,
    alsoCalled: ['group_info'],
  })
})

test.each([
  ['', 3],
  ['msg', 1],
  ['GROUP info', 1],
  ['getgroup', 1],
  ['does sandbox', 1],
  ['nothing like it', 0],
])('finds %s', (text, count) => {
  expect(searchCallables([...callablesOf(contract).values()].flat(), text)).toHaveLength(count)
})

test('knows the events that the document has examples of', () => {
  const example = { post_type: 'notice', notice_type: 'group_ban' }
  const messages = {
    call: { examples: [{ payload: { action: 'x' } }] },
    notice: { examples: [{ payload: example }] },
    odd: {},
  }
  expect(eventShapesOf({ components: { messages } })).toEqual([{ name: 'notice', example }])
})
