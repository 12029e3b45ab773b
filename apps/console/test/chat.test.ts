import { createClient } from '@seekyou/client'
import { startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInBrowser, expectAccessible, openConsole, screenshot } from './browser.ts'
import { eventually } from './eventually.ts'

/** A square of 40 by 40 pixels. */
const png =
  'iVBORw0KGgoAAAANSUhEUgAAACgAAAAoCAIAAAADnC86AAAAN0lEQVR42u3NMQ0AMAgAMORMBDdypnM3ivBAdjbp3+jKtXPfWojFYrFYLBaLxWKxWCwWi8X/4gFBiGy5+GssYwAAAABJRU5ErkJggg=='

describeInBrowser('chat', () => {
  test('a person speaks, a bot answers, and both stand in the chat', async () => {
    await using house = await openConsole('#/chat/group:20001')
    const { program, page } = house
    await using bot = startBot(program)
    bot.on('message.group', (event) => void bot.reply(event, '[CQ:face,id=14] pong'))

    const column = page.getByRole('region', { name: 'Sandbox' })
    await beSomeone(page, column, 'Alice')
    await speak(page, column, 'ping')
    const log = column.getByRole('log')
    await log.getByRole('article', { name: 'Alice' }).getByText('ping').waitFor()
    await log.getByRole('article', { name: 'SeekYou' }).getByRole('img', { name: '微笑' }).waitFor()
  })

  test('who is muted is refused in the words of the network, and sees for how long', async () => {
    await using house = await openConsole('#/chat/group:20001')
    const { program, page } = house
    const column = page.getByRole('region', { name: 'Sandbox' })
    await program.call('set_group_ban', { group_id: 20001, user_id: 10001, duration: 600 })
    await column.getByText('Alice was muted for 10 min by SeekYou').waitFor()
    await page.keyboard.press('i')
    await column
      .getByRole('complementary')
      .getByText(/^muted \d+ (?:min|s)$/)
      .waitFor()
    await beSomeone(page, column, 'Alice')
    await speak(page, column, 'let me speak')
    const refusal = await program
      .sandbox('say', { as: 10001, group_id: 20001, message: 'let me speak' })
      .catch((error: Error) => error.message)
    const { wording } = JSON.parse(/\{.*\}$/.exec(String(refusal))![0]) as { wording: string }
    await column.getByRole('alert').getByText(wording).waitFor()
    // What was written is still there.
    expect(await column.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('let me speak')
  })

  test('a request to be friends is told to the bot, approved by it, and that is seen', async () => {
    await using house = await openConsole('#/chat/private:10004')
    const { program, page } = house
    await using bot = startBot(program)
    bot.on('request.friend', ({ flag }) => void bot.call('set_friend_add_request', { flag, approve: true }))

    await page.getByRole('button', { name: 'World' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Who').selectOption('10004')
    await dialog.getByLabel('Words').fill('it is me, Dave')
    await dialog.getByRole('button', { name: 'Ask' }).click()
    await dialog.getByText('Dave wants to be a friend of the bot').waitFor()
    await dialog.getByText('approved by SeekYou').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('Dave and the bot are friends now').waitFor()
  })

  test('a message is recalled by its menu, and one that a bot recalls is marked at once', async () => {
    await using house = await openConsole('#/chat/group:20001')
    const { program, page } = house
    const column = page.getByRole('region', { name: 'Sandbox' })
    await beSomeone(page, column, 'Alice')
    await speak(page, column, 'a slip')
    const first = column.getByRole('article', { name: 'Alice' }).filter({ hasText: 'a slip' })
    await first.click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Recall' }).click()
    await first.getByText('recalled').waitFor()
    const { message_id } = await program.call<{ message_id: number }>('send_group_msg', {
      group_id: 20001,
      message: 'mine',
    })
    const second = column.getByRole('article', { name: 'SeekYou' }).filter({ hasText: 'mine' })
    await second.waitFor()
    await program.call('delete_msg', { message_id })
    await second.getByText('recalled').waitFor()
  })

  test('an image is pasted, seen before it is sent, and arrives', async () => {
    await using house = await openConsole('#/chat/private:10001')
    const { program, page } = house
    const column = page.getByRole('region', { name: 'Alice' })
    const field = column.getByRole('textbox', { name: 'Message' })
    await field.fill('look: ')
    await field.evaluate((element, content) => {
      const bytes = Uint8Array.from(atob(content), (letter) => letter.codePointAt(0)!)
      const data = new DataTransfer()
      data.items.add(new File([bytes], 'square.png', { type: 'image/png' }))
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    }, png)
    await column.locator('.composer-look img').waitFor()
    await field.press('Enter')
    const image = column.getByRole('log').getByRole('img', { name: 'Image' })
    await image.waitFor()
    await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(40)
    const { messages } = await program.look<{ messages: { message: { type: string }[] }[] }>('messages', {
      user_id: '10001',
    })
    expect(messages[0]!.message.map(({ type }) => type)).toEqual(['text', 'image'])
    await image.click()
    await page.getByRole('dialog', { name: 'Image' }).waitFor()
  })

  test('people are mentioned and answered by the keyboard alone', async () => {
    await using house = await openConsole('#/chat/group:20001?as=10001')
    const { program, page } = house
    const { message_id } = await program.sandbox<{ message_id: number }>('say', {
      as: 10002,
      group_id: 20001,
      message: 'who is there?',
    })
    const column = page.getByRole('region', { name: 'Sandbox' })
    await column.getByText('who is there?').waitFor()
    await beSomeone(page, column, 'Alice')
    await column.getByRole('log').focus()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Reply' }).waitFor()
    await page.keyboard.press('Enter')
    await column.getByText('Reply to Bob').waitFor()
    await page.keyboard.type('me, @Car')
    await page.keyboard.press('Enter')
    await page.keyboard.type('knows')
    await page.keyboard.press('Enter')
    await column.getByRole('article', { name: 'Alice' }).getByText('@Carol').waitFor()
    const { messages } = await program.look<{ messages: { message: object[] }[] }>('messages', { group_id: '20001' })
    expect(messages.at(-1)!.message).toMatchObject([
      { type: 'reply', data: { id: String(message_id) } },
      { type: 'text' },
      { type: 'at', data: { qq: '10003' } },
      { type: 'text' },
    ])
  })

  test('old messages are read as one scrolls up, and only those in sight are on the page', async () => {
    await using house = await openConsole('#/chat')
    const { program, page } = house
    for (let number = 1; number <= 260; number++) {
      await program.sandbox('say', { as: 10001 + (number % 2), group_id: 20002, message: `message ${number}` })
    }
    await page.getByRole('button', { name: /^Guests/ }).click()
    const log = page.getByRole('region', { name: 'Guests' }).getByRole('log')
    await log.getByText('message 260', { exact: true }).waitFor()
    await readBackTo(log, 'message 1')
    expect(await log.getByRole('article').count()).toBeLessThan(80)
  })

  test('who has read a long history back hears what is new by a request or two, and keeps what they read', async () => {
    await using house = await openConsole('#/inspector')
    const { program, page } = house
    const say = (message: string) => program.sandbox('say', { as: 10001, group_id: 20002, message })
    for (let number = 1; number <= 600; number += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, more) => say(`message ${number + more}`)))
    }
    await page.evaluate(() => (location.hash = '#/chat/group:20002'))
    const log = page.getByRole('region', { name: 'Guests' }).getByRole('log')
    await readBackTo(log, 'message 1')
    await page.getByRole('button', { name: 'To the newest' }).click()
    await log.getByText('message 600', { exact: true }).waitFor()
    const asked: string[] = []
    page.on('request', (request) => request.url().includes('/sandbox/messages') && asked.push(request.url()))
    await say('and one more')
    await log.getByText('and one more', { exact: true }).waitFor()
    expect(asked.length).toBeLessThan(4)
    await log.evaluate((element) => element.scrollTo(0, 0))
    await log.getByText('message 1', { exact: true }).waitFor()
  })

  test('goes to a message that an address names, and back to the newest', async () => {
    await using house = await openConsole('#/inspector')
    const { program, page } = house
    for (let number = 1; number <= 90; number++) {
      await program.sandbox('say', { as: 10001, group_id: 20002, message: `message ${number}` })
    }
    await page.evaluate(() => (location.hash = '#/chat/group:20002?message=5'))
    const column = page.getByRole('region', { name: 'Guests' })
    await column.getByText('message 5', { exact: true }).waitFor()
    await column.getByRole('button', { name: 'To the newest' }).click()
    await column.getByText('message 90', { exact: true }).waitFor()
  })

  test('messages are collected, sent as a bundle and read there', async () => {
    await using house = await openConsole('#/chat/group:20001')
    const { program, page } = house
    const column = page.getByRole('region', { name: 'Sandbox' })
    for (const message of ['the first', 'the second']) {
      await program.sandbox('say', { as: 10003, group_id: 20001, message })
      await column.getByText(message).click({ button: 'right' })
      await page.getByRole('menuitem', { name: 'Collect for chat history' }).click()
    }
    await column.getByRole('button', { name: 'Send here as chat history' }).click()
    await column.getByRole('button', { name: 'Read the messages' }).click()
    await page.getByRole('dialog', { name: 'Chat history' }).getByText('the second').waitFor()
    await screenshot(page, 'chat-forward')
  })

  test('the CQ codes and the segments of a draft follow each other', async () => {
    await using house = await openConsole('#/chat/group:20001')
    const { page } = house
    const column = page.getByRole('region', { name: 'Sandbox' })
    await column.getByRole('textbox', { name: 'Message' }).fill('hi [CQ:face,id=14]')
    await column.getByRole('button', { name: 'As segments' }).click()
    const json = column.getByLabel('Segments (JSON)')
    expect(JSON.parse(await json.inputValue())).toEqual([
      { type: 'text', data: { text: 'hi ' } },
      { type: 'face', data: { id: '14' } },
    ])
    await json.fill('[{"type":"text","data":{"text":"a & b"}},{"type":"dice","data":{}}]')
    expect(await column.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('a &amp; b[CQ:dice]')
    await json.fill('[{"type":')
    await column.getByText('This is no message in JSON').waitFor()
    await screenshot(page, 'chat-preview')
  })

  test('a world is edited, kept and put back, and goes wrong where it is told to', async () => {
    await using house = await openConsole('#/chat/group:20001')
    const { program, page } = house
    await page.getByRole('button', { name: 'World' }).waitFor()
    await page.keyboard.press('w')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('tab', { name: 'Snapshots' }).click()
    await dialog.getByRole('button', { name: 'Keep' }).click()
    await dialog.getByText('default', { exact: true }).waitFor()
    await dialog.getByRole('tab', { name: 'People' }).click()
    await dialog.getByRole('button', { name: 'New person' }).click()
    await dialog.getByLabel('Nickname').fill('Frank')
    await dialog.getByLabel('To the bot').selectOption('two-way')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByRole('button', { name: 'Frank' }).waitFor()
    await dialog.getByRole('tab', { name: 'Groups', exact: true }).click()
    await dialog.getByRole('button', { name: 'New group' }).click()
    await dialog.getByLabel('Name', { exact: true }).fill('Club')
    await dialog.getByRole('group', { name: 'Members' }).getByLabel('Frank').check()
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByRole('button', { name: 'Club' }).waitFor()
    const members = await program.call<{ nickname: string }[]>('get_group_member_list', { group_id: 20004 })
    expect(members.map(({ nickname }) => nickname).toSorted()).toEqual(['Frank', 'SeekYou'])

    await dialog.getByRole('tab', { name: 'Faults' }).click()
    await dialog.getByLabel('Action').fill('send_group_msg')
    await dialog.getByLabel('Fails with retcode').fill('-7')
    await dialog.getByLabel('and the words').fill('not today')
    await dialog.getByRole('button', { name: 'Set' }).first().click()
    await dialog.getByText('"wording": "not today"').waitFor()
    await expect(program.call('send_group_msg', { group_id: 20001, message: 'hi' })).rejects.toThrow('not today')

    await dialog.getByRole('tab', { name: 'Snapshots' }).click()
    await dialog.getByRole('button', { name: 'Put back' }).click()
    await dialog.getByRole('tab', { name: 'People' }).click()
    await dialog.getByRole('button', { name: 'Frank' }).waitFor({ state: 'detached' })
  })

  test('discuss groups, guilds and their channels are made, changed and removed', async () => {
    await using house = await openConsole('#/chat')
    const { page, program } = house
    type World = {
      discusses: { discuss_id: number; discuss_name: string; member_ids: number[] }[]
      guilds: { guild_name: string; channels: { channel_name: string }[]; members: { user_id: number }[] }[]
    }
    const world = () => program.look<World>('world')
    await page.getByRole('button', { name: 'World' }).waitFor()
    await page.keyboard.press('w')
    const dialog = page.getByRole('dialog')

    await dialog.getByRole('tab', { name: 'Discuss groups' }).click()
    await dialog.getByRole('button', { name: 'New discuss group' }).click()
    await dialog.getByLabel('Name', { exact: true }).fill('Talk')
    await dialog.getByRole('group', { name: 'Members' }).getByLabel('Alice').check()
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByRole('button', { name: 'Talk' }).click()
    expect((await world()).discusses.at(-1)).toMatchObject({ discuss_name: 'Talk', member_ids: [10000, 10001] })
    await dialog.getByRole('group', { name: 'Members' }).getByLabel('Alice').uncheck()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await eventually(async () => (await world()).discusses.at(-1)?.member_ids).toEqual([10000])
    await dialog.getByRole('button', { name: 'Talk' }).click()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await dialog.getByRole('button', { name: 'Really delete?' }).click()
    await dialog.getByRole('button', { name: 'Talk' }).waitFor({ state: 'detached' })

    await dialog.getByRole('tab', { name: 'Guilds' }).click()
    await dialog.getByRole('button', { name: 'New guild' }).click()
    await dialog.getByLabel('Name', { exact: true }).fill('Makers')
    await dialog.getByLabel('Owner').selectOption('10001')
    await dialog.getByRole('group', { name: 'Members' }).getByLabel('SeekYou').check()
    await dialog.getByLabel('Channels').fill('hall\nworkshop\n')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByRole('button', { name: 'Makers' }).click()
    const channels = dialog.getByRole('region', { name: 'Channels' })
    await channels.getByLabel('New channel').fill('attic')
    await channels.getByRole('button', { name: 'Create' }).click()
    const names = async () => (await world()).guilds.at(-1)?.channels.map(({ channel_name }) => channel_name)
    await eventually(names).toEqual(['hall', 'workshop', 'attic'])
    await channels.getByRole('textbox').first().fill('lobby')
    await channels.getByRole('button', { name: 'Save' }).first().click()
    await eventually(names).toEqual(['lobby', 'workshop', 'attic'])
    await channels.getByRole('button', { name: 'Delete' }).nth(1).click()
    await channels.getByRole('button', { name: 'Really delete?' }).click()
    await eventually(names).toEqual(['lobby', 'attic'])
    await expectAccessible(page)
    await dialog.getByLabel('Name', { exact: true }).fill('Crafts')
    await dialog.getByRole('button', { name: 'Save' }).first().click()
    await dialog.getByRole('button', { name: 'Crafts' }).waitFor()
    expect(
      (await world()).guilds
        .at(-1)
        ?.members.map(({ user_id }) => user_id)
        .toSorted(),
    ).toEqual([10000, 10001])
  })

  test('on a real network the bot speaks, and nobody else is played', async () => {
    await using network = await startProgram()
    const config = `bots: [{ backend: { type: onebot, url: '${network.url.replace('http', 'ws')}' } }]`
    await using house = await openConsole('#/chat/group:20001', { setup: { config } })
    const { page } = house
    await network.sandbox('say', { as: 10001, group_id: 20001, message: 'from the other side' })
    const column = page.getByRole('region', { name: 'Sandbox' })
    await column.getByRole('article', { name: 'Alice' }).getByText('from the other side').waitFor()
    await speak(page, column, 'said by hand')
    await column.getByRole('article', { name: 'SeekYou' }).getByText('said by hand').waitFor()
    expect(await page.getByRole('button', { name: 'World' }).count()).toBe(0)
    expect(await column.getByText('Act as').count()).toBe(0)
    await screenshot(page, 'chat-bridge')
  })

  test('is as good in Chinese', async () => {
    await using house = await openConsole('#/chat/group:20001', { options: { locale: 'zh-CN' } })
    const { page } = house
    const column = page.getByRole('region', { name: 'Sandbox' })
    await speak(page, column, '大家好', '消息')
    await column.getByRole('article').getByText('大家好').waitFor()
    await page.getByRole('button', { name: '世界' }).click()
    await page.getByRole('dialog', { name: '沙盒世界' }).getByRole('tab', { name: '故障' }).click()
    await page.getByText('一切正常。').waitFor()
    await expectAccessible(page)
    await screenshot(page, 'chat-world-zh')
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`shows every segment, several chats and their members, accessibly, when it is ${colorScheme}`, async () => {
      await using house = await openConsole('#/chat/group:20001,private:10001', { options: { colorScheme } })
      const { program, page } = house
      await sayEverything(program)
      const column = page.getByRole('region', { name: 'Sandbox' })
      await column.getByText('the end', { exact: true }).waitFor()
      await column.getByRole('button', { name: 'Members and settings' }).click()
      await expectAccessible(page)
      await screenshot(page, `chat-${colorScheme}`)
      await column.getByRole('log').evaluate((element) => element.scrollTo(0, element.scrollHeight - 1700))
      await page.waitForTimeout(300)
      await screenshot(page, `chat-${colorScheme}-above`)
      await column.getByRole('log').evaluate((element) => element.scrollTo(0, 0))
      await page.waitForTimeout(300)
      await screenshot(page, `chat-${colorScheme}-top`)
      await page.getByRole('button', { name: 'World' }).click()
      for (const tab of ['People', 'Faults', 'Requests']) {
        await page.getByRole('tab', { name: tab }).click()
        await expectAccessible(page)
      }
      await screenshot(page, `chat-world-${colorScheme}`)
    })
  }

  test('works at the width of a phone', async () => {
    await using house = await openConsole('#/chat', { options: { viewport: { width: 375, height: 740 } } })
    const { program, page } = house
    await sayEverything(program)
    await page.getByRole('button', { name: /^Sandbox/ }).waitFor()
    await screenshot(page, 'chat-phone-list')
    await page.getByRole('button', { name: /^Sandbox/ }).click()
    const column = page.getByRole('region', { name: 'Sandbox' })
    await speak(page, column, 'from a phone')
    await column.getByRole('article').getByText('from a phone').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375)
    await expectAccessible(page)
    await screenshot(page, 'chat-phone')
    await column.getByRole('button', { name: 'Back to the chats' }).click()
    await page.getByRole('button', { name: /^Guests/ }).waitFor()
  })
})

