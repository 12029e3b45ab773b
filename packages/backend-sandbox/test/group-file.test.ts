import { createHash } from 'node:crypto'
import { mediaUri } from '@seekyou/protocol'
import { createMemoryFiles } from '@seekyou/testkit'
import { describe, expect, it } from 'vitest'
import { base64, file, messagesOf, refusal, restart, startSandbox } from './run.ts'
import type { Run } from './run.ts'

const bytes = Buffer.from('a timetable')
const url = mediaUri(createHash('sha256').update(bytes).digest('hex'))
const timetable = { file: base64(bytes), name: 'a.pdf' }
const group = { group_id: 20001 }

const upload = (run: Run, more: object = {}) => run.act('upload_group_file', { ...group, ...timetable, ...more })
const list = (run: Run) => run.act('get_group_root_files', group)
const act = (run: Run, action: Parameters<Run['act']>[0], params: object) => run.act(action, { ...group, ...params })

/** A group with a folder of the bot's, which is its owner, and a file of Alice's, a plain member. */
async function startLibrary(): Promise<Run> {
  const run = await startSandbox()
  await act(run, 'create_group_file_folder', { name: 'books' })
  await run.play('upload_file', { as: 10001, ...group, name: 'hers.txt', content: bytes.toString('base64') })
  return run
}

describe('a file that is put into a group', () => {
  const told = { id: '/f1', name: 'a.pdf', size: bytes.length, busid: 102, url }
  const segment = {
    type: 'file',
    data: { file: 'a.pdf', path: '/f1', name: 'a.pdf', size: '11', busid: '102', file_id: '/f1', url },
  }

  it('is told as a notice and as a message, and is listed, also after a restart', async () => {
    const run = await startSandbox()
    expect(await upload(run)).toEqual({ file_id: '/f1' })
    expect(run.host.events).toMatchObject([
      { notice_type: 'group_upload', ...group, user_id: 10000, file: told },
      { message_type: 'group', ...group, message: [segment] },
    ])
    const now = Math.floor(run.clock.now() / 1000)
    const listing = {
      files: [
        {
          ...group,
          file_id: '/f1',
          file_name: 'a.pdf',
          busid: 102,
          file_size: bytes.length,
          upload_time: now,
          dead_time: 0,
          modify_time: now,
          download_times: 0,
          uploader: 10000,
          uploader_name: 'SeekYou',
        },
      ],
      folders: [],
    }
    expect(await list(run)).toEqual(listing)
    expect(await list(await restart(run))).toEqual(listing)
  })

  it('comes from a person by the verb, or by a file segment', async () => {
    const run = await startSandbox()
    const content = bytes.toString('base64')
    const answer = await run.play('upload_file', { as: 10001, ...group, name: 'a.pdf', content })
    expect(answer).toEqual({ file_id: '/f1', message_id: 1, message_seq: 1 })
    await run.play('say', { as: 10001, ...group, message: [{ type: 'file', data: timetable }] })
    expect(run.host.events).toMatchObject([
      { notice_type: 'group_upload', user_id: 10001, file: told },
      { user_id: 10001, message: [segment] },
      { notice_type: 'group_upload', user_id: 10001, file: { ...told, id: '/f2' } },
      { user_id: 10001, message: [{ type: 'file' }] },
    ])
  })

  it('can be a path of this machine, stored media, or a file that was sent before', async () => {
    const files = createMemoryFiles({ '/open/a.pdf': { ...file(bytes, 'application/pdf'), name: 'a.pdf' } })
    const run = await startSandbox({ files })
    await run.play('upload_file', { as: 10001, ...group, path: '/open/a.pdf' })
    await upload(run, { file: '/open/a.pdf', name: 'b.pdf' })
    await upload(run, { file: url.slice('media:'.length), name: 'c.pdf' })
    await run.act('send_group_msg', { ...group, message: '[CQ:file,file=a.pdf,file_id=/f1]' })
    const { files: listed } = (await list(run)) as { files: { file_name: string; file_size: number }[] }
    expect(listed.map(({ file_name }) => file_name)).toEqual(['a.pdf', 'b.pdf', 'c.pdf', 'a.pdf'])
    expect(messagesOf(run)).toMatchObject(Array.from({ length: 4 }, () => [{ type: 'file', data: { url } }]))
  })

  it('is refused when it is not there, has no good name, goes nowhere, or has no room', async () => {
    const run = await startSandbox()
    expect(await refusal(run, upload(run, { file: '/etc/passwd' }))).toBe('file FILE_NOT_FOUND')
    expect(await refusal(run, upload(run, { name: '../a' }))).toBe('refused BAD_FILE_NAME')
    expect(await refusal(run, upload(run, { name: 'a'.repeat(256) }))).toBe('refused FILE_NAME_TOO_LONG')
    expect(await refusal(run, upload(run, { folder: '/d9' }))).toBe('no-data FOLDER_NOT_FOUND')
    expect(await refusal(run, upload(run, { group_id: 20003 }))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await refusal(run, upload(run, { file: base64(Buffer.alloc(0)) }))).toBe('file FILE_EMPTY')
    const neither = run.play('upload_file', { as: 10001, ...group, name: 'a' })
    expect(await refusal(run, neither)).toBe('bad-params BAD_PARAMS')
    const message = '[CQ:file,file=a.pdf,file_id=/f9]'
    expect(await refusal(run, act(run, 'send_group_msg', { message }))).toBe('no-data FILE_NOT_FOUND')
    await upload(run)
    const full = await restart(run, { 'file/20001//f1': { size: 10 * 1024 ** 3 - bytes.length + 1 } })
    expect(await refusal(full, upload(full))).toBe('refused FILE_SPACE_LIMIT')
    const fits = await restart(full, { 'file/20001//f1': { size: 10 * 1024 ** 3 - bytes.length } })
    expect(await upload(fits)).toEqual({ file_id: '/f2' })
  })

  it('is one of at most 10 000', async () => {
    const run = await startSandbox()
    await upload(run)
    const first = JSON.parse(run.host.memory.state.get('file/20001//f1')!) as object
    for (let count = 2; count <= 10_000; count += 1) {
      run.host.memory.state.set(`file/20001//x${count}`, JSON.stringify({ ...first, file_id: `/x${count}` }))
    }
    const full = await restart(run)
    expect(await refusal(full, upload(full))).toBe('refused FILE_COUNT_LIMIT')
    await act(full, 'delete_group_file', { file_id: '/x2' })
    expect(await upload(full)).toEqual({ file_id: '/f2' })
  })
})

