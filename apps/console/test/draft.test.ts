import { describe, expect, test } from 'vitest'
import { codeOfAttachment, mentionAt, segmentsOf, splice, withContents } from '../src/chat/draft.ts'

const photo = { key: '1', name: 'a, b.png', type: 'image/png', size: 3, content: 'AAAA' }

describe('a draft', () => {
  test('says what its CQ codes say, or itself where it is plain', () => {
    expect(segmentsOf('hi [CQ:face,id=14]')).toEqual([
      { type: 'text', data: { text: 'hi ' } },
      { type: 'face', data: { id: '14' } },
    ])
    expect(segmentsOf('hi [CQ:face,id=14]', { isPlain: true })).toEqual([
      { type: 'text', data: { text: 'hi [CQ:face,id=14]' } },
    ])
  })

  test.each([
    ['image/png', 'image'],
    ['audio/ogg', 'record'],
    ['video/mp4', 'video'],
    ['text/plain', 'file'],
    ['', 'file'],
  ])('has a file of type %j sent as %s, with what is in it', (type, kind) => {
    const [segment] = withContents(segmentsOf(codeOfAttachment({ ...photo, type })), new Map([['1', photo]]))
    expect(segment).toMatchObject({ type: kind, data: { file: 'base64://AAAA' } })
    if (kind === 'file') expect(segment!.data['name']).toBe('a, b.png')
  })

  test('leaves files alone that are not its own', () => {
    const segments = segmentsOf('[CQ:image,file=attachment:9][CQ:image,file=https://x/y.png]')
    expect(withContents(segments, new Map())).toEqual(segments)
  })

  test('mentions who is typed after an @, where that begins a word', () => {
    expect(mentionAt('hi @Al', 6)).toEqual({ from: 3, search: 'Al' })
    expect(mentionAt('@', 1)).toEqual({ from: 0, search: '' })
    expect(mentionAt('你好，@张', 5)).toEqual({ from: 3, search: '张' })
    for (const text of ['me@example', 'hi @Al ice', '@@']) expect(mentionAt(text, text.length)).toBeUndefined()
  })

  test('takes text in the place of other text', () => {
    expect(splice('hi @Al!', 3, 6, '[CQ:at,qq=1] ')).toEqual({ text: 'hi [CQ:at,qq=1] !', caret: 16 })
  })
})
