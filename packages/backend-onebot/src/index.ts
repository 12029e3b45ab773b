// The bridge
export { createBridge } from './bridge.ts'
export type { BridgeSetup } from './bridge.ts'

// What is on the other side
export { examineUpstream } from './doctor.ts'
export type { Examination, ExaminationSetup } from './doctor.ts'
export type { ActionReport } from './doings.ts'
export type { Verdict } from './profile.ts'
export { profileNames } from './profile-name.ts'
export type { ProfileName } from './profile-name.ts'

// Options
export { bridgeOptions, requireUpstream } from './options.ts'
export type { BridgeOptions } from './options.ts'
