import { decodeCqCode, encodeCqCode, type Segment } from '@seekyou/message'
import { describe, expect, it } from 'vitest'
import { naiveEscape } from './naive-codec.ts'
import { codeExamples, xmlExamples } from './seed-examples.ts'

const text = (value: string): Segment => ({ type: 'text', data: { text: value } })

describe('decodeCqCode', () => {
  it.each(codeExamples)('reads the seed example $code', ({ code, segments }) => {
    expect(decodeCqCode(code)).toEqual(segments)
  })

  it.each<[input: string, segments: Segment[]]>([
    ['', []],
    ['hi', [text('hi')]],
    ['a[CQ:face,id=1]b', [text('a'), { type: 'face', data: { id: '1' } }, text('b')]],
    ['[[CQ:face,id=1]]', [text('['), { type: 'face', data: { id: '1' } }, text(']')]],
    ['[CQ:shake]', [{ type: 'shake', data: {} }]],
    ['[CQ:shake,]', [{ type: 'shake', data: {} }]],
    ['[CQ:face,id=1,]', [{ type: 'face', data: { id: '1' } }]],
    ['[CQ:face, id =178]', [{ type: 'face', data: { id: '178' } }]],
    ['[CQ:face,id= 1 ]', [{ type: 'face', data: { id: ' 1 ' } }]],
    ['[CQ:some_type.x-1,a=1]', [{ type: 'some_type.x-1', data: { a: '1' } }]],
    [
      '[CQ:share,title=a=b,url=http://x/?a=1&amp;b=2]',
      [{ type: 'share', data: { title: 'a=b', url: 'http://x/?a=1&b=2' } }],
    ],
    ['[CQ:at,qq=[CQ:face,id=1]]', [{ type: 'at', data: { qq: '[CQ:face', id: '1' } }, text(']')]],
    ['a,b&#44;c', [text('a,b,c')]],
    ['&#44;&amp;amp;&lt;&', [text(',&amp;&lt;&')]],
    ['[CQ:x,a=&amp;#44;]', [{ type: 'x', data: { a: '&#44;' } }]],
    ['&#91;[CQ:x,a=&amp;]&#93;', [text('['), { type: 'x', data: { a: '&' } }, text(']')]],
    ['&#91;[CQ:x,a=&amp;', [text('[[CQ:x,a=&')]],
  ])('reads %j', (input, segments) => {
    expect(decodeCqCode(input)).toEqual(segments)
  })

  it.each([
    '[CQ:]x',
    '[CQ:face,id=1',
    '[CQ:',
    '[CQ:face',
    '[CQ: face,id=1]',
    '[cq:face,id=1]',
    '[ CQ:face]',
    '[CQ:a b]',
  ])('leaves the malformed %j as text', (input) => {
    expect(decodeCqCode(input)).toEqual([text(input)])
  })

  it('finds the code that starts inside a malformed one', () => {
    expect(decodeCqCode('[CQ:fa[CQ:face,id=2]')).toEqual([text('[CQ:fa'), { type: 'face', data: { id: '2' } }])
  })

  it('skips a param without an equals sign', () => {
    expect(decodeCqCode('[CQ:image,file]')).toEqual([{ type: 'image', data: {} }])
    expect(decodeCqCode('[CQ:face,id]b=c]d')).toEqual([{ type: 'face', data: {} }, text('b=c]d')])
    expect(decodeCqCode('[CQ:x,a=1,,b=2]')).toEqual([{ type: 'x', data: { a: '1', b: '2' } }])
  })

  it('keeps the first of repeated params', () => {
    expect(decodeCqCode('[CQ:face,id=1,id=2, id=3]')).toEqual([{ type: 'face', data: { id: '1' } }])
  })

  it('keeps the first of many repeated params, however their names are written', () => {
    const names = Array.from({ length: 100 }, (_, index) => `${'long-'.repeat(index % 3)}${index}`)
    const expected = Object.fromEntries(names.map((name) => [name, 'first']))
    const write = (value: string, space = ''): string => names.map((name) => `,${space}${name}=${value}`).join('')
    for (const [first, second] of [
      ['', ''],
      ['', ' '],
      [' ', ''],
    ] as const) {
      const code = `[CQ:x${write('first', first)}${write('second', second)}${write('third')}]`
      expect(decodeCqCode(code)).toEqual([{ type: 'x', data: expected }])
    }
  })

  it.each([8191, 8192, 8193, 30_000])('keeps the order of %d codes, with text between them and without', (count) => {
    const code = (index: number): string => `[CQ:face,id=${index}]`
    const face = (index: number): Segment => ({ type: 'face', data: { id: String(index) } })
    const indexes = Array.from({ length: count }, (_, index) => index)
    expect(decodeCqCode(indexes.map(code).join(''))).toEqual(indexes.map(face))
    expect(decodeCqCode(indexes.map((index) => `${index}${code(index)}`).join(''))).toEqual(
      indexes.flatMap((index) => [text(String(index)), face(index)]),
    )
    expect(decodeCqCode(`${indexes.map(code).join('')}[CQ:text,text=a]b`)).toEqual([...indexes.map(face), text('ab')])
  })

  it('treats text written as a code as text', () => {
    expect(decodeCqCode('a[CQ:text,text=b&#44;]c[CQ:text,text=][CQ:text]')).toEqual([text('ab,c')])
  })

  it('makes own params of names that objects inherit', () => {
    const [{ data } = text('')] = decodeCqCode('[CQ:x,__proto__=1,constructor=2,toString=3,__proto__=4]')
    expect(Object.entries(data)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
      ['toString', '3'],
    ])
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype)
    expect(JSON.stringify(data)).toBe('{"__proto__":"1","constructor":"2","toString":"3"}')
  })
})

describe('encodeCqCode', () => {
  it.each(codeExamples)('writes the seed example $code', ({ code, segments }) => {
    expect(encodeCqCode(segments)).toBe(code)
  })

  it.each(xmlExamples)('writes the XML card $xml of the seed so that it comes back whole', ({ xml }) => {
    const card: Segment[] = [{ type: 'xml', data: { data: xml } }]
    expect(encodeCqCode(card)).toBe(`[CQ:xml,data=${naiveEscape(xml, true)}]`)
    expect(decodeCqCode(encodeCqCode(card))).toEqual(card)
  })

  it('escapes the comma in values only', () => {
    expect(encodeCqCode([text('&[],'), { type: 'x', data: { a: '&[],' } }])).toBe(
      '&amp;&#91;&#93;,[CQ:x,a=&amp;&#91;&#93;&#44;]',
    )
  })

  it('writes nested content as an escaped string', () => {
    const content: Segment[] = [{ type: 'face', data: { id: '1' } }, text('a,b')]
    expect(encodeCqCode([{ type: 'node', data: { uin: '1', content } }])).toBe(
      '[CQ:node,uin=1,content=&#91;CQ:face&#44;id=1&#93;a&#44;b]',
    )
  })

  it('lets no type, name or value add a code', () => {
    const evil = ']x[CQ:at,qq=all]'
    const encoded = encodeCqCode([
      { type: evil, data: {} },
      { type: 'x', data: { [evil]: evil } },
    ])
    expect(decodeCqCode(encoded).map(({ type }) => type)).toEqual(['text', 'x'])
  })
})
