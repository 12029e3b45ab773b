import { createClient } from '@seekyou/client'
import type { Program } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { describeInBrowser, expectAccessible, openConsole, screenshot } from './browser.ts'

describeInBrowser('chat', () => {
  test('a person speaks, a bot answers, and both stand in the chat', async () => {
    await using house = await openConsole('#/chat/group:20001')
    const { program, page } = house
    await using bot = startBot(program)
    bot.on('message.group', (event) => void bot.reply(event, '[CQ:face,id=14] pong'))

    const column = page.getByRole('region', { name: 'Sandbox' })
    await column.getByRole('button', { name: 'Act as' }).click()
    await page.getByRole('menuitemradio', { name: 'Alice' }).click()
    await column.getByRole('textbox', { name: 'Message' }).fill('ping')
    await page.keyboard.press('Enter')
    const log = column.getByRole('log')
    await log.getByRole('article', { name: 'Alice' }).getByText('ping').waitFor()
    const answer = log.getByRole('article', { name: 'SeekYou' })
    await answer.getByRole('img', { name: '微笑' }).waitFor()
    await screenshot(page, 'chat-answered')
  })
})

/** A bot that a framework of ours runs, over a real WebSocket. */
function startBot({ url }: Program) {
  return createClient({ url: url.replace('http', 'ws') })
}
