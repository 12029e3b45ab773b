import { catalogue } from '@seekyou/actions'
import type { ActionName } from '@seekyou/actions'
import { actionClasses, isUnsafe, permissions } from '@seekyou/hub'
import { describe, expect, it } from 'vitest'

const names = Object.keys(catalogue) as readonly ActionName[]

/** The params that an action takes, by their names; what its schema makes of them comes after. */
function paramsOf(name: ActionName): readonly string[] {
  const { params } = catalogue[name]
  const shape = 'shape' in params ? params.shape : (params as { in?: { shape?: object } }).in?.shape
  return Object.keys(shape ?? {})
}

describe('the table of permissions', () => {
  it('has exactly the actions of the catalogue, and each is of one class', () => {
    expect(Object.keys(permissions).toSorted()).toEqual(names.toSorted())
    for (const name of names) expect(actionClasses).toContain(permissions[name].class)
  })

  it.each(names)('leaves out no param of %s that names a chat', (name) => {
    const { reaches, isRelay } = permissions[name]
    if (isRelay !== undefined || reaches.includes('everything')) return
    const given = paramsOf(name)
    const named = (['group_id', 'discuss_id', 'message_id'] as const).filter((param) => given.includes(param))
    // In these, the id says no more than where in the chat, which is named besides it, or through which group.
    const besides: Partial<Record<ActionName, readonly string[]>> = {
      get_group_msg_history: ['message_id'],
      get_friend_msg_history: ['message_id'],
      send_private_msg: ['group_id'],
    }
    for (const param of named) if (!besides[name]?.includes(param)) expect(reaches).toContain(param)
    const isAPerson = given.includes('user_id') && !given.includes('group_id')
    if (isAPerson && name !== 'get_private_file_url') expect(reaches).toContain('user_id')
    if (given.includes('message')) {
      const isReason = name === 'set_group_kick'
      if (!isReason) expect(reaches).toContain('content')
    }
    if (given.includes('messages')) expect(reaches).toContain('nodes')
    if (given.includes('flag') && name !== 'set_group_anonymous_ban') expect(reaches).toContain('flag')
  })

  it('calls nothing mild that the catalogue calls unsafe', () => {
    for (const name of names.filter((action) => catalogue[action].isUnsafe)) {
      expect(isUnsafe(name)).toBe(true)
      expect(['moderate', 'admin', 'unsafe']).toContain(permissions[name].class)
    }
  })
})
