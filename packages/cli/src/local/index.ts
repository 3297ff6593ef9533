// What measures and attacks the local network needs of it: its processes, its setting-up, and its books.
export type { Running } from './child.ts'
export { Commands, stopAll } from './commands.ts'
export { freePorts } from './ports.ts'
