// What every daemon is to whoever starts it.

export interface Daemon {
  start(): Promise<void>
  /** In reverse order of start, the store last; bounded, and stopping twice is stopping once. */
  stop(): Promise<void>
}
