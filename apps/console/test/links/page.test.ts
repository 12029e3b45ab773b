import { expect, test } from 'vitest'
import { describeInBrowser, expectAccessible, openConsole, screenshot } from '../browser.ts'
import { eventually } from '../eventually.ts'
import { inEveryLook, patiently } from '../every-look.ts'
import { startWebhookSink } from '../webhook-sink.ts'

describeInBrowser('the links page', () => {
  test('pauses a link and has it go on', async () => {
    await using sink = await startWebhookSink()
    const config = `bots: [{ connect: [{ type: webhook, name: hook, url: '${sink.url}' }] }]`
    await using house = await openConsole('#/links', { setup: { config } })
    const { page, program } = house
    const messages = () => sink.events.map(({ raw_message }) => raw_message).filter(Boolean)
    await page.getByRole('button', { name: 'Pause hook' }).click()
    await page.getByText('paused by an operator').waitFor()
    await program.sandbox('say', { as: 10001, group_id: 20001, message: 'kept for later' })
    await page.getByRole('row', { name: /hook/ }).getByText('1 event', { exact: true }).waitFor()
    expect(messages()).toEqual([])
    await page.getByRole('button', { name: 'Resume hook' }).click()
    await eventually(messages).toEqual(['kept for later'])
    await page.getByRole('row', { name: /hook/ }).getByText('0 events', { exact: true }).waitFor()
  })

  test('lists dead letters, tells them again and discards them', async () => {
    await using sink = await startWebhookSink(400)
    const config = `bots: [{ connect: [{ type: webhook, name: picky, url: '${sink.url}' }] }]`
    await using house = await openConsole('#/links', { setup: { config } })
    const { page, program } = house
    for (const message of ['first', 'second']) await program.sandbox('say', { as: 10001, group_id: 20001, message })
    await page.getByRole('row', { name: /picky/ }).getByRole('link', { name: '2' }).click()
    await page.getByText('#1 for picky').waitFor()
    await page.getByText('Alice: second').waitFor()
    await expectAccessible(page)
    await screenshot(page, 'links-dead-letters')
    await page.getByRole('button', { name: 'Discard #1' }).click()
    await page.getByText('#1 for picky').waitFor({ state: 'detached' })
    sink.status = 204
    await page.getByRole('button', { name: 'Tell again: #2' }).click()
    await page.getByText('1 event is told again').waitFor()
    await page.getByText('No dead letters.').waitFor()
  })

  test('shows the configuration that is in force, without secrets', async () => {
    const config = `bots: [{ connect: [{ type: webhook, name: hook, url: 'http://127.0.0.1:9/', secret: very-secret-indeed }] }]`
    await using house = await openConsole('#/links/configuration', { setup: { config } })
    const shown = house.page.getByRole('region', { name: 'Configuration' })
    await shown.getByText('"hook"').first().waitFor()
    expect(await shown.first().innerText()).not.toContain('very-secret-indeed')
  })

  test('says so where the server does not have something', async () => {
    await using house = await openConsole('#/chat')
    const { page } = house
    const absent = {
      status: 404,
      contentType: 'application/json',
      body: '{"status":"failed","retcode":1404,"data":null}',
    }
    for (const path of ['tap**', 'links', 'metrics', 'tokens', 'config', 'dead_letters**']) {
      await page.route(`**/inspect/${path}`, (route) => route.fulfill(absent))
    }
    await page.route('**/openapi.json', (route) => route.fulfill(absent))
    for (const at of [
      'links',
      'links/dead-letters',
      'links/tokens',
      'links/configuration',
      'inspector',
      'playground',
    ]) {
      await page.evaluate((hash) => {
        location.hash = hash
      }, `#/${at}`)
      await page.getByText('This server does not have it:').first().waitFor()
    }
  })

  test('has no serious fault in both themes, wide and narrow', patiently, async () => {
    await using sink = await startWebhookSink()
    const config = `bots: [{ connect: [{ type: webhook, name: hook, url: '${sink.url}' },
      { type: reverse-ws, name: gone, url: 'ws://127.0.0.1:9/' }] }]`
    await using house = await openConsole('#/links', { setup: { config } })
    await inEveryLook(house, '#/links', async (page, look) => {
      await page.getByText('the link gone is failing').waitFor()
      await page.getByRole('img', { name: /^Calls: all \d/ }).waitFor()
      await expectAccessible(page)
      await screenshot(page, `links-${look}`)
      await page.getByRole('link', { name: 'Tokens' }).click()
      await page.getByRole('heading', { name: 'Tokens' }).waitFor()
      await expectAccessible(page)
      await screenshot(page, `links-tokens-${look}`)
    })
  })
})
