import { escapeText, escapeValue, unescape } from '@seekyou/message'
import { describe, expect, it } from 'vitest'

describe('escapeText', () => {
  it('escapes the ampersand and both brackets', () => {
    expect(escapeText('a&b[c]d,e')).toBe('a&amp;b&#91;c&#93;d,e')
  })
})

describe('escapeValue', () => {
  it('escapes the comma too', () => {
    expect(escapeValue('a&b[c]d,e')).toBe('a&amp;b&#91;c&#93;d&#44;e')
  })
})

describe('unescape', () => {
  it('undoes the four escapes in one pass', () => {
    expect(unescape('&amp;&#91;&#93;&#44;&amp;#44;')).toBe('&[],&#44;')
  })

  it('leaves any other ampersand', () => {
    expect(unescape('& &lt; &am &#9 &#911; &AMP; &')).toBe('& &lt; &am &#9 &#911; &AMP; &')
  })
})

describe('long text full of special characters', () => {
  it('is unescaped up to its end, whatever a longer text left behind it in memory', () => {
    const long = '&#91;'.repeat(300)
    for (let length = 1000; length < 1005; length++) {
      expect(unescape(long)).toBe('['.repeat(300))
      expect(unescape(long.slice(0, length))).toBe('['.repeat(200) + '&#91;'.slice(0, length - 1000))
    }
  })

  it('is unescaped wherever its one character that is not ASCII stands', () => {
    const escaped = '&#91;{"a":1}&#44;&amp;x&#93;'.repeat(30)
    const plain = '[{"a":1},&x]'.repeat(30)
    for (const odd of ['\u0080', '\u00FF', '\u4F60', '\uD800', '😀', '\0']) {
      for (let place = 0; place < 31; place++) {
        const codes = '&#91;'.repeat(place)
        const brackets = '['.repeat(place)
        expect(unescape(codes + odd + escaped)).toBe(brackets + odd + plain)
        expect(unescape(escaped + codes + odd)).toBe(plain + brackets + odd)
      }
    }
  })

  it('is unescaped at every distance between two entities', () => {
    for (const filling of ['x', '%', "'", '\u4F60']) {
      const parts = Array.from({ length: 60 }, (_, distance) => filling.repeat(distance))
      for (const [entity, character] of [
        ['&amp;', '&'],
        ['&#93;', ']'],
        ['&#9', '&#9'],
        ['&', '&'],
      ] as const) {
        expect(unescape(`${'&#44;'.repeat(200)}${parts.join(entity)}`)).toBe(','.repeat(200) + parts.join(character))
      }
    }
  })

  it('keeps every character that is not special', () => {
    const all = String.fromCharCode(...Array.from({ length: 0x10000 }, (_, code) => code))
    const escaped = all.replace('&', '&amp;').replace('[', '&#91;').replace(']', '&#93;')
    const special = '&[]'.repeat(300)
    const escapedSpecial = '&amp;&#91;&#93;'.repeat(300)
    expect(escapeText(special + all) === escapedSpecial + escaped).toBe(true)
    expect(escapeValue(special + all) === escapedSpecial + escaped.replace(',', '&#44;')).toBe(true)
    expect(unescape(escapedSpecial + escaped) === special + all).toBe(true)
  })
})
