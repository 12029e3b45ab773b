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

  test('makes a token, shows its secret once, and revokes it', async () => {
    await using house = await openConsole('#/chat')
    const { page } = house
    const made: Record<string, unknown>[] = []
    // The server's own part is proven where it is built; here its answers are played.
    await page.route('**/inspect/tokens{,/**}', async (route) => {
      const request = route.request()
      const done = (data: unknown) => route.fulfill({ json: { status: 'ok', retcode: 0, data } })
      if (request.method() === 'DELETE') return done(made.splice(0) && null)
      if (request.method() === 'GET') return done(made.map((token) => ({ ...token, origin: 'file', can_log_in: true })))
      const token = request.postDataJSON() as { name: string }
      if (token.name === 'bad') {
        return route.fulfill({ json: { status: 'failed', retcode: 100, data: null, wording: 'no such name here' } })
      }
      made.push(token)
      return done({ name: token.name, token: 'shown-this-once' })
    })
    await page.evaluate(() => {
      location.hash = '#/links/tokens'
    })
    await page.getByText('There are no scoped tokens.').waitFor()
    await page.getByRole('button', { name: 'New token' }).click()
    const dialog = page.getByRole('dialog', { name: 'New token' })
    await dialog.getByLabel('Name', { exact: true }).fill('bad')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByText('no such name here').waitFor()
    await dialog.getByLabel('Name', { exact: true }).fill('shop')
    await dialog.getByLabel('Only groups').fill('20001, 20002')
    await expectAccessible(page)
    await screenshot(page, 'links-new-token')
    await dialog.getByRole('button', { name: 'Create' }).click()
    const secret = page.getByRole('dialog', { name: 'The secret, shown this once' })
    await secret.getByText('shown-this-once').waitFor()
    await secret.getByRole('button', { name: 'Copy the secret' }).click()
    await eventually(() => page.evaluate(() => navigator.clipboard.readText())).toBe('shown-this-once')
    await secret.getByText('I have it').click()
    expect(made).toEqual([{ name: 'shop', preset: 'chat', groups: [20001, 20002] }])
    await page.getByText('groups: 20001, 20002').waitFor()
    expect(await page.content()).not.toContain('shown-this-once')

    await page.getByRole('button', { name: 'Revoke shop' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('There are no scoped tokens.').waitFor()
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
