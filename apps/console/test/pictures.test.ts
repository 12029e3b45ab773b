import { createClient } from '@seekyou/client'
import { test } from 'vitest'
import { describeInBrowser, openConsole, screenshot } from './browser.ts'

/** A bot that listens, and a link that is not told what people say. */
const config = `
bots:
  - listen: [{ port: 0 }]
    connect: [{ type: webhook, name: mod-log, url: 'http://127.0.0.1:9/', filter: { post_type: notice } }]
`

/** What the bot answers. */
const answers: Readonly<Record<string, string>> = {
  '!roll 2d6': '[CQ:at,qq=10001] 4 + 5 = 9',
  '!weather Lisbon': 'Lisbon: 22 °C, a light wind from the sea',
  '!remind me 30m tea': 'Tea, in half an hour. Noted.',
}

describeInBrowser('the documentation', () => {
  test('has pictures of two chats and of the way of an event', async () => {
    await using house = await openConsole('#/chat/group:20001,private:10001', {
      setup: { config },
      options: { viewport: { width: 1200, height: 720 } },
    })
    const { program, page } = house
    await using bot = createClient({ url: program.url.replace('http', 'ws') })
    bot.on('message', (event) => {
      const answer = answers[event.raw_message]
      if (answer !== undefined) void bot.reply(event, answer)
    })
    await bot.call('get_login_info')
    const say = async (as: number, group_id: number | undefined, message: string) => {
      await program.sandbox('say', { as, group_id, message })
      await page
        .getByRole('article', { name: 'SeekYou' })
        .getByText(answers[message]?.replace(/^\[.*\] /, '') ?? '')
        .first()
        .waitFor()
    }
    await say(10001, 20001, '!roll 2d6')
    await program.sandbox('say', { as: 10002, group_id: 20001, message: 'nine! and what is it like outside?' })
    await say(10002, 20001, '!weather Lisbon')
    await program.sandbox('poke', { as: 10003, group_id: 20001, target_id: 10000 })
    await program.sandbox('say', { as: 10003, group_id: 20001, message: '[CQ:face,id=14] thank you, bot' })
    await say(10001, undefined, '!remind me 30m tea')
    await page.getByText('thank you, bot').waitFor()
    await screenshot(page, 'docs-chat')

    await page.goto(`${program.url}/console/#/inspector`)
    await page.getByText('Bob: !weather Lisbon').first().click()
    await page.getByRole('tab', { name: 'Trace' }).click()
    await page.getByRole('button', { name: /Event message_sent\.group/ }).waitFor()
    await screenshot(page, 'docs-inspector')
  })
})
