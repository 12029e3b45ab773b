/** The written generations of the protocol; `extended` is what living implementations added since. */
export type Generation = 'cqhttp-2' | 'cqhttp-4' | 'onebot-11' | 'go-cqhttp' | 'extended'

/* Where most actions are written down. */

export const sinceCqhttp2 = ['cqhttp-2', 'cqhttp-4', 'onebot-11', 'go-cqhttp'] as const
export const sinceCqhttp4 = ['cqhttp-4', 'onebot-11', 'go-cqhttp'] as const
export const sinceOneBot11 = ['onebot-11', 'go-cqhttp'] as const
export const onlyCqhttp = ['cqhttp-2', 'cqhttp-4'] as const
export const onlyGoCqhttp = ['go-cqhttp'] as const
export const onlyExtended = ['extended'] as const
