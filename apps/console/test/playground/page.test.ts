import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { describeInBrowser, expectAccessible, openConsole, screenshot } from '../browser.ts'
import { eventually } from '../eventually.ts'
import { inEveryLook, patiently } from '../every-look.ts'

const run = promisify(execFile)

describeInBrowser('the playground', () => {
  test('calls an action by its form and shows the members as JSON and as a table', async () => {
    await using house = await openConsole('#/playground')
    const { page } = house
    await page.keyboard.press('/')
    await page.keyboard.type('memberlist')
    await page.getByRole('link', { name: 'get_group_member_list' }).click()
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('It is required.').waitFor()
    await page.getByLabel('group_id').fill('20001')
    await page.locator('.param-hints').getByText('Sandbox').waitFor()
    await page.keyboard.press('Control+Enter')
    const answer = page.getByRole('region', { name: 'Answer' })
    await answer.getByText('HTTP 200').waitFor()
    await answer.getByText('"Alice"').waitFor()
    await answer.getByRole('button', { name: 'Table' }).click()
    await answer.getByRole('cell', { name: 'Carol' }).first().waitFor()
    await expectAccessible(page)
    await screenshot(page, 'playground-table')

    await page
      .getByRole('region', { name: 'Sent before' })
      .getByRole('link', { name: 'get_group_member_list' })
      .waitFor()
    await page.reload()
    await page.getByRole('region', { name: 'Sent before' }).getByRole('link', { name: 'get_group_member_list' }).click()
    await eventually(() => page.getByLabel('group_id').inputValue()).toBe('20001')
  })

  test('finds again what was typed when another action was looked at meanwhile', async () => {
    await using house = await openConsole('#/playground/send_group_msg')
    const { page } = house
    const go = (name: string) => page.getByRole('link', { name, exact: true }).click()
    await page.getByLabel('group_id').fill('20001')
    await go('get_group_info')
    await page.getByRole('button', { name: 'JSON' }).first().click()
    await page.getByLabel('Params as JSON').fill('{ "group_id": 2000')
    await go('send_group_msg')
    await eventually(() => page.getByLabel('group_id').inputValue()).toBe('20001')
    await go('get_group_info')
    await eventually(() => page.getByLabel('Params as JSON').inputValue()).toBe('{ "group_id": 2000')
    await go('send_group_msg')
    await page.getByRole('button', { name: 'Empty' }).click()
    await go('get_group_info')
    await go('send_group_msg')
    await eventually(() => page.getByLabel('group_id').inputValue()).toBe('')
  })

  test('previews a message as the server reads it, and the copied curl sends it', async () => {
    await using house = await openConsole('#/playground/send_group_msg')
    const { page, program } = house
    await page.getByLabel('group_id').fill('20001')
    await page.getByLabel('message', { exact: false }).first().fill(`it's [CQ:at,qq=10001] [CQ:broken`)
    const segments = page.locator('.segments li')
    await eventually(() => segments.allInnerTexts()).toHaveLength(3)
    await page.getByRole('button', { name: 'As segments' }).click()
    expect(await page.getByLabel('message', { exact: false }).first().inputValue()).toContain('"qq": "10001"')
    await page.getByRole('button', { name: 'JSON' }).first().click()
    const json = page.getByLabel('Params as JSON')
    expect(JSON.parse(await json.inputValue())).toMatchObject({ group_id: 20001, message: [{}, { type: 'at' }, {}] })
    await json.fill('{ "group_id": 20001, ')
    await page.getByText('It is no JSON').waitFor()
    await json.fill('{ "group_id": 20001, "message": "by hand" }')
    await page.getByRole('button', { name: 'Copy as …' }).click()
    await page.getByRole('menuitem', { name: 'Copy as curl' }).click()
    await eventually(() => page.evaluate(() => navigator.clipboard.readText())).toContain('curl')
    const { stdout } = await run('sh', ['-c', await page.evaluate(() => navigator.clipboard.readText())])
    const { message_id } = (JSON.parse(stdout) as { data: { message_id: number } }).data
    expect(await program.call('get_msg', { message_id })).toMatchObject({ raw_message: 'by hand' })
  })

  test('has an event happen, and shows what is wrong with one that cannot', async () => {
    await using house = await openConsole('#/playground')
    const { page, program } = house
    await page.getByRole('button', { name: 'Events' }).click()
    await page.getByRole('link', { name: 'message.group', exact: true }).click()
    const json = page.getByLabel('Event as JSON')
    const event = JSON.parse(await json.inputValue()) as object
    await json.fill(JSON.stringify({ ...event, message: 'made up' }))
    await page.getByRole('button', { name: 'Have it happen' }).click()
    const answer = page.getByRole('region', { name: 'Answer' })
    await answer.getByText('retcode 0').waitFor()
    const { messages } = await program.call<{ messages: { raw_message: string }[] }>('get_group_msg_history', {
      group_id: 20001,
    })
    expect(messages.map(({ raw_message }) => raw_message)).toContain('made up')

    await json.fill('{"post_type": "message"}')
    await page.getByRole('button', { name: 'Have it happen' }).click()
    await answer.getByText('retcode 100').waitFor()
    await screenshot(page, 'playground-event')
  })

  test('every action has a form', async () => {
    await using house = await openConsole('#/playground')
    const { page } = house
    const links = page.getByRole('navigation', { name: 'What can be called' }).getByRole('link')
    await links.first().waitFor()
    const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')!))
    expect(addresses.length).toBeGreaterThan(150)
    for (const address of addresses) {
      await page.evaluate((hash) => {
        location.hash = hash
      }, address)
      const name = decodeURIComponent(address.replace('#/playground/', ''))
      await page.getByRole('heading', { name, exact: true }).waitFor()
    }
  })

  test('has no serious fault in both themes, wide and narrow', patiently, async () => {
    await using house = await openConsole('#/playground')
    await inEveryLook(house, '#/playground', async (page, look) => {
      const link = page.getByRole('link', { name: 'send_group_msg', exact: true })
      await link.waitFor()
      await screenshot(page, `playground-list-${look}`)
      await link.click()
      await page.getByRole('button', { name: 'Example' }).click()
      await page.getByRole('button', { name: 'Send' }).click()
      await page.getByText('retcode 0').waitFor()
      await expectAccessible(page)
      await screenshot(page, `playground-${look}`)
    })
  })
})
