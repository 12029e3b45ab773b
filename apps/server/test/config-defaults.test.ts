import { expect, test } from 'vitest'
import { defaultConfig } from '../src/config-defaults.ts'
import { configSchema } from '../src/config-schema.ts'
import { loadConfig } from '../src/config.ts'

test('what stands for a configuration that says nothing is what the schema makes of one', () => {
  expect(defaultConfig).toEqual(configSchema.parse({}))
})

test.each([
  [
    { port: 0, dataDir: '/srv/data', strictStore: true },
    { data_dir: '/srv/data', store: { strict: true } },
  ],
  [{ port: 0, logLevel: 'debug' }, { log_level: 'debug' }],
  [{ port: 0, token: 'a-token' }, { defaults: { access_token: 'a-token' } }],
])('flags say as much without a file as with one: %o', async (overrides, said) => {
  const { config } = await loadConfig(undefined, overrides, {})
  expect(config).toEqual(configSchema.parse({ ...said, bots: [{ listen: [{ port: 0 }] }] }))
})

test('flags are judged where they can be wrong', async () => {
  await expect(loadConfig(undefined, { logLevel: 'loud' }, {})).rejects.toThrow('--log-level')
  await expect(loadConfig(undefined, { host: '' }, {})).rejects.toThrow('--host')
  await expect(loadConfig(undefined, { token: 'a\nb' }, {})).rejects.toThrow('SEEKYOU_TOKEN')
})
