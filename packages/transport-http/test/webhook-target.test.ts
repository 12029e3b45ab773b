import { webhookOptions } from '@seekyou/transport-http'
import { expect, it } from 'vitest'
import { readWebhookTarget } from '../src/webhook-target.ts'

it.each([
  ['http://127.0.0.1:8080/events?x=1', { url: 'http://127.0.0.1:8080/events?x=1' }],
  ['HTTPS://bot.example/', { url: 'HTTPS://bot.example/' }],
  ['http+unix:///run/bot.sock:/events?x=1', { url: 'http://localhost/events?x=1', socketPath: '/run/bot.sock' }],
  ['http+unix:///run/bot.sock', { url: 'http://localhost/', socketPath: '/run/bot.sock' }],
  ['http+unix://%2Frun%2Fbot.sock/events', { url: 'http://localhost/events', socketPath: '/run/bot.sock' }],
  ['http+unix://%2Frun%2Fbot.sock', { url: 'http://localhost/', socketPath: '/run/bot.sock' }],
])('reads where %s is', (text, target) => {
  expect(readWebhookTarget(text)).toEqual(target)
})

it.each([
  'bot.example',
  'ftp://bot.example/',
  'http://',
  'unix:/run/bot.sock',
  'http+unix://',
  'http+unix://run/bot.sock',
  'http+unix://%2Frun%00/x',
  'http+unix://%2Frun%zz/x',
])('takes %s for no place to post to, and says what would be one', (url) => {
  expect(readWebhookTarget(url)).toBeUndefined()
  expect(() => webhookOptions.parse({ name: 'bot', url })).toThrow('http+unix:///path/of.sock:/path/of/url')
})
