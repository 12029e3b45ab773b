import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { createClient } from '@seekyou/client'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInBrowser, expectAccessible, openConsole, screenshot } from '../browser.ts'
import type { OpenConsole } from '../browser.ts'
import { eventually } from '../eventually.ts'
import { inEveryLook, patiently } from '../every-look.ts'
import { startWebhookSink } from '../webhook-sink.ts'

const run = promisify(execFile)

/** A line of the timeline with this text. */
const line = (page: Page, text: string | RegExp) => page.getByRole('option').filter({ hasText: text })

/** What was copied last. */
const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText())

/** A bot on a WebSocket that answers every group message. */
async function startBot({ program }: OpenConsole) {
  const client = createClient({ url: program.url.replace('http', 'ws'), onError: () => undefined })
  client.on('message.group', (event) => client.reply(event, `you said ${event.raw_message}`))
  // The first answer means that it is connected.
  await client.call('get_login_info')
  return client
}

const say = ({ program }: OpenConsole, message: string, as = 10001) =>
  program.sandbox('say', { as, group_id: 20001, message })

describeInBrowser('the inspector', () => {
  test('shows an event, what became of it on each link, and the answer of the bot, as they happen', async () => {
    await using sink = await startWebhookSink()
    const config = `bots: [{ connect: [{ type: webhook, name: only-bob, url: '${sink.url}', filter: { user_id: 10002 } }] }]`
    await using house = await openConsole('#/inspector', { setup: { config } })
    await using _bot = await startBot(house)
    const { page } = house
    await say(house, 'hello inspector')
    await line(page, /message\.group.*Alice: hello inspector/).waitFor()
    await line(page, /send_group_msg|send_msg/)
      .filter({ hasText: 'you said hello inspector' })
      .waitFor()
    await line(page, /message_sent\.group.*you said hello inspector/).waitFor()

    await line(page, 'only-bob').filter({ hasText: 'filtered' }).first().click()
    const details = page.getByRole('complementary', { name: 'Details' })
    await details.getByRole('heading', { name: 'The clause that said no' }).waitFor()
    expect(await details.locator('.clause').innerText()).toMatch(/user_id.*\.eq.*10002.*10001.*\/user_id/s)
    await screenshot(page, 'inspector-filtered')

    await line(page, 'Alice: hello inspector').click()
    await details.getByRole('tab', { name: 'Trace' }).click()
    await details.getByRole('button', { name: /Call send_.*msg ok/ }).waitFor()
    await details.getByRole('button', { name: /Event message_sent\.group/ }).waitFor()
    await expectAccessible(page)
    await screenshot(page, 'inspector-trace')

    await details.getByRole('link', { name: 'Chat' }).click()
    await page.waitForURL(/#\/chat\/group:20001\?message=1$/)
    await page.locator('[data-message="1"]').getByText('hello inspector').waitFor()
  })

  test('a call is copied as curl and done again by it', async () => {
    await using house = await openConsole('#/inspector')
    const { page, program } = house
    await program.call('send_group_msg', { group_id: 20001, message: `it's "quoted" $HOME` })
    await line(page, /^.*send_group_msg/).click()
    await page.getByRole('button', { name: 'Copy as …' }).click()
    await page.getByRole('menuitem', { name: 'Copy as curl' }).click()
    await page.getByText('Copied').waitFor()
    const { stdout } = await run('sh', ['-c', await copied(page)])
    expect(JSON.parse(stdout)).toMatchObject({ status: 'ok', retcode: 0 })
    const message_id = (JSON.parse(stdout) as { data: { message_id: number } }).data.message_id
    expect(await program.call('get_msg', { message_id })).toMatchObject({ raw_message: `it's "quoted" $HOME` })

    await page.getByRole('button', { name: 'Copy as …' }).click()
    await page.getByRole('menuitem', { name: 'TypeScript' }).click()
    await eventually(() => copied(page)).toContain('client.call("send_group_msg", {')
  })

  test('with a token the copied curl takes it from the environment', async () => {
    const token = 'a-token-of-this-test'
    const setup = { token, env: { SEEKYOU_TOKEN: token } }
    await using house = await openConsole('#/inspector', { setup })
    const { page, program } = house
    await page.context().setExtraHTTPHeaders({ authorization: `Bearer ${token}` })
    await page.reload()
    await program.call('get_status')
    await line(page, 'get_status').first().click()
    await page.getByRole('button', { name: 'Copy as …' }).click()
    await page.getByRole('menuitem', { name: 'Copy as curl' }).click()
    await eventually(() => copied(page)).toContain('curl')
    const command = await copied(page)
    expect(command).not.toContain(token)
    const { stdout } = await run('sh', ['-c', command], { env: { ...process.env, SEEKYOU_TOKEN: token } })
    expect(JSON.parse(stdout)).toMatchObject({ retcode: 0 })
  })

  test('is driven by the keyboard: lines, details, filter, pause, copy', async () => {
    await using house = await openConsole('#/inspector')
    const { page, program } = house
    for (const message of ['one', 'two', 'three']) await say(house, message)
    await line(page, 'three').waitFor()
    await page.keyboard.press('k')
    await page.keyboard.press('k')
    await page.keyboard.press('Enter')
    const details = page.getByRole('complementary', { name: 'Details' })
    await details.getByText('"two"').first().waitFor()
    await page.keyboard.press('j')
    await details.getByText('"three"').first().waitFor()
    await page.keyboard.press('c')
    await eventually(() => copied(page)).toContain('"raw_message": "three"')
    await page.keyboard.press('Escape')
    await details.waitFor({ state: 'detached' })

    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Go on' }).waitFor()
    await say(house, 'four')
    await page.getByText('1 record waits').waitFor()
    expect(await line(page, 'four').count()).toBe(0)
    await page.keyboard.press('Space')
    await line(page, 'four').waitFor()

    await page.keyboard.press('/')
    await page.keyboard.type('type:event two -three')
    await eventually(() => line(page, 'Alice').allInnerTexts()).toHaveLength(1)
    await line(page, 'two').waitFor()
    expect(page.url()).toMatch(/filter=type%3Aevent/)
    await page.getByLabel('Filter', { exact: true }).fill('colour:red')
    await page.getByText('Looked for as it stands: colour:red').waitFor()
    await page.getByText('Nothing that is kept matches the filter.').waitFor()
    await page.getByRole('button', { name: 'Calls' }).click()
    await program.call('get_status')
    await page.getByLabel('Filter', { exact: true }).fill('type:call')
    await line(page, 'get_status').waitFor()
    // A button that has the focus takes the keys itself.
    await page.getByRole('button', { name: 'Clear' }).focus()
    await page.keyboard.press('Space')
    await page.getByText('Nothing has passed yet.').waitFor()
    await page.getByRole('button', { name: 'Pause' }).waitFor()
  })

  test('tells an event once more to a link', async () => {
    await using sink = await startWebhookSink()
    const config = `bots: [{ connect: [{ type: webhook, name: hook, url: '${sink.url}' }] }]`
    await using house = await openConsole('#/inspector', { setup: { config } })
    const { page } = house
    await say(house, 'again please')
    await line(page, 'hook').filter({ hasText: 'acknowledged' }).first().waitFor()
    await line(page, 'again please').click()
    await page.getByRole('button', { name: 'Tell again' }).click()
    await page.getByText('Told again to hook').waitFor()
    await eventually(() => sink.events.filter(({ raw_message }) => raw_message === 'again please')).toHaveLength(2)
    await line(page, 'hook').filter({ hasText: 'told again' }).waitFor()
  })

  test('has no serious fault in both themes, wide and narrow', patiently, async () => {
    await using house = await openConsole('#/inspector')
    const { program } = house
    await say(house, 'hello [CQ:face,id=1]')
    await program.call('send_group_msg', { group_id: 20001, message: 'hi' })
    await program.call('get_group_info', { group_id: 404 }).catch(() => undefined)
    await inEveryLook(house, '#/inspector', async (page, look) => {
      await line(page, 'failed').waitFor()
      await screenshot(page, `inspector-${look}`)
      await line(page, 'Alice: hello').click()
      await expectAccessible(page)
      await screenshot(page, `inspector-details-${look}`)
    })
  })

  test('speaks Chinese', async () => {
    await using house = await openConsole('#/inspector', { options: { locale: 'zh-CN' } })
    await say(house, '你好')
    await line(house.page, 'Alice: 你好').waitFor()
    await house.page.getByRole('button', { name: '暂停' }).waitFor()
    await screenshot(house.page, 'inspector-zh')
  })
})
