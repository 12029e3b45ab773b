/** Implementations whose differences are known, and `generic` for every other. */
export const profileNames = ['generic', 'go-cqhttp', 'napcat', 'llonebot', 'lagrange'] as const
export type ProfileName = (typeof profileNames)[number]