/** A bot that a framework of ours runs, over a real WebSocket. */
function startBot({ url }: Program) {
  return createClient({ url: url.replace('http', 'ws') })
}

async function beSomeone(page: Page, column: Locator, name: string): Promise<void> {
  await column.getByRole('button', { name: 'Act as' }).click()
  await page.getByRole('menuitemradio', { name }).click()
}

/** Scrolls up until a message is there. */
async function readBackTo(log: Locator, text: string): Promise<void> {
  const scrolled = async () => {
    await log.evaluate((element) => element.scrollTo(0, 0))
    return log.getByText(text, { exact: true }).isVisible()
  }
  await expect.poll(scrolled, { timeout: 30_000 }).toBe(true)
}

async function speak(page: Page, column: Locator, text: string, label = 'Message'): Promise<void> {
  await column.getByRole('textbox', { name: label }).fill(text)
  await page.keyboard.press('Enter')
}

async function sayEverything(program: Program): Promise<void> {
  const say = (as: number, message: unknown) =>
    program.sandbox<{ message_id: number }>('say', { as, group_id: 20001, message })
  await program.sandbox('set_card', { as: 10001, group_id: 20001, value: 'Alice in the sandbox' })
  await program.call('set_group_special_title', { group_id: 20001, user_id: 10001, special_title: 'pilot' })
  await program.call('set_group_ban', { group_id: 20001, user_id: 10002, duration: 3600 })
  const { message_id } = await say(
    10001,
    'good morning [CQ:face,id=14][CQ:face,id=179] [CQ:at,qq=10000] [CQ:at,qq=10003]',
  )
  await say(10003, `[CQ:reply,id=${message_id}]good morning, [CQ:at,qq=10001]`)
  await say(10003, `here it is [CQ:image,file=base64://${png}]`)
  await say(10004, '[CQ:dice,value=4]')
  await say(10004, '[CQ:rps,value=2]')
  await say(10001, '[CQ:location,lat=39.9042,lon=116.4074,title=Beijing,content=Tian’anmen]')
  await say(10001, '[CQ:share,url=https://example.com/page,title=A page,content=What is on it]')
  await say(10003, '[CQ:contact,type=qq,id=10001]')
  await say(10003, [{ type: 'music', data: { type: '163', id: '28949129' } }])
  await say(10004, [{ type: 'json', data: { data: '{"app":"com.example","prompt":"[A card]"}' } }])
  await say(10004, [{ type: 'xml', data: { data: '<msg brief="An XML card"/>' } }])
  await say(10001, [
    { type: 'node', data: { name: 'Alice', uin: '10001', content: 'one' } },
    { type: 'node', data: { name: 'Bob', uin: '10002', content: 'two' } },
  ])
  await program.sandbox('upload_file', { as: 10001, group_id: 20001, name: 'notes.txt', content: 'bm90ZXM=' })
  await program.sandbox('red_packet', { as: 10003, group_id: 20001, title: '恭喜发财', lucky: 10001 })
  await program.sandbox('poke', { as: 10001, group_id: 20001, target_id: 10000 })
  const slip = await say(10004, 'a slip of the tongue')
  await program.call('delete_msg', { message_id: slip.message_id })
  const fine = await say(10001, 'something worth keeping')
  await program.call('set_essence_msg', { message_id: fine.message_id })
  await program.call('send_group_msg', {
    group_id: 20001,
    message:
      'I have read all of it. Here is a longer answer, so that one sees how lines break in a message that says more than a word or two.',
  })
  await program.call('set_group_admin', { group_id: 20001, user_id: 10004 })
  await say(10003, 'the end')
  await program.sandbox('say', { as: 10001, message: 'a word in private' })
  await program.call('send_private_msg', { user_id: 10001, message: 'yes?' })
  await program.sandbox('request_friend', { as: 10004, comment: 'hello' })
}