describe('the files of a group', () => {
  it('have an address, and count who asks for it', async () => {
    const run = await startLibrary()
    expect(await act(run, 'get_group_file_url', { file_id: '/f1', busid: 102 })).toEqual({ url })
    expect(await list(run)).toMatchObject({ files: [{ download_times: 1 }] })
    expect(await refusal(run, act(run, 'get_group_file_url', { file_id: '/f9' }))).toBe('no-data FILE_NOT_FOUND')
  })

  it('take room', async () => {
    const run = await startLibrary()
    expect(await act(run, 'get_group_file_system_info', {})).toEqual({
      ...group,
      file_count: 1,
      limit_count: 10_000,
      used_space: bytes.length,
      total_space: 10_737_418_240,
    })
  })

  it('can be renamed, moved into a folder, and removed with it', async () => {
    const run = await startLibrary()
    await act(run, 'rename_group_file', { file_id: '/f1', new_name: 'ours.txt' })
    await act(run, 'move_group_file', { file_id: '/f1', target_directory: '/d1' })
    await act(run, 'rename_group_file_folder', { folder_id: '/d1', new_folder_name: 'all books' })
    expect(await list(run)).toMatchObject({
      files: [],
      folders: [{ folder_id: '/d1', folder_name: 'all books', creator: 10000, total_file_count: 1 }],
    })
    const inside = () => act(run, 'get_group_files_by_folder', { folder_id: '/d1' })
    expect(await inside()).toMatchObject({ files: [{ file_name: 'ours.txt' }], folders: [] })
    await act(run, 'delete_group_folder', { folder_id: '/d1' })
    expect(await list(run)).toEqual({ files: [], folders: [] })
    expect(await refusal(run, inside())).toBe('no-data FOLDER_NOT_FOUND')
  })

  it('go with the group', async () => {
    const run = await startLibrary()
    await act(run, 'set_group_leave', { is_dismiss: true })
    expect([...run.host.memory.state.keys()].filter((key) => /^(?:file|folder)\//.test(key))).toEqual([])
  })

  it('are changed by their uploader and by admins; folders by admins alone', async () => {
    const run = await startLibrary()
    await upload(run, { group_id: 20002 })
    await run.play('upload_file', { as: 10001, group_id: 20002, name: 'hers.txt', content: 'YQ==' })
    const inGuests = { group_id: 20002 }
    const refused = async (action: Parameters<Run['act']>[0], params: object) =>
      expect(await refusal(run, act(run, action, { ...inGuests, ...params }))).toBe('refused PERMISSION_DENIED')
    await refused('delete_group_file', { file_id: '/f3' })
    await refused('rename_group_file', { file_id: '/f3', new_name: 'x' })
    await refused('move_group_file', { file_id: '/f3', target_directory: '/' })
    await refused('create_group_file_folder', { name: 'x' })
    await refused('delete_group_folder', { folder_id: '/d1' })
    await refused('rename_group_file_folder', { folder_id: '/d1', new_folder_name: 'x' })
    await act(run, 'delete_group_file', { ...inGuests, file_id: '/f2' })
  })

  it('lie in folders of different names, which lie in the root', async () => {
    const run = await startLibrary()
    const make = (params: object) => act(run, 'create_group_file_folder', params)
    expect(await refusal(run, make({ name: 'books' }))).toBe('refused FOLDER_EXISTS')
    expect(await refusal(run, make({ name: 'a/b' }))).toBe('refused BAD_FILE_NAME')
    expect(await refusal(run, make({ name: 'deep', parent_id: '/d1' }))).toBe('refused FOLDER_TOO_DEEP')
    expect(await make({ name: 'more' })).toEqual({ folder_id: '/d2' })
  })
})

it('shows the files and folders of groups in the world', async () => {
  const run = await startLibrary()
  const { groups } = (await run.play('world')) as { groups: object[] }
  expect(groups[0]).toMatchObject({
    folders: [{ folder_id: '/d1', name: 'books' }],
    files: [{ file_id: '/f1', uploader: 10001 }],
  })
})

it('comes into a group by send_file as well, where one is named', async () => {
  const run = await startSandbox()
  await run.play('send_file', { as: 10001, group_id: 20001, name: 'a.txt', content: 'YQ==' })
  expect(run.host.events).toMatchObject([{ notice_type: 'group_upload' }, { message_type: 'group' }])
  const toArchive = run.play('send_file', { as: 10002, group_id: 20003, name: 'a.txt', content: 'YQ==' })
  expect(await refusal(run, toArchive)).toBe('refused BOT_NOT_IN_GROUP')
})

describe('a file that is sent in private', () => {
  it('comes to the bot as a notice and as a message, and has an address', async () => {
    const run = await startSandbox()
    const content = bytes.toString('base64')
    await run.play('send_file', { as: 10001, name: 'a.pdf', content })
    expect(run.host.events).toMatchObject([
      { notice_type: 'offline_file', user_id: 10001, file: { name: 'a.pdf', size: bytes.length, url } },
      { message_type: 'private', message: [{ type: 'file', data: { name: 'a.pdf', file_id: '/f1', url } }] },
    ])
    expect(await run.act('get_private_file_url', { file_id: '/f1' })).toEqual({ url })
    expect(await refusal(run, run.act('get_private_file_url', { file_id: '/f2' }))).toBe('no-data FILE_NOT_FOUND')
  })

  it('goes from the bot to whom it may talk to', async () => {
    const run = await startSandbox()
    const send = (user_id: number) => run.act('upload_private_file', { user_id, ...timetable })
    expect(await send(10001)).toEqual({ file_id: '/f1' })
    expect(run.host.events).toMatchObject([{ post_type: 'message_sent', message: [{ type: 'file' }] }])
    expect(await refusal(run, send(10005))).toBe('refused NOT_A_FRIEND')
  })
})
