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
