// What measures and attacks the local network needs of it: its processes, its setting-up, and its books.

export { decimalsOf, openChain, stateOf } from '../common/chain.ts'
export { until } from '../common/patience.ts'
export { placeOf } from '../common/place.ts'
export { withVerifiers } from '../common/verifiers.ts'
export { Context } from '../context.ts'
export { type Alteration, runAltered } from './altered.ts'
export { type Books, booksOf } from './books.ts'
export type { Cast } from './cast.ts'
export type { Running } from './child.ts'
export { Commands, stopAll } from './commands.ts'
export { freePorts } from './ports.ts'
export { type JobFolder, type Program, type RunningNode, ready, setUp, type World } from './world.ts'
