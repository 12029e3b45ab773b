import { readMessage } from '@seekyou/message'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { MessageBody, SurroundingsContext } from '../src/chat/segments.tsx'
import type { Surroundings } from '../src/chat/segments.tsx'
import { mediaUrl } from '../src/chat/source.ts'

beforeEach(() => void vi.stubGlobal('document', { baseURI: 'http://127.0.0.1:5700/console/' }))
afterEach(() => void vi.unstubAllGlobals())

const surroundings: Surroundings = {
  nameOf: (qq) => (qq === '10001' ? 'Alice' : qq),
  quoted: (id) => (id === '7' ? { who: 'Bob', text: 'what was said' } : undefined),
  self: '10001',
}

function render(code: string): string {
  const body = createElement(MessageBody, { message: readMessage(code) })
  return renderToStaticMarkup(createElement(SurroundingsContext, { value: surroundings }, body))
}

const key = 'ab'.repeat(32)

describe('a message', () => {
  test.each([
    ['&#91;a&#93; <b>', '[a] &lt;b&gt;'],
    ['[CQ:at,qq=10001]', '@Alice'],
    ['[CQ:at,qq=all]', '@everyone'],
    ['[CQ:face,id=14]', 'aria-label="微笑"'],
    ['[CQ:face,id=9999]', 'face 9999'],
    ['[CQ:dice,value=4]', '⚃'],
    ['[CQ:rps,value=2]', 'Scissors'],
    ['[CQ:reply,id=7]', 'what was said'],
    ['[CQ:reply,id=8]', '#8'],
    [`[CQ:image,file=x,url=http://10.0.0.1:1/media/${key}?sig=1]`, `src="http://127.0.0.1:5700/media/${key}?sig=1"`],
    ['[CQ:image,file=x]', 'not kept here'],
    [`[CQ:record,file=x,url=http://h/media/${key}]`, '<audio'],
    [`[CQ:video,file=x,url=http://h/media/${key}]`, '<video'],
    ['[CQ:share,url=https://a.example/,title=A title]', 'href="https://a.example/"'],
    ['[CQ:music,type=163,id=5]', '163 5'],
    ['[CQ:location,lat=1,lon=2,title=Here]', 'Here'],
    ['[CQ:contact,type=group,id=20001]', 'Contact: a group'],
    ['[CQ:redbag,title=Luck]', 'Luck'],
    ['[CQ:poke,qq=10001]', 'Poke Alice'],
    ['[CQ:file,file=x,name=notes.txt,size=2048]', '2.0 kB'],
    ['[CQ:xml,data=<msg brief="A brief"/>]', 'A brief'],
    ['[CQ:json,data={"prompt":"A prompt"&#44;"x":1}]', 'A prompt'],
    ['[CQ:vendor.thing,x=1]', 'Unknown segment: vendor.thing'],
  ])('shows %s', (code, html) => {
    expect(render(code)).toContain(html)
  })

  test('makes no link of what is no web address', () => {
    expect(render('[CQ:share,url=javascript:alert(1),title=x]')).not.toContain('href')
    expect(render('[CQ:image,file=x,url=javascript:alert(1)]')).not.toContain('src')
  })
})

test('media of the server are asked for where the page is from, others encrypted or not at all', () => {
  expect(mediaUrl(`http://192.168.0.9:5700/media/${key}?expires=1`)).toBe(
    `http://127.0.0.1:5700/media/${key}?expires=1`,
  )
  expect(mediaUrl('http://pictures.example/a.png')).toBe('https://pictures.example/a.png')
  for (const url of [undefined, '', 'file:///etc/passwd', 'nonsense']) expect(mediaUrl(url)).toBeUndefined()
})
