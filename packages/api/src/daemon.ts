// What every daemon is to whoever starts it.

export interface Daemon {
  start(): Promise<void>
  /** In reverse order of start, the store last; bounded, and stopping twice is stopping once. */
  stop(): Promise<void>
}

/** Started in this order, stopped in reverse. When one does not start, those before it are stopped again. */
export function daemonOf(parts: readonly Daemon[]): Daemon {
  const running: Daemon[] = []
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopping ??= stopAll(running)
    return stopping
  }
  return {
    async start() {
      for (const part of parts) {
        // A part that fails halfway still has to give back what it took.
        running.push(part)
        try {
          await part.start()
        } catch (error) {
          await stop()
          throw error
        }
        if (stopping !== undefined) return stopping
      }
    },
    stop,
  }
}

/** One that fails to stop keeps none of the others running; the first failure is told at the end. */
async function stopAll(running: readonly Daemon[]): Promise<void> {
  const failures: unknown[] = []
  for (const part of [...running].reverse()) {
    try {
      await part.stop()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}
